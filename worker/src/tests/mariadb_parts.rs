//! What a server's table does to rows that wait as parts: how it compares keys, and how exact its moments are.

use std::sync::Arc;

use super::{
    harness::{Lab, in_parts, on_mariadb},
    mariadb_server::{MariaDb, mysqld},
};

/// What the server takes for one key was two to the worker, which compares bytes.
#[test]
fn keys_that_only_the_server_takes_for_equal_are_told() {
    let server = Arc::new(MariaDb::start());
    let without_padding = if mysqld().is_some() { "utf8mb4_0900_bin" } else { "utf8mb4_nopad_bin" };
    in_parts(|| {
        on_mariadb(&server, || {
            for (collation, keys, equal) in [
                ("utf8mb4_general_ci", ["a", "A"], true),
                ("utf8mb4_general_ci", ["a", "b"], false),
                ("utf8mb4_bin", ["a", "A"], false),
                ("utf8mb4_bin", ["a", "a "], true),
                (without_padding, ["a", "a "], false),
            ] {
                let [first, second] = keys;
                let lab = Lab::with_source(&format!(
                    "INSERT INTO companies VALUES (1, '{first}', 'GR', 'x', NULL), (2, '{second}', 'GR', 'y', NULL)"
                ));
                lab.change_target(&format!(
                    "CREATE TABLE companies (reg VARCHAR(40) PRIMARY KEY, country CHAR(2), name TEXT, updated_at DATETIME)
                     CHARACTER SET utf8mb4 COLLATE {collation}"
                ));
                let published = lab.until("companies.publish");
                if equal {
                    let error = published.unwrap_err();
                    assert_eq!((error.code(), lab.published().len()), ("P0615", 0), "{error}");
                    let told = "the target takes 2 rows of table `companies` for one by their key, reg = `";
                    assert!(error.to_string().starts_with(told), "{error}");
                } else {
                    assert_eq!((published.unwrap().rows_written, lab.published().len()), (2, 2));
                }
            }
        });
    });
}

/// Moments are rounded nowhere, and that is known before the first row is published.
#[test]
fn fractions_that_the_target_would_round_are_told_in_parts() {
    let server = Arc::new(MariaDb::start());
    in_parts(|| {
        on_mariadb(&server, || {
            let lab = Lab::with_source(
                "INSERT INTO companies VALUES (1, 'a', 'GR', 'x', '2026-01-01 00:00:00.5'),
                 (2, 'b', 'GR', 'x', '2026-01-01 00:00:00.125'), (3, 'c', 'GR', 'x', '2026-01-01 00:00:01')",
            );
            let create = |digits| {
                format!(
                    "DROP TABLE IF EXISTS companies;
                     CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name TEXT, updated_at DATETIME({digits}))"
                )
            };
            lab.change_target(&create(1));
            let error = lab.until("companies.publish").unwrap_err().to_string();
            assert!(
                error.ends_with("`updated_at` is `datetime(1)`, which would round the fractions of 1 rows"),
                "{error}"
            );
            lab.change_target(&create(0));
            let error = lab.stage("companies.publish").unwrap_err().to_string();
            assert!(
                error.ends_with("`updated_at` is `datetime`, which would round the fractions of 2 rows"),
                "{error}"
            );
            assert_eq!(lab.published().len(), 0);
            lab.change_target(&create(3));
            assert_eq!(lab.stage("companies.publish").unwrap().rows_written, 3);
        });
    });
}
