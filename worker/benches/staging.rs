//! The chain from a source to a target in SQLite on both ways through staging: in the database, and as parts.
//!
//! `cargo bench -p sluice-worker --bench staging -- [ROWS] [ROUNDS]` runs it, one way after the other in each round, and prints the
//! median of each stage's seconds and the ratio of the chains. Rows are generated, about 190 bytes each, their keys in
//! no order, three in a hundred of them twice.

#![expect(clippy::expect_used, reason = "a bench that can't do its work can only stop")]

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    path::Path,
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

use rusqlite::Connection;
use sluice_contract::{
    job::JobParameters,
    plan::{
        Base, Column, ColumnType, Connection as Place, Dedupe, Expectation, FORMAT, Keep, Location, Origin,
        PlanDocument, PublishMode, Retry, Stage, Table, Work,
    },
};
use sluice_worker::{
    Imports, OfflineTranslator, Servers, Silent, Site, SystemClock, Variables, embedded, run_stage,
};

/// The seconds of a chain, and of each of its stages.
type Round = (f64, Vec<(String, f64)>);

fn main() -> io::Result<()> {
    // Cargo adds `--bench`.
    let numbers: Vec<u32> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let rows = numbers.first().copied().unwrap_or(200_000);
    let rounds = numbers.get(1).copied().unwrap_or(3);
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("source.db");
    generate(&source, rows);
    let mut seconds: BTreeMap<&str, Vec<Round>> = BTreeMap::new();
    for round in 0..rounds {
        for (way, in_parts) in [("database", false), ("parts", true)] {
            let state = folder.path().join(format!("{way}-{round}"));
            std::fs::create_dir_all(&state)?;
            let copied = std::fs::hard_link(&source, state.join("source.db"));
            copied.or_else(|_| std::fs::copy(&source, state.join("source.db")).map(drop))?;
            let stages = chain(&state, in_parts);
            seconds.entry(way).or_default().push((stages.iter().map(|it| it.1).sum(), stages));
            std::fs::remove_dir_all(&state)?;
        }
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{rows} rows, {rounds} rounds")?;
    let mut medians = Vec::new();
    for (way, mut rounds) in seconds {
        rounds.sort_by(|left, right| left.0.total_cmp(&right.0));
        let (least, most) = (rounds.first().map_or(0.0, |it| it.0), rounds.last().map_or(0.0, |it| it.0));
        let Some((median, stages)) = rounds.get(rounds.len() / 2) else { continue };
        let stages: Vec<_> = stages.iter().map(|(id, seconds)| format!("{id} {seconds:.2}")).collect();
        writeln!(out, "{way:>8}: {median:.2} s ({least:.2} to {most:.2}); {}", stages.join(", "))?;
        medians.push(*median);
    }
    if let [database, parts] = medians.as_slice() {
        writeln!(
            out,
            "staging as parts takes {:.2} of the time of staging in the database",
            parts / database
        )?;
    }
    Ok(())
}

/// Every stage of a run, and its seconds.
fn chain(state: &Path, in_parts: bool) -> Vec<(String, f64)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    let stores = embedded::open(state).expect("the state folder is new");
    let site = Site {
        objects: stores.objects,
        runtime: runtime.handle().clone(),
        items: stores.items,
        runs_table: "runs".to_owned(),
        program_dir: state.to_owned(),
        state_dir: state.to_owned(),
        translator: Arc::new(OfflineTranslator),
        servers: Servers::of_machine(state, &Variables::none()),
        clock: Arc::new(SystemClock),
        threads: 2,
        part: None,
        imports: Imports::default(),
        cancelled: Arc::new(AtomicBool::new(false)),
    };
    let plan = plan(in_parts);
    let text = serde_json::to_vec(&plan).expect("a plan can be written");
    std::fs::create_dir_all(state.join("objects/plans")).expect("the state folder can be written");
    std::fs::write(state.join("objects/plans/bench.json"), text).expect("the state folder can be written");
    let mut seconds = Vec::new();
    for stage in &plan.stages {
        let parameters = JobParameters {
            plan: "plans/bench.json".to_owned(),
            stage: stage.id.clone(),
            run: "r".to_owned(),
            fence: "1".to_owned(),
            execution: "r".to_owned(),
        };
        let start = Instant::now();
        let _ = run_stage(&parameters, &site, &Silent).expect("the stage succeeds");
        seconds.push((stage.work.word().to_owned(), start.elapsed().as_secs_f64()));
    }
    seconds
}

fn generate(path: &Path, rows: u32) {
    let mut source = Connection::open(path).expect("the folder is new");
    source
        .execute_batch(
            "CREATE TABLE companies (id INTEGER PRIMARY KEY, registration_no, name, address, updated_at)",
        )
        .expect("the database is new");
    let transaction = source.transaction().expect("nobody else is there");
    {
        let sql = "INSERT INTO companies VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = transaction.prepare(sql).expect("the table is there");
        for id in 0..rows {
            let same = if id % 100 < 3 { id / 2 } else { id };
            let number = same.wrapping_mul(2_654_435_761);
            let values = (
                id,
                format!("GR{number:010}"),
                format!("Εταιρεία Εμπορίας και Διανομής {number} Α.Ε."),
                format!("Λεωφόρος Συγγρού {}, 117 {:02} Αθήνα, Ελλάδα", number % 400, number % 90),
                format!("2026-{:02}-{:02} 12:00:{:02}", id % 12 + 1, id % 28 + 1, id % 60),
            );
            let _ = insert.execute(values).expect("the row fits");
        }
    }
    transaction.commit().expect("nobody else is there");
}

fn plan(in_parts: bool) -> PlanDocument {
    let table = || "companies".to_owned();
    let origin = || Origin { file: "bench.pipe".to_owned(), line: 1 };
    let column = |name: &str, kind, key| Column { name: name.to_owned(), kind, key };
    let place = |path: &str| Place::Sqlite { path: Location { base: Base::State, path: path.to_owned() } };
    let dedupe = || Dedupe {
        by: vec!["registration_no".to_owned()],
        keep: Keep::Newest { column: "updated_at".to_owned() },
    };
    let expectations = || vec![Expectation::NoNulls { columns: vec!["name".to_owned()], origin: origin() }];
    let extract = Work::Extract {
        table: table(),
        connection: "registry".to_owned(),
        file: "companies.sql".to_owned(),
        sql: "SELECT registration_no, name, address, updated_at FROM companies".to_owned(),
        reads: vec![table()],
        split: None,
    };
    let staging = if in_parts {
        vec![Work::Sort { table: table(), dedupe: Some(dedupe()), expectations: expectations() }]
    } else {
        let Dedupe { by, keep } = dedupe();
        vec![
            Work::Load { table: table() },
            Work::Dedupe { table: table(), by, keep },
            Work::Verify { table: table(), expectations: expectations() },
        ]
    };
    let publish = Work::Publish { table: table(), mode: PublishMode::Upsert, country_column: None };
    let works =
        [Work::Cleanup { tables: vec![table()] }, extract].into_iter().chain(staging).chain([publish]);
    let stage = |work: Work| Stage {
        id: format!("companies.{}", work.word()),
        needs: Vec::new(),
        origin: origin(),
        retry: Retry { times: 0, from_seconds: 1, factor: 1 },
        work,
    };
    let columns = vec![
        column("registration_no", ColumnType::Text { length: 32 }, true),
        column("name", ColumnType::Text { length: 255 }, false),
        column("address", ColumnType::Text { length: 500 }, false),
        column("updated_at", ColumnType::Timestamp, false),
    ];
    PlanDocument {
        format: FORMAT,
        environment: "local".to_owned(),
        pipeline: "bench".to_owned(),
        title: "Bench".to_owned(),
        country: "GR".to_owned(),
        connections: [
            ("registry".to_owned(), place("source.db")),
            ("reports".to_owned(), place("target.db")),
        ]
        .into(),
        target: "reports".to_owned(),
        tables: [(table(), Table { columns })].into(),
        stages: works.map(stage).collect(),
    }
}
