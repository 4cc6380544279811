//! `docs/runs-table.md`: its keys, writes and example are those of the contract and of the generated machine.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, sync::Mutex};

use serde_json::{Value, json};
use sluice::{
    compile::compile,
    emit::{emit, state_machine_path},
    source::DiskFiles,
};
use sluice_contract::{
    dynamodb::{DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix, UpdateItem},
    plan::Origin,
    runs::{
        DAYS_KEPT, EXPIRES_AT, Hold, Holder, LOCK, PK, PartRecord, RunEnd, RunStatus, RunsTable, SK,
        StageFailure, StageKey, part_key, partition, run_key, stage_key,
    },
    statistics::Statistics,
};
use sluice_worker::embedded::updated;

const END: &str = "<!-- end -->";
const STARTED: i64 = 1_795_314_600_000;
const RUN: &str = "greece-d32c5kddcf5bb8c3";
const STAGE: &str = "companies.extract";

/// Keeps the items, and every update that was made of them.
#[derive(Debug, Default)]
struct Recording {
    items: Mutex<BTreeMap<String, Item>>,
    updates: Mutex<Vec<UpdateItem>>,
}

impl Recording {
    fn sk(item: &Item) -> String {
        item[SK].text().unwrap().to_owned()
    }

    fn last(&self) -> UpdateItem {
        self.updates.lock().unwrap().last().unwrap().clone()
    }
}

impl ItemStore for Recording {
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        Ok(self.items.lock().unwrap().get(&Self::sk(&request.key)).cloned())
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        let _ = self.items.lock().unwrap().insert(Self::sk(&request.item), request.item.clone());
        Ok(())
    }

    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        self.updates.lock().unwrap().push(request.clone());
        let mut items = self.items.lock().unwrap();
        let item = updated(request, items.get(&Self::sk(&request.key)))?;
        let _ = items.insert(Self::sk(&request.key), item.clone());
        Ok(Some(item))
    }

    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError> {
        panic!("{request:?}")
    }

    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        panic!("{request:?}")
    }
}

/// The lock's requests, from the generated machine, as a scheduled execution makes them.
fn of_the_machine(state: &str) -> UpdateItem {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/build/one_table");
    let compiled = compile(&DiskFiles::new(case));
    let generated = emit(&compiled.plan.unwrap(), &compiled.sources).unwrap();
    let machine: Value = serde_json::from_str(&generated[1].files[&state_machine_path("greece")]).unwrap();
    let mut arguments = machine["States"][state]["Arguments"].clone();
    let known = json!({
        ":me": { "S": format!("arn:aws:states:…:execution:credit-reports-greece:{RUN}") },
        ":run": { "S": RUN },
        ":now": { "S": "2026-11-22T02:30:01.000Z" },
        ":scheduled": { "S": "2026-11-22T02:30:00Z" },
    });
    for (name, value) in arguments["ExpressionAttributeValues"].as_object_mut().unwrap() {
        if let Some(value_known) = known.get(name) {
            *value = value_known.clone();
        }
    }
    let names = arguments["ExpressionAttributeNames"].as_object_mut().unwrap();
    for (name, attribute) in [("#start", "scheduled"), ("#starter", "scheduled_by")] {
        if let Some(there) = names.get_mut(name) {
            *there = attribute.into();
        }
    }
    serde_json::from_value(arguments).unwrap()
}

/// The rows of the table of writes, and the items of the example.
fn written() -> (String, BTreeMap<String, Item>) {
    let store = Recording::default();
    let runs = RunsTable::new(&store, "credit-reports-runs");
    let at = StageKey { pipeline: "greece", run: RUN, stage: STAGE };
    let counted = Statistics {
        rows_read: 1000,
        rows_written: 1000,
        bytes: 40_000,
        parts: 1,
        milliseconds: 900,
        ..Statistics::default()
    };
    let end = RunEnd {
        run: RUN,
        status: RunStatus::Succeeded,
        execution: "arn:aws:states:…:execution:credit-reports-greece:greece-d32c5kddcf5bb8c3",
        started_at: STARTED,
        ended_at: STARTED + 60_000,
        cause: None,
    };
    let mut rows = String::from("\n| write | item | condition | update |\n|---|---|---|---|\n");
    let mut row = |what: &str, request: &UpdateItem| {
        let sk = Recording::sk(&request.key)
            .replace(RUN, "<run>")
            .replace(STAGE, "<stage>")
            .replace("00000", "<00000>");
        let condition = request.condition_expression.as_deref().map_or(String::new(), |it| format!("`{it}`"));
        writeln!(rows, "| {what} | `{sk}` | {condition} | `{}` |", request.update_expression).unwrap();
    };
    let take = of_the_machine("Take the lock");
    let _ = store.update_item(&take).unwrap();
    row("the lock is taken", &take);
    row("the lock is taken over", &of_the_machine("Take the lock over"));
    let free = of_the_machine("Free the lock");
    assert!(runs.run_started("greece", RUN, 1, STARTED).unwrap());
    let origin = Origin { file: "greece.pipe".to_owned(), line: 8 };
    row("a run starts, or goes on", &store.last());
    assert!(runs.stage_started(&at, &origin, 1, STARTED).unwrap());
    row("an attempt at a stage starts", &store.last());
    let why = StageFailure { code: "P0601", cause: "the source is gone", help: "bring it back" };
    assert!(runs.stage_failed(&at, 1, &why, STARTED).unwrap());
    row("it fails", &store.last());
    assert!(runs.failed_in_part(&at, 0, 1).unwrap());
    row("the part of an array that failed", &store.last());
    assert!(runs.stage_joined(&at, &origin, 0, 1, STARTED).unwrap());
    row("a child of an array joins its stage", &store.last());
    let part = PartRecord { part: 0, fence: 1, rows: 1000, bytes: 40_000, sha256: "9f86d081…".to_owned() };
    assert!(runs.part_done(&at, &part, STARTED).unwrap());
    row("a part is done", &store.last());
    assert!(runs.stage_done(&at, 1, &counted, STARTED + 1000).unwrap());
    row("the stage is done", &store.last());
    let free_now = of_the_machine("Free the lock");
    let _ = store.update_item(&free_now).unwrap();
    let holder = Holder { execution: end.execution, run: RUN, fence: 1 };
    assert_eq!(runs.hold_lock("greece", holder, "2026-11-22T02:30:01Z").unwrap(), Hold::Held);
    row("a job takes a freed lock back", &store.last());
    let _ = store.update_item(&free).unwrap();
    row("the machine frees the lock", &free);
    assert!(runs.run_ended("greece", &end).unwrap());
    row("`watch` records an end", &store.last());
    assert!(!runs.free_lock("greece", "arn:aws:states:…:execution:credit-reports-greece:other").unwrap());
    row("`watch` frees the lock", &store.last());
    assert!(runs.settle("greece", RUN, end.ended_at).unwrap());
    row("`watch` marks the end as told", &store.last());
    rows.push('\n');
    let items = store.items.into_inner().unwrap();
    (rows, items)
}

fn keys() -> String {
    let row =
        |what: &str, sk: &str, by: &str| format!("| {what} | `{}` | `{sk}` | {by} |\n", partition("<name>"));
    let part = part_key("<run>", "<stage>", 0).replace("00000", "<00000>");
    [
        format!("\n| item | `{PK}` | `{SK}` | written by |\n|---|---|---|---|\n"),
        row("lock", LOCK, "the state machine; `watch` frees it"),
        row("run", &run_key("<run>"), "worker (start), `watch` (end)"),
        row("stage, with its statistics", &stage_key("<run>", "<stage>"), "worker"),
        row("part", &part, "worker"),
        "\n".to_owned(),
    ]
    .concat()
}

fn example(items: &BTreeMap<String, Item>) -> String {
    let items: Vec<&Item> = items.values().collect();
    let lines: Vec<String> = items
        .iter()
        .map(|item| {
            let fields: Vec<String> = item
                .iter()
                .map(|(name, value)| {
                    format!("  {}: {}", Value::from(name.as_str()), serde_json::to_string(value).unwrap())
                })
                .collect();
            format!("{{\n{}\n}}", fields.join(",\n"))
        })
        .collect();
    format!("\n```json\n{}\n```\n", lines.join("\n"))
}

#[test]
fn the_page_of_the_runs_table_shows_what_is_written() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/runs-table.md");
    let page = fs::read_to_string(&path).unwrap();
    let (writes, items) = written();
    let made = [
        ("keys", keys()),
        ("writes", writes),
        ("days", format!("{DAYS_KEPT}")),
        ("example", example(&items)),
    ];
    let renewed = made.iter().fold(page.clone(), |page, (name, text)| {
        let mark = format!("<!-- generated {name} -->");
        let (before, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("no mark `{name}`"));
        let (_, after) = rest.split_once(END).unwrap();
        format!("{before}{mark}{text}{END}{after}")
    });
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &renewed).unwrap();
        return;
    }
    assert!(page == renewed, "docs/runs-table.md is stale: run `BLESS=1 cargo test --test main runs_table`");
}

#[test]
fn every_item_but_the_lock_may_expire() {
    let (_, items) = written();
    assert_eq!(items.len(), 4);
    for (sk, item) in items {
        assert_eq!(item.contains_key(EXPIRES_AT), sk != LOCK, "{sk}");
    }
}
