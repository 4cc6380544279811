//! A PostgreSQL of the test's own: started on a free port with its own folder and certificate, and ended with it.

use std::{
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use postgres::{Client, NoTls};

use super::mariadb_server::{free_port, make_certificates, succeed};
use crate::{Servers, Tls, Variables, variable_of};

const PASSWORD: &str = "hunter2-of-the-tests";

#[derive(Debug)]
pub(super) struct Postgres {
    folder: tempfile::TempDir,
    port: u16,
    child: Mutex<Child>,
    databases: AtomicU32,
}

/// The newest of Debian's.
fn program(name: &str) -> PathBuf {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").map(|it| it.filter_map(Result::ok).collect::<Vec<_>>());
    let found = versions
        .unwrap_or_default()
        .into_iter()
        .map(|it| it.path().join("bin").join(name))
        .filter(|it| it.exists());
    found.max().unwrap_or_else(|| panic!("no `{name}`: run `scripts/test`, which installs it"))
}

/// A command that runs as somebody: PostgreSQL refuses root.
fn as_somebody(program: PathBuf) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0);
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let _ = command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

impl Postgres {
    pub(super) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("sluice-postgres-").tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        make_certificates(folder.path());
        std::fs::write(path("password"), PASSWORD).unwrap();
        std::fs::set_permissions(path("server.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
        if std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0) {
            succeed(Command::new("chown").args(["-R", "postgres:postgres"]).arg(folder.path()));
        }
        let mut init = as_somebody(program("initdb"));
        let _ = init
            .current_dir(folder.path())
            .arg("--pgdata")
            .arg(path("data"))
            .arg("--pwfile")
            .arg(path("password"));
        succeed(init.args([
            "--username=sluice",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        let port = free_port();
        let mut command = as_somebody(program("postgres"));
        let _ =
            command.current_dir(folder.path()).arg("-D").arg(path("data")).arg("-p").arg(port.to_string());
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={}", folder.path().display()),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", path("server.pem").display()),
            format!("ssl_key_file={}", path("server.key").display()),
            "fsync=off".to_owned(),
        ] {
            let _ = command.arg("-c").arg(setting);
        }
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { folder, port, child: Mutex::new(child), databases: AtomicU32::new(0) };
        for _ in 0..600 {
            if server.try_conn("postgres").is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not start");
    }

    fn try_conn(&self, database: &str) -> Result<Client, postgres::Error> {
        let mut config = postgres::Config::new();
        let _ = config.host("127.0.0.1").port(self.port).user("sluice").password(PASSWORD).dbname(database);
        config.connect(NoTls)
    }

    pub(super) fn conn(&self, database: &str) -> Client {
        self.try_conn(database).unwrap()
    }

    /// A new empty database.
    pub(super) fn database(&self) -> String {
        let name = format!("case_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.conn("postgres").batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        name
    }

    /// Servers of a site whose secret `secret` names that database.
    pub(super) fn servers(&self, secret: &str, database: &str) -> Servers {
        let text = format!(
            r#"{{"engine": "postgres", "host": "127.0.0.1", "port": {}, "username": "sluice", "password": "{PASSWORD}", "dbname": "{database}"}}"#,
            self.port
        );
        let variable = variable_of(secret);
        let variables = Variables::new(move |name| (name == variable).then(|| text.clone()));
        let mut servers = Servers::of_machine(self.folder.path(), &variables);
        servers.tls = Tls { ca_bundle: Some(self.folder.path().join("ca.pem")), off: false };
        servers
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock() {
            // `setpriv` has become the server; its own children end when it does.
            let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            let _ = child.wait();
        }
    }
}
