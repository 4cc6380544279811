//! What can stand between a job and a server, and that no word about it holds a password: the same cases with the
//! secrets of one machine and with those of an account.

use serde_json::{Value, json};
use sluice_contract::job::{EXIT_FAILED, EXIT_TRY_AGAIN};
use sluice_worker::Servers;

use crate::{
    mariadb_server::{MariaDb, free_port},
    postgres_server::Postgres,
    support::{Told, plan},
};

/// In every password here, and in nothing else.
const PASSWORD: &str = "hunter2";
const SECRET: &str = "credit-reports/test/server";

/// One job that fails.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) plan: Value,
    pub(crate) stage: &'static str,
    /// The secret's name and its text; none where it is not there.
    pub(crate) secret: (String, Option<String>),
    /// The file of authorities that the job trusts.
    pub(crate) bundle: Option<String>,
    code: &'static str,
    again: bool,
}

impl Case {
    /// It failed as it should, says what to do, and nothing of all that is left behind has a password in it.
    pub(crate) fn check(&self, told: &Told, left_behind: &str) {
        let (name, err) = (&self.name, &told.err);
        let code = if self.again { EXIT_TRY_AGAIN } else { EXIT_FAILED };
        assert_eq!(told.code, Some(code), "{name}: {err}");
        assert!(err.contains(&format!("error[{}]: ", self.code)), "{name}: {err}");
        assert!(err.contains("\nhelp: "), "{name}: {err}");
        assert!(left_behind.contains(self.code), "{name}: the record has no code: {left_behind}");
        for text in [err.as_str(), &told.out, left_behind] {
            assert!(!text.contains(PASSWORD), "{name}: {text}");
        }
    }
}

/// The servers of the cases.
pub(crate) struct Both {
    maria: MariaDb,
    postgres: Postgres,
}

impl Both {
    pub(crate) fn start() -> Self {
        Self { maria: MariaDb::start(), postgres: Postgres::start() }
    }

    pub(crate) fn cases(&self) -> Vec<Case> {
        let (database, other) = (self.maria.database(), self.postgres.database());
        let mut cases = Vec::new();
        let maria = self.maria.servers("s", &database, "sluice");
        let postgres = self.postgres.servers("s", &other);
        for (role, engine, servers) in
            [("registry", "mysql", &maria), ("registry", "postgres", &postgres), ("reports", "mysql", &maria)]
        {
            cases.extend(of(role, engine, servers));
        }
        for (number, case) in cases.iter_mut().enumerate() {
            case.secret.0 = format!("{SECRET}-{number}");
            let role = if case.stage == "cleanup" { "reports" } else { "registry" };
            case.plan["connections"][role]["secret"] = json!(case.secret.0);
        }
        cases
    }
}

/// The cases of one connection.
fn of(role: &str, engine: &str, servers: &Servers) -> Vec<Case> {
    let right: Value = serde_json::from_str(servers.secrets.read("s").unwrap().reveal()).unwrap();
    assert!(right["password"].as_str().unwrap().contains(PASSWORD));
    let bundle = servers.tls.ca_bundle.as_ref().map(|it| it.display().to_string());
    let stage = if role == "reports" { "cleanup" } else { "companies.extract" };
    let case = |name: &str, secret: Option<String>, code, again| {
        let mut plan = plan(None);
        plan["connections"][role] = json!({ "engine": engine });
        let name = format!("{engine} as {role}: {name}");
        Case { name, plan, stage, secret: (String::new(), secret), bundle: bundle.clone(), code, again }
    };
    let with = |field: &str, value: Value| {
        let mut secret = right.clone();
        secret[field] = value;
        Some(secret.to_string())
    };
    let text = right.to_string();
    let unknown = with("dbname", json!("nowhere"));
    let mut cases = vec![
        case("nobody listens", with("port", json!(free_port())), "P0631", true),
        case("a wrong password", with("password", json!("not-hunter2")), "P0632", false),
        case("no secret", None, "P0630", false),
        case("no JSON", Some(format!("{engine}://sluice:hunter2@127.0.0.1")), "P0630", false),
        case("cut off", Some(text.strip_suffix('}').unwrap().to_owned()), "P0630", false),
        case("a list", Some(format!("[{text}]")), "P0630", false),
        case(
            "an address for a host",
            with("host", json!("mysql://sluice:hunter2@127.0.0.1")),
            "P0630",
            false,
        ),
        case("a password that is a list", with("password", json!(["hunter2"])), "P0630", false),
        case("a word that is no engine", with("engine", json!("hunter2")), "P0630", false),
        case("a word that is no port", with("port", json!("hunter2")), "P0630", false),
        // MariaDB tells nobody without rights whether a database is there.
        case("no such database", unknown, if engine == "mysql" { "P0632" } else { "P0633" }, false),
    ];
    cases.push(Case {
        bundle: None,
        ..case("an authority that nobody trusts", Some(text.clone()), "P0636", false)
    });
    if role == "registry" {
        // The source has no table.
        cases.push(case("a query that fails", Some(text), "P0602", false));
    }
    cases
}
