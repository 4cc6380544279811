//! Commands as their callers see them: what they write, and how they end.

use std::path::Path;

use clap::Parser;
use sluice::{
    cli::{Cli, Exit, Output, Surroundings, execute},
    compile::compile,
    source::DiskFiles,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The end of the command, and what it wrote to the two streams.
fn sluice(arguments: &[&str]) -> (Exit, String, String) {
    let cli = Cli::parse_from(std::iter::once("sluice").chain(arguments.iter().copied()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let around = Surroundings { directory: Some(root().to_owned()), ..Surroundings::default() };
    let mut output = Output::new(&cli, &around, &mut out, &mut err);
    let exit = execute(&cli, &mut output).unwrap();
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn shown(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "outputs/snapshots", prepend_module_to_snapshot => false, omit_expression => true
    }, { insta::assert_snapshot!(name, text); });
}

/// A program with one mistake, below this repository.
fn case(name: &str) -> String {
    root().join("tests/check").join(name).display().to_string()
}

#[test]
fn github_sees_paths_from_where_the_command_runs() {
    let (exit, out, err) = sluice(&["check", "--format", "github", "--program", &case("eight_mistakes")]);
    assert_eq!((exit, err.as_str()), (Exit::Problems, ""));
    shown("check_github", &out);
    assert!(out.contains("::error file=tests/check/eight_mistakes/"), "{out}");
    assert!(!out.contains(env!("CARGO_MANIFEST_DIR")), "{out}");
}

#[test]
fn sarif_is_the_whole_of_the_output() {
    let fine = sluice(&["check", "--format", "sarif", "--program", "pipelines"]);
    let broken = sluice(&["check", "--format", "sarif", "--program", &case("no_platform")]);
    for ((exit, out, err), (expected, results)) in [(fine, (Exit::Fine, 0)), (broken, (Exit::Problems, 1))] {
        let log: serde_json::Value = serde_json::from_str(&out).unwrap();
        let found = log["runs"][0]["results"].as_array().unwrap().len();
        assert_eq!((exit, err.as_str()), (expected, ""));
        assert!(found.min(1) == results, "{out}");
    }
}

#[test]
fn formats_of_reviews_are_for_reviews() {
    let wrong = |arguments: &[&str]| {
        let all = std::iter::once("sluice").chain(arguments.iter().copied());
        Cli::parse_from(all).wrong_usage().map(|it| it.exit_code())
    };
    assert_eq!(wrong(&["run", "greece", "--format", "github"]), Some(2));
    assert_eq!(wrong(&["fmt", "--format", "sarif"]), Some(2));
    assert_eq!(wrong(&["fmt", "--check", "--format", "sarif"]), None);
    assert_eq!(wrong(&["build", "--format", "github"]), None);
    assert_eq!(wrong(&["man", "chek"]), Some(2));
}

#[test]
fn a_month_is_estimated_with_all_that_it_rests_on() {
    let nowhere = ["cost", "--state", "no-such-folder"];
    let (exit, out, err) = sluice(&nowhere);
    assert_eq!((exit, err.as_str()), (Exit::Fine, ""));
    shown("cost", &out);
    let (_, json, _) = sluice(&[&nowhere[..], &["greece", "--format", "json"]].concat());
    shown("cost_json", &json);
    let (_, test, _) = sluice(&[&nowhere[..], &["--environment", "test", "--calls", "0"]].concat());
    assert!(test.starts_with("what a month of test costs"), "{test}");
    let (exit, _, err) = sluice(&[&nowhere[..], &["grece"]].concat());
    assert!(exit == Exit::Problems && err.contains("did you mean `greece`?"), "{err}");
}

#[test]
fn starts_are_listed_in_order_with_their_crowds() {
    let week = ["schedule", "--from", "2026-03-27T00:00Z", "--days", "4", "--crowd", "0"];
    let (exit, out, _) = sluice(&[&week[..], &["greece"]].concat());
    assert_eq!(exit, Exit::Fine);
    shown("schedule", &out);
    let (_, json, _) = sluice(&[&week[..], &["greece", "--format", "json"]].concat());
    shown("schedule_json", &json);
}

#[test]
fn a_pipeline_that_is_not_declared_is_told_with_the_one_that_was_meant() {
    for command in ["schedule", "graph", "run"] {
        let (exit, _, err) = sluice(&[command, "grece"]);
        assert_eq!(exit, Exit::Problems);
        assert!(err.contains("P0908") && err.contains("did you mean `greece`?"), "{err}");
    }
}

#[test]
fn a_file_that_is_not_laid_out_is_told_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pipe"), "table t {\nid integer key\n}\n").unwrap();
    let program = folder.path().display().to_string();
    let (exit, out, _) = sluice(&["fmt", "--check", "--format", "github", "--program", &program]);
    assert_eq!(exit, Exit::Problems);
    assert!(
        out.starts_with("::error file=") && out.contains("a.pipe,line=1,col=1") && out.contains("P0906"),
        "{out}"
    );
}

#[test]
fn stale_files_are_told_to_reviews() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().display().to_string();
    let (exit, out, _) = sluice(&["build", "--check", "--format", "github", "--out", &empty]);
    assert_eq!(exit, Exit::Problems);
    assert!(out.contains("::error title=P0905::"), "{out}");
}

#[test]
fn denied_warnings_respect_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/check/base"), folder.path());
    copy(&root().join("tests/check/allowed"), folder.path());
    let program = folder.path().display().to_string();
    assert_eq!(sluice(&["check", "--deny", "warnings", "--program", &program]).0, Exit::Fine);
}

#[test]
fn what_is_not_there_is_told_with_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let (exit, _, err) = sluice(&["resume", "greece", "--state", &state.display().to_string()]);
    assert_eq!(exit, Exit::Problems);
    assert!(err.contains("P0610"), "{err}");
    let (_, _, err) = sluice(&["fmt", &folder.path().join("none.pipe").display().to_string()]);
    assert!(err.contains("P0901"), "{err}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (_, _, err) = sluice(&["runs", "--state", &file.join("state").display().to_string()]);
    assert!(err.contains("P0608"), "{err}");
}

#[test]
fn every_command_has_a_manual_page() {
    let (_, page, _) = sluice(&["man"]);
    assert!(page.contains(".TH") && page.contains("sluice\\-check") || page.contains("check"), "{page}");
    let (_, page, _) = sluice(&["man", "schedule"]);
    assert!(page.contains("\\-\\-days"), "{page}");
}

#[test]
fn a_new_country_joins_the_shipped_program() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("pipelines"), folder.path());
    let program = folder.path().display().to_string();
    let new = ["new", "country", "latvia", "--code", "lv", "--zone", "Europe/Riga", "--program", &program];
    let (exit, out, err) = sluice(&new);
    assert_eq!(exit, Exit::Fine, "{err}");
    shown("new_country", &out.replace(&program, "pipelines"));
    shown("new_country_pipe", &std::fs::read_to_string(folder.path().join("latvia.pipe")).unwrap());
    fine(folder.path());
    let (exit, _, err) = sluice(&new);
    assert_eq!(exit, Exit::Problems);
    assert!(err.contains("P0904") && err.contains("is there already"), "{err}");
}

#[test]
fn a_new_country_can_be_the_first_one() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("pipelines");
    let (exit, _, err) = sluice(&["new", "country", "latvia", "--program", &program.display().to_string()]);
    assert_eq!(exit, Exit::Fine, "{err}");
    fine(&program);
    assert_eq!(sluice(&["fmt", "--check", "--program", &program.display().to_string()]).0, Exit::Fine);
}

#[test]
fn a_new_country_that_would_not_check_is_not_written() {
    for (arguments, word) in [
        (["Latvia", "--zone", "UTC"], "P0208"),
        (["latvia", "--zone", "Europe/Rigga"], "P0303"),
        (["latvia", "--connection", "athens_registri"], "athens_registry"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("pipelines"), folder.path());
        let program = folder.path().display().to_string();
        let all = [&["new", "country"], &arguments[..], &["--program", &program]].concat();
        let (exit, _, err) = sluice(&all);
        assert_eq!(exit, Exit::Problems);
        assert!(err.contains(word), "{err}");
        assert!(!folder.path().join("latvia.pipe").exists());
    }
}

#[test]
fn findings_are_told_in_every_format() {
    let bad = "tests/validate/rule_04_targets_exist/bad.json";
    let good = "tests/validate/rule_04_targets_exist/good.json";
    let at = |it: &str| root().join(it).display().to_string();
    let (exit, out, err) = sluice(&["validate", &at(good), &at(good)]);
    assert_eq!((exit, out.as_str(), err.as_str()), (Exit::Fine, "2 files: fine\n", ""));
    let (exit, out, err) = sluice(&["validate", &at(good), &at(bad)]);
    assert_eq!((exit, out.as_str()), (Exit::Problems, ""));
    assert!(err.contains("V0301") && err.contains("did you mean `Load`?"), "{err}");
    let (exit, out, err) = sluice(&["validate", "--format", "json", &at(bad)]);
    assert_eq!((exit, err.as_str()), (Exit::Problems, ""));
    shown("validate_json", &out.replace(&at(bad), bad));
    let (_, out, _) = sluice(&["validate", "--format", "github", &at(bad)]);
    assert!(out.starts_with("::error file=") && out.contains("line=6,col=15"), "{out}");
    let (exit, out, _) = sluice(&["validate", "--format", "sarif", &at(bad)]);
    let log: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &log["runs"][0]["results"][0]["ruleId"]), (Exit::Problems, &"V0301".into()));
    let (exit, out, _) = sluice(&["validate", "--format", "json", &at("tests/validate/none.json")]);
    assert!(exit == Exit::Problems && out.contains("P0901"), "{out}");
}

#[test]
fn warnings_fail_a_validation_where_they_are_denied() {
    let warned = root().join("tests/validate/rule_47_undefined_variable/bad.json").display().to_string();
    assert_eq!(sluice(&["validate", &warned]).0, Exit::Fine);
    assert_eq!(sluice(&["validate", "--deny", "warnings", &warned]).0, Exit::Problems);
    let waits = root().join("tests/validate/rule_33_express/bad_sync_express.json").display().to_string();
    assert_eq!(sluice(&["validate", &waits]).0, Exit::Fine);
    assert_eq!(sluice(&["validate", "--express", &waits]).0, Exit::Problems);
}

#[test]
fn help_fits_a_hundred_columns() {
    use clap::CommandFactory;
    let mut command = Cli::command();
    command.build();
    for command in command.get_subcommands_mut() {
        let help = command.render_long_help().to_string();
        let longest = help.lines().map(|it| it.chars().count()).max().unwrap_or_default();
        assert!(longest <= 100, "{longest} columns: {help}");
    }
}

fn fine(program: &Path) {
    let compiled = compile(&DiskFiles::new(program));
    assert!(compiled.diagnostics.is_empty(), "{:?}", compiled.diagnostics);
    assert!(compiled.plan.is_some());
}

/// The `.pipe` and `.sql` files.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(|it| it.unwrap().path()) {
        let place = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &place);
        } else if entry.extension().is_some_and(|it| it == "pipe" || it == "sql") {
            let _ = std::fs::copy(&entry, &place).unwrap();
        }
    }
}
