//! What callers hear: a folder a feature under `tests/calls/`, with a survey or flows and the calls to play.
//!
//! Each line of `calls` is what stands behind `sluice call`, then `|`, then the caller's script.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::support::{Scene, Told};

fn folders() -> Vec<PathBuf> {
    let all = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls")).unwrap();
    let mut all: Vec<_> = all.map(|it| it.unwrap().path()).filter(|it| it.join("calls").is_file()).collect();
    all.sort();
    all
}

/// The folder's files beside a program that has its survey.
fn scene(folder: &Path) -> Scene {
    let scene = Scene::empty();
    let platform = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows/platform.pipe");
    scene.write("pipelines/platform.pipe", &fs::read_to_string(platform).unwrap());
    for file in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let inside = if file.extension().is_some_and(|it| it == "pipe") { "pipelines/" } else { "" };
        scene.write(&format!("{inside}{name}"), &fs::read_to_string(&file).unwrap());
    }
    scene
}

#[test]
fn callers_hear_what_is_recorded() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("calls/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for folder in folders() {
        let scene = scene(&folder);
        let mut shown = fs::read_to_string(folder.join("survey.pipe")).unwrap_or_default();
        for call in scene.read("calls").lines() {
            let (arguments, script) = match call.split_once('|') {
                Some((arguments, script)) => (arguments.trim(), Some(script.trim())),
                None => (call.trim(), None),
            };
            let mut command = scene.command(&format!("call {arguments}"));
            let keys = script.map(|it| format!(" --keys \"{it}\"")).unwrap_or_default();
            if let Some(script) = script {
                let _ = command.args(["--keys", script]);
            }
            let told = Told::of(command.output().unwrap(), &scene.path(""));
            writeln!(shown, "\n$ sluice call {arguments}{keys}").unwrap();
            write!(shown, "{}", told.out).unwrap();
            write!(shown, "{}", told.err).unwrap();
            if told.code != Some(0) {
                writeln!(shown, "(exit code {})", told.code.unwrap()).unwrap();
            }
        }
        let name = folder.file_name().unwrap().to_str().unwrap();
        settings.bind(|| insta::assert_snapshot!(name, shown));
    }
}

#[test]
fn a_script_can_come_from_the_standard_input() {
    use std::{io::Write as _, process::Stdio};
    let folder = folders().into_iter().find(|it| it.ends_with("branch")).unwrap();
    let scene = scene(&folder);
    let mut command = scene.command("call s");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"2\n<silence>\n3\n").unwrap();
    let told = Told::of(child.wait_with_output().unwrap(), &scene.path("")).fine();
    assert!(told.out.contains("rating = 2, reason = other (completed)"), "{}", told.out);
}
