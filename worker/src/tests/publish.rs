//! The ways into the target table, and targets that can't be written.

use sluice_contract::plan::{Base, Connection, Location, PublishMode, Work};

use super::harness::{Case, Lab, cases};
use crate::WorkerError;

pub(super) const CASES: &[Case] = cases![
    upsert_updates_inserts_and_leaves_the_rest,
    several_rows_of_one_key_are_told,
    replace_shows_the_new_rows_and_no_others,
    replace_by_country_touches_no_other_country,
    rows_of_another_country_are_published_in_no_way,
    append_adds_rows_once_and_refuses_known_keys,
    append_that_was_killed_before_it_was_recorded_adds_nothing_twice,
    append_without_a_key_adds_whatever_comes,
    statements_run_once_and_all_or_none,
    a_task_is_skipped_where_there_is_no_cloud,
    a_table_without_a_key_can_only_be_replaced,
    two_tables_load_into_one_target_at_once,
];

fn publish(lab: &mut Lab, way: PublishMode, column: Option<&str>) {
    if let Work::Publish { mode, country_column, .. } = lab.work("companies.publish") {
        *mode = way;
        *country_column = column.map(str::to_owned);
    }
}

fn replace(lab: &mut Lab, column: Option<&str>) {
    publish(lab, PublishMode::Replace, column);
}

fn append(lab: &mut Lab) {
    publish(lab, PublishMode::Append, None);
}

#[test]
fn upsert_updates_inserts_and_leaves_the_rest() {
    let mut lab = Lab::with_source(
        "INSERT INTO companies VALUES (1, 'A', 'GR', 'old', NULL), (2, 'B', 'GR', 'gone', NULL)",
    );
    let _ = lab.until("companies.publish").unwrap();
    lab.source()
        .execute_batch("DELETE FROM companies; INSERT INTO companies VALUES (1, 'A', 'GR', 'new', NULL), (3, 'C', 'GR', 'more', NULL)")
        .unwrap();
    lab.next_run();
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 2);
    assert_eq!(lab.published(), ["A|GR|new|NULL", "B|GR|gone|NULL", "C|GR|more|NULL"]);
}

#[test]
fn several_rows_of_one_key_are_told() {
    let lab = Lab::with_companies(20);
    for stage in ["cleanup", "companies.extract", "companies.load"] {
        let _ = lab.stage(stage).unwrap();
    }
    let error = lab.stage("companies.publish").unwrap_err();
    assert_eq!(error.to_string(), "staging of table `companies` holds 2 rows with the key reg = `R000008`");
    assert_eq!(error.code(), "P0615");
    assert_eq!(lab.published(), Vec::<String>::new());
}

#[test]
fn replace_shows_the_new_rows_and_no_others() {
    let mut lab = Lab::with_source(
        "INSERT INTO companies VALUES (1, 'A', 'GR', 'old', NULL), (2, 'B', 'GR', 'gone', NULL)",
    );
    replace(&mut lab, None);
    let _ = lab.until("companies.publish").unwrap();
    lab.source()
        .execute_batch("DELETE FROM companies; INSERT INTO companies VALUES (3, 'C', 'GR', 'new', NULL)")
        .unwrap();
    lab.next_run();
    let _ = lab.until("companies.dedupe").unwrap();
    // A reader that started before sees the old rows to its end.
    let mut reader = lab.reader();
    assert_eq!(reader("SELECT name FROM companies ORDER BY 1"), ["gone", "old"]);
    assert_eq!(lab.stage("companies.publish").unwrap().rows_written, 1);
    assert_eq!(reader("SELECT name FROM companies ORDER BY 1"), ["gone", "old"]);
    drop(reader);
    assert_eq!(lab.published(), ["C|GR|new|NULL"]);
}

#[test]
fn replace_by_country_touches_no_other_country() {
    let mut lab = Lab::with_source("INSERT INTO companies VALUES (1, 'A', 'GR', 'greek', NULL)");
    replace(&mut lab, Some("country"));
    let _ = lab.stage("cleanup").unwrap();
    lab.change_target("INSERT INTO companies VALUES ('X', 'IT', 'roman', NULL), ('Y', 'GR', 'old', NULL)");
    let _ = lab.until("companies.publish").unwrap();
    assert_eq!(lab.published(), ["A|GR|greek|NULL", "X|IT|roman|NULL"]);

    lab.source().execute_batch("UPDATE companies SET country = 'IT'").unwrap();
    lab.next_run();
    let error = lab.until("companies.publish").unwrap_err();
    assert_eq!(error.to_string(), "staging of table `companies` holds 1 rows whose `country` is not `GR`");
    assert_eq!(lab.published().len(), 2);

    // Another country's row has the key of ours: all or nothing.
    lab.source().execute_batch("DELETE FROM companies; INSERT INTO companies VALUES (1, 'B', 'GR', 'b', NULL), (2, 'X', 'GR', 'x', NULL)").unwrap();
    lab.next_run();
    assert_eq!(lab.until("companies.publish").unwrap_err().code(), "P0607");
    assert_eq!(lab.published(), ["A|GR|greek|NULL", "X|IT|roman|NULL"]);
}

#[test]
fn rows_of_another_country_are_published_in_no_way() {
    for way in [PublishMode::Upsert, PublishMode::Append, PublishMode::Replace] {
        let mut lab = Lab::with_source(
            "INSERT INTO companies VALUES (1, 'A', 'GR', 'ours', NULL), (2, 'X', 'ES', 'theirs', NULL)",
        );
        publish(&mut lab, way.clone(), Some("country"));
        let _ = lab.stage("cleanup").unwrap();
        lab.change_target("INSERT INTO companies VALUES ('X', 'ES', 'old', NULL)");
        let error = lab.until("companies.publish").unwrap_err();
        assert_eq!(error.code(), "P0618", "{way:?}");
        assert_eq!(lab.published(), ["X|ES|old|NULL"], "{way:?}");
    }
}

#[test]
fn append_adds_rows_once_and_refuses_known_keys() {
    let mut lab =
        Lab::with_source("INSERT INTO companies VALUES (1, 'A', 'GR', 'a', NULL), (2, 'B', 'GR', 'b', NULL)");
    append(&mut lab);
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 2);
    assert_eq!(lab.stage("companies.publish").unwrap().rows_written, 2);
    lab.source()
        .execute_batch("DELETE FROM companies; INSERT INTO companies VALUES (3, 'C', 'GR', 'c', NULL), (4, 'B', 'GR', 'new', NULL), (5, 'A', 'GR', 'new', NULL)")
        .unwrap();
    lab.next_run();
    let error = lab.until("companies.publish").unwrap_err();
    assert_eq!(
        error.to_string(),
        "table `companies` has the key reg = `A` already; 2 of the rows to add have keys that it has"
    );
    assert_eq!((error.code(), error.transient()), ("P0622", false));
    assert_eq!(lab.published(), ["A|GR|a|NULL", "B|GR|b|NULL"]);

    lab.source().execute_batch("DELETE FROM companies WHERE id > 3").unwrap();
    lab.next_run();
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 1);
    assert_eq!(lab.published(), ["A|GR|a|NULL", "B|GR|b|NULL", "C|GR|c|NULL"]);
}

#[test]
fn append_that_was_killed_before_it_was_recorded_adds_nothing_twice() {
    let mut lab = Lab::with_companies(30);
    append(&mut lab);
    let first = lab.until("companies.publish").unwrap();
    lab.forget("companies.publish");
    let again = lab.stage("companies.publish").unwrap();
    assert_eq!((again.rows_written, lab.published().len()), (first.rows_written, 27));
}

#[test]
fn append_without_a_key_adds_whatever_comes() {
    let mut lab = Lab::with_source("INSERT INTO companies VALUES (1, 'A', 'GR', 'a', NULL)");
    lab.plan.tables.get_mut("companies").unwrap().columns[0].key = false;
    append(&mut lab);
    let _ = lab.until("companies.publish").unwrap();
    lab.next_run();
    let _ = lab.until("companies.publish").unwrap();
    assert_eq!(lab.published(), ["A|GR|a|NULL", "A|GR|a|NULL"]);
}

fn add_stage(lab: &mut Lab, id: &str, work: Work) {
    let mut stage = lab.plan.stage("companies.publish").unwrap().clone();
    (stage.id, stage.work) = (id.to_owned(), work);
    lab.plan.stages.push(stage);
}

#[test]
fn statements_run_once_and_all_or_none() {
    let mut lab = Lab::with_companies(30);
    let run = |sql: &str| Work::Run {
        table: "companies".to_owned(),
        file: "post.sql".to_owned(),
        sql: sql.to_owned(),
    };
    let sql = "DELETE FROM companies WHERE country <> :country; -- none\n\
               UPDATE companies SET name = concat(name, '!'), updated_at = :run_date WHERE reg < 'R000003';";
    add_stage(&mut lab, "companies.run", run(sql));
    assert_eq!(lab.until("companies.run").unwrap().rows_written, 3);
    lab.forget("companies.run");
    assert_eq!(lab.stage("companies.run").unwrap().rows_written, 3);
    // A day in a column of moments is one with a time on a server.
    assert!(lab.published().first().unwrap().starts_with("R000000|GR|Name 0!|2026-11-22"));

    add_stage(&mut lab, "companies.run-2", run("DELETE FROM companies; UPDATE companies SET nmae = 'x'"));
    let error = lab.stage("companies.run-2").unwrap_err();
    assert_eq!(error.code(), "P0601");
    let told = error.to_string();
    assert!(told.starts_with("post.sql:1:24: statement 2 failed in target `reports`: "), "{told}");
    assert!(told.contains("nmae") && error.help().contains("in target `reports` by hand"), "{told}");
    assert_eq!(lab.published().len(), 27);
    lab.fence = 0;
    assert_eq!(lab.stage("companies.run-2").unwrap_err().code(), "P0605");
}

#[test]
fn a_task_is_skipped_where_there_is_no_cloud() {
    let mut lab = Lab::with_companies(3);
    let (table, name) = ("companies".to_owned(), "refresh".to_owned());
    add_stage(&mut lab, "companies.task", Work::Task { table, name, arguments: [].into() });
    assert_eq!(lab.until("companies.task").unwrap().rows_written, 0);
}

#[test]
fn a_table_without_a_key_can_only_be_replaced() {
    let mut lab = Lab::with_companies(20);
    lab.plan.tables.get_mut("companies").unwrap().columns[0].key = false;
    assert_eq!(lab.until("companies.publish").unwrap_err().code(), "P0611");
    replace(&mut lab, None);
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 18);
}

#[test]
fn a_target_table_that_does_not_fit_is_told() {
    for (create, difference) in [
        (
            "CREATE TABLE companies (reg TEXT PRIMARY KEY, country TEXT, name TEXT)",
            "it has no column `updated_at`",
        ),
        (
            "CREATE TABLE companies (reg INTEGER PRIMARY KEY, country TEXT, name TEXT, updated_at TEXT)",
            "column `reg` is `INTEGER`, which would change values declared `VARCHAR(32)`",
        ),
        (
            "CREATE TABLE companies (reg TEXT, country TEXT, name TEXT, updated_at TEXT)",
            "it has no primary key or unique index of (\"reg\")",
        ),
        (
            "CREATE TABLE companies (reg TEXT PRIMARY KEY, country TEXT, name TEXT, updated_at TEXT, extra INT NOT NULL)",
            "its column `extra` must have a value and is not declared",
        ),
    ] {
        let lab = Lab::with_companies(3);
        lab.change_target(create);
        let error = lab.stage("cleanup").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("table `companies` of connection `reports` does not fit its declaration: {difference}")
        );
        assert_eq!(error.code(), "P0614");
    }
}

#[test]
fn an_existing_table_that_fits_is_used() {
    let lab = Lab::with_companies(10);
    lab.target()
        .execute_batch(
            "CREATE TABLE companies (id INTEGER PRIMARY KEY, NAME VARCHAR(99), reg TEXT NOT NULL UNIQUE, country CHAR(2),
             updated_at DATETIME, note TEXT)",
        )
        .unwrap();
    let _ = lab.until("companies.publish").unwrap();
    assert_eq!(
        lab.rows("SELECT id, reg, updated_at, note FROM companies WHERE reg = 'R000001'"),
        ["2|R000001|2026-01-01 00:00:01|NULL"]
    );
}

#[test]
fn a_target_that_cant_be_written_is_told() {
    let mut lab = Lab::with_companies(3);
    let place =
        |path: &str| Connection::Sqlite { path: Location { base: Base::State, path: path.to_owned() } };
    // `items.db` is a file; nothing can be made below it.
    let _ = lab.plan.connections.insert("reports".to_owned(), place("items.db/target.db"));
    let error = lab.stage("cleanup").unwrap_err();
    assert_eq!((error.code(), error.transient()), ("P0607", false));
    assert!(
        error.to_string().starts_with("can't write table `sluice_fence` of connection `reports` ("),
        "{error}"
    );
    let _ =
        lab.plan.connections.insert("reports".to_owned(), Connection::Postgres { secret: "s".to_owned() });
    let error = lab.stage("cleanup").unwrap_err();
    assert_eq!(
        error.to_string(),
        "connection `reports` is postgres, which this worker can't use as a target"
    );
    assert_eq!((error.code(), error.transient()), ("P0619", false));
}

#[test]
fn a_stage_without_staging_is_told() {
    let lab = Lab::with_companies(3);
    let _ = lab.stage("companies.extract").unwrap();
    let error = lab.stage("companies.load").unwrap_err();
    assert!(matches!(error, WorkerError::Target { .. }), "{error}");
    assert!(error.to_string().contains("no such table"), "{error}");
}

#[test]
fn two_tables_load_into_one_target_at_once() {
    let mut lab = Lab::with_companies(20_000);
    let table = lab.plan.tables["companies"].clone();
    let _ = lab.plan.tables.insert("officers".to_owned(), table);
    if let Work::Cleanup { tables } = lab.work("cleanup") {
        tables.push("officers".to_owned());
    }
    for (from, to) in [("companies.extract", "officers.extract"), ("companies.load", "officers.load")] {
        let mut stage = lab.plan.stage(from).unwrap().clone();
        stage.id = to.to_owned();
        match &mut stage.work {
            Work::Extract { table, .. } | Work::Load { table } => *table = "officers".to_owned(),
            other @ (Work::Cleanup { .. }
            | Work::Translate { .. }
            | Work::Dedupe { .. }
            | Work::Verify { .. }
            | Work::Sort { .. }
            | Work::Publish { .. }
            | Work::Run { .. }
            | Work::Task { .. }) => panic!("not copied: {other:?}"),
        }
        lab.plan.stages.push(stage);
    }
    for stage in ["cleanup", "companies.extract", "officers.extract"] {
        let _ = lab.stage(stage).unwrap();
    }
    std::thread::scope(|scope| {
        for stage in ["companies.load", "officers.load"] {
            let lab = &lab;
            let _ = scope.spawn(move || assert_eq!(lab.stage(stage).unwrap().rows_written, 20_000));
        }
    });
}
