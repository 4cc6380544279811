//! All countries of the shipped program, run at once on sample data, and what of it reaches the target, counted by SQL.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, params};
use serde_json::Value;

/// Above the fewest rows that the templates expect.
const ROWS: u64 = 1_060;
/// `enabled no`: runs when it is named, not with all.
const DISABLED: &str = "armenia";

/// A copy of the shipped program with samples of its own, and a state folder.
struct Site {
    folder: tempfile::TempDir,
    countries: Vec<&'static str>,
}

impl Site {
    fn without_samples() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
        copy(&shipped, &folder.path().join("pipelines"));
        Self { folder, countries: Vec::new() }
    }

    fn new() -> Self {
        let site = Self::without_samples();
        let countries = sluice_samples::write_all(&site.program().join("samples"), ROWS).unwrap();
        Self { countries, ..site }
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("pipelines")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
        let _ = command.arg("--program").arg(self.program());
        let _ = command.arg("--state").arg(self.folder.path().join("state"));
        let _ = command.args(["--format", "json"]).args(arguments);
        command
    }

    fn sluice(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Executions that have begun.
    fn executions(&self) -> usize {
        fs::read_dir(self.folder.path().join("state/executions")).map_or(0, Iterator::count)
    }

    fn expected(&self, country: &str) -> Value {
        let path = self.program().join(format!("samples/{country}.expected.json"));
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }

    fn source(&self, country: &str) -> PathBuf {
        self.program().join(format!("samples/{country}.db"))
    }

    /// The one target of the state folder.
    fn target(&self) -> Connection {
        let files = fs::read_dir(self.folder.path().join("state")).unwrap().map(|it| it.unwrap().path());
        let target = files.into_iter().find(|it| {
            let stem = it.file_stem().unwrap().to_str().unwrap();
            stem.starts_with("reports") && it.extension().is_some_and(|it| it == "db")
        });
        Connection::open_with_flags(target.unwrap(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }
}

/// The program's own files: samples and hidden folders stay behind.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|it| it.unwrap().path()) {
        let place = to.join(entry.file_name().unwrap());
        if entry.is_dir() && !entry.ends_with("samples") {
            copy(&entry, &place);
        } else if entry.is_file() {
            let _ = fs::copy(entry, place).unwrap();
        }
    }
}

fn number(connection: &Connection, sql: &str, parameters: impl rusqlite::Params) -> u64 {
    let found: i64 = connection.query_row(sql, parameters, |row| row.get(0)).unwrap();
    found.try_into().unwrap()
}

fn status(output: &Output) -> (Option<i32>, Value) {
    let told = serde_json::from_slice(&output.stdout);
    let told = told.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), told)
}

/// ISO 3166, as the country's own file has it.
fn iso(site: &Site, country: &str) -> String {
    let text = fs::read_to_string(site.program().join(format!("{country}.pipe"))).unwrap();
    let line = text.lines().find_map(|it| it.trim().strip_prefix("country ")).unwrap();
    line.trim().to_uppercase()
}

#[test]
fn every_country_publishes_what_was_planted() {
    let site = Site::new();
    let (code, reports) = status(&site.sluice(&["run", "--all"]));
    assert_eq!(code, Some(0), "{reports:#}");
    let ran: Vec<&str> =
        reports.as_array().unwrap().iter().map(|it| it["pipeline"].as_str().unwrap()).collect();
    let enabled: Vec<&str> = site.countries.iter().copied().filter(|it| *it != DISABLED).collect();
    assert_eq!(ran, enabled);
    let (code, report) = status(&site.sluice(&["run", DISABLED]));
    assert_eq!((code, &report["outcome"]), (Some(0), &Value::from("published")));

    let target = site.target();
    for country in &site.countries {
        let expected = site.expected(country);
        let code = iso(&site, country);
        for table in ["companies", "officers"] {
            let counts = &expected[table];
            let published = format!("SELECT count(*) FROM {table} WHERE country = ?1");
            assert_eq!(counts["published"], number(&target, &published, [&code]), "{table} of {country}");
            for (column, count) in [("rows_rejected", "rejected"), ("duplicates", "duplicates")] {
                let sql = format!(
                    "SELECT coalesce(sum({column}), 0) FROM sluice_ledger WHERE pipeline = ?1 AND stage LIKE ?2"
                );
                let found = number(&target, &sql, params![country, format!("{table}.%")]);
                assert_eq!(counts[count], found, "{count} {table} of {country}");
            }
        }
        assert_newest(&site, &target, country, &code);
    }
    assert_one_fence_each(&target, site.countries.len());
    assert_latin(&target);
}

/// The published moments are the newest of the source, whatever the source calls them: their sum says so.
fn assert_newest(site: &Site, target: &Connection, country: &str, code: &str) {
    let query = fs::read_to_string(site.program().join(format!("{country}/companies.sql"))).unwrap();
    let source = Connection::open(site.source(country)).unwrap();
    let newest = format!(
        "SELECT sum(newest) FROM (
             SELECT max(unixepoch(updated_at)) AS newest FROM ({query})
             WHERE length(registration_no) <= 32 AND length(name) <= 255
               AND datetime(updated_at) = replace(updated_at, 'T', ' ')
             GROUP BY registration_no)"
    );
    let published = "SELECT sum(unixepoch(updated_at)) FROM companies WHERE country = ?1";
    assert_eq!(number(&source, &newest, [code]), number(target, published, [code]), "moments of {country}");
}

fn assert_one_fence_each(target: &Connection, countries: usize) {
    let fences = number(target, "SELECT count(*) FROM sluice_fence WHERE fence = 1", []);
    assert_eq!(fences, u64::try_from(countries).unwrap());
}

/// No translated name is left in its own script, and none has become empty.
fn assert_latin(target: &Connection) {
    let mut statement = target.prepare("SELECT country, name FROM companies").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    for (country, name) in rows.map(|it: rusqlite::Result<(String, String)>| it.unwrap()) {
        let foreign = name
            .chars()
            .any(|it| it.is_alphabetic() && it > '\u{24f}' && !('\u{1e00}'..='\u{1eff}').contains(&it));
        assert!(!foreign && !name.trim().is_empty(), "{country}: {name}");
    }
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let site = Site::new();
    fs::remove_file(site.source("italy")).unwrap();
    let (code, reports) = status(&site.sluice(&["run", "finland", "italy", "romania", "--jobs", "3"]));
    assert_eq!(code, Some(1), "{reports:#}");
    let statuses: Vec<&str> =
        reports.as_array().unwrap().iter().map(|it| it["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["SUCCEEDED", "FAILED", "SUCCEEDED"]);
    let notifications = reports[1]["notifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 1, "{notifications:#?}");
}

#[test]
fn a_name_that_is_unknown_stops_all_before_they_start() {
    let site = Site::without_samples();
    let (code, told) = status(&site.sluice(&["run", "finland", "rumania"]));
    assert_eq!(code, Some(1));
    assert_eq!(told["diagnostics"][0]["code"], "P0908");
    assert_eq!(told["diagnostics"][0]["help"], "did you mean `romania`?", "{told:#}");
    assert_eq!(site.executions(), 0);
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_all_and_what_was_stopped_goes_on_later() {
    let site = Site::new();
    let mut command = site.command(&["run", "--all", "--jobs", "2"]);
    let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while site.executions() < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let interrupted = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let (code, reports) = status(&running.wait_with_output().unwrap());
    assert_eq!(code, Some(1), "{reports:#}");

    let reports = reports.as_array().unwrap();
    assert_eq!(reports.len(), site.countries.len() - 1);
    assert_eq!(reports.last().unwrap()["error"], "stopped before it was started");
    let aborted: Vec<&Value> = reports.iter().filter(|it| it["status"] == "ABORTED").collect();
    assert!((1..=2).contains(&aborted.len()), "{aborted:#?}");
    for report in aborted {
        let pipeline = report["pipeline"].as_str().unwrap();
        let (code, resumed) = status(&site.sluice(&["resume", pipeline]));
        assert_eq!((code, &resumed["run"]), (Some(0), &report["run"]), "{resumed:#}");
        let published = "SELECT count(*) FROM companies WHERE country = ?1";
        let found = number(&site.target(), published, [iso(&site, pipeline)]);
        assert_eq!(site.expected(pipeline)["companies"]["published"], found);
    }
}
