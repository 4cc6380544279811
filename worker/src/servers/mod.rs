//! Database servers: who may connect where, how the connection is kept private, and what a server's refusal means.
//!
//! A password is in a [`SecretText`] from the moment it is read: it has no `Debug` and no `Display` of its own words,
//! and no error repeats what a secret holds, only which field is wrong.

mod credentials;
pub(crate) mod mysql;
pub(crate) mod postgres;
mod secrets;
mod tls;

use std::{sync::Arc, time::Duration};

pub(crate) use credentials::Credentials;
pub use secrets::{LocalSecrets, SECRETS_FILE, SecretError, SecretText, Secrets, Variables, variable_of};
pub use tls::{CA_VARIABLE, TLS_VARIABLE, Tls};

use crate::error::WorkerError;

/// A server that does not answer within it is not there.
const PATIENCE: Duration = Duration::from_secs(10);
/// Silence after which the network is asked whether the server is there still.
const KEEPALIVE: Duration = Duration::from_mins(1);
/// How often it is asked again.
const PROBE: Duration = Duration::from_secs(15);
/// How long a server may leave unanswered what was sent to it, or take nothing more: longer than it waits for a lock. By
/// itself the system would wait a quarter of an hour, or for a PostgreSQL connection two hours.
const SILENCE: Duration = Duration::from_mins(5);

/// What a stage needs to reach database servers.
#[derive(Debug, Clone)]
pub struct Servers {
    /// Where a connection's secret is read.
    pub secrets: Arc<dyn Secrets>,
    /// How connections are kept private.
    pub tls: Tls,
}

impl Servers {
    /// Secrets from the environment or a file of the state folder; the environment's word on TLS.
    pub fn of_machine(state_dir: &std::path::Path, variables: &Variables) -> Self {
        Self {
            secrets: Arc::new(LocalSecrets::new(state_dir, variables.clone())),
            tls: Tls::from_variables(variables),
        }
    }
}

/// What stands between a stage and a server that is not about the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerTrouble {
    /// Nobody answers, or too many others are connected.
    Unreachable,
    /// The user, the password or a right is wrong.
    Denied,
    /// The server has no such database.
    UnknownDatabase,
    /// The server takes no writes.
    ReadOnly,
    /// The server has no room left.
    DiskFull,
    /// The connection can't be made private.
    Tls,
    /// The server takes no rows by `LOAD DATA LOCAL`.
    LocalInfileOff,
}

impl ServerTrouble {
    /// The stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "P0631",
            Self::Denied => "P0632",
            Self::UnknownDatabase => "P0633",
            Self::ReadOnly => "P0634",
            Self::DiskFull => "P0635",
            Self::Tls => "P0636",
            Self::LocalInfileOff => "P0637",
        }
    }

    /// Whether it may pass by itself.
    pub(crate) fn transient(self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Denied
            | Self::UnknownDatabase
            | Self::ReadOnly
            | Self::DiskFull
            | Self::Tls
            | Self::LocalInfileOff => false,
        }
    }

    /// What to do about it.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "check that the server runs and has connections left, and that its host and port in the secret are right, then resume"
            }
            Self::Denied => {
                "check the user and the password in the secret, and the user's rights, then resume"
            }
            Self::UnknownDatabase => "correct `dbname` in the secret, or create the database, then resume",
            Self::ReadOnly => {
                "let the secret name the server that takes writes (after a failover it may be another), then resume"
            }
            Self::DiskFull => "give the server more room, then resume",
            Self::Tls => {
                "set `SLUICE_DATABASE_CA` to the file of the authority that signed the server's certificate (for RDS, its bundle), then resume"
            }
            Self::LocalInfileOff => {
                "set `local_infile` to 1 on the server (in RDS: in its parameter group), then resume"
            }
        }
    }
}

/// The error of a connection that must be private and can't be.
fn not_private(connection: &str, place: &str, message: String) -> WorkerError {
    let (connection, place) = (connection.to_owned(), place.to_owned());
    WorkerError::Server { connection, place, trouble: ServerTrouble::Tls, message }
}

/// What an error of a driver means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Trouble(ServerTrouble),
    /// Another attempt may succeed with nothing changed.
    MayPass,
    /// It is about the statement or the rows.
    Statement,
}
