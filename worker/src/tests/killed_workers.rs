//! A worker's process that is killed at moments of each stage that nobody chose.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use sluice_contract::job::JobParameters;

use super::{
    harness::{in_parts, on_mariadb},
    mariadb_server::MariaDb,
    mariadb_trouble::{counts, lab, undisturbed},
};
use crate::{Imports, Servers, Site, Tls, Variables, run_stage};

/// The environment of a worker's process, which is this test's program once more.
const CHILD: &str = "SLUICE_TEST_CHILD";

/// Nothing by itself; as a child of [`a_worker_that_is_killed_anywhere_is_made_good`] one stage.
#[test]
#[expect(clippy::disallowed_methods, reason = "the child of a test is told by its environment what to do")]
fn child() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let mut words = told.split('\n');
    let mut next = || words.next().unwrap().to_owned();
    let (state_dir, stage, bundle) = (PathBuf::from(next()), next(), PathBuf::from(next()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stores = crate::embedded::open(&state_dir).unwrap();
    let mut servers = Servers::of_machine(&state_dir, &Variables::none());
    servers.tls = Tls { ca_bundle: Some(bundle), off: false };
    let site = Site {
        objects: stores.objects,
        runtime: runtime.handle().clone(),
        items: stores.items,
        runs_table: "test-runs".to_owned(),
        program_dir: state_dir.clone(),
        state_dir,
        translator: Arc::new(crate::OfflineTranslator),
        servers,
        clock: Arc::new(crate::SystemClock),
        threads: 2,
        part: None,
        imports: Imports::default(),
        cancelled: Arc::default(),
    };
    let parameters = JobParameters {
        plan: "plans/test.json".to_owned(),
        stage,
        run: "r1".to_owned(),
        fence: "1".to_owned(),
        execution: "r1".to_owned(),
    };
    let _ = run_stage(&parameters, &site, &crate::Silent).unwrap();
}

/// Kills of each stage that does more than look.
const KILLS: u32 = 3;

/// SIGKILL at moments of each stage that nobody chose: what is left is made good by the next attempt.
#[test]
fn a_worker_that_is_killed_anywhere_is_made_good() {
    killed();
}

#[test]
fn a_worker_that_is_killed_anywhere_is_made_good_in_parts() {
    in_parts(killed);
}

fn killed() {
    let server = Arc::new(MariaDb::start());
    let (figures, rows) = undisturbed();
    let mut kills: BTreeMap<String, u32> = BTreeMap::new();
    // Milliseconds in which a stage is still at work on this machine, as far as it has shown.
    let mut spans: BTreeMap<String, u64> = BTreeMap::new();
    let is_enough =
        |kills: &BTreeMap<String, u32>| kills.len() == figures.len() && kills.values().all(|it| *it >= KILLS);
    on_mariadb(&server, || {
        for round in 0..8u64 {
            if round >= 2 && is_enough(&kills) {
                break;
            }
            let lab = lab();
            lab.write_plan();
            let secret = lab.site.servers.secrets.read("reports").unwrap();
            std::fs::write(lab.path("secrets.json"), format!("{{\"reports\": {}}}", secret.reveal()))
                .unwrap();
            let bundle = lab.site.servers.tls.ca_bundle.clone().unwrap();
            for (index, (stage, expected)) in (0u64..).zip(lab.stages().iter().zip(&figures)) {
                let span = spans.entry(stage.clone()).or_insert(200);
                for again in 0..3u64 {
                    let told = format!("{}\n{}\n{}", lab.path("").display(), stage, bundle.display());
                    let mut child = Command::new(std::env::current_exe().unwrap())
                        .args(["--exact", "tests::killed_workers::child"])
                        .env(CHILD, told)
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .spawn()
                        .unwrap();
                    // Any moments will do; these are the same each time, as far as a machine's are.
                    let moment = (round * 7919 + index * 104_729 + again * 1_299_709) % *span;
                    std::thread::sleep(Duration::from_millis(15 + moment));
                    let has_ended = child.try_wait().unwrap().is_some();
                    let _ = child.kill();
                    let _ = child.wait();
                    if has_ended {
                        *span = (*span / 2).max(10);
                        break;
                    }
                    *kills.entry(stage.clone()).or_default() += 1;
                    *span = (*span * 3 / 2).min(500);
                }
                // The server may not have noticed yet that the killed one is gone.
                let counted = (0..5).find_map(|_| match lab.stage(stage) {
                    Ok(counted) => Some(counted),
                    Err(error) => {
                        assert!(error.transient(), "{stage}: {error}");
                        None
                    }
                });
                assert_eq!(counts(counted.unwrap()), *expected, "{stage}");
            }
            assert_eq!(lab.published(), rows);
        }
    });
    // Shown by `--no-capture`.
    let _ = writeln!(std::io::stderr(), "kills: {kills:?}");
    assert!(is_enough(&kills), "too few were killed before their end: {kills:?}");
}
