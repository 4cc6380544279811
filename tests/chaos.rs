//! A country whose process is killed at any moment, again and again, and resumed until it is done: what it publishes,
//! counts, rejects and records is what a run does that nobody disturbed.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::Scene;

const ROWS: u32 = 1_200;
/// An undisturbed execution's history has about so many lines.
const LINES: u64 = 64;
/// Kills of one country before it is left alone.
const KILLS: u64 = 4;

/// How many countries, where more than usual are wanted: each of them is run and killed with moments of its own.
const SEEDS: &str = "SLUICE_CHAOS_SEEDS";

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever has time asks for a long run from outside")]
fn a_country_survives_being_killed_at_any_moment() {
    let seeds = std::env::var(SEEDS).map_or(24, |it| it.parse().unwrap());
    let kills = survive(seeds);
    assert!(kills >= seeds, "only {kills} kills");
}

/// Runs so many countries, each with a seed of its own; how many kills there were.
fn survive(seeds: u64) -> u64 {
    let undisturbed = Scene::shipped(ROWS);
    let report = undisturbed.sluice("run greece --format json").fine().json();
    let expected = Outcome::of(&undisturbed, &report);
    let (next, kills) = (AtomicU64::new(0), AtomicU64::new(0));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return;
            }
            let (outcome, killed) = one(seed);
            let _ = kills.fetch_add(killed, Ordering::Relaxed);
            expected.assert_same(&outcome, seed);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().unwrap();
        }
    });
    let kills = kills.into_inner();
    writeln!(std::io::stderr(), "{seeds} countries survived {kills} kills").unwrap();
    kills
}

/// One country, killed as its seed says; what came of it, and the number of kills.
fn one(seed: u64) -> (Outcome, u64) {
    let mut random = Random(seed);
    let scene = Scene::shipped(ROWS);
    let mut kills = 0;
    while kills < 1 + seed % KILLS && !is_done(&scene) {
        let mut child =
            scene.command(way_on(&scene)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let before = scene.executions().len();
        // The moment is an event of the history, or before the first one, and a little more.
        let wanted = random.below(LINES + 4);
        let more = Duration::from_micros(random.below(if wanted < 4 { 400_000 } else { 60_000 }));
        while child.try_wait().unwrap().is_none() && lines(&scene, before) < wanted.saturating_sub(3) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(more);
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        assert!(ended.success() || ended.signal() == Some(9), "seed {seed}: {ended}");
        kills += u64::from(ended.signal().is_some());
    }
    let report = scene.sluice(way_on(&scene)).fine().json();
    (Outcome::of(&scene, &report), kills)
}

/// The lines of the history that has come since there were so many executions.
fn lines(scene: &Scene, before: usize) -> u64 {
    let executions = scene.executions();
    let newest = executions.get(before..).and_then(<[String]>::last);
    newest.map_or(0, |it| scene.history(it).len() as u64)
}

/// The records of all executions, the oldest first.
fn records(scene: &Scene) -> Vec<Value> {
    let executions = scene.path(".sluice/executions");
    let texts = scene.executions().into_iter().filter_map(|it| {
        let text = fs::read_to_string(executions.join(it).join("execution.json")).ok()?;
        Some(serde_json::from_str::<Value>(&text).unwrap())
    });
    let mut records: Vec<_> = texts.collect();
    records.sort_by_key(|it| it["startDate"].as_i64());
    records
}

fn is_done(scene: &Scene) -> bool {
    records(scene).last().is_some_and(|it| it["status"] == "SUCCEEDED")
}

/// What an operator types: there is a run to go on with, or there is none, or it is done and looked at.
fn way_on(scene: &Scene) -> &'static str {
    match records(scene).last() {
        None => "run greece --format json",
        Some(last) if last["status"] == "SUCCEEDED" => "runs greece --last --format json",
        Some(_) => "resume greece --format json",
    }
}

/// All that must be the same.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    tables: BTreeMap<&'static str, Vec<String>>,
    statistics: BTreeMap<String, Value>,
    rejects: BTreeMap<String, Vec<u8>>,
    runs: Vec<String>,
    lock: Option<String>,
}

impl Outcome {
    fn of(scene: &Scene, report: &Value) -> Self {
        let run = report.get(0).unwrap_or(report);
        let stages = run["stages"].as_array().unwrap();
        let counted = stages.iter().map(|it| {
            let mut statistics = it["statistics"].clone();
            for own in ["milliseconds", "attempts"] {
                let _ = statistics.as_object_mut().unwrap().remove(own);
            }
            (it["stage"].as_str().unwrap().to_owned(), statistics)
        });
        let name = run["run"].as_str().unwrap();
        let mut rejects = BTreeMap::new();
        collect(&scene.path(".sluice/objects/rejects/greece").join(name), "", &mut rejects);
        let runs = scene.sluice("runs greece --format json").fine().json();
        let runs = runs
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", it["status"], it["stages"].as_array().unwrap().len()));
        Self {
            tables: ["companies", "officers"].map(|it| (it, scene.rows(it))).into(),
            statistics: counted.collect(),
            rejects,
            runs: runs.collect(),
            lock: owner(scene),
        }
    }

    #[track_caller]
    fn assert_same(&self, other: &Self, seed: u64) {
        assert_eq!(self.statistics, other.statistics, "seed {seed}");
        assert_eq!((&self.runs, &self.lock), (&other.runs, &other.lock), "seed {seed}");
        assert!(self.tables == other.tables, "seed {seed}: other rows are published");
        assert!(self.rejects == other.rejects, "seed {seed}: other rows are kept as rejected");
    }
}

/// Who holds the lock.
fn owner(scene: &Scene) -> Option<String> {
    let items = rusqlite::Connection::open(scene.path(".sluice/items.db")).unwrap();
    let lock: String =
        items.query_row("SELECT item FROM items WHERE sk = 'LOCK'", [], |row| row.get(0)).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    lock.get("owner").map(ToString::to_string)
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &name, files);
        } else if !name.contains('#') {
            let _ = files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// `SplitMix64`: the same moments for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
