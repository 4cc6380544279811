//! JSONPath as the States Language has it, and what a template field computes: a path or an intrinsic function.
//!
//! ```text
//! path      = ("$" | "$$" | "$" name) step*
//! step      = ".." (name | "*" | bracket)? | "." (name "()"? | "*") | bracket
//! bracket   = "[" (quoted ("," quoted)* | "*" | "?" balanced | "(" balanced | indexes) "]"
//! ```
//!
//! A reference path has only names and whole numbers: it names one place. Must not know which field it stands in.

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

/// What is left to read.
pub(super) struct Cursor<'t> {
    pub(super) rest: &'t str,
}

impl<'t> Cursor<'t> {
    pub(super) fn path(&mut self) -> Result<Path, String> {
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
    pub(super) fn quoted(&mut self) -> Result<String, String> {
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

    pub(super) fn take(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn skip(&mut self, next: char) {
        self.rest = self.rest.strip_prefix(next).unwrap_or_default();
    }

    pub(super) fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) fn while_true(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|it| !belongs(it)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
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
