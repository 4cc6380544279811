//! Columns that a server treats in its own way: other character sets, too little room, moments, members of a list.

use std::sync::Arc;

use mysql::prelude::Queryable as _;
use sluice_contract::plan::ColumnType;

use super::{
    harness::{Lab, in_parts, on_mariadb},
    mariadb_server::MariaDb,
    source_on::{Source, column, lab_for},
};

/// A lab with rows of these names, in the order of their keys.
fn named(names: &[&str]) -> Lab {
    let rows: Vec<_> =
        names.iter().enumerate().map(|(id, it)| format!("({id}, 'K{id}', 'GR', '{it}', NULL)")).collect();
    Lab::with_source(&format!("INSERT INTO companies VALUES {}", rows.join(", ")))
}

fn on_both_ways(case: fn()) {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, case);
    in_parts(|| on_mariadb(&server, case));
}

#[test]
fn a_column_of_another_character_set_takes_what_it_can_hold() {
    on_both_ways(|| {
        let mut lab = named(&["Ärger", "plain"]);
        lab.change_target(
            "CREATE TABLE companies (reg VARCHAR(32) CHARACTER SET latin1 COLLATE latin1_swedish_ci PRIMARY KEY,
             country CHAR(2) CHARACTER SET ascii, name VARCHAR(20) CHARACTER SET latin1, updated_at DATETIME(6))",
        );
        let _ = lab.until("companies.publish").unwrap();
        let published = ["K0|GR|Ärger|NULL", "K1|GR|plain|NULL"];
        assert_eq!(lab.published(), published);
        assert_eq!(lab.rows("SELECT LENGTH(name) FROM companies WHERE reg = 'K0'"), ["5"]);
        // Rows that are there are met by their keys.
        lab.next_run();
        let _ = lab.until("companies.publish").unwrap();
        assert_eq!(lab.published(), published);
        // What has no place in it is told, and nothing is written in its stead.
        lab.next_run();
        let _ = lab.source().execute("UPDATE companies SET name = '🦀' WHERE id = 1", []).unwrap();
        let error = lab.until("companies.publish").unwrap_err();
        assert!(!error.transient() && error.to_string().contains("name"), "{error}");
        assert_eq!(lab.published(), published);
    });
}

#[test]
fn spaces_that_a_shorter_column_has_no_room_for_are_not_cut() {
    on_both_ways(|| {
        let lab = named(&["abc", "ab    "]);
        lab.change_target(
            "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name VARCHAR(3), updated_at DATETIME(6))",
        );
        let error = lab.until("companies.publish").unwrap_err();
        assert!(error.to_string().contains("spaces at the end of a text have no room"), "{error}");
        assert!(lab.published().is_empty());
    });
}

#[test]
fn a_column_that_would_take_the_present_moment_for_a_null_is_refused() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        server.admin().query_drop("SET GLOBAL explicit_defaults_for_timestamp = OFF").unwrap();
        let lab = named(&["a"]);
        lab.change_target(
            "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name VARCHAR(20),
             updated_at TIMESTAMP(6) NOT NULL)",
        );
        let error = lab.until("cleanup").unwrap_err();
        assert_eq!(error.code(), "P0614");
        assert!(error.to_string().contains("takes the present moment for a null"), "{error}");
    });
}

#[test]
fn a_list_of_members_is_nothing_to_split_by() {
    let server = MariaDb::start();
    let mut lab = lab_for(vec![
        column("id", ColumnType::Integer, true),
        column("kind", ColumnType::Text { length: 1 }, false),
    ]);
    // By its members' numbers z is the least, by their names a.
    let rows: Vec<_> = (0..300).map(|it| format!("({it}, {})", 1 + it % 3)).collect();
    let _ = Source::MariaDb(&server).fill(
        &mut lab,
        &[
            "CREATE TABLE companies (id INT PRIMARY KEY, kind ENUM('z', 'm', 'a'))",
            &format!("INSERT INTO companies VALUES {}", rows.join(", ")),
        ],
    );
    lab.split("kind", 3);
    let error = lab.stage("companies.extract").unwrap_err();
    assert!(error.to_string().contains("it can't be split by `kind`"), "{error}");
    assert!(error.help().starts_with("split by the key"), "{}", error.help());
    lab.split("id", 3);
    assert_eq!(lab.stage("companies.extract").unwrap().rows_read, 300);
}
