//! Rows as `LOAD DATA LOCAL` reads them, and what the server says it took of them.

use std::io::Write as _;

use bytes::Bytes;
use mysql::{Conn, Error, LocalInfileHandler, Row, prelude::Queryable as _};

use super::MysqlTarget;
use crate::{column_value::ColumnValue, error::WorkerError};

/// Adds one row of these fields.
pub(super) fn push_row<'a>(block: &mut Vec<u8>, values: impl IntoIterator<Item = Option<&'a [u8]>>) {
    for (place, value) in values.into_iter().enumerate() {
        if place > 0 {
            block.push(b'\t');
        }
        push_text(block, value);
    }
    block.push(b'\n');
}

/// Adds one field.
pub(super) fn push_value(block: &mut Vec<u8>, value: Option<&ColumnValue<'_>>) {
    match value {
        None => push_text(block, None),
        Some(ColumnValue::Integer(number)) => {
            // Writing to memory can't fail.
            let _ = write!(block, "{number}");
        }
        Some(ColumnValue::Text(text)) => push_text(block, Some(text.as_bytes())),
        Some(ColumnValue::Canonical(text)) => push_text(block, Some(text.as_bytes())),
    }
}

fn push_text(block: &mut Vec<u8>, value: Option<&[u8]>) {
    match value {
        None => block.extend_from_slice(b"\\N"),
        Some(text) => escape(text, block),
    }
}

/// Runs a `LOAD DATA LOCAL` that is given these rows.
pub(super) fn load(conn: &mut Conn, sql: &str, rows: Bytes) -> Result<(), Error> {
    conn.set_local_infile_handler(Some(LocalInfileHandler::new(move |_, writer| writer.write_all(&rows))));
    let loaded = conn.query_drop(sql);
    conn.set_local_infile_handler(None);
    loaded
}

/// Whether the server took so many rows as they are. `LOCAL` makes what it changes and leaves out mere warnings.
pub(super) fn has_taken(conn: &Conn, rows: u64) -> bool {
    conn.warnings() == 0 && conn.affected_rows() == rows
}

/// A value that the server has changed, or a row that it has left out, is only warned of: neither may be.
pub(super) fn check_taken(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    name: &str,
    rows: u64,
) -> Result<(), WorkerError> {
    if has_taken(conn, rows) {
        return Ok(());
    }
    let (taken, warnings) = (conn.affected_rows(), conn.warnings());
    let first: Option<Row> =
        conn.query_first("SHOW WARNINGS LIMIT 1").map_err(|error| target.failed(name, &error))?;
    let first = first.and_then(|it| it.get::<String, _>("Message")).unwrap_or_default();
    let message = format!("the server took {taken} of {rows} rows with {warnings} warnings: {first}");
    Err(target.refused(name, message, false))
}

/// Spaces at the end of a text are cut where its column is shorter, with a mere note: they may not be. A statement may
/// have other notes.
pub(super) fn check_not_cut(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    name: &str,
) -> Result<(), WorkerError> {
    const TRUNCATED: u16 = 1265;
    if conn.warnings() == 0 {
        return Ok(());
    }
    let notes: Vec<(String, u16, String)> =
        conn.query("SHOW WARNINGS").map_err(|error| target.failed(name, &error))?;
    match notes.into_iter().find(|(_, code, _)| *code == TRUNCATED) {
        None => Ok(()),
        Some((_, _, message)) => {
            let message = format!("spaces at the end of a text have no room in its column: {message}");
            Err(target.refused(name, message, false))
        }
    }
}

/// As `ESCAPED BY '\\'` reads it: a value keeps its every byte, and none is taken for the end of a field.
fn escape(text: &[u8], block: &mut Vec<u8>) {
    let is_special = |it: &u8| matches!(it, b'\\' | b'\t' | b'\n' | 0);
    // Nearly no text has any; looked at without an end in between, many bytes are compared at once.
    if !text.iter().fold(false, |found, it| found | is_special(it)) {
        return block.extend_from_slice(text);
    }
    let mut rest = text;
    while let Some(at) = rest.iter().position(is_special) {
        let (plain, special) = rest.split_at(at);
        block.extend_from_slice(plain);
        block.push(b'\\');
        block.push(match special.first() {
            Some(b'\t') => b't',
            Some(b'\n') => b'n',
            Some(0) => b'0',
            Some(_) | None => b'\\',
        });
        rest = special.get(1..).unwrap_or_default();
    }
    block.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_ends_a_field_is_escaped() {
        let mut block = Vec::new();
        escape("a\tb\nc\\N\0é\r,'\"".as_bytes(), &mut block);
        assert_eq!(String::from_utf8(block).unwrap(), "a\\tb\\nc\\\\N\\0é\r,'\"");
    }
}
