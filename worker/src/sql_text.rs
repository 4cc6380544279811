//! The text of a query as far as it must be understood to bind parameters and to tell statements apart: quotes,
//! comments, `:name`, `;`.

/// Whose quotes and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    Mysql,
    Postgres,
    Sqlite,
}

/// A name that is not a parameter, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnknownParameter {
    pub(crate) name: String,
    pub(crate) offset: usize,
}

/// Each statement with its parameters replaced by literals; what holds nothing but comments is left out.
pub(crate) fn statements(
    text: &str,
    flavor: Flavor,
    literal: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<String>, UnknownParameter> {
    let mut all = vec![(String::new(), false)];
    for piece in pieces(text, flavor) {
        let Some((statement, has_words)) = all.last_mut() else { break };
        match piece {
            Piece::Words(words) => {
                statement.push_str(words);
                *has_words |= !words.trim().is_empty();
            }
            Piece::Comment(comment) => statement.push_str(comment),
            Piece::Parameter { name, offset } => {
                let unknown = || UnknownParameter { name: name.to_owned(), offset };
                statement.push_str(&literal(name).ok_or_else(unknown)?);
                *has_words = true;
            }
            Piece::End => all.push((String::new(), false)),
        }
    }
    Ok(all.into_iter().filter(|(_, has_words)| *has_words).map(|(it, _)| it.trim().to_owned()).collect())
}

/// The one query with its parameters replaced by literals.
pub(crate) fn bind(
    text: &str,
    flavor: Flavor,
    literal: &dyn Fn(&str) -> Option<String>,
) -> Result<String, UnknownParameter> {
    let mut bound = String::with_capacity(text.len());
    for piece in pieces(text, flavor) {
        match piece {
            Piece::Words(text) | Piece::Comment(text) => bound.push_str(text),
            Piece::Parameter { name, offset } => {
                let unknown = || UnknownParameter { name: name.to_owned(), offset };
                bound.push_str(&literal(name).ok_or_else(unknown)?);
            }
            Piece::End => bound.push(';'),
        }
    }
    Ok(bound)
}

/// Where the statement of that number, from 1, has an offset counted from the end of the one before it; where it
/// begins for the offset 0.
pub(crate) fn place_of_statement(
    text: &str,
    flavor: Flavor,
    number: usize,
    offset: usize,
) -> Option<(usize, usize)> {
    let (mut at, mut start, mut begins) = (0, 0, None);
    let mut found = 0;
    for piece in pieces(text, flavor) {
        let (length, has_words) = match piece {
            Piece::Words(words) => (words.len(), words.find(|it: char| !it.is_whitespace())),
            Piece::Comment(comment) => (comment.len(), None),
            Piece::Parameter { name, .. } => (name.len(), Some(0)),
            Piece::End => (1, None),
        };
        if begins.is_none() {
            begins = has_words.map(|it| at + it);
            found += usize::from(begins.is_some());
        }
        at += length;
        if found == number && begins.is_some() {
            break;
        }
        if piece == Piece::End {
            (start, begins) = (at, None);
        }
    }
    let place = if offset == 0 { begins } else { Some(start + offset) };
    place.filter(|_| found == number).and_then(|it| line_and_column(text, it))
}

/// Both from 1; the column in characters.
pub(crate) fn line_and_column(text: &str, offset: usize) -> Option<(usize, usize)> {
    let (before, _) = text.split_at_checked(offset)?;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line, column))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Comment(&'a str),
    /// With its colon.
    Parameter {
        name: &'a str,
        offset: usize,
    },
    /// `;`
    End,
}

fn pieces(text: &str, flavor: Flavor) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut at, mut start) = (0, 0);
    while let Some(found) =
        text.get(at..).filter(|it| !it.is_empty()).map(|rest| token(text, at, rest, flavor))
    {
        let (end, special) = found;
        if let Some(piece) = special {
            pieces.extend(text.get(start..at).filter(|it| !it.is_empty()).map(Piece::Words));
            pieces.push(piece);
            start = end;
        }
        at = end;
    }
    pieces.extend(text.get(start..).filter(|it| !it.is_empty()).map(Piece::Words));
    pieces
}

/// Where the token ends that starts `rest`, and the piece that it is when it is more than words.
fn token<'a>(text: &'a str, at: usize, rest: &'a str, flavor: Flavor) -> (usize, Option<Piece<'a>>) {
    let (mysql, sqlite) = (flavor == Flavor::Mysql, flavor == Flavor::Sqlite);
    let comment = |length: usize| (at + length, rest.get(..length).map(Piece::Comment));
    let to_line_end = || rest.find('\n').unwrap_or(rest.len());
    // As in the servers: two dashes are a comment in MySQL only where a space follows.
    let dashes = rest.starts_with("--")
        && (!mysql || rest.get(2..).is_none_or(|it| it.is_empty() || it.starts_with(char::is_whitespace)));
    if dashes || (mysql && rest.starts_with('#')) {
        return comment(to_line_end());
    }
    // What MySQL runs although it looks like a comment is left to it.
    if rest.starts_with("/*") && !(mysql && (rest.starts_with("/*!") || rest.starts_with("/*M!"))) {
        return comment(rest.find("*/").map_or(rest.len(), |it| it + 2));
    }
    let Some(first) = rest.chars().next() else { return (text.len(), None) };
    match first {
        '\'' | '"' => (at + quoted(rest, first, mysql || (!sqlite && escapes(text, at))), None),
        '`' if mysql || sqlite => (at + quoted(rest, first, false), None),
        '[' if sqlite => (at + rest.find(']').map_or(rest.len(), |it| it + 1), None),
        '$' if !mysql && !sqlite => (at + dollar_quoted(rest), None),
        ';' => (at + 1, Some(Piece::End)),
        ':' => {
            if rest.starts_with("::") {
                return (at + 2, None);
            }
            let name = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
            let length = 1 + rest.chars().skip(1).take_while(name).count();
            let starts = rest.chars().nth(1).is_some_and(|it| it.is_ascii_alphabetic() || it == '_');
            let name = rest.get(..length).filter(|_| starts);
            (at + length.max(1), name.map(|name| Piece::Parameter { name, offset: at }))
        }
        _ => (at + first.len_utf8(), None),
    }
}

/// The length of the quoted text that starts `rest`, its quotes included.
fn quoted(rest: &str, quote: char, backslash: bool) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((index, it)) = characters.next() {
        if it == '\\' && backslash {
            let _ = characters.next();
        } else if it == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                let _ = characters.next();
            } else {
                return index + 1;
            }
        }
    }
    rest.len()
}

/// Whether the quote at `at` is one of PostgreSQL's `E'…'`.
fn escapes(text: &str, at: usize) -> bool {
    let mut before = text.get(..at).unwrap_or_default().chars().rev();
    matches!(before.next(), Some('e' | 'E'))
        && !before.next().is_some_and(|it| it.is_alphanumeric() || it == '_')
}

/// `$$…$$`, `$tag$…$tag$`; one character where it is neither.
fn dollar_quoted(rest: &str) -> usize {
    let tag = rest.char_indices().skip(1).find(|(_, it)| !(it.is_alphanumeric() || *it == '_'));
    match tag {
        Some((index, '$')) => {
            let tag = rest.get(..=index).unwrap_or("$");
            let body = rest.get(index + 1..).unwrap_or_default();
            body.find(tag).map_or(rest.len(), |it| index + 1 + it + tag.len())
        }
        Some(_) | None => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bound(text: &str, flavor: Flavor) -> String {
        bind(text, flavor, &|name| (name == ":country").then(|| "<GR>".to_owned())).unwrap()
    }

    #[test]
    fn parameters_are_found_outside_of_quotes_and_comments() {
        for flavor in [Flavor::Mysql, Flavor::Postgres] {
            assert_eq!(
                bound("a=:country AND b=':country' -- :country\n/* :x */", flavor),
                "a=<GR> AND b=':country' -- :country\n/* :x */"
            );
            assert_eq!(bound("\":country\" 'it''s :x' :country", flavor), "\":country\" 'it''s :x' <GR>");
            assert_eq!(bound("12:30 x::text é:country", flavor), "12:30 x::text é<GR>");
        }
        assert_eq!(bound(r"'it\'s :x' `:y` # :z", Flavor::Mysql), r"'it\'s :x' `:y` # :z");
        assert_eq!(bound("5--:country", Flavor::Mysql), "5--<GR>");
        assert_eq!(
            bound(r"'\' || :country || E'\':x' $$ :y ' $$ $a$ :z $$ $a$ $1", Flavor::Postgres),
            r"'\' || <GR> || E'\':x' $$ :y ' $$ $a$ :z $$ $a$ $1"
        );
    }

    #[test]
    fn an_unknown_parameter_is_told_with_its_place() {
        let error = bind("SELECT :land", Flavor::Mysql, &|_| None).unwrap_err();
        assert_eq!(error, UnknownParameter { name: ":land".to_owned(), offset: 7 });
    }

    #[test]
    fn places_are_counted_in_characters() {
        assert_eq!(line_and_column("SELECT é,\n  ü FROM t", "SELECT é,\n  ü ".len()), Some((2, 5)));
        assert_eq!(line_and_column("abc", 9), None);
    }

    #[test]
    fn statements_are_found_by_their_number() {
        let text = "-- a; b\n ;UPDATE t SET a = ';';\n\n  DELETE FROM [a;b];;\nUPDATE u\n  SET x = 1";
        let place = |number, offset| place_of_statement(text, Flavor::Sqlite, number, offset);
        assert_eq!(place(1, 0), Some((2, 3)));
        assert_eq!(place(1, 7), Some((2, 10)));
        assert_eq!(place(2, 0), Some((4, 3)));
        assert_eq!(place(3, 0), Some((5, 1)));
        assert_eq!(place(3, "\nUPDATE u\n  ".len()), Some((6, 3)));
        assert_eq!(place(4, 0), None);
        assert_eq!(place_of_statement("\nDELETE FROM t", Flavor::Mysql, 1, 0), Some((2, 1)));
    }

    #[test]
    fn statements_are_told_apart() {
        let text = "DELETE FROM a WHERE b = ';' -- ; none\n; /* x */ ; UPDATE c SET d = :country;\n-- end";
        let found = statements(text, Flavor::Mysql, &|_| Some("1".to_owned())).unwrap();
        assert_eq!(found, ["DELETE FROM a WHERE b = ';' -- ; none", "UPDATE c SET d = 1"]);
    }

    proptest! {
        #[test]
        fn what_names_nothing_stays_as_it_is(text in "[a-zé'\"`;/*#$ \\\\\n-]{0,40}") {
            for flavor in [Flavor::Mysql, Flavor::Postgres] {
                prop_assert_eq!(&bind(&text, flavor, &|_| None).unwrap(), &text);
            }
        }
    }
}
