//! Greece, from its source database to its published tables, run by the built program as a user runs it.

use std::{process::Stdio, thread, time::Duration};

use serde_json::Value;

use crate::support::{Scene, Told};

fn stage<'r>(report: &'r Value, id: &str) -> &'r Value {
    let stages = report["stages"].as_array().unwrap();
    &stages.iter().find(|it| it["stage"] == id).unwrap()["statistics"]
}

fn sum(counts: &Value) -> i64 {
    counts.as_object().unwrap().values().map(|it| it.as_i64().unwrap()).sum()
}

#[test]
fn greece_is_published_as_planted_and_a_second_run_changes_nothing() {
    let scene = Scene::shipped(2_000);
    let planted: Value = serde_json::from_str(&scene.read("pipelines/samples/greece.expected.json")).unwrap();
    let (companies, officers) = (&planted["companies"], &planted["officers"]);

    let report = scene.sluice("run greece --format json").fine().json();
    assert_eq!(report["status"], "SUCCEEDED");
    assert_eq!(report["outcome"], "published");
    assert_eq!(stage(&report, "companies.extract")["rows_written"], companies["rows"]);
    assert_eq!(stage(&report, "companies.load")["rows_rejected"], companies["rejected"]);
    assert_eq!(sum(&companies["rejected_by_reason"]), companies["rejected"].as_i64().unwrap());
    assert_eq!(stage(&report, "companies.dedupe")["duplicates"], companies["duplicates"]);
    assert_eq!(stage(&report, "companies.publish")["rows_written"], companies["published"]);
    assert_eq!(stage(&report, "officers.publish")["rows_written"], officers["published"]);
    assert_eq!(Some(scene.published("SELECT count(*) FROM companies")), companies["published"].as_i64());
    assert_eq!(Some(scene.published("SELECT count(*) FROM officers")), officers["published"].as_i64());
    assert_eq!(scene.published("SELECT count(*) FROM companies WHERE country <> 'GR'"), 0);
    let greek = "SELECT count(*) FROM companies WHERE name GLOB '*[Α-Ωα-ω]*'";
    assert_eq!(scene.published(greek), 0, "names are in English");

    let (first, first_officers) = (scene.rows("companies"), scene.rows("officers"));
    let again = scene.sluice("run greece --format json").fine().json();
    assert_eq!(again["status"], "SUCCEEDED");
    assert!(scene.rows("companies") == first && scene.rows("officers") == first_officers);
}

#[test]
fn what_is_run_is_what_is_generated() {
    let scene = Scene::shipped(1_200);
    let report = scene.sluice("run greece --format json").fine().json();
    let _ = scene.sluice("build").fine();
    for file in ["state-machine.asl.json", "job-definitions.json", "plan.json"] {
        let run = scene.read(&format!("{}/{file}", report["folder"].as_str().unwrap()));
        assert!(run == scene.read(&format!("generated/local/pipelines/greece/{file}")), "{file}");
    }
}

#[test]
fn runs_survive_the_process() {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("runs").fine().says("no runs yet");
    let _ = scene.sluice("run greece").fine().says("greece: published");
    let _ = scene.sluice("runs").fine().says("succeeded");
    let _ = scene.sluice("runs greece --last").fine().says("companies.publish done");
    let runs = scene.sluice("runs --format json").fine().json();
    assert_eq!(runs[0]["status"], "succeeded");
    assert_eq!(runs[0]["stages"].as_array().unwrap().len(), 10);
}

/// Starts `sluice run greece`, and kills it as soon as its history shows that state.
fn killed_in(scene: &Scene, state: &str) {
    let mut child = scene.command("run greece").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let executions = scene.path(".sluice/executions");
    let seen = |_: &u32| {
        let folders = std::fs::read_dir(&executions).into_iter().flatten().flatten();
        folders
            .filter_map(|it| std::fs::read_to_string(it.path().join("history.jsonl")).ok())
            .any(|it| it.lines().any(|line| line.contains("TaskStarted") && line.contains(state)))
    };
    let in_time = (0..6_000).inspect(|_| thread::sleep(Duration::from_millis(5))).any(|it| seen(&it));
    child.kill().unwrap();
    let _ = child.wait().unwrap();
    assert!(in_time, "never came to {state}");
}

#[test]
fn a_run_killed_in_the_middle_of_load_is_told_and_the_next_one_publishes_everything() {
    let undisturbed = Scene::shipped(6_000);
    let _ = undisturbed.sluice("run greece").fine();

    let scene = Scene::shipped(6_000);
    killed_in(&scene, "Load companies");
    let listed = scene.sluice("runs greece").fine();
    let _ = listed.says("aborted").says("the process that ran it ended before the run did");
    let told = scene.sluice("run greece").fine();
    let _ = told.says("greece: published");
    assert!(scene.rows("companies") == undisturbed.rows("companies"));
    assert!(scene.rows("officers") == undisturbed.rows("officers"));
}

#[test]
fn a_killed_run_is_resumed_where_it_was() {
    let undisturbed = Scene::shipped(3_000);
    let expected = undisturbed.sluice("run greece --format json").fine().json();
    for state in
        ["Extract companies", "Load companies", "Translate companies", "Publish companies", "Load officers"]
    {
        let scene = Scene::shipped(3_000);
        killed_in(&scene, state);
        let report = scene.sluice("resume greece --format json").fine().json();
        assert_eq!(report["outcome"], "published", "{state}");
        assert!(report["execution"] != report["run"]);
        assert!(scene.rows("companies") == undisturbed.rows("companies"), "{state}");
        assert!(scene.rows("officers") == undisturbed.rows("officers"), "{state}");
        for (id, figure) in [
            ("companies.load", "rows_rejected"),
            ("companies.load", "rows_written"),
            ("companies.dedupe", "duplicates"),
            ("companies.publish", "rows_written"),
        ] {
            assert_eq!(stage(&report, id)[figure], stage(&expected, id)[figure], "{state}: {id} {figure}");
        }
    }
}

#[test]
fn a_second_run_is_skipped_while_the_first_goes_on() {
    let scene = Scene::shipped(60_000);
    let mut first = scene.command("run greece").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let lock = scene.path(".sluice/reports.db");
    while !lock.exists() {
        thread::sleep(Duration::from_millis(5));
    }
    let second = scene.sluice("run greece");
    let ended = first.wait().unwrap();
    assert!(ended.success());
    let _ = second.fine().says("greece: skipped").says("Overlap");
    // A run that did nothing is not what `resume` goes on with.
    let _ = scene.sluice("resume greece").problem("P0610");
}

#[test]
fn after_a_failure_the_next_success_is_told_as_a_recovery() {
    let scene = Scene::shipped(1_200);
    scene.edit("pipelines/templates.pipe", "between 1_000 and", "between 1_000_000 and");
    let failed = scene.sluice("run greece").problem("P0606");
    let _ = failed
        .says("expected between 1,000,000 and 5,000,000 rows")
        .says("help nothing was published; correct the source or the expectation and start a new run")
        .says("next sluice run greece");
    assert_eq!(scene.published("SELECT count(*) FROM companies"), 0, "nothing is published");
    scene.edit("pipelines/templates.pipe", "between 1_000_000 and", "between 1_000 and");
    let resumed = scene.sluice("resume greece").problem("P0606");
    let _ = resumed.says("[P0621]").says("the program has changed since run");
    let _ = scene.sluice("run greece").fine().says("Recovery: `greece` has succeeded again");
}

#[test]
fn rejected_rows_are_kept_with_their_reason() {
    let scene = Scene::shipped(2_000);
    let report = scene.sluice("run greece --format json").fine().json();
    let rejected = stage(&report, "companies.load")["rows_rejected"].as_u64().unwrap();
    let folder =
        scene.path(&format!(".sluice/objects/rejects/greece/{}/companies", report["run"].as_str().unwrap()));
    let kept: usize = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| {
            let mut text = String::new();
            let file = std::fs::File::open(it.unwrap().path()).unwrap();
            let mut lines = csv::Reader::from_reader(flate2::read::GzDecoder::new(file));
            for row in lines.records() {
                text.push_str(row.unwrap().get(2).unwrap());
                text.push('\n');
            }
            assert!(text.lines().all(|it| !it.is_empty()), "{text}");
            text.lines().count()
        })
        .sum();
    assert_eq!(kept as u64, rejected);
}

#[test]
fn a_folder_of_csv_files_is_a_source() {
    let scene = Scene::empty();
    scene.write("pipelines/platform.pipe", "platform p {\n    environment local\n\n    connection lists {\n        local csv \"lists\"\n    }\n    connection reports {\n    }\n\n    target reports\n}\n\ntable companies {\n    symbol   text(10)  key\n    name     text(40)\n    founded  date\n}\n\npipeline greece {\n    country gr\n    source  lists\n\n    into companies {\n        extract  \"companies.sql\"\n        dedupe   by symbol keep first\n        publish  upsert\n    }\n}\n");
    scene.write("pipelines/companies.sql", "SELECT symbol, name, founded FROM listings\n");
    scene.write("pipelines/lists/listings.csv", "symbol,name,founded\nA,\"Alpha, S.A.\",1999-01-02\nB,Beta,1999-02-30\nA,Again,\n,Nobody,\nC,\"Γάμμα\n漢字\",\n");
    let report = scene.sluice("run greece --format json").fine().json();
    assert_eq!(stage(&report, "companies.load")["rows_rejected"], 2);
    assert_eq!(stage(&report, "companies.dedupe")["duplicates"], 1);
    assert_eq!(
        scene.rows("companies"),
        [
            "Text([65])|Text([65, 108, 112, 104, 97, 44, 32, 83, 46, 65, 46])|Text([49, 57, 57, 57, 45, 48, 49, 45, 48, 50])",
            "Text([67])|Text([206, 147, 206, 172, 206, 188, 206, 188, 206, 177, 10, 230, 188, 162, 229, 173, 151])|Null",
        ]
    );
}

/// What a case does to the shipped program, and what must come of it.
fn broken(change: impl FnOnce(&Scene), code: &str, words: &str) -> Told {
    let scene = Scene::shipped(1_200);
    change(&scene);
    scene.sluice("run greece").problem(code).says(words)
}

#[test]
fn sql_that_fails_at_run_time_is_told_with_its_file() {
    let told = broken(
        |it| {
            it.edit(
                "pipelines/greece/companies.sql",
                "FROM companies",
                "FROM companies WHERE abs(-9223372036854775808) > 1",
            );
        },
        "P0601",
        "greece/companies.sql: the query failed: integer overflow",
    );
    let _ = told.says("line templates.pipe:");
}

#[test]
fn a_source_table_that_is_gone_is_told_by_name() {
    let rename = |it: &Scene| {
        let source = rusqlite::Connection::open(it.path("pipelines/samples/greece.db")).unwrap();
        source.execute_batch("ALTER TABLE companies RENAME TO company").unwrap();
    };
    let _ = broken(rename, "P0602", "`companies`").says("did you mean `company`?");
}

#[test]
fn a_source_database_that_is_gone_is_not_made_anew() {
    let scene = Scene::shipped(1_200);
    let database = scene.path("pipelines/samples/greece.db");
    std::fs::remove_file(&database).unwrap();
    scene.edit(
        "pipelines/platform.pipe",
        "retry    3 times from 30 seconds",
        "retry    0 times from 30 seconds",
    );
    let _ = scene.sluice("run greece").problem("P0603").says("greece.db");
    assert!(!database.exists());
}

#[test]
fn a_state_folder_that_cant_be_written_is_told_before_anything_runs() {
    let scene = Scene::shipped(1_200);
    scene.write("occupied", "a file, not a folder");
    let _ = scene.sluice("run greece --state occupied").problem("P0608").says("--state DIR");
    assert_eq!(scene.read("occupied"), "a file, not a folder");
}

#[test]
fn a_target_that_does_not_fit_is_left_as_it_is() {
    let scene = Scene::shipped(1_200);
    std::fs::create_dir(scene.path(".sluice")).unwrap();
    let target = rusqlite::Connection::open(scene.path(".sluice/reports.db")).unwrap();
    target
        .execute_batch("CREATE TABLE companies (something TEXT); INSERT INTO companies VALUES ('mine')")
        .unwrap();
    drop(target);
    let _ = scene.sluice("run greece").problem("P0614").says("companies");
    assert_eq!(scene.published("SELECT count(*) FROM companies WHERE something = 'mine'"), 1);
}

#[test]
fn names_that_are_not_there_are_told_with_the_one_that_was_meant() {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("run grece").problem("P0908").says("did you mean `greece`?");
    let _ = scene.sluice("run greece --environment lokal").problem("P0205").says("did you mean `local`?");
    let _ = scene.sluice("resume greece").problem("P0610").says("no run that could be resumed");
    let _ = scene.sluice("resume greece --run nothing").problem("P0610");
    let _ = scene.sluice("run greece --environment prod").problem("P0311").says("such as `local`");
}

#[test]
fn rows_of_another_country_are_not_published_by_replace() {
    let _ = broken(
        |it| it.edit("pipelines/greece/officers.sql", ":country AS country", "'IE' AS country"),
        "P0618",
        "officers",
    );
}

#[test]
fn rows_of_another_country_are_not_published_by_upsert() {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("run greece").fine();
    let target = rusqlite::Connection::open(scene.path(".sluice/reports.db")).unwrap();
    target.execute_batch("UPDATE companies SET country = 'ES', name = 'Spanish'").unwrap();
    let before = scene.rows("companies");
    scene.edit("pipelines/greece/companies.sql", ":country AS country", "'ES' AS country");
    let told = scene.sluice("run greece").problem("P0618");
    let _ = told.says("whose `country` is not `GR`").says("next sluice run greece");
    assert!(scene.rows("companies") == before);
}

#[test]
fn the_command_that_is_told_has_the_flags_that_were_given_and_works() {
    let scene = Scene::shipped(1_200);
    let database = scene.path("pipelines/samples/greece.db");
    let aside = scene.path("greece.db");
    std::fs::rename(&database, &aside).unwrap();
    std::fs::rename(scene.path("pipelines"), scene.path("my program")).unwrap();
    scene.edit(
        "my program/platform.pipe",
        "retry    3 times from 30 seconds",
        "retry    0 times from 30 seconds",
    );
    let mut run = scene.command("run greece --state kept --environment local --program");
    let failed = Told::of(run.arg("my program").output().unwrap(), &scene.path("")).problem("P0603");
    let next = failed.err.lines().find_map(|it| it.trim().strip_prefix("next  ")).unwrap();
    assert!(next.ends_with("--program 'my program' --environment local --state kept"), "{next}");
    std::fs::rename(&aside, scene.path("my program/samples/greece.db")).unwrap();
    let arguments = next.strip_prefix("sluice ").unwrap();
    let shell = format!("{} {arguments}", env!("CARGO_BIN_EXE_sluice"));
    let mut resume = std::process::Command::new("sh");
    let _ = resume.args(["-c", &shell]).current_dir(scene.path("."));
    let _ = Told::of(resume.output().unwrap(), &scene.path("")).fine().says("greece: published");
}

#[test]
fn an_interrupted_run_ends_in_order_and_can_be_resumed() {
    let scene = Scene::shipped(60_000);
    let run = scene.command("run greece").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !scene.path(".sluice/objects/extracts").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    let interrupted =
        std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let told = Told::of(run.wait_with_output().unwrap(), &scene.path("")).problem("P0620");
    let _ = told.says("greece: aborted").says("sluice resume greece --run greece-");
    let _ = scene.sluice("runs").fine().says("aborted");
    let _ = scene.sluice("resume greece").fine().says("greece: published");
}

#[test]
fn a_server_without_a_secret_is_told_with_what_to_set() {
    let scene = Scene::shipped(1_200);
    scene.edit(
        "pipelines/platform.pipe",
        "local  sqlite \"samples/greece.db\"",
        "local  mysql  secret \"local/greece\"",
    );
    let told = scene.sluice("run greece").problem("P0630").says("can't use secret `local/greece`");
    let _ = told.says("set `SLUICE_SECRET_LOCAL_GREECE`").says("secrets.json");
    // One that can't be used does not tell what it holds.
    scene.write(".sluice/secrets.json", r#"{"local/greece": {"host": "127.0.0.1", "port": "hunter2"}}"#);
    let told = scene.sluice("resume greece").problem("P0630").says("its `port` is no port");
    assert!(!format!("{}{}", told.out, told.err).contains("hunter2"));
    let port_of_nobody = r#"{"local/greece": {"host": "127.0.0.1", "port": 1, "username": "u", "password": "hunter2", "dbname": "d"}}"#;
    scene.write(".sluice/secrets.json", port_of_nobody);
    scene.edit(
        "pipelines/platform.pipe",
        "retry    3 times from 30 seconds",
        "retry    0 times from 30 seconds",
    );
    let told = scene.sluice("run greece").problem("P0631").says("127.0.0.1:1/d");
    assert!(!format!("{}{}", told.out, told.err).contains("hunter2"));
}

#[test]
fn the_sql_of_each_stage_is_shown_and_not_run() {
    let scene = Scene::shipped(1_200);
    let told = scene
        .sluice("run greece --explain")
        .fine()
        .says("-- greece: companies.extract on athens_registry (sqlite)");
    let _ = told.says("-- greece: companies.dedupe on reports (sqlite)").says("ON CONFLICT");
    assert!(!scene.path(".sluice").exists());
    // Nobody connects, so servers of an account can be explained, too.
    let json = scene.sluice("run greece --explain --environment prod --format json").json();
    let stages = json["greece"].as_array().unwrap();
    let load = stages.iter().find(|it| it["stage"] == "companies.load").unwrap();
    assert_eq!(load["engine"], "mysql");
    assert!(load["statements"][0].as_str().unwrap().starts_with("LOAD DATA LOCAL INFILE"), "{load}");
    let publish = stages.iter().find(|it| it["stage"] == "companies.publish").unwrap();
    let statements = publish["statements"].to_string();
    assert!(statements.contains("ORDER BY `registration_no`, `country`, _part, _line"), "{publish}");
    assert!(statements.contains("INSERT INTO `companies`"), "{publish}");
}
