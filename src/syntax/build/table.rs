//! `table`, and its columns.

use super::{
    cursor::Cursor,
    statement::{Lines, statements},
};
use crate::syntax::{
    ast::{Column, ColumnType, Name, Spanned, Table},
    settings::BlockKind,
    token::TokenKind,
    tree::Statement,
};

pub(super) fn table(lines: &mut Lines<'_>, statement: &Statement) -> Option<Table> {
    let header = lines.header(statement, |it| it.expect_name("a name such as `companies`"))?;
    let mut columns = Vec::new();
    let mut inside = lines.inside(BlockKind::Table);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        columns.extend(column(&mut inside, statement));
    }
    let unreadable = inside.unreadable;
    Some(Table { span: header.span, keyword: header.keyword, name: header.value, columns, unreadable })
}

fn column(lines: &mut Lines<'_>, statement: &Statement) -> Option<Column> {
    let word = lines.first_word(statement)?.to_owned();
    let entry = lines.line(statement, |cursor| {
        let kind = column_type(cursor)?;
        let key = if cursor.at(TokenKind::Word) { Some(cursor.expect_word("key")?) } else { None };
        Some((kind, key))
    })?;
    let (kind, key) = entry.value;
    Some(Column { span: entry.span, name: Name::new(word, entry.keyword), kind, key })
}

#[derive(Debug, Clone, Copy)]
enum Word {
    Text,
    Char,
    Integer,
    Decimal,
    Boolean,
    Date,
    Timestamp,
}

fn column_type(cursor: &mut Cursor<'_>) -> Option<Spanned<ColumnType>> {
    let words = [
        ("text", Word::Text),
        ("char", Word::Char),
        ("integer", Word::Integer),
        ("decimal", Word::Decimal),
        ("boolean", Word::Boolean),
        ("date", Word::Date),
        ("timestamp", Word::Timestamp),
    ];
    let word = cursor.expect_type(&words)?;
    let kind = match word.value {
        Word::Text => ColumnType::Text { length: length(cursor, "text(255)")? },
        Word::Char => ColumnType::Char { length: length(cursor, "char(2)")? },
        Word::Decimal => {
            let _ = cursor.expect(TokenKind::OpenParenthesis, "its digits, as in `decimal(12, 2)`,")?;
            let precision = cursor.expect_number("a number of digits")?;
            let _ = cursor.expect(TokenKind::Comma, "`,` and the digits after the point")?;
            let scale = cursor.expect_number("the digits after the point")?;
            let _ = cursor.expect(TokenKind::CloseParenthesis, "`)`")?;
            ColumnType::Decimal { precision, scale }
        }
        Word::Integer => ColumnType::Integer,
        Word::Boolean => ColumnType::Boolean,
        Word::Date => ColumnType::Date,
        Word::Timestamp => ColumnType::Timestamp,
    };
    let end = cursor.span_so_far().after();
    Some(Spanned::new(kind, word.span.to(end)))
}

fn length(cursor: &mut Cursor<'_>, example: &str) -> Option<Spanned<u64>> {
    let _ = cursor.expect(TokenKind::OpenParenthesis, &format!("its length, as in `{example}`,"))?;
    let length = cursor.expect_number("a number of characters")?;
    let _ = cursor.expect(TokenKind::CloseParenthesis, "`)`")?;
    Some(length)
}
