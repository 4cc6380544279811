//! JSONPath and the intrinsic functions, as the States Language has them.
//!
//! ```text
//! path      = ("$" | "$$" | "$" name) step*
//! step      = ".." (name | "*" | bracket)? | "." (name "()"? | "*") | bracket
//! bracket   = "[" (quoted ("," quoted)* | "*" | "?" balanced | "(" balanced | indexes) "]"
//! intrinsic = "States." name "(" (argument ("," argument)*)? ")"
//! argument  = intrinsic | path | quoted | number | "true" | "false" | "null"
//! ```
//!
//! A reference path has only names and whole numbers: it names one place. Must not know which field it stands in.

use crate::diagnostics::{suggest, words};

/// AWS allows so many intrinsics within each other.
const DEEPEST: usize = 10;

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    /// `$`
    Input,
    /// `$$`
    Context,
    /// `$name`
    Variable(String),
}

/// A path that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) root: Root,
    /// Whether it names one place.
    pub(crate) reference: bool,
}

/// What a template field computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Computed {
    Path(Path),
    Intrinsic {
        name: &'static str,
        /// The variables that its arguments read.
        variables: Vec<String>,
    },
}

/// Why it can't be read: ends the sentence that begins with the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    Path(String),
    Intrinsic(String),
    /// It does not even start like either of them.
    Neither,
}

/// A whole text that is a path.
pub(crate) fn path(text: &str) -> Result<Path, String> {
    let mut cursor = Cursor { rest: text };
    let path = cursor.path()?;
    match cursor.rest.chars().next() {
        None => Ok(path),
        Some(left) => Err(format!("has `{left}` where a step such as `.name` or `[0]` can stand")),
    }
}

/// A whole text that is a path or a call of an intrinsic function.
pub(crate) fn computed(text: &str) -> Result<Computed, Problem> {
    if text.starts_with('$') {
        return path(text).map(Computed::Path).map_err(Problem::Path);
    }
    if !text.starts_with("States.") {
        return Err(Problem::Neither);
    }
    let mut cursor = Cursor { rest: text };
    let mut variables = Vec::new();
    let name = cursor.intrinsic(1, &mut variables).map_err(Problem::Intrinsic)?;
    cursor.blanks();
    if cursor.rest.is_empty() {
        Ok(Computed::Intrinsic { name, variables })
    } else {
        Err(Problem::Intrinsic("goes on behind its closing parenthesis".to_owned()))
    }
}

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

struct Cursor<'t> {
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    fn path(&mut self) -> Result<Path, String> {
        if !self.take("$") {
            return Err("does not start with `$`".to_owned());
        }
        let root = if self.take("$") {
            Root::Context
        } else {
            match self.while_true(|it| it.is_alphanumeric() || it == '_') {
                "" => Root::Input,
                name => Root::Variable(name.to_owned()),
            }
        };
        let mut reference = true;
        loop {
            if self.take("..") {
                reference = false;
                if !self.take("*") && !self.rest.starts_with('[') {
                    let _ = self.name()?;
                }
            } else if self.take(".") {
                if self.take("*") {
                    reference = false;
                } else {
                    let _ = self.name()?;
                    reference &= !self.take("()");
                }
            } else if self.take("[") {
                reference &= self.bracket()?;
            } else {
                return Ok(Path { root, reference });
            }
        }
    }

    fn name(&mut self) -> Result<&'t str, String> {
        match self.while_true(|it| !it.is_whitespace() && !".[](),'\"".contains(it)) {
            "" => Err(match self.rest.chars().next() {
                None => "ends where a name is missing".to_owned(),
                Some(found) => format!("has `{found}` where a name is missing"),
            }),
            name => Ok(name),
        }
    }

    /// What stands behind `[`, up to `]`. Whether it names one place.
    fn bracket(&mut self) -> Result<bool, String> {
        self.blanks();
        if self.rest.starts_with(['?', '(']) {
            return self.balanced().map(|()| false);
        }
        let mut reference = true;
        if self.take("*") {
            reference = false;
        } else if self.rest.starts_with(['\'', '"']) {
            let _ = self.quoted()?;
            self.blanks();
            while self.take(",") {
                self.blanks();
                let _ = self.quoted()?;
                self.blanks();
                reference = false;
            }
        } else {
            let indexes = self.while_true(|it| it.is_ascii_digit() || "-:, ".contains(it));
            let digits = indexes.trim();
            if !digits.chars().any(|it| it.is_ascii_digit()) && !digits.contains(':') {
                return Err("has brackets without a quoted name, a number, `*` or a filter".to_owned());
            }
            reference = digits.chars().all(|it| it.is_ascii_digit());
        }
        self.blanks();
        if self.take("]") { Ok(reference) } else { Err("has a `[` that is not closed".to_owned()) }
    }

    /// A filter or a script: everything up to the `]` that belongs to it.
    fn balanced(&mut self) -> Result<(), String> {
        let mut open = 0_usize;
        while let Some(next) = self.rest.chars().next() {
            match next {
                '\'' | '"' => {
                    let _ = self.quoted()?;
                    continue;
                }
                '(' | '[' => open += 1,
                ']' if open == 0 => {
                    let _ = self.take("]");
                    return Ok(());
                }
                ')' | ']' => open = open.saturating_sub(1),
                _ => {}
            }
            self.skip(next);
        }
        Err("has a `[` that is not closed".to_owned())
    }

    /// A text in single or double quotes, with `\` before what is taken as it is; what stands in it.
    fn quoted(&mut self) -> Result<String, String> {
        let Some(quote) = self.rest.chars().next().filter(|it| ['\'', '"'].contains(it)) else {
            return Err("has no quoted name where one is missing".to_owned());
        };
        self.skip(quote);
        let mut text = String::new();
        while let Some(next) = self.rest.chars().next() {
            self.skip(next);
            if next == quote {
                return Ok(text);
            }
            text.push(next);
            if next == '\\'
                && let Some(escaped) = self.rest.chars().next()
            {
                self.skip(escaped);
                text.push(escaped);
            }
        }
        Err(format!("has a {quote} that is not closed"))
    }

    fn intrinsic(&mut self, depth: usize, variables: &mut Vec<String>) -> Result<&'static str, String> {
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

    fn take(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn skip(&mut self, next: char) {
        self.rest = self.rest.strip_prefix(next).unwrap_or_default();
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn while_true(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|it| !belongs(it)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*", tokens in "(\\$|States\\.Format\\(|[.\\[\\](){}'\",*?:0-9a ]){0,24}") {
            for text in [text, tokens] {
                let _ = path(&text);
                let _ = computed(&text);
            }
        }
    }

    #[test]
    fn paths_are_read() {
        let reference = ["$", "$.a", "$.a-b.c", "$['a b'][0]", "$$.Execution.Id", "$rows[2].name", "$.été"];
        for text in reference {
            assert!(path(text).is_ok_and(|it| it.reference), "{text}: {:?}", path(text));
        }
        let other =
            ["$..a", "$.*", "$[*]", "$[-1]", "$[0,1]", "$[1:2]", "$.a[?(@.b == 'x]')].c", "$.a.length()"];
        for text in other.into_iter().chain(["$['a','b']", "$[(@.length-1)]", "$..[0]", "$[:2]"]) {
            assert!(path(text).is_ok_and(|it| !it.reference), "{text}: {:?}", path(text));
        }
        for text in ["", "a", "$.", "$.a.", "$a b", "$.a[", "$.a[]", "$['a]", "$.a[?(@.b]", "$.a]", "$[x]"] {
            assert!(path(text).is_err(), "{text}");
        }
    }

    #[test]
    fn intrinsics_are_read() {
        for text in [
            "States.UUID()",
            "States.Format('a \\'{}\\' \\{\\}', $.a)",
            "States.Array( 1, -2.5, true, null, 'x', $.a, States.MathAdd($n, 1) )",
            "States.JsonMerge($.a, $.b, false)",
            "States.MathRandom(1, 9)",
        ] {
            assert!(computed(text).is_ok(), "{text}: {:?}", computed(text));
        }
        for (text, words) in [
            ("States.Formt('a')", "did you mean `States.Format`?"),
            ("States.Format('{} {}', $.a)", "has 2 `{}` for 1 value"),
            ("States.Format(\"a\")", "single ones"),
            ("States.ArrayLength($.a", "lacks a `,` or `)`"),
            ("States.ArrayLength($.a, 1)", "it takes 1"),
            ("States.Array(name)", "no text, number or path"),
            ("States.UUID() x", "goes on"),
        ] {
            let Err(Problem::Intrinsic(problem)) = computed(text) else { panic!("{text}") };
            assert!(problem.contains(words), "{text}: {problem}");
        }
        assert_eq!(computed("text"), Err(Problem::Neither));
        let deep = "States.Array(".repeat(100_000);
        assert!(matches!(computed(&deep), Err(Problem::Intrinsic(it)) if it.contains("more than 10")));
    }
}
