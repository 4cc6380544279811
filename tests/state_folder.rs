//! What is wrong in a state folder stops what it concerns, and nothing else; and a full disk is told.

use std::process::Command;

use crate::support::{Scene, Told};

fn ran() -> Scene {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("run greece").fine();
    scene
}

#[test]
fn a_record_that_cant_be_read_is_passed_over_with_a_warning() {
    let scene = ran();
    let record = format!(".sluice/executions/{}/execution.json", scene.executions()[0]);
    scene.write(&record, "{ half of i");
    scene.write(".sluice/executions/notes.txt", "a stray file");
    for command in ["runs", "run greece", "run greece ireland --jobs 1", "cancel greece"] {
        let told = scene.sluice(command);
        assert_eq!(told.err.matches("[P0623]").count(), 1, "{command}: {}", told.err);
        assert!(!told.err.contains("notes.txt"), "{}", told.err);
        if !command.contains("ireland") {
            let _ = told.fine();
        }
    }
}

#[test]
fn a_lock_whose_owners_record_is_lost_is_taken_over() {
    let scene = ran();
    let name = scene.executions().remove(0);
    let items = rusqlite::Connection::open(scene.path(".sluice/items.db")).unwrap();
    let owner =
        format!(r#"{{"S":"arn:aws:states:local:000000000000:execution:credit-reports-greece:{name}"}}"#);
    let changed = items
        .execute("UPDATE items SET item = json_set(item, '$.owner', json(?1)) WHERE sk = 'LOCK'", [owner])
        .unwrap();
    assert_eq!(changed, 1);
    scene.write(&format!(".sluice/executions/{name}/execution.json"), "");
    let _ = scene.sluice("run greece").fine().says("greece: published");
}

#[test]
fn a_damaged_runs_table_is_told_and_the_way_out_works() {
    let scene = ran();
    let (before, items) = (scene.rows("companies"), scene.path(".sluice/items.db"));
    std::fs::write(
        &items,
        "this is no database, and longer than the header of one would have been, if it were. ".repeat(9),
    )
    .unwrap();
    for command in ["runs", "run greece", "resume greece"] {
        let _ =
            scene.sluice(command).problem("P0608").says("the item store is damaged").says("`items.db-wal`");
    }
    for file in ["items.db", "items.db-wal", "items.db-shm"] {
        let _ = std::fs::rename(scene.path(&format!(".sluice/{file}")), scene.path(file));
    }
    let _ = scene.sluice("runs").fine().says("[P0623]").says("no runs yet");
    let _ = scene.sluice("run greece").fine().says("greece: published");
    assert!(scene.rows("companies") == before);
    let _ = scene.sluice("run greece").fine();
}

#[test]
fn an_emptied_runs_table_is_told_and_begins_anew() {
    let scene = ran();
    let _ = scene.sluice("run greece").fine();
    let _ = scene.sluice("run greece").fine();
    for file in ["items.db-wal", "items.db-shm"] {
        let _ = std::fs::remove_file(scene.path(&format!(".sluice/{file}")));
    }
    scene.write(".sluice/items.db", "");
    let told = scene.sluice("run greece").fine();
    let _ =
        told.says("[P0623]").says("is missing or empty, although there were runs").says("greece: published");
    let again = scene.sluice("run greece").fine();
    assert!(!again.err.contains("P0623"), "{}", again.err);
}

#[test]
fn damaged_translations_stop_no_country() {
    let scene = ran();
    let before = scene.rows("companies");
    let kept = ".sluice/objects/translations/el-en.csv.gz";
    scene.write(kept, "garbage");
    let told = scene.sluice("run greece").fine();
    let _ = told.says("companies.translate: the kept translations").says("greece: published");
    assert!(scene.rows("companies") == before);
    let quiet = scene.sluice("run greece").fine();
    assert_eq!(quiet.err, "");
}

/// No file may become longer than so many KiB, for what is started by it.
fn with_room_for(scene: &Scene, kib: u32, arguments: &str) -> Told {
    // The signal that comes with the limit is ignored, so that writes fail as on a full disk.
    let shell = format!("trap '' XFSZ; ulimit -f {kib}; exec {} {arguments}", env!("CARGO_BIN_EXE_sluice"));
    let output = Command::new("bash").args(["-c", &shell]).current_dir(scene.path(".")).output().unwrap();
    Told::of(output, &scene.path(""))
}

#[test]
fn a_disk_without_room_is_told_and_the_run_goes_on_once_there_is() {
    let rows = 2_000;
    let undisturbed = Scene::shipped(rows);
    let _ = undisturbed.sluice("run greece").fine();
    let mut failed = 0;
    for kib in [8, 64, 150, 300, 500] {
        let scene = Scene::shipped(rows);
        let told = with_room_for(&scene, kib, "run greece");
        if told.code == Some(0) {
            continue;
        }
        failed += 1;
        assert_eq!(told.code, Some(1), "{kib}: {}{}", told.out, told.err);
        let code = ["P0604", "P0607", "P0608", "P0641", "P0643"]
            .into_iter()
            .find(|it| told.err.contains(&format!("[{it}]")));
        let _ = told.problem(code.unwrap_or("P0604, P0607, P0608, P0641 or P0643"));
        let resumed = scene.sluice("resume greece");
        let resumed = if resumed.err.contains("[P0610]") { scene.sluice("run greece") } else { resumed };
        let _ = resumed.fine().says("greece: published");
        assert!(scene.rows("companies") == undisturbed.rows("companies"), "{kib}");
        assert!(scene.rows("officers") == undisturbed.rows("officers"), "{kib}");
    }
    assert!(failed >= 4, "only {failed} disks were too small");
}
