//! Servers as sources: what is wrong with a query, a connection or a secret is told; how rows are cut into parts.

use mysql::prelude::Queryable as _;
use sluice_contract::{plan::ColumnType, runs::StageKey};

use super::{
    harness::Lab,
    mariadb_server::MariaDb,
    postgres_server::Postgres,
    source_on::{Source, column, lab_for},
};
use crate::{Servers, WorkerError};

/// What a query can get wrong is told in the words of its file.
fn wrong_queries(source: &Source<'_>) {
    let mut lab = lab_for(vec![column("id", ColumnType::Integer, true)]);
    let _ = source.fill(&mut lab, &["CREATE TABLE companies (id INT)", "INSERT INTO companies VALUES (1)"]);
    let mut told = |query: &str| {
        lab.query(query);
        lab.stage("companies.extract").unwrap_err()
    };
    let error = told("SELECT id FROM compannies");
    assert_eq!((error.code(), error.help().as_str()), ("P0602", "did you mean `companies`?"), "{error}");
    assert!(
        error.to_string().starts_with(
            "connection `registry` has no table `compannies` (greece/companies.sql in 127.0.0.1:"
        ),
        "{error}"
    );
    let error = told("SELECT id\nFROM companies\nWHERE country = :land");
    assert_eq!(
        error.to_string(),
        "greece/companies.sql:3:17: the query failed: `:land` is not a parameter that is bound"
    );
    for changing in ["DELETE FROM companies", "UPDATE companies SET id = 2"] {
        let error = told(changing);
        assert_eq!(error.to_string(), "greece/companies.sql: the query failed: it would change the source");
    }
    let error = told("SELECT id,\n nope FROM companies");
    assert_eq!(error.code(), "P0601");
    assert!(error.to_string().contains("nope"), "{error}");
    if matches!(source, Source::Postgres(_)) {
        assert!(error.to_string().starts_with("greece/companies.sql:2:2: "), "{error}");
    }
    lab.query(
        "SELECT id FROM companies WHERE :country = 'GR' AND ':country' <> 'GR' -- it's ; \"all\" of :it",
    );
    assert_eq!(lab.stage("companies.extract").unwrap().rows_read, 1);
}

/// Most rows are in a small part of the keys' range, and the parts are of much the same size.
fn skewed_keys(source: &Source<'_>) {
    let mut lab = lab_for(vec![column("id", ColumnType::Integer, true)]);
    let numbers = |from: u32, count: u32, step: u32| {
        let all: Vec<_> = (0..count).map(|it| format!("({})", from + it * step)).collect();
        format!("INSERT INTO companies VALUES {}", all.join(","))
    };
    let _ = source.fill(
        &mut lab,
        &[
            "CREATE TABLE companies (id INT PRIMARY KEY)",
            &numbers(0, 6000, 1),
            &numbers(1_000_000, 2000, 40_000),
        ],
    );
    lab.split("id", 4);
    assert_eq!(lab.until("companies.load").unwrap().rows_written, 8000);
    let key = StageKey { pipeline: "greece", run: "r1", stage: "companies.extract" };
    let rows: Vec<_> = lab.runs().parts(&key).unwrap().iter().map(|it| it.rows).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|it| (1600..2400).contains(it)), "{rows:?}");
}

#[test]
fn mariadb_as_a_source() {
    let server = MariaDb::start();
    let source = Source::MariaDb(&server);
    wrong_queries(&source);
    skewed_keys(&source);
}

#[test]
fn postgres_as_a_source() {
    let server = Postgres::start();
    let source = Source::Postgres(&server);
    wrong_queries(&source);
    skewed_keys(&source);
    one_snapshot(&server);
    lost_snapshot(&server);
}

/// Rows that come while the parts are read are in none of them.
fn one_snapshot(server: &Postgres) {
    struct Intruder<'a> {
        server: &'a Postgres,
        database: String,
    }
    impl crate::Progress for Intruder<'_> {
        fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {
            self.server
                .conn(&self.database)
                .batch_execute("INSERT INTO companies SELECT max(id) + 1 FROM companies; DELETE FROM companies WHERE id < 30")
                .unwrap();
        }
        fn total(&self, _stage: &str, _rows: u64) {}
    }
    let mut lab = lab_for(vec![column("id", ColumnType::Integer, true)]);
    let database = Source::Postgres(server).fill(
        &mut lab,
        &["CREATE TABLE companies (id INT)", "INSERT INTO companies SELECT generate_series(1, 1000)"],
    );
    lab.site.threads = 1;
    lab.split("id", 8);
    let intruder = Intruder { server, database };
    assert_eq!(lab.stage_with("companies.extract", &intruder).unwrap().rows_read, 1000);
}

/// The connection that holds the snapshot of all parts is lost between two of them: the stage begins anew.
fn lost_snapshot(server: &Postgres) {
    struct Loss<'a>(&'a Postgres, std::sync::atomic::AtomicBool);
    impl crate::Progress for Loss<'_> {
        fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {
            if !self.1.swap(true, std::sync::atomic::Ordering::Relaxed) {
                let holder = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_export%'";
                assert_eq!(self.0.conn("postgres").query(holder, &[]).unwrap().len(), 1);
            }
        }
        fn total(&self, _stage: &str, _rows: u64) {}
    }
    let mut lab = lab_for(vec![column("id", ColumnType::Integer, true)]);
    let _ = Source::Postgres(server).fill(
        &mut lab,
        &["CREATE TABLE companies (id INT)", "INSERT INTO companies SELECT generate_series(1, 1000)"],
    );
    lab.site.threads = 1;
    lab.split("id", 4);
    let loss = Loss(server, std::sync::atomic::AtomicBool::new(false));
    let extracted = lab.stage_with("companies.extract", &loss).unwrap();
    assert_eq!((extracted.attempts, extracted.rows_read, extracted.parts), (2, 1000, 4));
}

#[test]
fn what_stands_between_is_told() {
    let server = MariaDb::start();
    let told = |change: &dyn Fn(&mut Lab)| {
        let mut lab = lab_for(vec![column("id", ColumnType::Integer, true)]);
        let _ = Source::MariaDb(&server).fill(&mut lab, &["CREATE TABLE companies (id INT)"]);
        change(&mut lab);
        let error = lab.stage("companies.extract").unwrap_err();
        assert!(!format!("{error:?} {error} {}", error.help()).contains("hunter2"), "{error:?}");
        error
    };
    let secret = |text: &'static str| {
        move |lab: &mut Lab| {
            let text = text.replace("PORT", &server_port(lab));
            lab.site.servers.secrets = crate::Servers::of_machine(
                std::path::Path::new("/nonexistent"),
                &crate::Variables::new(move |name| (name == "SLUICE_SECRET_REGISTRY").then(|| text.clone())),
            )
            .secrets;
        }
    };
    let code = |error: &WorkerError| error.code();
    let error = told(&|lab| {
        lab.site.servers.secrets = Servers::of_machine(&lab.path(""), &crate::Variables::none()).secrets;
    });
    assert_eq!(code(&error), "P0630");
    assert!(
        error.to_string().starts_with(
            "can't use secret `registry` of connection `registry`: neither `SLUICE_SECRET_REGISTRY` nor"
        ),
        "{error}"
    );
    assert_eq!(code(&told(&secret("hunter2"))), "P0630");
    let error = told(&secret(
        r#"{"host": "127.0.0.1", "port": 1, "username": "u", "password": "hunter2", "dbname": "d"}"#,
    ));
    assert_eq!((code(&error), error.transient()), ("P0631", true), "{error}");
    let error = told(&secret(
        r#"{"host": "127.0.0.1", "port": PORT, "username": "reader", "password": "hunter2", "dbname": "case_0"}"#,
    ));
    assert_eq!((code(&error), error.transient()), ("P0632", false), "{error}");
    let error = told(&|lab| lab.site.servers.tls.ca_bundle = None);
    assert_eq!((code(&error), error.transient()), ("P0636", false), "{error}");
    let error = told(&|lab| lab.site.servers.tls.ca_bundle = Some("/nonexistent/bundle.pem".into()));
    assert_eq!(code(&error), "P0636");
    assert!(error.to_string().ends_with("and there is no such file"), "{error}");
    let mut lab = lab_for(vec![column("id", ColumnType::Integer, true)]);
    let database = Source::MariaDb(&server).fill(&mut lab, &["CREATE TABLE companies (id INT)"]);
    server.admin().query_drop(format!("DROP DATABASE {database}")).unwrap();
    let error = lab.stage("companies.extract").unwrap_err();
    assert!(["P0632", "P0633"].contains(&code(&error)), "{error}");
}

/// The port in the lab's secret.
fn server_port(lab: &Lab) -> String {
    let text = lab.site.servers.secrets.read("registry").unwrap();
    let fields: serde_json::Value = serde_json::from_str(text.reveal()).unwrap();
    fields["port"].to_string()
}
