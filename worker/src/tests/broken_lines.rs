//! Lines to servers that break while rows are on their way: the stage goes on by itself, and its rows are those of one
//! that was never disturbed.

use std::{fmt::Write as _, sync::Arc};

use sluice_contract::{plan::ColumnType, runs::StageKey};

use super::{
    harness::{Lab, in_parts, on_mariadb},
    line::{Line, Way},
    mariadb_server::MariaDb,
    postgres_server::Postgres,
    source_on::{Source, column, lab_for},
};

const ROWS: u32 = 20_000;

/// A lab whose source on a server has so many rows, and the rows as they are to be published.
fn lab(source: Source<'_>) -> (Lab, Vec<String>) {
    let mut lab = lab_for(vec![
        column("id", ColumnType::Integer, true),
        column("name", ColumnType::Text { length: 99 }, false),
    ]);
    let (mut values, mut rows) = (String::new(), Vec::new());
    for id in 1..=ROWS {
        let separator = if id == 1 { "" } else { "," };
        write!(values, "{separator}({id}, 'the name of company number {id}')").unwrap();
        rows.push(format!("{id}|the name of company number {id}"));
    }
    let _ = source.fill(
        &mut lab,
        &[
            "CREATE TABLE companies (id INT PRIMARY KEY, name VARCHAR(99))",
            &format!("INSERT INTO companies VALUES {values}"),
        ],
    );
    lab.split("id", 4);
    (lab, rows)
}

/// The line to the source breaks in the query's answer: at its begin, in its middle and near its end.
fn in_the_extract(source: Source<'_>) {
    for after in [30_000, 300_000, 700_000] {
        let (mut lab, rows) = lab(source);
        let line = Line::to(&mut lab, "registry", Way::FromServer, after);
        let _ = lab.stage("cleanup").unwrap();
        let extracted = lab.stage("companies.extract").unwrap();
        assert!(line.has_broken());
        assert_eq!(
            (extracted.attempts, extracted.rows_read, extracted.rows_written, extracted.parts),
            (2, u64::from(ROWS), u64::from(ROWS), 4),
            "{after}"
        );
        let key = StageKey { pipeline: "greece", run: "r1", stage: "companies.extract" };
        assert_eq!(lab.runs().parts(&key).unwrap().iter().map(|it| it.rows).sum::<u64>(), u64::from(ROWS));
        let _ = lab.until("companies.publish").unwrap();
        assert_eq!(lab.rows("SELECT id, name FROM companies ORDER BY id"), rows, "{after}");
    }
}

#[test]
fn to_a_mariadb_source() {
    in_the_extract(Source::MariaDb(&MariaDb::start()));
}

#[test]
fn to_a_postgres_source() {
    in_the_extract(Source::Postgres(&Postgres::start()));
}

/// The line to the target breaks after so many bytes of a publish, which is made good.
fn publishes_on_a_line_that_breaks(lab: &mut Lab, rows: &[String], way: Way, after: i64) {
    let line = Line::to(lab, "reports", way, after);
    let published = lab.stage("companies.publish").unwrap();
    assert!(line.has_broken());
    assert_eq!(
        (published.attempts, published.rows_read, published.rows_written),
        (2, u64::from(ROWS), u64::from(ROWS)),
        "{after}"
    );
    assert_eq!(lab.rows("SELECT id, name FROM companies ORDER BY id"), rows, "{after}");
}

/// The line to the target breaks while rows are loaded, and while they are published.
#[test]
fn to_a_mariadb_target() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        for after in [20_000, 300_000, 800_000] {
            let (mut lab, rows) = lab(Source::Sqlite);
            let _ = lab.until("companies.extract").unwrap();
            let secrets = Arc::clone(&lab.site.servers.secrets);
            let line = Line::to(&mut lab, "reports", Way::ToServer, after);
            let loaded = lab.stage("companies.load").unwrap();
            assert!(line.has_broken());
            assert_eq!(
                (loaded.attempts, loaded.rows_read, loaded.rows_written, loaded.parts),
                (2, u64::from(ROWS), u64::from(ROWS), 4),
                "{after}"
            );
            lab.site.servers.secrets = secrets;
            publishes_on_a_line_that_breaks(&mut lab, &rows, Way::FromServer, 2000);
        }
    });
}

/// The line to the target breaks while rows that waited as parts are published.
#[test]
fn to_a_mariadb_target_in_parts() {
    let server = Arc::new(MariaDb::start());
    in_parts(|| {
        on_mariadb(&server, || {
            for after in [20_000, 300_000, 700_000] {
                let (mut lab, rows) = lab(Source::Sqlite);
                let _ = lab.until("companies.load").unwrap();
                publishes_on_a_line_that_breaks(&mut lab, &rows, Way::ToServer, after);
            }
        });
    });
}
