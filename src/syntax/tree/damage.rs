//! Tells of tokens that nothing can be made of, once a line.

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    syntax::token::{Token, TokenKind},
};

pub(super) fn report(tokens: &[Token], diagnostics: &mut Diagnostics) {
    let mut told = false;
    for token in tokens {
        if token.kind == TokenKind::Newline {
            told = false;
        } else if token.kind.is_damaged() && !told {
            told = true;
            diagnostics.push(diagnostic(token));
        }
    }
}

fn diagnostic(token: &Token) -> Diagnostic {
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
        _ if character.is_whitespace() || is_invisible(character) => {
            Some("it can't be seen; delete it and write a plain space")
        }
        _ => None,
    }
}
