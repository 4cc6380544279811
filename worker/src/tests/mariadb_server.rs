//! A MariaDB of the test's own: started on a free port with its own folder and certificate, and ended with it.
//!
//! The same tests run on a MySQL where `SLUICE_TEST_MYSQLD` names its server's program, which takes the options of
//! `mysqld`. `docs/databases.md` says how one is had where the system has none.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use mysql::{Conn, OptsBuilder, prelude::Queryable as _};

use crate::{Servers, Tls, Variables, variable_of};

const PASSWORD: &str = "hunter2-of-the-tests";

#[derive(Debug)]
pub(super) struct MariaDb {
    folder: tempfile::TempDir,
    port: u16,
    child: Mutex<Option<Child>>,
    databases: AtomicU32,
}

/// The program of a MySQL to take instead.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says which server they run on")]
pub(super) fn mysqld() -> Option<String> {
    std::env::var("SLUICE_TEST_MYSQLD").ok().filter(|it| !it.is_empty())
}

/// A port that nobody listens on just now.
pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Runs a command to its end.
pub(super) fn succeed(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}: run `scripts/test`, which installs it"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// An authority and a certificate for this machine signed by it: `ca.pem`, `server.pem`, `server.key`.
pub(super) fn make_certificates(folder: &Path) {
    let openssl = |words: &str| succeed(Command::new("openssl").current_dir(folder).args(words.split(' ')));
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -days 3650 -subj /CN=authority"));
    openssl(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
    std::fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n").unwrap();
    openssl(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 3650 -extfile names",
    );
}

impl MariaDb {
    pub(super) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("sluice-mariadb-").tempdir().unwrap();
        make_certificates(folder.path());
        let data = folder.path().join("data");
        let mut install = Command::new(mysqld().as_deref().unwrap_or("mariadb-install-db"));
        let _ = if mysqld().is_some() {
            // By itself it lets nobody in by an address.
            let everybody = "CREATE USER IF NOT EXISTS root@'127.0.0.1' IDENTIFIED BY '';\n\
                             GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n";
            std::fs::write(folder.path().join("init.sql"), everybody).unwrap();
            install.args(["--no-defaults", "--initialize-insecure"])
        } else {
            install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        };
        let tmp = folder.path().join("tmp");
        std::fs::create_dir(&tmp).unwrap();
        let folders = [format!("--datadir={}", data.display()), format!("--tmpdir={}", tmp.display())];
        succeed(install.args(user()).args(folders));
        let server =
            Self { folder, port: free_port(), child: Mutex::new(None), databases: AtomicU32::new(0) };
        server.run(&[]);
        let mut admin = server.admin();
        for right in [
            format!("CREATE USER sluice@'127.0.0.1' IDENTIFIED BY '{PASSWORD}' REQUIRE SSL"),
            "GRANT ALL ON `case\\_%`.* TO sluice@'127.0.0.1'".to_owned(),
            format!("CREATE USER reader@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'"),
        ] {
            admin.query_drop(right).unwrap();
        }
        server
    }

    /// Starts the server's process, and waits until it answers.
    pub(super) fn run(&self, more: &[&str]) {
        let folder = self.folder.path();
        let path = |name: &str| folder.join(name).display().to_string();
        let mysqld = mysqld();
        let mut command = Command::new(mysqld.as_deref().unwrap_or("mariadbd"));
        let _ = command.arg("--no-defaults").args(user()).args([
            format!("--datadir={}", path("data")),
            format!("--tmpdir={}", path("tmp")),
            format!("--socket={}", path("socket")),
            format!("--pid-file={}", path("pid")),
            format!("--log-error={}", path("log")),
            format!("--port={}", self.port),
            format!("--ssl-cert={}", path("server.pem")),
            format!("--ssl-key={}", path("server.key")),
            format!("--ssl-ca={}", path("ca.pem")),
        ]);
        let _ = command
            .args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--local-infile=1", "--skip-log-bin"])
            // What a test waits for; a real server's is 50 seconds.
            .args(["--innodb-lock-wait-timeout=3", "--innodb-flush-log-at-trx-commit=2"])
            .args(if mysqld.is_some() {
                vec![
                    "--innodb-redo-log-capacity=128M".to_owned(),
                    "--mysqlx=OFF".to_owned(),
                    format!("--init-file={}", path("init.sql")),
                ]
            } else {
                vec!["--innodb-log-file-size=64M".to_owned()]
            })
            .args(["--performance-schema=OFF", "--character-set-server=latin1"])
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        *self.child.lock().unwrap() = Some(command.spawn().unwrap());
        for _ in 0..600 {
            if Conn::new(self.opts("root", "", None)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "the server does not start: {}",
            std::fs::read_to_string(folder.join("log")).unwrap_or_default()
        );
    }

    /// Ends the server's process at once, as a crash does.
    pub(super) fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    fn opts(&self, user: &str, password: &str, database: Option<&str>) -> OptsBuilder {
        OptsBuilder::new()
            .ip_or_hostname(Some("127.0.0.1"))
            .tcp_port(self.port)
            .prefer_socket(false)
            .user(Some(user))
            .pass(Some(password))
            .db_name(database)
    }

    pub(super) fn admin(&self) -> Conn {
        Conn::new(self.opts("root", "", None)).unwrap()
    }

    /// A connection that understands the SQL of the cases.
    pub(super) fn conn(&self, database: &str) -> Conn {
        let mut conn = Conn::new(self.opts("root", "", Some(database))).unwrap();
        conn.query_drop("SET NAMES utf8mb4").unwrap();
        conn.query_drop("SET SESSION sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT'").unwrap();
        conn
    }

    /// A new empty database.
    pub(super) fn database(&self) -> String {
        let name = format!("case_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.admin().query_drop(format!("CREATE DATABASE {name}")).unwrap();
        name
    }

    /// The text of a secret that names that database.
    pub(super) fn secret(&self, database: &str, user: &str) -> String {
        format!(
            r#"{{"engine": "mariadb", "host": "127.0.0.1", "port": {}, "username": "{user}", "password": "{PASSWORD}", "dbname": "{database}"}}"#,
            self.port
        )
    }

    /// The certificate that the server's own is signed by.
    pub(super) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Servers of a site whose secret `secret` names that database.
    pub(super) fn servers(&self, secret: &str, database: &str, user: &str) -> Servers {
        let text = self.secret(database, user);
        let variable = variable_of(secret);
        let variables = Variables::new(move |name| (name == variable).then(|| text.clone()));
        let mut servers = Servers::of_machine(self.folder.path(), &variables);
        servers.tls = Tls { ca_bundle: Some(self.authority()), off: false };
        servers
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Root must say that it means to run as root.
fn user() -> Option<&'static str> {
    (std::fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0))
        .then_some("--user=root")
}

/// A result's rows, their fields with `|` between them, as SQLite shows the same values.
pub(super) fn rows(conn: &mut Conn, sql: &str) -> Vec<String> {
    let rows: Vec<mysql::Row> = conn.query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.into_iter()
        .map(|row| {
            let fields = row.unwrap().into_iter().map(|it| match it {
                mysql::Value::NULL => "NULL".to_owned(),
                mysql::Value::Bytes(bytes) => {
                    let text = String::from_utf8(bytes).unwrap_or_else(|it| format!("{:?}", it.as_bytes()));
                    text.strip_suffix(".000000").map_or(text.clone(), str::to_owned)
                }
                other @ (mysql::Value::Int(_)
                | mysql::Value::UInt(_)
                | mysql::Value::Float(_)
                | mysql::Value::Double(_)
                | mysql::Value::Date(..)
                | mysql::Value::Time(..)) => other.as_sql(true),
            });
            fields.collect::<Vec<_>>().join("|")
        })
        .collect()
}
