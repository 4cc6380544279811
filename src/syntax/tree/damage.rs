//! Tells of tokens that nothing can be made of, once a line.

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::Span,
    syntax::token::{Role, Token, TokenKind},
};

pub(super) fn report(tokens: &[Token], diagnostics: &mut Diagnostics) {
    let mut told = false;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Newline {
            told = false;
        } else if token.kind.is_damaged() && !told {
            told = true;
            let (before, behind) = tokens.split_at(at);
            diagnostics.push(diagnostic(before, token, behind.get(1..).unwrap_or_default()));
        }
    }
}

fn diagnostic(before: &[Token], token: &Token, behind: &[Token]) -> Diagnostic {
    let span = token.span;
    if token.kind == TokenKind::UnclosedText {
        return Diagnostic::new(Code::UnclosedString, "this string has no closing `\"`")
            .label(span, "the line ends before the string does")
            .help("close it on its line; a quote inside a string is written `\\\"`");
    }
    if token.kind == TokenKind::ForeignWord {
        return Diagnostic::new(
            Code::UnknownCharacter,
            format!("`{}` has letters that a name can't have", token.text),
        )
        .label(span, "not a name")
        .help(
            "names are written with the letters a to z, digits and `_`; any text may stand in double quotes",
        );
    }
    let first = token.text.chars().next().unwrap_or_default();
    let shown = if first.is_control() || first.is_whitespace() || is_invisible(first) {
        format!("U+{:04X}", u32::from(first))
    } else {
        token.text.clone()
    };
    let diagnostic = Diagnostic::new(Code::UnknownCharacter, format!("`{shown}` has no meaning here"))
        .label(span, "not understood");
    if let Some((help, span, replacement)) = habit(before, token, behind) {
        return diagnostic.help(help).suggest(span, replacement);
    }
    match help(first) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn help(character: char) -> Option<&'static str> {
    match character {
        ';' => Some("a setting ends with its line; leave the `;` out"),
        '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' => {
            Some("strings stand in straight double quotes: `\"…\"`")
        }
        '[' | ']' => Some("lists are written without brackets: `a, b`"),
        '$' => Some("a parameter is written `$name`"),
        '.' => Some("numbers are whole; texts and paths stand in double quotes"),
        '@' | '\\' => Some("texts and paths stand in double quotes"),
        '/' => Some("a comment starts with `#` and ends with its line; paths stand in double quotes"),
        '!' => Some("unequal is written `<>`"),
        '&' => Some("conditions are joined by `and`"),
        '|' => Some("conditions are joined by `or`"),
        _ if character.is_whitespace() || is_invisible(character) => {
            Some("it can't be seen; delete it and write a plain space")
        }
        _ => None,
    }
}

/// What other languages have there, and how the same is written here: what to say, and what to put in which place.
fn habit(before: &[Token], token: &Token, behind: &[Token]) -> Option<(String, Span, String)> {
    let text = token.text.as_str();
    let here = |help: &str, replacement: &str| Some((help.to_owned(), token.span, replacement.to_owned()));
    if text.starts_with("--") || text.starts_with("//") {
        let sign = text.chars().take_while(|it| matches!(it, '-' | '/')).count();
        let start = token.span.start;
        let sign = Span::new(token.span.file, start, start.saturating_add(u32::try_from(sign).ok()?));
        return Some(("a comment starts with `#`".to_owned(), sign, "#".to_owned()));
    }
    match text {
        "&&" => return here("conditions are joined by `and`", " and "),
        "||" => return here("conditions are joined by `or`", " or "),
        ";" => return here("a setting ends with its line; leave the `;` out", ""),
        "!" => {
            let equal = behind.first().filter(|it| it.kind == TokenKind::Equal)?;
            return Some(("unequal is written `<>`".to_owned(), token.span.to(equal.span), "<>".to_owned()));
        }
        "-" | "–" | "—" if between_ends(before, behind) => {
            return here("a range is written with `..`", "..");
        }
        _ => {}
    }
    quoted_otherwise(token, behind).or_else(|| unquoted(before, token, behind))
}

/// Whether it stands between two numbers or two times, as in `1-5`, and not in a date.
fn between_ends(before: &[Token], behind: &[Token]) -> bool {
    fn content<'a>(mut tokens: impl Iterator<Item = &'a Token>) -> [Option<TokenKind>; 2] {
        let mut next = || tokens.by_ref().find(|it| it.kind != TokenKind::Blank).map(|it| it.kind);
        [next(), next()]
    }
    let ([left, lefter], [right, righter]) = (content(before.iter().rev()), content(behind.iter()));
    left == right
        && matches!(left, Some(TokenKind::Number | TokenKind::Time))
        && lefter != Some(TokenKind::Unknown)
        && righter != Some(TokenKind::Unknown)
}

/// `'greece/companies.sql'`
fn quoted_otherwise(token: &Token, behind: &[Token]) -> Option<(String, Span, String)> {
    let mut letters = token.text.chars();
    let closing = match letters.next()? {
        quote @ ('\'' | '`') => quote,
        '“' | '„' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    };
    let mut line = letters.as_str().to_owned();
    let on_line = |it: &&Token| !matches!(it.kind.role(), Role::Newline | Role::Comment);
    line.extend(behind.iter().take_while(on_line).map(|it| it.text.as_str()));
    let (content, _) = line.split_once(closing)?;
    if content.contains(['"', '\\']) {
        return None;
    }
    let opening = token.text.len() - letters.as_str().len();
    let length = u32::try_from(opening + content.len() + closing.len_utf8()).ok()?;
    let start = token.span.start;
    let help = "strings stand in straight double quotes".to_owned();
    let span = Span::new(token.span.file, start, start.saturating_add(length));
    Some((help, span, format!("\"{content}\"")))
}

/// `greece/companies.sql` and `ops@example.com`: everything that touches it.
fn unquoted(before: &[Token], token: &Token, behind: &[Token]) -> Option<(String, Span, String)> {
    if !token.text.starts_with(['.', '@', '\\', '/']) {
        return None;
    }
    let part = |it: &&Token| it.kind.role() == Role::Content && it.text != ";";
    let left = before.iter().rev().take_while(part).count();
    let right = behind.iter().take_while(part).count();
    let parts: Vec<&Token> = before
        .iter()
        .skip(before.len() - left)
        .chain(std::iter::once(token))
        .chain(behind.iter().take(right))
        .collect();
    let text: String = parts.iter().map(|it| it.text.as_str()).collect();
    let says_something = text.chars().any(char::is_alphabetic);
    if !says_something || text.contains('"') {
        return None;
    }
    let span = parts.first()?.span.to(parts.last()?.span);
    let written = format!("\"{}\"", text.replace('\\', "/"));
    let what = if text.contains('@') { "an address stands" } else { "a path stands" };
    Some((format!("{what} in double quotes: `{written}`"), span, written))
}
