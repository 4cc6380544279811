//! Connections to MySQL and MariaDB, and what their errors mean.

use std::time::Duration;

use mysql::{Conn, DriverError, Error, Opts, OptsBuilder, SslOpts, prelude::Queryable as _};

use super::{Credentials, KEEPALIVE, Meaning, PATIENCE, PROBE, SILENCE, ServerTrouble, not_private};
use crate::{error::WorkerError, site::Site};

const ENGINES: [&str; 4] = ["mysql", "mariadb", "aurora-mysql", "aurora"];
const PORT: u16 = 3306;
/// What a server's own settings may not change. It waits with the next row for as long as an object store or the locks
/// of other tables may keep us from taking it.
const SETTINGS: [&str; 3] = [
    "SET NAMES utf8mb4",
    "SET time_zone = '+00:00'",
    "SET SESSION autocommit = 1, sql_safe_updates = 0, sql_select_limit = 18446744073709551615, net_write_timeout = 600",
];
/// A server may end statements that take long: MariaDB's name of that setting, and MySQL's.
const UNLIMITED: [&str; 2] = ["SET SESSION max_statement_time = 0", "SET SESSION max_execution_time = 0"];

/// A server that threads can connect to.
#[derive(Debug, Clone)]
pub(crate) struct MysqlServer {
    connection: String,
    place: String,
    opts: Opts,
}

impl MysqlServer {
    /// Reads the connection's secret. Connects to nothing yet.
    pub(crate) fn find(site: &Site, connection: &str, secret: &str) -> Result<Self, WorkerError> {
        let credentials = Credentials::read(site, connection, secret, &ENGINES, PORT)?;
        let place = credentials.place();
        let private = |message| not_private(connection, &place, message);
        let tls = &site.servers.tls;
        let ssl = if tls.wanted(&credentials.host).map_err(private)? {
            let bundle = tls.bundle().map_err(private)?.map(std::path::Path::to_path_buf);
            Some(SslOpts::default().with_root_cert_path(bundle))
        } else {
            None
        };
        let opts = OptsBuilder::new()
            .ip_or_hostname(Some(credentials.host.clone()))
            .tcp_port(credentials.port)
            .user(Some(credentials.user.clone()))
            .pass(Some(credentials.password.reveal()))
            .db_name(Some(credentials.database.clone()))
            // A socket of this machine would be taken instead, without TLS.
            .prefer_socket(false)
            .tcp_connect_timeout(Some(PATIENCE))
            .ssl_opts(ssl);
        let opts = noticing_silence(opts);
        Ok(Self { connection: connection.to_owned(), place, opts: opts.into() })
    }

    /// The server's host, port and database, for messages.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Another connection, with the session settings that all of ours have.
    pub(crate) fn connect(&self, settings: &[&str]) -> Result<Conn, WorkerError> {
        let failed = |error: &Error| self.trouble(error, true);
        let mut conn = Conn::new(self.opts.clone()).map_err(|it| failed(&it))?;
        for setting in SETTINGS.iter().chain(settings) {
            conn.query_drop(setting).map_err(|it| failed(&it))?;
        }
        for setting in UNLIMITED {
            let _ = conn.query_drop(setting);
        }
        Ok(conn)
    }

    /// The error of a connection that is not about a statement.
    pub(crate) fn trouble(&self, error: &Error, connecting: bool) -> WorkerError {
        let trouble = match meaning(error) {
            Meaning::Trouble(trouble) => trouble,
            Meaning::MayPass if connecting => ServerTrouble::Unreachable,
            Meaning::MayPass | Meaning::Statement => {
                return WorkerError::Database {
                    connection: self.connection.clone(),
                    place: self.place.clone(),
                    message: message(error),
                    transient: meaning(error) == Meaning::MayPass,
                };
            }
        };
        let (connection, place) = (self.connection.clone(), self.place.clone());
        WorkerError::Server { connection, place, trouble, message: message(error) }
    }
}

/// A line that is cut without a word is noticed by the operating system, as far as it can be asked for it.
fn noticing_silence(opts: OptsBuilder) -> OptsBuilder {
    let millis = |it: Duration| u32::try_from(it.as_millis()).ok();
    let opts = opts.tcp_keepalive_time_ms(millis(KEEPALIVE));
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    let opts = opts.tcp_keepalive_probe_interval_secs(u32::try_from(PROBE.as_secs()).ok());
    #[cfg(target_os = "linux")]
    let opts = opts.tcp_user_timeout_ms(millis(SILENCE));
    opts
}

/// The server's own words, without the driver's about them.
pub(crate) fn message(error: &Error) -> String {
    match error {
        Error::MySqlError(error) => format!("{} (error {})", error.message, error.code),
        Error::IoError(error) => error.to_string(),
        Error::DriverError(error) => error.to_string(),
        Error::TlsError(error) => error.to_string(),
        Error::CodecError(error) => error.to_string(),
        // These hold values of rows.
        Error::FromValueError(_) | Error::FromRowError(_) => "the server answered in another type".to_owned(),
        Error::UrlError(error) => error.to_string(),
    }
}

/// What the driver's error means.
pub(crate) fn meaning(error: &Error) -> Meaning {
    match error {
        Error::MySqlError(error) => of_code(error.code, &error.message),
        Error::TlsError(_) | Error::DriverError(DriverError::TlsNotSupported) => {
            Meaning::Trouble(ServerTrouble::Tls)
        }
        Error::IoError(error) if is_tls(error) => Meaning::Trouble(ServerTrouble::Tls),
        Error::CodecError(error) if is_tls(error) => Meaning::Trouble(ServerTrouble::Tls),
        Error::IoError(_) | Error::CodecError(_) | Error::DriverError(_) => Meaning::MayPass,
        Error::UrlError(_) | Error::FromValueError(_) | Error::FromRowError(_) => Meaning::Statement,
    }
}

/// Whether TLS is what failed, however deep the driver has wrapped it.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>()
            || within.is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
        {
            return true;
        }
        next = error.source();
    }
    false
}

fn of_code(code: u16, message: &str) -> Meaning {
    use ServerTrouble as Trouble;
    match code {
        // Too many connections, of the server's or of the user's; a host whose connections failed too often.
        1040 | 1129 | 1203 | 1226 => Meaning::Trouble(Trouble::Unreachable),
        1044 | 1045 | 1142 | 1143 | 1227 | 1370 | 1698 => Meaning::Trouble(Trouble::Denied),
        1049 => Meaning::Trouble(Trouble::UnknownDatabase),
        1290 if message.contains("read-only") || message.contains("read_only") => {
            Meaning::Trouble(Trouble::ReadOnly)
        }
        1836 => Meaning::Trouble(Trouble::ReadOnly),
        1021 | 1114 => Meaning::Trouble(Trouble::DiskFull),
        1148 | 3948 | 4166 => Meaning::Trouble(Trouble::LocalInfileOff),
        // What the operating system says of a write: 28 is no space, 122 the quota.
        _ if ["rrno: 28", "rrcode: 28", "rrno: 122", "rrcode: 122", "error 28 "]
            .iter()
            .any(|it| message.contains(it)) =>
        {
            Meaning::Trouble(Trouble::DiskFull)
        }
        // A lock's wait, a deadlock, a row or a table changed meanwhile; no room for locks or threads for a moment; the
        // server stops, or its node has not joined yet; the connection or query was ended.
        1205
        | 1213
        | 1020
        | 1041
        | 1047
        | 1053
        | 1135
        | 1206
        | 1412
        | 1152
        | 1158..=1161
        | 1184
        | 1317
        | 1927
        | 1969
        | 2006
        | 2013
        | 3024
        | 4031 => Meaning::MayPass,
        _ => Meaning::Statement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_they_are_documented_to_mean() {
        use ServerTrouble as Trouble;
        let told = |code, message: &str| of_code(code, message);
        for code in [1205, 1213, 2006, 2013, 1053] {
            assert_eq!(told(code, ""), Meaning::MayPass, "{code}");
        }
        assert_eq!(told(1045, ""), Meaning::Trouble(Trouble::Denied));
        assert_eq!(told(1049, ""), Meaning::Trouble(Trouble::UnknownDatabase));
        assert_eq!(told(1114, "The table 'x' is full"), Meaning::Trouble(Trouble::DiskFull));
        assert_eq!(told(1021, ""), Meaning::Trouble(Trouble::DiskFull));
        assert_eq!(
            told(3, "Error writing file './x' (Errcode: 28 \"No space left\")"),
            Meaning::Trouble(Trouble::DiskFull)
        );
        let option = |it: &str| {
            format!("The server is running with the {it} option so it cannot execute this statement")
        };
        assert_eq!(told(1290, &option("--read-only")), Meaning::Trouble(Trouble::ReadOnly));
        assert_eq!(told(1290, &option("--secure-file-priv")), Meaning::Statement);
        assert_eq!(told(1062, ""), Meaning::Statement);
    }
}
