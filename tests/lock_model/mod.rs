//! The lock's protocol, in every order that a few executions can fall into.
//!
//! The executions walk the generated machine: its conditions and updates are evaluated by the item store's own
//! evaluator, its expressions by the engine's, so the model cannot drift from what is generated. Only the stages are
//! the model's own: a job that asks whether its execution holds the lock, by the request that the worker makes, then
//! writes twice, and goes on writing when its execution has ended.
//!
//! A search of our own and no model checker's: that a lock can always be taken is a question about what each state
//! can lead to, which the checkers for Rust answer for some paths only, and the whole search fits here.

mod machine;
mod search;

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet, VecDeque},
    path::Path,
    sync::Mutex,
};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sluice::{
    compile::compile,
    emit::{emit, state_machine_path},
    engine::{Clock, evaluate_alone},
    source::DiskFiles,
};
use sluice_contract::{
    dynamodb::{DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix, UpdateItem},
    error_name::CONDITION_FAILED,
    runs::{Hold, Holder, RunsTable},
};
use sluice_worker::embedded::updated;

/// Writes of a job: enough for another's to come between.
const WRITES: u8 = 2;
/// More states than any way through the lock has.
const FAR: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// By its number in the machine.
    At(u8),
    /// In its stages; the job may have ended.
    Working,
    Succeeded,
    /// Stopped or failed, at that place.
    Broken(Option<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Process {
    place: Place,
    /// Its variables, by their number among the texts.
    variables: u16,
    took: bool,
    worked: bool,
    repeated: bool,
    /// Ends that `watch` has not heard of yet.
    events: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Job {
    process: u8,
    fence: u32,
    /// Whether it has made sure that its execution holds the lock.
    began: bool,
    left: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    /// The lock's item, by its number among the texts.
    lock: u16,
    processes: Vec<Process>,
    jobs: Vec<Job>,
    /// Fence and process of the last write that the target took.
    written: Option<(u32, u8)>,
    aborts: u8,
    redrives: u8,
    lost: u8,
}

impl World {
    fn is_running(&self, process: usize) -> bool {
        matches!(self.processes[process].place, Place::At(_) | Place::Working)
    }

    /// Which executions run, as bits.
    fn running(&self) -> u8 {
        (0..self.processes.len()).filter(|it| self.is_running(*it)).map(|it| 1 << it).sum()
    }
}

/// What a step of a process gives: the lock, its variables, where it is.
#[derive(Debug, Clone, Copy)]
struct Step {
    lock: u16,
    variables: u16,
    to: Place,
    repeated: bool,
    took: bool,
}

/// State, process, lock, variables, and which executions run: all that a step depends on.
type Question = (u8, usize, u16, u16, u8);

/// Lock, process and fence of a job that asks whether its execution holds the lock.
type Asked = (u16, u8, u32);

struct Model {
    machine: Value,
    names: Vec<String>,
    /// The input of each execution.
    inputs: Vec<Value>,
    trouble: Trouble,
    /// Every item and every set of variables that there was, as JSON: worlds are many, these are few.
    texts: RefCell<Vec<Value>>,
    steps: RefCell<HashMap<Question, Step>>,
    asked: RefCell<HashSet<Question>>,
    freed: RefCell<HashMap<(u16, usize), u16>>,
    held: RefCell<HashMap<Asked, (u16, bool)>>,
    runtime: tokio::runtime::Runtime,
}

fn starting(at: Place) -> Process {
    Process { place: at, variables: 1, took: false, worked: false, repeated: false, events: 0 }
}

fn generated(case: &str) -> String {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/build").join(case);
    let compiled = compile(&DiskFiles::new(case));
    let mut generated = emit(&compiled.plan.unwrap(), &compiled.sources).unwrap();
    generated[1].files.remove(&state_machine_path("greece")).unwrap()
}
/// What may go wrong on the way, so many times.
#[derive(Debug, Clone, Copy)]
struct Trouble {
    /// An execution is stopped.
    aborts: u8,
    /// A stopped execution is redriven.
    redrives: u8,
    /// The lock's answer is lost, and the request made again.
    lost: u8,
}

/// The job failed, and with it its execution, if that goes on.
fn fail(world: &mut World, process: u8) {
    if world.processes[usize::from(process)].place == Place::Working {
        break_off(world, process.into());
    }
}

fn break_off(world: &mut World, process: usize) {
    let own = &mut world.processes[process];
    own.place = Place::Broken(match own.place {
        Place::At(at) => Some(at),
        Place::Working | Place::Succeeded | Place::Broken(_) => None,
    });
    own.events += 1;
}

#[derive(Debug)]
struct OneItem(Mutex<Option<Item>>);

impl ItemStore for OneItem {
    fn get_item(&self, _request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        let mut item = self.0.lock().unwrap();
        *item = Some(updated(request, item.as_ref())?);
        Ok(None)
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        panic!("{request:?}")
    }

    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError> {
        panic!("{request:?}")
    }

    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        panic!("{request:?}")
    }
}

/// `-`: a start by hand; a number: of the schedule's start at that hour.
fn inputs(starts: &str) -> Vec<Value> {
    let input =
        |it| if it == '-' { json!({}) } else { json!({ "scheduled": format!("2026-11-22T0{it}:30:00Z") }) };
    starts.chars().map(input).collect()
}

/// The first of the generated machine's words, changed everywhere.
fn damaged(case: &str, from: &str, to: &str) -> String {
    let machine = generated(case);
    assert!(machine.contains(from), "{from}");
    machine.replace(from, to)
}

#[test]
fn no_order_of_events_breaks_the_lock() {
    let few = Trouble { aborts: 1, redrives: 1, lost: 0 };
    let more = Trouble { aborts: 2, redrives: 1, lost: 1 };
    for (case, starts, trouble) in [
        ("one_table", "22-", few),
        ("one_table", "223", few),
        ("one_table", "22", more),
        ("one_table", "2-", more),
        ("overlap_fails", "22", more),
        ("tables_side_by_side", "23", more),
        ("tables_side_by_side", "22", more),
    ] {
        match Model::new(&generated(case), &inputs(starts), trouble).explore() {
            Ok(worlds) => assert!(worlds > 5000, "{case} {starts}: only {worlds} worlds"),
            Err(way) => panic!("{case} {starts}\n{}", way.join("\n")),
        }
    }
}

/// What the search finds when the protocol is worse: it would be worth nothing if it found no fault.
#[test]
fn each_part_of_the_protocol_is_needed() {
    let trouble = Trouble { aborts: 1, redrives: 1, lost: 1 };
    for (starts, from, to, wrong) in [
        ("22", r#""N": "1""#, r#""N": "0""#, "a lock whose owner has ended can't be taken"),
        ("22", "#scheduled < :scheduled", "#scheduled <= :scheduled", "a scheduled time ran twice"),
        ("22", "OR #scheduled_by = :me", "OR #scheduled_by = :run", "goes round and round"),
        ("22", "(attribute_not_exists(#owner) AND", "(attribute_exists(#owner) AND", "goes round and round"),
        ("2-", "(attribute_not_exists(#owner) AND (", "((", "the lock of a running execution was taken"),
        ("2-", "#owner = :holder AND", "#owner <> :holder AND", "goes round and round"),
    ] {
        let model = Model::new(&damaged("one_table", from, to), &inputs(starts), trouble);
        let way = model.explore().expect_err(from);
        assert!(way.last().unwrap().contains(wrong), "{from}\n{}", way.join("\n"));
    }
}
