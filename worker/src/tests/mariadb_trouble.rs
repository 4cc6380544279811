//! What only a server can do to a stage: locks, deadlocks, a restart, no room.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use mysql::prelude::Queryable as _;
use sluice_contract::statistics::Statistics;

use super::{
    harness::{Lab, StopAfter, in_parts, on_mariadb, on_sqlite},
    mariadb_server::MariaDb,
};
use crate::{Progress, WorkerError};

const ROWS: u32 = 30_000;

/// All but what differs between attempts.
pub(super) fn counts(statistics: Statistics) -> Statistics {
    Statistics { attempts: 0, milliseconds: 0, ..statistics }
}

pub(super) fn lab() -> Lab {
    let mut lab = Lab::with_companies(ROWS);
    lab.split("updated_at", 4);
    lab
}

/// What nobody disturbs: its figures and its rows, on SQLite.
pub(super) fn undisturbed() -> (Vec<Statistics>, Vec<String>) {
    on_sqlite(|| {
        let lab = lab();
        let counted = lab.stages().iter().map(|it| counts(lab.stage(it).unwrap())).collect();
        (counted, lab.published())
    })
}

/// Does something at one call, counted from 0.
struct At<'a> {
    call: u64,
    calls: AtomicU64,
    work: &'a (dyn Fn() + Sync),
}

impl<'a> At<'a> {
    fn new(call: u64, work: &'a (dyn Fn() + Sync)) -> Self {
        Self { call, calls: AtomicU64::new(0), work }
    }
}

impl Progress for At<'_> {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {
        if self.calls.fetch_add(1, Ordering::Relaxed) == self.call {
            (self.work)();
        }
    }

    fn total(&self, _stage: &str, _rows: u64) {}
}

/// Ends the connections of that kind.
fn cut(server: &MariaDb, only: &str) {
    let mut admin = server.admin();
    let all: Vec<u64> = admin
        .query(format!("SELECT id FROM information_schema.processlist WHERE user = 'sluice' {only}"))
        .unwrap();
    assert!(!all.is_empty());
    for id in all {
        // One may have ended by itself.
        let _ = admin.query_drop(format!("KILL CONNECTION {id}"));
    }
}

#[test]
fn a_connection_that_was_silent_for_too_long_is_made_anew() {
    silent_for_too_long();
}

#[test]
fn a_connection_that_was_silent_for_too_long_is_made_anew_in_parts() {
    in_parts(silent_for_too_long);
}

/// The connection that looks at the ledger waits for those that work, and the server ends it meanwhile.
fn silent_for_too_long() {
    let server = Arc::new(MariaDb::start());
    let (figures, rows) = undisturbed();
    on_mariadb(&server, || {
        let lab = lab();
        for (stage, expected) in lab.stages().iter().zip(&figures) {
            let end = || {
                // By then each of the others is in a transaction.
                std::thread::sleep(Duration::from_millis(300));
                cut(
                    &server,
                    "AND command = 'Sleep' AND id NOT IN (SELECT trx_mysql_thread_id FROM information_schema.innodb_trx)",
                );
            };
            let disturbed = ["companies.load", "companies.publish"].contains(&stage.as_str());
            let counted = if disturbed {
                lab.stage_with(stage, &At::new(1, &end)).unwrap()
            } else {
                lab.stage(stage).unwrap()
            };
            assert_eq!((counted.attempts, counts(counted)), (1, *expected), "{stage}");
        }
        assert_eq!(lab.published(), rows);
    });
}

#[test]
fn a_restart_and_a_cut_connection_are_made_good() {
    restarted_and_cut();
}

#[test]
fn a_restart_and_a_cut_connection_are_made_good_in_parts() {
    in_parts(restarted_and_cut);
}

fn restarted_and_cut() {
    let server = Arc::new(MariaDb::start());
    let (figures, rows) = undisturbed();
    let restart = || {
        server.kill();
        server.run(&[]);
    };
    let cut = || cut(&server, "");
    let troubles: [&(dyn Fn() + Sync); 2] = [&restart, &cut];
    for trouble in troubles {
        on_mariadb(&server, || {
            let lab = lab();
            for (stage, expected) in lab.stages().iter().zip(&figures) {
                let disturbed = ["companies.load", "companies.publish"].contains(&stage.as_str());
                let counted = if disturbed {
                    lab.stage_with(stage, &At::new(1, trouble)).unwrap()
                } else {
                    lab.stage(stage).unwrap()
                };
                assert_eq!(counted.attempts, if disturbed { 2 } else { 1 }, "{stage}");
                assert_eq!(counts(counted), *expected, "{stage}");
            }
            assert_eq!(lab.published(), rows);
        });
    }
}

#[test]
fn a_resumed_upsert_from_staging_leaves_out_the_batches_that_are_published() {
    let server = Arc::new(MariaDb::start());
    let (figures, rows) = undisturbed();
    on_mariadb(&server, || {
        let lab = lab();
        let _ = lab.until("companies.verify").unwrap();
        let stop = StopAfter { calls: AtomicU64::new(2), cancelled: Arc::clone(&lab.site.cancelled) };
        assert_eq!(lab.stage_with("companies.publish", &stop).unwrap_err(), WorkerError::Stopped);
        lab.site.cancelled.store(false, Ordering::Relaxed);
        let published = lab.published().len();
        assert!(published > 0 && published < rows.len(), "{published}");
        let sum = "SELECT SUM(rows_written) FROM sluice_ledger WHERE stage = 'companies.publish'";
        assert_eq!(lab.rows(sum), [published.to_string()]);
        // What is published twice would lose its mark.
        lab.change_target("UPDATE companies SET name = CONCAT(name, '!')");
        assert_eq!(Some(&counts(lab.stage("companies.publish").unwrap())), figures.last());
        let marked = "SELECT COUNT(*) FROM companies WHERE name LIKE '%!'";
        assert_eq!(lab.rows(marked), [published.to_string()]);
        lab.change_target("UPDATE companies SET name = TRIM(TRAILING '!' FROM name)");
        assert_eq!(lab.published(), rows);
    });
}

#[test]
fn a_resumed_upsert_leaves_out_rows_that_were_cut_elsewhere() {
    cut_elsewhere();
}

#[test]
fn a_resumed_upsert_leaves_out_rows_that_were_cut_elsewhere_in_parts() {
    in_parts(cut_elsewhere);
}

/// Another version of the worker has published 3,000 rows from number 1,000 on.
fn cut_elsewhere() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        let mut lab = lab();
        let counted = counts(lab.until("companies.publish").unwrap());
        let rows = lab.published();
        let of_stage = "pipeline = 'greece' AND stage = 'companies.publish'";
        lab.change_target(&format!("DELETE FROM sluice_ledger WHERE {of_stage}"));
        let batch = |first: u64, rows: u64| {
            format!(
                "INSERT INTO sluice_ledger (pipeline, run, stage, part, rows_read, rows_written)
                 VALUES ('greece', 'r1', 'companies.publish', {first}, {rows}, {rows})"
            )
        };
        lab.change_target(&batch(1000, 3000));
        lab.change_target("UPDATE companies SET name = CONCAT(name, '!')");
        lab.forget("companies.publish");
        assert_eq!(counts(lab.stage("companies.publish").unwrap()), counted);
        let marked: Vec<bool> = lab.published().iter().map(|it| it.contains('!')).collect();
        let expected: Vec<bool> = (0..rows.len()).map(|it| (1000..4000).contains(&it)).collect();
        assert!(marked == expected);

        lab.change_target(&batch(1500, 10));
        lab.forget("companies.publish");
        let (code, transient, told) = failure(&lab, "companies.publish");
        assert_eq!((code, transient), ("P0607", false), "{told}");
        assert!(told.contains("start a new run"), "{told}");
        lab.next_run();
        let _ = lab.until("companies.publish").unwrap();
        assert_eq!(lab.published(), rows);
    });
}

/// Waits until some transaction waits for a lock.
fn until_somebody_waits(server: &MariaDb) {
    let mut admin = server.admin();
    for _ in 0..80 {
        // The server looks anew only when nobody has asked for a tenth of a second.
        std::thread::sleep(Duration::from_millis(120));
        let waiting: Option<u64> = admin
            .query_first("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
            .unwrap();
        if waiting > Some(0) {
            return;
        }
    }
    panic!("nobody waits");
}

#[test]
fn deadlocks_and_waits_for_locks_are_tried_again() {
    locked();
}

#[test]
fn deadlocks_and_waits_for_locks_are_tried_again_in_parts() {
    in_parts(locked);
}

fn locked() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        let mut lab = lab();
        let _ = lab.until("companies.publish").unwrap();
        let rows = lab.published();
        let database = lab.mariadb().map(|(_, it)| it.to_owned()).unwrap();
        for deadlock in [true, false] {
            lab.next_run();
            let _ = lab.until("companies.verify").unwrap();
            let mut other = server.conn(&database);
            other.query_drop("CREATE TABLE IF NOT EXISTS ballast (id INT)").unwrap();
            other.query_drop("START TRANSACTION").unwrap();
            // Of two that wait for each other, the server ends the one that has changed less.
            let ballast = vec!["(1)"; 60_000].join(",");
            other.query_drop(format!("INSERT INTO ballast VALUES {ballast}")).unwrap();
            other.query_drop("SELECT * FROM companies WHERE reg = 'R000500' FOR UPDATE").unwrap();
            let counted = std::thread::scope(|scope| {
                let publishing = scope.spawn(|| lab.stage("companies.publish"));
                until_somebody_waits(&server);
                if deadlock {
                    other.query_drop("UPDATE companies SET name = 'other' WHERE reg = 'R000100'").unwrap();
                } else {
                    // Longer than one attempt waits.
                    std::thread::sleep(Duration::from_millis(3600));
                }
                other.query_drop("ROLLBACK").unwrap();
                publishing.join().unwrap().unwrap()
            });
            assert!(counted.attempts > 1, "deadlock {deadlock}");
            assert_eq!(lab.published(), rows);
        }
    });
}

fn failure(lab: &Lab, stage: &str) -> (&'static str, bool, String) {
    let error = lab.stage(stage).unwrap_err();
    (error.code(), error.transient(), error.to_string())
}

#[test]
fn a_server_that_takes_no_rows_is_told() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        let lab = lab();
        let _ = lab.until("companies.extract").unwrap();
        server.admin().query_drop("SET GLOBAL read_only = 1").unwrap();
        let (code, transient, told) = failure(&lab, "companies.load");
        assert_eq!((code, transient), ("P0634", false), "{told}");
        server.admin().query_drop("SET GLOBAL read_only = 0").unwrap();
        server.admin().query_drop("SET GLOBAL local_infile = 0").unwrap();
        let (code, transient, told) = failure(&lab, "companies.load");
        assert_eq!((code, transient), ("P0637", false), "{told}");
        server.kill();
        let limited = ["--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:13M"];
        server.run(&limited);
        lab.change_target("DROP TABLE staging_greece_companies");
        lab.change_target(
            "CREATE TABLE staging_greece_companies (_part INT, _line BIGINT, reg VARCHAR(32), country VARCHAR(2), \
             name VARCHAR(20), updated_at DATETIME(6), PRIMARY KEY (_part, _line))",
        );
        let mut admin = server.conn(lab.mariadb().unwrap().1);
        admin.query_drop("CREATE TABLE filler (bytes LONGTEXT)").unwrap();
        while admin.query_drop("INSERT INTO filler VALUES (REPEAT('x', 200000))").is_ok() {}
        let (code, transient, told) = failure(&lab, "companies.load");
        assert_eq!((code, transient), ("P0635", false), "{told}");
        // Some parts had room; what the ledger has is what staging has.
        assert_eq!(
            lab.rows("SELECT DISTINCT _part FROM staging_greece_companies ORDER BY 1"),
            lab.rows("SELECT part FROM sluice_ledger WHERE stage = 'companies.load' ORDER BY 1")
        );
        server.kill();
        server.run(&[]);
        assert_eq!(lab.stage("companies.load").unwrap().rows_written, u64::from(ROWS));
    });
}

#[test]
fn a_published_table_must_fit() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        for (create, stage, difference) in [
            (
                "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name TEXT)",
                "cleanup",
                "it has no column `updated_at`",
            ),
            (
                "CREATE TABLE companies (reg INT PRIMARY KEY, country CHAR(2), name TEXT, updated_at DATETIME)",
                "cleanup",
                "column `reg` is `int`, which would change values declared `VARCHAR(32)`",
            ),
            (
                "CREATE TABLE companies (reg VARCHAR(32), country CHAR(2), name TEXT, updated_at DATETIME)",
                "cleanup",
                "it has no primary key or unique index of (`reg`)",
            ),
            (
                "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name TEXT, updated_at DATETIME, extra INT NOT NULL)",
                "cleanup",
                "its column `extra` must have a value and is not declared",
            ),
            (
                "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name TEXT AS (UPPER(reg)), updated_at DATETIME)",
                "cleanup",
                "the server computes its column `name`, which can't be written",
            ),
            (
                "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name TEXT, updated_at DATETIME) ENGINE=MyISAM",
                "cleanup",
                "its engine is `MyISAM`, without transactions rows could come twice or in part",
            ),
            (
                "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name VARCHAR(20) UNIQUE, updated_at DATETIME)",
                "companies.publish",
                "an upsert by (`reg`) could update the rows of others by its unique index `name`",
            ),
        ] {
            let lab = Lab::with_companies(3);
            lab.change_target(create);
            let error = lab.until(stage).unwrap_err();
            // MySQL gives whole numbers no width.
            assert_eq!(
                error.to_string().replace("int(11)", "int"),
                format!(
                    "table `companies` of connection `reports` does not fit its declaration: {difference}"
                )
            );
        }
        // One that fits is used, and keeps its own columns; keys that it takes for equal are told.
        let lab = Lab::with_source(
            "INSERT INTO companies VALUES (1, 'a', 'GR', 'x', '2026-01-01 00:00:00'), (2, 'A', 'GR', 'y', NULL)",
        );
        lab.change_target(
            "CREATE TABLE companies (id INT PRIMARY KEY AUTO_INCREMENT, NAME VARCHAR(99), reg VARCHAR(40) NOT NULL UNIQUE,
             country CHAR(2), updated_at DATETIME, note TEXT) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        );
        assert_eq!(lab.until("companies.dedupe").unwrap().duplicates, 1);
        let _ = lab.until("companies.publish").unwrap();
        assert_eq!(
            lab.rows("SELECT id, reg, updated_at, note FROM companies"),
            ["1|a|2026-01-01 00:00:00|NULL"]
        );
        // A fraction of a second would be rounded away.
        let lab =
            Lab::with_source("INSERT INTO companies VALUES (1, 'a', 'GR', 'x', '2026-01-01 00:00:00.5')");
        lab.change_target(
            "CREATE TABLE companies (reg VARCHAR(32) PRIMARY KEY, country CHAR(2), name TEXT, updated_at DATETIME)",
        );
        let error = lab.until("companies.publish").unwrap_err();
        assert_eq!(error.code(), "P0614");
        assert!(
            error
                .to_string()
                .ends_with("column `updated_at` is `datetime`, which would round the fractions of 1 rows"),
            "{error}"
        );
    });
}

#[test]
fn an_older_fence_waits_for_nobody_and_writes_nothing() {
    let server = Arc::new(MariaDb::start());
    on_mariadb(&server, || {
        let mut lab = lab();
        let _ = lab.until("companies.extract").unwrap();
        // A newer run takes over while a part is loaded: it waits for the part's transaction, and what comes after is refused.
        let database = lab.mariadb().map(|(_, it)| it.to_owned()).unwrap();
        let take_over = || {
            let mut other = server.conn(&database);
            other.query_drop("SET SESSION innodb_lock_wait_timeout = 1").unwrap();
            let refused = other.query_drop("UPDATE sluice_fence SET fence = 9").unwrap_err();
            assert!(refused.to_string().contains("1205"), "{refused}");
        };
        lab.split("updated_at", 4);
        let part = At::new(0, &take_over);
        assert_eq!(lab.stage_with("companies.load", &part).unwrap().rows_written, u64::from(ROWS));
        lab.change_target("UPDATE sluice_fence SET fence = 9");
        let error = lab.stage("companies.dedupe").unwrap_err();
        assert_eq!(error, WorkerError::Fence { pipeline: "greece".to_owned(), fence: 1, known: 9 });
    });
}
