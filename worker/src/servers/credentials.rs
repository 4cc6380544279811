//! What a secret says of a server, in the shape that RDS writes: `engine`, `host`, `port`, `username`, `password`,
//! `dbname`.

use serde_json::Value;

use super::SecretText;
use crate::{error::WorkerError, site::Site};

/// Words of RDS for engines, which may be told; another word may be anything.
const KNOWN: [&str; 8] = [
    "mysql",
    "mariadb",
    "aurora",
    "aurora-mysql",
    "postgres",
    "postgresql",
    "aurora-postgresql",
    "oracle-ee",
];

/// Who connects where.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: SecretText,
    pub(crate) database: String,
}

impl Credentials {
    /// Reads the secret of a connection; `engines` are the words for its engine, the port the one it has by default.
    pub(crate) fn read(
        site: &Site,
        connection: &str,
        secret: &str,
        engines: &[&str],
        port: u16,
    ) -> Result<Self, WorkerError> {
        let text = site.servers.secrets.read(secret).map_err(|error| WorkerError::Secret {
            connection: connection.to_owned(),
            secret: secret.to_owned(),
            message: error.message,
            help: error.help,
            transient: error.transient,
        })?;
        Self::parse(text.reveal(), engines, port).map_err(|message| WorkerError::Secret {
            connection: connection.to_owned(),
            secret: secret.to_owned(),
            message,
            help: "write it as RDS does: {\"engine\": …, \"host\": …, \"port\": …, \"username\": …, \"password\": …, \
                   \"dbname\": …}"
                .to_owned(),
            transient: false,
        })
    }

    /// `db.example.com:3306/reports`
    pub(crate) fn place(&self) -> String {
        format!("{}:{}/{}", self.host, self.port, self.database)
    }

    fn parse(text: &str, engines: &[&str], port: u16) -> Result<Self, String> {
        let fields: Value = serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())?;
        let optional = |name: &str| match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                Err(format!("its `{name}` is not a text"))
            }
        };
        let required = |name: &str| {
            optional(name)?.filter(|it| !it.is_empty()).ok_or_else(|| format!("it has no `{name}`"))
        };
        if let Some(engine) = optional("engine")?
            && !engines.contains(&engine.as_str())
        {
            let wanted = engines.first().unwrap_or(&"");
            return Err(if KNOWN.contains(&engine.as_str()) {
                format!("it is for `{engine}`, not for `{wanted}`")
            } else {
                format!("its `engine` is not `{wanted}`")
            });
        }
        let port = match optional("port")? {
            None => port,
            Some(text) => text.parse().map_err(|_| "its `port` is no port".to_owned())?,
        };
        Ok(Self {
            host: host(required("host")?)?,
            port,
            user: required("username")?,
            password: SecretText::new(optional("password")?.unwrap_or_default()),
            database: required("dbname")?,
        })
    }
}

/// A host is told in messages, so it must be nothing else: an address with a password in it, say.
fn host(text: String) -> Result<String, String> {
    let is_host = text.chars().all(|it| it.is_ascii_alphanumeric() || ".-_:%".contains(it));
    if is_host { Ok(text) } else { Err("its `host` is neither a name nor an address".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        Credentials::parse(text, &["mysql", "mariadb"], 3306).unwrap_err()
    }

    #[test]
    fn the_shape_of_rds_is_read() {
        let text = r#"{"engine":"mariadb","host":"h","port":3307,"username":"u","password":"p","dbname":"d","more":1}"#;
        let read = Credentials::parse(text, &["mysql", "mariadb"], 3306).unwrap();
        assert_eq!(
            (read.place().as_str(), read.user.as_str(), read.password.reveal()),
            ("h:3307/d", "u", "p")
        );
        let text = r#"{"host":"h","port":"3308","username":"u","dbname":"d"}"#;
        assert_eq!(Credentials::parse(text, &["mysql"], 3306).unwrap().port, 3308);
    }

    #[test]
    fn what_is_wrong_is_told_without_the_values() {
        assert_eq!(wrong("hunter2"), "it is not JSON");
        assert_eq!(wrong(r#"{"username":"u"}"#), "it has no `host`");
        assert_eq!(wrong(r#"{"host":"h","port":"hunter2"}"#), "its `port` is no port");
        assert_eq!(wrong(r#"{"host":"h","username":["hunter2"]}"#), "its `username` is not a text");
        assert_eq!(wrong(r#"{"engine":"postgres"}"#), "it is for `postgres`, not for `mysql`");
        assert_eq!(wrong(r#"{"engine":"hunter2"}"#), "its `engine` is not `mysql`");
        assert_eq!(
            wrong(r#"{"host":"mysql://u:hunter2@h/d","username":"u","dbname":"d"}"#),
            "its `host` is neither a name nor an address"
        );
        let text = r#"{"host":"h","username":"u","password":"hunter2","dbname":"d"}"#;
        let shown = format!("{:?}", Credentials::parse(text, &["mysql"], 3306).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
