//! Reads one line, token by token, and says what was expected where it was not met.

use super::{Place, slip, strings};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest, words},
    source::Span,
    syntax::{
        ast::{Name, Spanned, Text, TimeOfDay},
        token::{Token, TokenKind},
        tree::Statement,
    },
};

/// A place in a line.
///
/// Each `expect_*` gives nothing when it was not met; it was told then, and nothing else of the line is.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [Token],
    last: Option<&'a Token>,
    line: Span,
    place: Place,
    /// Whether something of this line was told already.
    silent: bool,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(statement: &'a Statement, place: Place, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            rest: &statement.tokens,
            last: None,
            line: statement.line,
            place,
            silent: statement.is_damaged() || place == Place::Expansion && statement.has_parameter(),
            diagnostics,
        }
    }

    /// Goes behind the line's first word.
    pub(super) fn pass_first_word(&mut self) {
        if let Some((first, rest)) = self.rest.split_first() {
            (self.rest, self.last) = (rest, Some(first));
        }
    }

    /// What was read so far.
    pub(super) fn span_so_far(&self) -> Span {
        self.last.map_or(self.line, |last| Span::new(self.line.file, self.line.start, last.span.end))
    }

    /// Whether the next token is of that kind.
    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.rest.first().is_some_and(|it| it.kind == kind)
    }

    /// The next token, when it is of that kind.
    pub(super) fn take(&mut self, kind: TokenKind) -> Option<&'a Token> {
        let (first, rest) = self.rest.split_first()?;
        if first.kind != kind {
            return None;
        }
        (self.rest, self.last) = (rest, Some(first));
        Some(first)
    }

    /// The next token, when it is that word.
    pub(super) fn take_word(&mut self, word: &str) -> Option<Span> {
        if self.rest.first().is_some_and(|it| it.is_word(word)) {
            return self.take(TokenKind::Word).map(|it| it.span);
        }
        None
    }

    /// That word.
    pub(super) fn expect_word(&mut self, word: &str) -> Option<Span> {
        match self.take_word(word) {
            Some(span) => Some(span),
            None => self.expect_one_of(&[(word, ())]).map(|it| it.span),
        }
    }

    /// One of those words.
    pub(super) fn expect_one_of<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<Spanned<T>> {
        for (word, value) in words {
            if let Some(span) = self.take_word(word) {
                return Some(Spanned::new(*value, span));
            }
        }
        if let Some(token) = self.take_wildcard() {
            return words.first().map(|(_, value)| Spanned::new(*value, token.span));
        }
        let expected = words::or_ticked(words.iter().map(|(word, _)| word));
        let mut diagnostic = self.unmet(&expected);
        if let Some(token) = self.rest.first().filter(|it| it.kind == TokenKind::Word)
            && let Some(meant) = suggest::closest(&token.text, words.iter().map(|(word, _)| *word))
        {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?")).suggest(token.span, meant);
        } else if let Some(slip) = slip::of_words(words.iter().map(|(word, _)| *word), self.last, self.rest) {
            diagnostic = slip.on(diagnostic);
        }
        self.tell(diagnostic)
    }

    /// One of those words for types; a database's name for one is told as such.
    pub(super) fn expect_type<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let is_ours = self.rest.first().is_some_and(|it| words.iter().any(|(word, _)| it.is_word(word)));
        match slip::of_type(self.rest).filter(|_| !is_ours) {
            Some(slip) => {
                let diagnostic = self.unmet(&words::or_ticked(words.iter().map(|(word, _)| word)));
                self.tell(slip.on(diagnostic))
            }
            None => self.expect_one_of(words),
        }
    }

    /// A name: `what` is said when there is none.
    pub(super) fn expect_name(&mut self, what: &str) -> Option<Name> {
        self.expect(TokenKind::Word, what).map(name)
    }

    /// The words and strings up to one of `stops`, as one text: `extract companies`.
    pub(super) fn expect_words_until(&mut self, stops: &[&str], what: &str) -> Option<Text> {
        let mut words: Vec<&'a Token> = Vec::new();
        while let Some(next) = self.rest.first() {
            let stop = stops.iter().any(|it| next.is_word(it));
            if stop || !matches!(next.kind, TokenKind::Word | TokenKind::Text) {
                break;
            }
            words.extend(self.take(next.kind));
        }
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return self.fail_expecting(what);
        };
        let text = words.iter().map(|it| it.text.trim_matches('"')).collect::<Vec<_>>().join(" ");
        Some(Spanned::new(text, first.span.to(last.span)))
    }

    /// A number, whatever its size.
    pub(super) fn expect_number(&mut self, what: &str) -> Option<Spanned<u64>> {
        let token = self.expect(TokenKind::Number, what)?;
        if token.kind == TokenKind::Parameter {
            return Some(Spanned::new(0, token.span));
        }
        match token.text.replace('_', "").parse() {
            Ok(number) => Some(Spanned::new(number, token.span)),
            Err(_) => self.tell(
                Diagnostic::new(Code::NumberTooLarge, format!("the number `{}` is too large", token.text))
                    .label(token.span, "can't be read")
                    .help(format!("no number is larger than {}", u64::MAX)),
            ),
        }
    }

    /// The digits of a number, with the zeros it starts with.
    pub(super) fn expect_digits(&mut self, what: &str) -> Option<Name> {
        self.expect(TokenKind::Number, what).map(name)
    }

    /// A string.
    pub(super) fn expect_text(&mut self, what: &str) -> Option<Text> {
        let token = self.expect(TokenKind::Text, what)?;
        self.text(token)
    }

    /// The next token, when it is a string.
    pub(super) fn take_text(&mut self) -> Option<Text> {
        let token = self.take(TokenKind::Text)?;
        self.text(token)
    }

    /// A time such as `02:30`, whether there is such a time or not.
    pub(super) fn expect_time(&mut self) -> Option<Spanned<TimeOfDay>> {
        let token = self.expect(TokenKind::Time, "a time such as `02:30`")?;
        let (hour, minute) = token.text.split_once(':').unwrap_or_default();
        let read = |it: &str| it.parse().unwrap_or_default();
        Some(Spanned::new(TimeOfDay { hour: read(hour), minute: read(minute) }, token.span))
    }

    /// One or more, with commas between them.
    pub(super) fn expect_list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = vec![one(self)?];
        while self.take(TokenKind::Comma).is_some() {
            all.push(one(self)?);
        }
        Some(all)
    }

    /// One or more names, with commas between them.
    pub(super) fn expect_names(&mut self, what: &str) -> Option<Vec<Name>> {
        self.expect_list(|it| it.expect_name(what))
    }

    /// The next token of that kind, or a parameter that may stand for one.
    pub(super) fn expect(&mut self, kind: TokenKind, what: &str) -> Option<&'a Token> {
        if let Some(token) = self.take(kind) {
            return Some(token);
        }
        if let Some(token) = self.take_wildcard() {
            return Some(token);
        }
        let diagnostic = self.unmet(what);
        self.tell(match slip::of_kind(kind, self.last, self.rest) {
            Some(slip) => slip.on(diagnostic),
            None => diagnostic,
        })
    }

    /// Nothing more.
    pub(super) fn finish(&mut self) {
        let Some(first) = self.rest.first() else { return };
        let span = self.rest.last().map_or(first.span, |last| first.span.to(last.span));
        let read = self.last.map(|it| it.text.clone()).unwrap_or_default();
        let diagnostic = if first.kind == TokenKind::Parameter && self.place == Place::File {
            parameter_outside(first)
        } else {
            Diagnostic::new(Code::TrailingWords, format!("nothing can follow `{read}` here"))
                .label(span, "not expected")
                .help("each setting stands on a line of its own")
        };
        self.rest = &[];
        let _: Option<()> = self.tell(diagnostic);
    }

    /// Tells that something else was expected.
    pub(super) fn fail_expecting<T>(&mut self, what: &str) -> Option<T> {
        let diagnostic = self.unmet(what);
        self.tell(diagnostic)
    }

    /// Tells of a mistake, unless something of this line was told already.
    pub(super) fn tell<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        if !self.silent {
            self.diagnostics.push(diagnostic);
        }
        self.silent = true;
        None
    }

    /// A parameter whose argument isn't known; it may stand for whatever is expected.
    pub(super) fn take_wildcard(&mut self) -> Option<&'a Token> {
        if self.place == Place::Template { self.take(TokenKind::Parameter) } else { None }
    }

    fn text(&mut self, token: &Token) -> Option<Text> {
        match strings::decode(token) {
            Ok(text) => Some(Spanned::new(text, token.span)),
            // A template is told of its own mistakes where it stands.
            Err(_) if self.place == Place::Expansion => None,
            Err(diagnostic) => self.tell(*diagnostic),
        }
    }

    fn unmet(&self, what: &str) -> Diagnostic {
        let after = self.last.map(|it| format!(" after `{}`", it.text)).unwrap_or_default();
        let Some(found) = self.rest.first() else {
            return Diagnostic::new(Code::Expected, format!("expected {what}{after}"))
                .label(self.span_so_far().after(), "the line ends here");
        };
        if found.kind == TokenKind::Parameter && self.place == Place::File {
            return parameter_outside(found);
        }
        let diagnostic =
            Diagnostic::new(Code::Expected, format!("expected {what}{after}, found {}", shown(found)))
                .label(found.span, "not expected");
        let needless = matches!(found.kind, TokenKind::Equal | TokenKind::Colon);
        if needless && self.last.is_some_and(|it| it.span.start == self.line.start) {
            return diagnostic
                .help(format!("a setting and its value stand side by side, without `{}`", found.text))
                .suggest(found.span, "");
        }
        diagnostic
    }
}

fn parameter_outside(token: &Token) -> Diagnostic {
    Diagnostic::new(
        Code::ParameterOutsideTemplate,
        format!("the parameter `{}` stands outside a template", token.text),
    )
    .label(token.span, "has no value here")
    .help("parameters are declared by a template: `template registry(language) { … }`")
}

fn name(token: &Token) -> Name {
    Spanned::new(token.text.clone(), token.span)
}

/// A token in a message; a string is not repeated when it is long.
fn shown(token: &Token) -> String {
    if token.kind == TokenKind::Text && token.text.chars().count() > 24 {
        return "a string".to_owned();
    }
    format!("`{}`", token.text)
}
