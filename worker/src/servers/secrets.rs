//! Where a connection's secret is read: a store in the cloud, or on one machine the environment or a file.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Holds the secrets of connections.
pub trait Secrets: fmt::Debug + Send + Sync {
    /// The text of the secret of that name.
    fn read(&self, name: &str) -> Result<SecretText, SecretError>;
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    /// Hides the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for whoever it is meant for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// Why a secret can't be had. Says nothing of what it holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SecretError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Whether it may pass.
    pub transient: bool,
}

/// Gives a variable's value.
type Read = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Variables of the environment, by name.
#[derive(Clone)]
pub struct Variables(Arc<Read>);

impl Variables {
    /// Asks that function.
    pub fn new(read: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// An environment without any.
    pub fn none() -> Self {
        Self::new(|_| None)
    }

    /// The variable's value; none where it is not set or empty.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|it| !it.is_empty())
    }
}

impl Default for Variables {
    fn default() -> Self {
        Self::none()
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Variables")
    }
}

/// The file of the state folder that may hold secrets.
pub const SECRETS_FILE: &str = "secrets.json";

/// Secrets of one machine: a variable each, or a file that holds them all by name.
#[derive(Debug, Clone)]
pub struct LocalSecrets {
    variables: Variables,
    file: PathBuf,
}

impl LocalSecrets {
    /// Reads variables first, then the file [`SECRETS_FILE`] of the state folder.
    pub fn new(state_dir: &Path, variables: Variables) -> Self {
        Self { variables, file: state_dir.join(SECRETS_FILE) }
    }
}

impl Secrets for LocalSecrets {
    fn read(&self, name: &str) -> Result<SecretText, SecretError> {
        let variable = variable_of(name);
        if let Some(text) = self.variables.get(&variable) {
            return Ok(SecretText(text));
        }
        let file = self.file.display();
        let help = format!(
            "set `{variable}` to {{\"host\": …, \"port\": …, \"username\": …, \"password\": …, \"dbname\": …}}, \
             or write `{{\"{name}\": {{…}}}}` with these fields into `{file}`"
        );
        let failed = |message: String| SecretError { message, help: help.clone(), transient: false };
        let text = match std::fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(failed(format!("neither `{variable}` nor `{file}` is there")));
            }
            Err(error) => return Err(failed(format!("can't read `{file}`: {error}"))),
        };
        // The parser's own words may repeat what stands in the file.
        let all: serde_json::Value = serde_json::from_str(&text)
            .map_err(|error| failed(format!("`{file}` is not JSON, see line {}", error.line())))?;
        match all.get(name) {
            None => Err(failed(format!("`{variable}` is not set, and `{file}` has no `{name}`"))),
            Some(serde_json::Value::String(text)) => Ok(SecretText(text.clone())),
            Some(secret) => Ok(SecretText(secret.to_string())),
        }
    }
}

/// `SLUICE_SECRET_CREDIT_REPORTS_TEST_GREECE` of `credit-reports/test/greece`.
pub fn variable_of(name: &str) -> String {
    let letter = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' };
    format!("SLUICE_SECRET_{}", name.chars().map(letter).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_comes_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(SECRETS_FILE), r#"{"a/b": {"host": "file"}, "c": "text"}"#)
            .unwrap();
        let variables = Variables::new(|name| (name == "SLUICE_SECRET_A_B").then(|| "variable".to_owned()));
        let secrets = LocalSecrets::new(folder.path(), variables);
        assert_eq!(secrets.read("a/b").unwrap().reveal(), "variable");
        assert_eq!(secrets.read("c").unwrap().reveal(), "text");
        let secrets = LocalSecrets::new(folder.path(), Variables::none());
        assert_eq!(secrets.read("a/b").unwrap().reveal(), r#"{"host":"file"}"#);
        assert!(secrets.read("d").unwrap_err().message.ends_with("has no `d`"));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = LocalSecrets::new(folder.path(), Variables::none());
        let error = secrets.read("a/b").unwrap_err();
        assert!(error.message.starts_with("neither `SLUICE_SECRET_A_B` nor `"), "{error}");
        assert!(error.help.starts_with("set `SLUICE_SECRET_A_B` to"), "{error}");
        std::fs::write(folder.path().join(SECRETS_FILE), "{\n\"a/b\": hunter2").unwrap();
        let error = secrets.read("a/b").unwrap_err();
        assert!(error.message.ends_with("is not JSON, see line 2"), "{error}");
        assert_eq!(format!("{:?}", SecretText::new("hunter2")), "…");
    }
}
