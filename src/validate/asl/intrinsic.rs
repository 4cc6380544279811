//! The intrinsic functions of the States Language.
//!
//! ```text
//! intrinsic = "States." name "(" (argument ("," argument)*)? ")"
//! argument  = intrinsic | path | quoted | number | "true" | "false" | "null"
//! ```

use super::path::{Cursor, Root};
use crate::diagnostics::{suggest, words};

/// AWS allows so many intrinsics within each other.
const DEEPEST: usize = 10;

/// Intrinsic functions with the least and the most arguments they take, and whether they return texts.
const INTRINSICS: [(&str, usize, usize, bool); 18] = [
    ("States.Array", 0, usize::MAX, false),
    ("States.ArrayContains", 2, 2, false),
    ("States.ArrayGetItem", 2, 2, true),
    ("States.ArrayLength", 1, 1, false),
    ("States.ArrayPartition", 2, 2, false),
    ("States.ArrayRange", 3, 3, false),
    ("States.ArrayUnique", 1, 1, false),
    ("States.Base64Decode", 1, 1, true),
    ("States.Base64Encode", 1, 1, true),
    ("States.Format", 1, usize::MAX, true),
    ("States.Hash", 2, 2, true),
    ("States.JsonMerge", 3, 3, false),
    ("States.JsonToString", 1, 1, true),
    ("States.MathAdd", 2, 2, false),
    ("States.MathRandom", 2, 3, false),
    ("States.StringSplit", 2, 2, false),
    ("States.StringToJson", 1, 1, false),
    ("States.UUID", 0, 0, true),
];

/// Whether that intrinsic function can return a text.
pub(crate) fn returns_text(intrinsic: &str) -> bool {
    INTRINSICS.iter().any(|(name, _, _, text)| *name == intrinsic && *text)
}

impl Cursor<'_> {
    /// The function's name; the variables that its arguments read are added.
    pub(super) fn intrinsic(
        &mut self,
        depth: usize,
        variables: &mut Vec<String>,
    ) -> Result<&'static str, String> {
        let written = self.while_true(|it| it.is_alphanumeric() || it == '.' || it == '_');
        let Some((name, least, most, _)) = INTRINSICS.iter().find(|it| it.0 == written) else {
            let all = INTRINSICS.iter().map(|it| it.0);
            let meant = suggest::closest(written, all).map(|it| format!(": did you mean `{it}`?"));
            return Err(format!("calls `{written}`, which does not exist{}", meant.unwrap_or_default()));
        };
        if depth > DEEPEST {
            return Err(format!("has more than {DEEPEST} intrinsic functions within each other"));
        }
        self.blanks();
        if !self.take("(") {
            return Err(format!("lacks the `(` behind `{name}`"));
        }
        let mut count = 0;
        let mut template = None;
        self.blanks();
        if !self.take(")") {
            loop {
                let literal = self.argument(depth, variables)?;
                if count == 0 {
                    template = literal;
                }
                count += 1;
                self.blanks();
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    return Err(format!("lacks a `,` or `)` in the arguments of `{name}`"));
                }
                self.blanks();
            }
        }
        if count < *least || count > *most {
            return Err(format!("gives `{name}` {count} arguments; it takes {}", taken(*least, *most)));
        }
        if let (&"States.Format", Some(template)) = (name, template) {
            let places = places(&template);
            if places + 1 != count {
                return Err(format!("has {places} `{{}}` for {}", words::counted(count - 1, "value")));
            }
        }
        Ok(name)
    }

    /// The text, where it is one in quotes.
    fn argument(&mut self, depth: usize, variables: &mut Vec<String>) -> Result<Option<String>, String> {
        if self.rest.starts_with('\'') {
            return self.quoted().map(Some);
        }
        if self.rest.starts_with('$') {
            if let Root::Variable(name) = self.path()?.root {
                variables.push(name);
            }
            return Ok(None);
        }
        if self.rest.starts_with("States.") {
            return self.intrinsic(depth + 1, variables).map(|_| None);
        }
        let word = self.while_true(|it| it.is_alphanumeric() || "+-.".contains(it));
        let usable = ["true", "false", "null"].contains(&word) || word.parse::<f64>().is_ok();
        if usable {
            return Ok(None);
        }
        Err(match (word, self.rest.chars().next()) {
            ("", Some('"')) => "has a text in double quotes; intrinsic functions take single ones".to_owned(),
            ("", Some(found)) => format!("has `{found}` where an argument is missing"),
            ("", None) => "has a `(` that is not closed".to_owned(),
            (word, _) => format!("has the argument `{word}`, which is no text, number or path"),
        })
    }
}

/// How many `{}` there are; `\{` is a brace.
fn places(template: &str) -> usize {
    let mut escaped = false;
    let mut open = false;
    let mut count = 0;
    for next in template.chars() {
        count += usize::from(open && next == '}' && !escaped);
        open = next == '{' && !escaped;
        escaped = next == '\\' && !escaped;
    }
    count
}

fn taken(least: usize, most: usize) -> String {
    match (least, most) {
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    }
}
