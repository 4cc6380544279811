//! Servers as sources: what they hold reaches a part, and a target, as it is; what is wrong is told.

use std::sync::Arc;

use mysql::prelude::Queryable as _;
use sluice_contract::plan::{Column, ColumnType, Connection, Split, Table, Work};

use super::{
    harness::{Lab, on_mariadb},
    mariadb_server::MariaDb,
    postgres_server::Postgres,
};
use crate::{SecretError, SecretText, Secrets, Servers, WorkerError};

/// The secrets of source and target, each of its own server.
#[derive(Debug)]
struct Both(Servers, Servers);

impl Secrets for Both {
    fn read(&self, name: &str) -> Result<SecretText, SecretError> {
        self.0.secrets.read(name).or_else(|_| self.1.secrets.read(name))
    }
}

/// A source on a server.
enum Source<'a> {
    MariaDb(&'a MariaDb),
    Postgres(&'a Postgres),
}

impl Source<'_> {
    /// Lets the lab's source be a new database with these statements run in it.
    fn fill(&self, lab: &mut Lab, statements: &[&str]) -> String {
        let (database, servers, place) = match self {
            Self::MariaDb(server) => {
                let database = server.database();
                let mut conn = server.conn(&database);
                conn.query_drop("SET SESSION sql_mode = ''").unwrap();
                for statement in statements {
                    conn.query_drop(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
                }
                let servers = server.servers("registry", &database, "reader");
                server
                    .admin()
                    .query_drop(format!("GRANT SELECT, UPDATE, DELETE ON {database}.* TO reader@'127.0.0.1'"))
                    .unwrap();
                (database, servers, Connection::Mysql { secret: "registry".to_owned() })
            }
            Self::Postgres(server) => {
                let database = server.database();
                let mut conn = server.conn(&database);
                for statement in statements {
                    conn.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
                }
                let servers = server.servers("registry", &database);
                (database, servers, Connection::Postgres { secret: "registry".to_owned() })
            }
        };
        let _ = lab.plan.connections.insert("registry".to_owned(), place);
        trust(lab, servers);
        database
    }
}

/// Adds servers, and the authority of their certificates.
fn trust(lab: &mut Lab, servers: Servers) {
    let bundle = lab.path("authorities.pem");
    let mut all = String::new();
    for tls in [&lab.site.servers.tls, &servers.tls] {
        all += &tls.ca_bundle.as_ref().map_or(String::new(), |it| std::fs::read_to_string(it).unwrap());
    }
    std::fs::write(&bundle, all).unwrap();
    let before = lab.site.servers.clone();
    lab.site.servers.secrets = Arc::new(Both(servers, before));
    lab.site.servers.tls.ca_bundle = Some(bundle);
}

const AWKWARD: &[&str] = &[
    "",
    " ",
    "NULL",
    "\\N",
    "\\\\N",
    "\\",
    "a\\",
    "\\t",
    "\t",
    "\n",
    "\r\n",
    "\r",
    ",",
    ";",
    "\"",
    "\"\"",
    "'",
    "''",
    "\\'",
    "a,\"b\"\n'c'\\",
    "trailing ",
    "🦀",
    "é",
    "e\u{301}",
    "שלום",
    "\u{202e}abc",
    "ελληνικά",
    "日本語",
    "\u{feff}bom",
    "\u{1a}",
    "\u{7f}",
    "\u{10ffff}",
    "--",
    "/*",
    "${x}",
    "%s",
    "{% x %}",
    "\\x41",
    "\\.",
    "0",
    "-0",
];

fn column(name: &str, kind: ColumnType, key: bool) -> Column {
    Column { name: name.to_owned(), kind, key }
}

/// A lab for a table of these columns, with no stages that change rows.
fn lab_for(columns: Vec<Column>) -> Lab {
    let mut lab = Lab::new();
    let names: Vec<_> = columns.iter().map(|it| it.name.clone()).collect();
    let _ = lab.plan.tables.insert("companies".to_owned(), Table { columns });
    lab.query(&format!("SELECT {} FROM companies", names.join(", ")));
    let unchanged = ["cleanup", "companies.extract", "companies.load", "companies.publish"];
    lab.plan.stages.retain(|it| unchanged.contains(&it.id.as_str()));
    lab
}

fn hex(text: &str) -> String {
    let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap();
    text.bytes().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}

/// Every awkward text goes from the source to the target unchanged, whole and in parts.
fn texts(source: &Source<'_>) {
    let mut all: Vec<String> = AWKWARD.iter().map(|it| (*it).to_owned()).collect();
    // PostgreSQL's texts hold no such character.
    if matches!(source, Source::MariaDb(_)) {
        all.extend(["\0".to_owned(), "a\0b".to_owned()]);
    }
    let create = match source {
        Source::MariaDb(_) => {
            "CREATE TABLE companies (id INT PRIMARY KEY, name VARCHAR(99)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        }
        Source::Postgres(_) => "CREATE TABLE companies (id INT PRIMARY KEY, name TEXT)",
    };
    let mut statements = vec![create.to_owned(), "INSERT INTO companies VALUES (-1, NULL)".to_owned()];
    for (id, text) in all.iter().enumerate() {
        statements.push(match source {
            Source::MariaDb(_) => {
                format!("INSERT INTO companies VALUES ({id}, CONVERT(X'{}' USING utf8mb4))", hex(text))
            }
            Source::Postgres(_) => {
                format!(
                    "INSERT INTO companies VALUES ({id}, convert_from(decode('{}', 'hex'), 'UTF8'))",
                    hex(text)
                )
            }
        });
    }
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    for split in [None, Some("id"), Some("name")] {
        let mut lab = lab_for(vec![
            column("id", ColumnType::Integer, true),
            column("name", ColumnType::Text { length: 99 }, false),
        ]);
        let _ = source.fill(&mut lab, &statements);
        if let (Work::Extract { split: into, .. }, Some(column)) = (lab.work("companies.extract"), split) {
            *into = Some(Split { column: column.to_owned(), parts: 5 });
        }
        let published = lab.until("companies.publish").unwrap();
        assert_eq!(published.rows_written, all.len() as u64 + 1, "{split:?}");
        let mut expected = vec!["-1|NULL".to_owned()];
        expected
            .extend(all.iter().enumerate().map(|(id, text)| format!("{id}|{}", hex(text).to_uppercase())));
        assert_eq!(
            lab.rows("SELECT id, hex(name) FROM companies ORDER BY id")
                .join("\n")
                .replace("-1|\n", "-1|NULL\n"),
            expected.join("\n"),
            "{split:?}"
        );
        assert_eq!(lab.rows("SELECT count(*) FROM companies WHERE name IS NULL"), ["1"]);
        if split.is_some() {
            assert!(lab.runs().parts(&key()).unwrap().len() > 1, "{split:?}");
        }
    }
}

fn key() -> sluice_contract::runs::StageKey<'static> {
    sluice_contract::runs::StageKey { pipeline: "greece", run: "r1", stage: "companies.extract" }
}

/// Types with the values at their edges; what does not fit is rejected and told.
fn types(source: &Source<'_>) {
    let mut lab = lab_for(vec![
        column("id", ColumnType::Integer, true),
        column("money", ColumnType::Decimal { precision: 38, scale: 4 }, false),
        column("yes", ColumnType::Boolean, false),
        column("day", ColumnType::Date, false),
        column("moment", ColumnType::Timestamp, false),
        column("document", ColumnType::Text { length: 200 }, false),
        column("bytes", ColumnType::Text { length: 20 }, false),
    ]);
    let own: &[&str] = match source {
        Source::MariaDb(_) => &[
            "CREATE TABLE companies (id BIGINT PRIMARY KEY, money DECIMAL(38,4), yes BIT(1), day DATE, moment DATETIME(6), document JSON, bytes BLOB)",
            r#"INSERT INTO companies VALUES
               (1, '1234567890123456789012345678901234.5678', b'1', '9999-12-31', '9999-12-31 23:59:59.999999', '{"a": "é\\n"}', 'abc'),
               (2, '-0.0001', b'0', '1000-01-01', '1970-01-01 00:00:00', '[]', ''),
               (9223372036854775807, NULL, NULL, NULL, NULL, NULL, NULL),
               (4, 0, 1, '0000-00-00', NULL, NULL, NULL),
               (5, 0, 1, NULL, '2026-02-00 00:00:00', NULL, NULL),
               (6, 0, 1, NULL, NULL, NULL, X'ff00')"#,
        ],
        Source::Postgres(_) => &[
            "CREATE TABLE companies (id BIGINT PRIMARY KEY, money NUMERIC(38,4), yes BOOLEAN, day DATE, moment TIMESTAMPTZ, document JSONB, bytes BYTEA)",
            r#"INSERT INTO companies VALUES
               (1, '1234567890123456789012345678901234.5678', true, '9999-12-31', '9999-12-31 23:59:59.999999+00', '{"a": "é\n"}', 'abc'),
               (2, '-0.0001', false, '1000-01-01', '1970-01-01 02:00:00+02', '[]', ''),
               (9223372036854775807, NULL, NULL, NULL, NULL, NULL, NULL),
               (4, 0, true, 'infinity', NULL, NULL, NULL),
               (5, 0, true, NULL, '0044-03-15 00:00:00 BC', NULL, NULL),
               (6, 0, true, NULL, NULL, NULL, '\xff00')"#,
        ],
    };
    let _ = source.fill(&mut lab, own);
    let loaded = lab.until("companies.load").unwrap();
    assert_eq!((loaded.rows_read, loaded.rows_written, loaded.rows_rejected), (6, 3, 3));
    let _ = lab.stage("companies.publish").unwrap();
    assert_eq!(
        lab.rows("SELECT * FROM companies ORDER BY id"),
        [
            "1|1234567890123456789012345678901234.5678|1|9999-12-31|9999-12-31 23:59:59.999999|{\"a\": \"é\\n\"}|abc",
            "2|-0.0001|0|1000-01-01|1970-01-01 00:00:00|[]|",
            "9223372036854775807|NULL|NULL|NULL|NULL|NULL|NULL",
        ]
    );
    let rejects = lab.part("rejects/greece/r1/companies/part-00000.csv.gz");
    let told: Vec<_> = rejects
        .iter()
        .skip(1)
        .map(|it| it.split('|').skip(1).take(2).collect::<Vec<_>>().join("|"))
        .collect();
    let expected = match source {
        Source::MariaDb(_) => {
            ["day|`0000-00-00` is not a date", "moment|`2026-02-00 00:00:00.000000` is not a timestamp"]
        }
        Source::Postgres(_) => {
            ["day|`infinity` is not a date", "moment|`0044-03-15 00:00:00+00 BC` is not a timestamp"]
        }
    };
    assert_eq!(told, [expected[0], expected[1], "bytes|not valid UTF-8"]);
}

/// Any rows go through a part and back out unchanged.
fn random_rows(source: &Source<'_>) {
    use proptest::prelude::*;
    let text = proptest::option::of(
        proptest::collection::vec(any::<char>(), 0..12).prop_map(|it| it.into_iter().collect::<String>()),
    );
    let postgres = matches!(source, Source::Postgres(_));
    let text = text.prop_map(move |it| it.map(|it| if postgres { it.replace('\0', "") } else { it }));
    let decimal = proptest::option::of(
        (any::<i64>(), 0u32..10_000).prop_map(|(whole, part)| format!("{whole}.{part:04}")),
    );
    let rows = proptest::collection::vec((text, decimal, proptest::option::of(any::<i64>())), 1..40);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(6));
    let hex_or_null = |it: Option<&String>| {
        it.map_or("NULL".to_owned(), |it| match source {
            Source::MariaDb(_) => format!("CONVERT(X'{}' USING utf8mb4)", hex(it)),
            Source::Postgres(_) => format!("convert_from(decode('{}', 'hex'), 'UTF8')", hex(it)),
        })
    };
    let ran = runner.run(&rows, |rows| {
        let mut lab = lab_for(vec![
            column("id", ColumnType::Integer, true),
            column("name", ColumnType::Text { length: 12 }, false),
            column("money", ColumnType::Decimal { precision: 38, scale: 4 }, false),
            column("number", ColumnType::Integer, false),
        ]);
        let create = match source {
            Source::MariaDb(_) => "CREATE TABLE companies (id INT, name VARCHAR(12), money DECIMAL(38,4), number BIGINT) CHARACTER SET utf8mb4",
            Source::Postgres(_) => "CREATE TABLE companies (id INT, name TEXT, money NUMERIC(38,4), number BIGINT)",
        };
        let mut statements = vec![create.to_owned()];
        let mut expected = Vec::new();
        for (id, (name, money, number)) in rows.iter().enumerate() {
            let or_null = |it: Option<String>| it.unwrap_or_else(|| "NULL".to_owned());
            let (money, number) = (or_null(money.clone()), or_null(number.map(|it| it.to_string())));
            statements.push(format!("INSERT INTO companies VALUES ({id}, {}, {money}, {number})", hex_or_null(name.as_ref())));
            // Nothing is what the hexadecimal digits of a null are in SQLite.
            expected.push(format!("{id}|{}|{money}|{number}", name.as_ref().map_or("none".to_owned(), |it| hex(it).to_uppercase())));
        }
        let _ = source.fill(&mut lab, &statements.iter().map(String::as_str).collect::<Vec<_>>());
        let _ = lab.until("companies.publish").unwrap();
        let found = lab.rows("SELECT id, CASE WHEN name IS NULL THEN 'none' ELSE hex(name) END, money, number FROM companies ORDER BY id");
        prop_assert_eq!(found, expected);
        Ok(())
    });
    ran.unwrap();
}

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
    let rows: Vec<_> = lab.runs().parts(&key()).unwrap().iter().map(|it| it.rows).collect();
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|it| (1600..2400).contains(it)), "{rows:?}");
}

#[test]
fn mariadb_as_a_source() {
    let server = MariaDb::start();
    let source = Source::MariaDb(&server);
    texts(&source);
    types(&source);
    wrong_queries(&source);
    skewed_keys(&source);
}

#[test]
fn mariadb_to_mariadb() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        let source = Source::MariaDb(&server);
        texts(&source);
        types(&source);
        random_rows(&source);
    });
}

#[test]
fn postgres_as_a_source() {
    let server = Postgres::start();
    let source = Source::Postgres(&server);
    texts(&source);
    types(&source);
    wrong_queries(&source);
    skewed_keys(&source);
    one_snapshot(&server);
}

#[test]
fn postgres_to_mariadb() {
    let (server, target) = (Postgres::start(), Arc::new(MariaDb::start()));
    on_mariadb(&target, || {
        let source = Source::Postgres(&server);
        texts(&source);
        types(&source);
        random_rows(&source);
    });
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

#[test]
fn what_stands_between_is_told() {
    let server = Arc::new(MariaDb::start());
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
