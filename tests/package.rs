//! The zips of functions: the same program gives the same bytes, and Lambda finds it in there.

use std::{fs, path::Path, process::Command};

fn zip(program: &Path, folder: &Path, surveys: Option<&str>) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    let _ = command.current_dir(root).arg("scripts/zip-function").arg(program).arg(folder).arg("watch");
    let answer = command.args(surveys).output().expect("`scripts/test` installs what this needs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_same_program_is_the_same_zip_whenever_and_wherever_it_is_packed() {
    let scratch = tempfile::tempdir().unwrap();
    let (one, other) = (scratch.path().join("one/watch"), scratch.path().join("other/again"));
    for (path, seconds) in [(&one, 1_000_000_000), (&other, 1_700_000_000)] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"program".repeat(1000)).unwrap();
        let when = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::options().append(true).open(path).unwrap().set_modified(when).unwrap();
    }
    let surveys = Some("generated/prod/surveys");
    let first = zip(&one, &scratch.path().join("a"), surveys);
    let second = zip(&other, &scratch.path().join("b"), surveys);
    assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
    assert_eq!(Path::new(&first).file_name(), Path::new(&second).file_name());
    let without = zip(&one, &scratch.path().join("a"), None);
    assert_ne!(first, without);
    assert!(!Path::new(&first).exists(), "the zip of an older program stays beside the new one");
}

#[test]
fn a_zip_holds_an_executable_bootstrap_and_is_called_as_the_template_expects() {
    let scratch = tempfile::tempdir().unwrap();
    let program = scratch.path().join("watch");
    fs::write(&program, "#!/bin/sh\necho it runs\n").unwrap();
    let path = zip(&program, &scratch.path().join("functions"), Some("generated/prod/surveys"));
    let unpack = "import sys, zipfile, stat\nwith zipfile.ZipFile(sys.argv[1]) as it:\n    \
                  for entry in it.infolist(): print(oct(entry.external_attr >> 16), entry.filename)";
    let listed = Command::new("python3").args(["-c", unpack, &path]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed, "0o100755 bootstrap\n0o100644 surveys/satisfaction.json\n");
    let name = Path::new(&path).file_name().unwrap().to_str().unwrap();
    let template = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("generated/prod/platform.template.json"),
    )
    .unwrap();
    let template: serde_json::Value = serde_json::from_str(&template).unwrap();
    let pattern = template["Parameters"]["WatchCode"]["AllowedPattern"].as_str().unwrap();
    assert_eq!(pattern, "(functions/[a-z_-]+-[0-9a-f]{64}\\.zip)?");
    let hash = name.strip_prefix("watch-").and_then(|it| it.strip_suffix(".zip")).unwrap();
    assert!(hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit()));
}

#[test]
fn an_environment_that_was_never_built_is_not_packed_without_its_surveys() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("bash");
    let _ = command.current_dir(root).args(["scripts/package", "--environment", "nowhere"]);
    let answer = command.output().unwrap();
    assert!(!answer.status.success());
    let told = "there is no folder generated/nowhere: write it with `sluice build`\n";
    assert_eq!(String::from_utf8(answer.stderr).unwrap(), told);
}
