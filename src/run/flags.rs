//! The flags that the user gave, for commands that are told: what is pasted must do what is said.

/// What stands behind every command that is told, such as `--state elsewhere`; empty where everything is as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags(String);

impl Flags {
    /// Each flag with its value.
    pub fn new<'a>(given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let given = given.into_iter().map(|(flag, value)| format!("{flag} {}", quoted(value)));
        Self(given.collect::<Vec<_>>().join(" "))
    }

    /// As they are typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A command of sluice with them: `sluice resume greece --state elsewhere`.
    pub fn command(&self, words: &[&str]) -> String {
        let words = ["sluice"].iter().chain(words).map(|it| quoted(it));
        let flags = Some(self.0.clone()).filter(|it| !it.is_empty());
        words.chain(flags).collect::<Vec<_>>().join(" ")
    }
}

/// The word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |it: char| it.is_alphanumeric() || "-_./:=,+@%".contains(it);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_what_a_shell_takes() {
        let usual = Flags::default();
        assert_eq!(usual.command(&["runs", "greece"]), "sluice runs greece");
        let flags =
            Flags::new([("--program", "my pipelines"), ("--state", "it's"), ("--environment", "test")]);
        assert_eq!(
            flags.command(&["resume", "greece", "--run", "greece-1"]),
            "sluice resume greece --run greece-1 --program 'my pipelines' --state 'it'\\''s' --environment test"
        );
    }
}
