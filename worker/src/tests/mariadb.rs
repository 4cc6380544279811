//! The cases of every target on MariaDB, with the same expectations; and what only a server can do to a stage.

use std::sync::Arc;

use super::{
    array, expectations, full_store,
    harness::{Case, in_parts, on_mariadb},
    kill,
    mariadb_server::MariaDb,
    parts, publish, rows, stages, translate, trouble,
};

fn run(cases: &[Case]) {
    let server = Arc::new(MariaDb::start());
    let mut failed = Vec::new();
    for (name, case) in cases {
        if std::panic::catch_unwind(|| on_mariadb(&server, *case)).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "failed on MariaDB: {failed:?}");
}

#[test]
fn stages_and_rows() {
    run(&[stages::CASES, rows::CASES, translate::CASES, expectations::CASES].concat());
}

#[test]
fn publishing_and_trouble() {
    run(&[publish::CASES, trouble::CASES].concat());
}

#[test]
fn stops_and_arrays() {
    run(&[kill::CASES, array::CASES, full_store::CASES].concat());
}

#[test]
fn stages_and_rows_in_parts() {
    in_parts(|| run(&parts::cases(&[stages::CASES, rows::CASES, expectations::CASES])));
}

#[test]
fn publishing_and_trouble_in_parts() {
    in_parts(|| run(&parts::cases(&[publish::CASES, trouble::CASES])));
}

#[test]
fn stops_in_parts() {
    in_parts(|| run(&parts::cases(&[kill::CASES, full_store::CASES])));
}
