//! The pipeline that labs run: its plan, on both ways through staging.

use sluice_contract::plan::{
    Base, Column, ColumnType, Connection as Place, Dedupe, Expectation, FORMAT, Keep, Location, Origin,
    PlanDocument, PublishMode, Retry, Stage, Table, Work,
};

/// Puts one `sort` in the place of `load`, `translate`, `dedupe` and `verify`, as the compiler does.
pub(super) fn sort_instead(plan: &mut PlanDocument) {
    let (mut duplicates, mut all) = (None, Vec::new());
    for stage in &plan.stages {
        if let Work::Dedupe { by, keep, .. } = &stage.work {
            duplicates = Some(Dedupe { by: by.clone(), keep: keep.clone() });
        }
        if let Work::Verify { expectations, .. } = &stage.work {
            all.extend(expectations.iter().cloned());
        }
    }
    plan.stages
        .retain(|it| !matches!(it.work, Work::Translate { .. } | Work::Dedupe { .. } | Work::Verify { .. }));
    for stage in &mut plan.stages {
        if let Work::Load { table } = &stage.work {
            let (table, dedupe) = (table.clone(), duplicates.take());
            stage.work = Work::Sort { table, dedupe, expectations: std::mem::take(&mut all) };
            stage.id = "companies.sort".to_owned();
        }
    }
}

const RETRY: Retry = Retry { times: 2, from_seconds: 30, factor: 2 };

/// Greek companies: every stage, from a file into a file.
pub(super) fn plan() -> PlanDocument {
    let origin = |line| Origin { file: "greece.pipe".to_owned(), line };
    let column = |name: &str, kind, key| Column { name: name.to_owned(), kind, key };
    let columns = vec![
        column("reg", ColumnType::Text { length: 32 }, true),
        column("country", ColumnType::Char { length: 2 }, false),
        column("name", ColumnType::Text { length: 20 }, false),
        column("updated_at", ColumnType::Timestamp, false),
    ];
    let table = || "companies".to_owned();
    let stage = |id: &str, line, work| Stage {
        id: id.to_owned(),
        needs: Vec::new(),
        origin: origin(line),
        retry: RETRY,
        work,
    };
    let place = |path: &str| Place::Sqlite { path: Location { base: Base::State, path: path.to_owned() } };
    let extract = Work::Extract {
        table: table(),
        connection: "registry".to_owned(),
        file: "greece/companies.sql".to_owned(),
        sql: "SELECT reg, country, name, updated_at FROM companies ORDER BY id".to_owned(),
        reads: vec!["companies".to_owned()],
        split: None,
    };
    PlanDocument {
        format: FORMAT,
        environment: "local".to_owned(),
        pipeline: "greece".to_owned(),
        title: "Greek companies".to_owned(),
        country: "GR".to_owned(),
        connections: [
            ("registry".to_owned(), place("source.db")),
            ("reports".to_owned(), place("target.db")),
        ]
        .into(),
        target: "reports".to_owned(),
        tables: [(table(), Table { columns })].into(),
        stages: vec![
            stage("cleanup", 1, Work::Cleanup { tables: vec![table()] }),
            stage("companies.extract", 8, extract),
            stage("companies.load", 8, Work::Load { table: table() }),
            stage(
                "companies.translate",
                9,
                Work::Translate {
                    table: table(),
                    columns: vec!["name".to_owned()],
                    from: "el".to_owned(),
                    to: "en".to_owned(),
                },
            ),
            stage(
                "companies.dedupe",
                10,
                Work::Dedupe {
                    table: table(),
                    by: vec!["reg".to_owned()],
                    keep: Keep::Newest { column: "updated_at".to_owned() },
                },
            ),
            stage(
                "companies.verify",
                11,
                Work::Verify {
                    table: table(),
                    expectations: vec![
                        Expectation::Rows { least: 1, most: 5_000_000, origin: origin(11) },
                        Expectation::NoNulls { columns: vec!["reg".to_owned()], origin: origin(12) },
                    ],
                },
            ),
            stage(
                "companies.publish",
                13,
                Work::Publish { table: table(), mode: PublishMode::Upsert, country_column: None },
            ),
        ],
    }
}
