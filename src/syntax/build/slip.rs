//! Slips: what people write who know other languages, and how the same is written in this one.

use crate::{
    diagnostics::Diagnostic,
    source::Span,
    syntax::token::{Token, TokenKind},
};

/// How a thing is written, and what an editor may put in its place.
#[derive(Debug)]
pub(super) struct Slip {
    help: String,
    replacement: Option<(Span, String)>,
}

impl Slip {
    fn new(span: Span, replacement: String) -> Self {
        Self { help: format!("write `{replacement}`"), replacement: Some((span, replacement)) }
    }

    /// With what it has to say.
    pub(super) fn on(self, diagnostic: Diagnostic) -> Diagnostic {
        let diagnostic = diagnostic.help(self.help);
        match self.replacement {
            Some((span, text)) => diagnostic.suggest(span, text),
            None => diagnostic,
        }
    }
}

/// What stands where a token of that kind is expected, when it is one in other clothes.
pub(super) fn of_kind(kind: TokenKind, last: Option<&Token>, rest: &[Token]) -> Option<Slip> {
    let found = rest.first()?;
    if let Some(slip) = anywhere(last, rest) {
        return Some(slip);
    }
    if kind == TokenKind::Text && found.kind == TokenKind::Word {
        return Some(unquoted_text(rest));
    }
    if kind == TokenKind::Time
        && let Some(slip) = time(rest)
    {
        return Some(slip);
    }
    if kind == TokenKind::Range && (found.kind == TokenKind::Comma || found.is_word("to")) {
        let help = "a range is written with `..`".to_owned();
        return Some(Slip { help, replacement: Some((found.span, "..".to_owned())) });
    }
    if found.kind != TokenKind::Text {
        return None;
    }
    let content = found.text.trim_matches('"');
    let is_digits = !content.is_empty() && content.chars().all(|it| it.is_ascii_digit());
    let fits = [
        (TokenKind::Word, is_name(content)),
        (TokenKind::Number, is_digits),
        (TokenKind::Time, clock(content, None).is_some_and(|it| it == content)),
    ];
    let (_, fits) = fits.into_iter().find(|(it, _)| *it == kind)?;
    Some(without_quotes(found, content, fits))
}

/// What stands where one of those words is expected, when it is one in quotes.
pub(super) fn of_words<'w>(
    mut words: impl Iterator<Item = &'w str>,
    last: Option<&Token>,
    rest: &[Token],
) -> Option<Slip> {
    let found = rest.first()?;
    if let Some(slip) = anywhere(last, rest) {
        return Some(slip);
    }
    let content = found.text.trim_matches('"');
    (found.kind == TokenKind::Text && words.any(|it| it == content))
        .then(|| without_quotes(found, content, true))
}

/// The same type by the name that databases have for it.
pub(super) fn of_type(rest: &[Token]) -> Option<Slip> {
    let found = rest.first()?;
    let sized = rest.get(1).is_some_and(|it| it.kind == TokenKind::OpenParenthesis);
    let written = match found.text.to_lowercase().as_str() {
        "varchar" | "nvarchar" | "varchar2" | "string" | "character_varying" => {
            if sized {
                "text"
            } else {
                "text(255)"
            }
        }
        "character" | "nchar" | "bpchar" => {
            if sized {
                "char"
            } else {
                "char(2)"
            }
        }
        "int" | "int4" | "int8" | "bigint" | "smallint" | "tinyint" | "mediumint" | "serial" | "number"
            if !sized =>
        {
            "integer"
        }
        "numeric" | "number" | "dec" | "money" => {
            if sized {
                "decimal"
            } else {
                "decimal(12, 2)"
            }
        }
        "bool" | "bit" => "boolean",
        "datetime" | "timestamptz" | "datetime2" => "timestamp",
        "float" | "double" | "real" => {
            let help = "numbers are exact: write `decimal` with its digits, such as `decimal(12, 2)`";
            return Some(Slip { help: help.to_owned(), replacement: None });
        }
        _ => return None,
    };
    Some(Slip::new(found.span, written.to_owned()))
}

/// `1,000` and `02:30 am`.
fn anywhere(last: Option<&Token>, rest: &[Token]) -> Option<Slip> {
    let last = last?;
    let found = rest.first()?;
    if last.kind == TokenKind::Time && found.kind == TokenKind::Word {
        let written = clock(&last.text, Some(&found.text))?;
        return Some(Slip::new(last.span.to(found.span), written));
    }
    if last.kind != TokenKind::Number || last.text.len() > 3 {
        return None;
    }
    let mut end = last;
    let mut number = last.text.clone();
    let mut rest = rest;
    while let [comma, group, behind @ ..] = rest {
        let is_group =
            comma.kind == TokenKind::Comma && group.kind == TokenKind::Number && group.text.len() == 3;
        if !(is_group && touch(end, comma) && touch(comma, group)) {
            break;
        }
        number.extend(["_", &group.text]);
        (end, rest) = (group, behind);
    }
    (end.span != last.span).then(|| Slip::new(last.span.to(end.span), number))
}

fn unquoted_text(rest: &[Token]) -> Slip {
    let mut tokens = rest.iter();
    let first = tokens.next();
    let (mut span, mut text) =
        first.map_or_else(|| (None, String::new()), |it| (Some(it.span), it.text.clone()));
    let mut alone = true;
    for token in tokens {
        alone = span.is_some_and(|it| it.end == token.span.start);
        if !alone {
            break;
        }
        span = span.map(|it| it.to(token.span));
        text.push_str(&token.text);
    }
    // More words may belong to the text, and then nobody knows where it ends.
    match span {
        Some(span) if alone || text.contains('/') => Slip {
            help: format!("texts and paths stand in double quotes: `\"{text}\"`"),
            replacement: Some((span, format!("\"{text}\""))),
        },
        _ => Slip { help: "texts and paths stand in double quotes".to_owned(), replacement: None },
    }
}

fn without_quotes(found: &Token, content: &str, fits: bool) -> Slip {
    if fits {
        let replacement = Some((found.span, content.to_owned()));
        return Slip { help: format!("write `{content}`, without quotes"), replacement };
    }
    Slip { help: "it stands without quotes".to_owned(), replacement: None }
}

/// `2am`, `2:30pm`, `noon`, `2`
fn time(rest: &[Token]) -> Option<Slip> {
    let first = rest.first()?;
    if first.kind == TokenKind::Word {
        let written = match first.text.to_lowercase().as_str() {
            "noon" | "midday" => "12:00",
            "midnight" => "00:00",
            _ => return None,
        };
        return Some(Slip::new(first.span, written.to_owned()));
    }
    if first.kind != TokenKind::Number {
        return None;
    }
    let (text, end, behind) = match rest {
        [hour, colon, minute, behind @ ..]
            if colon.kind == TokenKind::Colon && minute.kind == TokenKind::Number =>
        {
            (format!("{}:{}", hour.text, minute.text), minute, behind)
        }
        [hour, behind @ ..] if hour.text.len() == 4 => {
            let (hours, minutes) = hour.text.split_at_checked(2)?;
            (format!("{hours}:{minutes}"), hour, behind)
        }
        [hour, behind @ ..] => (format!("{}:00", hour.text), hour, behind),
        [] => return None,
    };
    let half = behind.first().filter(|it| it.kind == TokenKind::Word && is_half(&it.text));
    let written = clock(&text, half.map(|it| it.text.as_str()))?;
    Some(Slip::new(first.span.to(half.unwrap_or(end).span), written))
}

/// `2:30` in the afternoon is `14:30`.
fn clock(text: &str, half: Option<&str>) -> Option<String> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    let hour = match half.map(str::to_lowercase).as_deref() {
        None => hour,
        Some("am") if (1..=12).contains(&hour) => hour % 12,
        Some("pm") if (1..=12).contains(&hour) => hour % 12 + 12,
        Some(_) => return None,
    };
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

fn is_half(word: &str) -> bool {
    word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm")
}

fn is_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '/' | '-' | '+'))
}

fn touch(before: &Token, behind: &Token) -> bool {
    before.span.end == behind.span.start
}
