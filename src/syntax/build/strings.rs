//! Strings: their quotes, escapes, and the `{parameter}`s in them.

use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
    syntax::token::Token,
};

/// A string's content, its escapes resolved. A parameter that stands for a string has none yet.
pub(super) fn decode(token: &Token) -> Result<String, Box<Diagnostic>> {
    let quoted = token.text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let Some(raw) = quoted else { return Ok(token.text.clone()) };
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.char_indices();
    while let Some((at, character)) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
            Some((_, other)) => return Err(Box::new(unknown_escape(token, at, other))),
            None => {}
        }
    }
    Ok(text)
}

/// Text as it stands between quotes.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The names in braces: `greece` and its offset in `"{greece}/companies.sql"`, braces included.
pub(super) fn names_in_braces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('{').filter_map(|(at, _)| {
        let (name, _) = text.get(at + 1..)?.split_once('}')?;
        let is_name = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        (is_name && name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')).then_some((at, name))
    })
}

/// The span of a part of a token.
pub(super) fn part(token: &Token, start: usize, length: usize) -> Span {
    let offset = |it: usize| token.span.start.saturating_add(u32::try_from(it).unwrap_or(u32::MAX));
    Span::new(token.span.file, offset(start), offset(start + length).min(token.span.end))
}

fn unknown_escape(token: &Token, at: usize, escaped: char) -> Diagnostic {
    let span = part(token, at + 1, 1 + escaped.len_utf8());
    Diagnostic::new(Code::UnknownEscape, format!("`\\{escaped}` has no meaning in a string"))
        .label(span, "not understood")
        .help("only `\\\"` and `\\\\` have; paths are written with `/`")
}
