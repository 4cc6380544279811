//! The lock's protocol, in every order that a few executions can fall into.
//!
//! The executions walk the generated machine: its conditions and updates are evaluated by the item store's own
//! evaluator, its expressions by the engine's, so the model cannot drift from what is generated. Only the stages are
//! the model's own: a job that asks whether its execution holds the lock, by the request that the worker makes, then
//! writes twice, and goes on writing when its execution has ended.
//!
//! A search of our own and no model checker's: that a lock can always be taken is a question about what each state
//! can lead to, which the checkers for Rust answer for some paths only, and the whole search fits here.

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

impl Model {
    fn new(machine: &str, inputs: &[Value], trouble: Trouble) -> Self {
        let machine: Value = serde_json::from_str(machine).unwrap();
        let names = machine["States"].as_object().unwrap().keys().cloned().collect();
        // The last one is the probe's.
        let inputs = inputs.iter().cloned().chain([json!({})]).collect();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        Self {
            machine,
            names,
            inputs,
            trouble,
            texts: RefCell::new(vec![Value::Null, json!({})]),
            steps: RefCell::default(),
            asked: RefCell::default(),
            freed: RefCell::default(),
            held: RefCell::default(),
            runtime,
        }
    }

    /// The text's number.
    fn kept(&self, text: Value) -> u16 {
        let mut texts = self.texts.borrow_mut();
        let known = texts.iter().position(|it| *it == text);
        let number = known.unwrap_or_else(|| {
            texts.push(text);
            texts.len() - 1
        });
        u16::try_from(number).unwrap()
    }

    fn text(&self, number: u16) -> Value {
        self.texts.borrow()[usize::from(number)].clone()
    }

    fn item(&self, lock: u16) -> Option<Item> {
        serde_json::from_value(self.text(lock)).unwrap()
    }

    fn owner(&self, world: &World) -> Option<usize> {
        let texts = self.texts.borrow();
        let owner = texts[usize::from(world.lock)]["owner"]["S"].as_str()?;
        owner.rsplit_once('-')?.1.parse().ok()
    }

    fn number(&self, name: &str) -> u8 {
        u8::try_from(self.names.iter().position(|it| it == name).unwrap()).unwrap()
    }

    fn state(&self, number: u8) -> &Value {
        &self.machine["States"][&self.names[usize::from(number)]]
    }

    fn first(&self) -> Place {
        Place::At(self.number(self.machine["StartAt"].as_str().unwrap()))
    }

    /// Whether a state is stages' work.
    fn is_work(state: &Value) -> bool {
        state["Type"] == "Parallel" || state["Resource"].as_str().is_some_and(|it| it.contains(":batch:"))
    }

    fn place(&self, next: &str) -> Place {
        let number = self.number(next);
        if Self::is_work(self.state(number)) { Place::Working } else { Place::At(number) }
    }

    /// The state behind the last stage.
    fn behind_the_work(&self) -> Place {
        let mut state =
            self.machine["States"].as_object().unwrap().values().find(|it| Self::is_work(it)).unwrap();
        loop {
            let next = state["Next"].as_str().unwrap();
            state = &self.machine["States"][next];
            if !Self::is_work(state) {
                return self.place(next);
            }
        }
    }

    fn evaluate(&self, template: &Value, bindings: &Map<String, Value>) -> Value {
        match template {
            Value::String(text) => match text.strip_prefix("{% ").and_then(|it| it.strip_suffix(" %}")) {
                None => template.clone(),
                Some(expression) => self.runtime.block_on(async {
                    evaluate_alone(expression, bindings, Clock::starting(Timestamp::UNIX_EPOCH))
                        .unwrap()
                        .unwrap()
                }),
            },
            Value::Array(items) => items.iter().map(|it| self.evaluate(it, bindings)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(k, v)| (k.clone(), self.evaluate(v, bindings))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => template.clone(),
        }
    }

    /// What the process' next state does to a world. The same question has the same answer.
    fn step(&self, world: &World, process: usize, at: u8) -> Step {
        let key = (at, process, world.lock, world.processes[process].variables, world.running());
        if let Some(known) = self.steps.borrow().get(&key) {
            return *known;
        }
        let step = self.computed(world, process, at);
        let _ = self.steps.borrow_mut().insert(key, step);
        step
    }

    fn computed(&self, world: &World, process: usize, at: u8) -> Step {
        let state = self.state(at);
        let own = &world.processes[process];
        let Value::Object(mut variables) = self.text(own.variables) else { panic!("variables") };
        let mut bindings = variables.clone();
        let context = json!({
            "Execution": {
                "Id": format!("arn-{process}"), "Name": format!("e-{process}"),
                "StartTime": "2026-11-22T12:00:00.000Z", "Input": self.inputs[process],
            },
            "State": { "EnteredTime": "2026-11-22T12:00:00.000Z" },
        });
        let _ = bindings.insert("states".to_owned(), json!({ "context": context }));
        let mut step = Step {
            lock: world.lock,
            variables: own.variables,
            to: Place::Working,
            repeated: false,
            took: false,
        };
        let next = |it: &Value| self.place(it["Next"].as_str().unwrap());
        match state["Type"].as_str().unwrap() {
            "Choice" => {
                let rules = state["Choices"].as_array().unwrap();
                let holds = |it: &&Value| self.evaluate(&it["Condition"], &bindings) == json!(true);
                step.to = match rules.iter().find(holds) {
                    Some(rule) => next(rule),
                    None => self.place(state["Default"].as_str().unwrap()),
                };
            }
            "Wait" => step.to = next(state),
            "Succeed" => {
                let output = self.evaluate(&state["Output"], &bindings);
                step.repeated = output["outcome"] == "skipped" && output.get("scheduled").is_some();
                step.to = Place::Succeeded;
            }
            "Fail" => step.to = Place::Broken(Some(at)),
            "Task" => {
                let arguments = self.evaluate(&state["Arguments"], &bindings);
                let result = match state["Resource"].as_str().unwrap().rsplit(":::").next().unwrap() {
                    "dynamodb:updateItem" => {
                        let request: UpdateItem = serde_json::from_value(arguments).unwrap();
                        match updated(&request, self.item(world.lock).as_ref()) {
                            Ok(item) => {
                                step.lock = self.kept(serde_json::to_value(&item).unwrap());
                                step.took = request.update_expression.contains("#owner = :me");
                                json!({ "Attributes": item })
                            }
                            Err(ItemStoreError::ConditionFailed) => {
                                let catchers = state["Catch"].as_array().unwrap();
                                step.to = next(
                                    catchers
                                        .iter()
                                        .find(|it| it["ErrorEquals"][0] == CONDITION_FAILED)
                                        .unwrap(),
                                );
                                return step;
                            }
                            Err(
                                other @ (ItemStoreError::Invalid(_)
                                | ItemStoreError::Unavailable(_)
                                | ItemStoreError::Damaged(_)),
                            ) => panic!("{other}"),
                        }
                    }
                    "dynamodb:getItem" => json!({ "Item": self.item(world.lock) }),
                    "aws-sdk:sfn:describeExecution" => {
                        let arn = arguments["ExecutionArn"].as_str().unwrap();
                        let asked: usize = arn.rsplit_once('-').unwrap().1.parse().unwrap();
                        let status = if world.is_running(asked) { "RUNNING" } else { "ABORTED" };
                        json!({ "Status": status })
                    }
                    other => panic!("{other}"),
                };
                bindings["states"]["result"] = result;
                for (name, template) in state.get("Assign").and_then(Value::as_object).into_iter().flatten() {
                    let value = self.evaluate(template, &bindings);
                    let _ = variables.insert(name.clone(), value);
                }
                step.variables = self.kept(Value::Object(variables));
                step.to = next(state);
            }
            other => panic!("{other}"),
        }
        step
    }

    /// The world after a process' step.
    fn stepped(&self, world: &World, process: usize, at: u8) -> World {
        let step = self.step(world, process, at);
        let mut after = world.clone();
        after.lock = step.lock;
        let own = &mut after.processes[process];
        own.variables = step.variables;
        own.repeated |= step.repeated;
        own.took |= step.took;
        self.arrive(&mut after, process, step.to);
        after
    }

    /// Every world that may come next, and what would have happened.
    fn next(&self, world: &World) -> Vec<(String, World)> {
        let mut all = Vec::new();
        for process in 0..world.processes.len() {
            let own = &world.processes[process];
            let mut add = |what: &str, change: &dyn Fn(&mut World)| {
                let mut after = world.clone();
                change(&mut after);
                all.push((format!("{process} {what}"), after));
            };
            if own.events > 0 {
                add("is heard of", &|it| {
                    it.processes[process].events -= 1;
                    self.watch(it, process);
                });
            }
            match own.place {
                Place::At(at) => {
                    let what = self.names[usize::from(at)].clone();
                    add(&what, &|it| *it = self.stepped(it, process, at));
                    if world.lost > 0 && self.step(world, process, at).lock != world.lock {
                        add("loses the answer and asks again", &|it| {
                            it.lost -= 1;
                            let step = self.step(it, process, at);
                            it.lock = step.lock;
                            it.processes[process].took |= step.took;
                        });
                    }
                }
                Place::Working => {
                    if !world.jobs.iter().any(|it| usize::from(it.process) == process) {
                        let behind = self.behind_the_work();
                        add("has done its stages", &|it| self.arrive(it, process, behind));
                    }
                }
                Place::Broken(at) => {
                    if world.redrives > 0 {
                        let place = at.map_or(Place::Working, Place::At);
                        add("is redriven", &|it| {
                            it.redrives -= 1;
                            self.arrive(it, process, place);
                        });
                    }
                }
                Place::Succeeded => {}
            }
            if world.is_running(process) && world.aborts > 0 {
                add("is stopped", &|it| {
                    it.aborts -= 1;
                    break_off(it, process);
                });
            }
        }
        for (index, job) in world.jobs.iter().enumerate() {
            let mut after = world.clone();
            if !job.began {
                let (lock, held) = self.hold(world.lock, job);
                after.lock = lock;
                after.jobs[index].began = held;
                if !held {
                    let _ = after.jobs.remove(index);
                    fail(&mut after, job.process);
                }
                all.push((format!("{} begins a job with fence {}", job.process, job.fence), after));
                continue;
            }
            let known = world.written.map_or(0, |it| it.0);
            if job.fence >= known {
                after.written = Some((job.fence, job.process));
                after.jobs[index].left -= 1;
            } else {
                // Refused: the job fails, and with it its execution, if that goes on.
                after.jobs[index].left = 0;
                fail(&mut after, job.process);
            }
            after.jobs.retain(|it| it.left > 0);
            all.push((format!("{} writes with fence {}", job.process, job.fence), after));
        }
        all
    }

    /// What must never be, if it is.
    fn broken(&self, before: &World, after: &World) -> Option<String> {
        if let (Some((before, first)), Some((fence, second))) = (before.written, after.written) {
            if fence < before {
                return Some("an older fence wrote after a newer one".to_owned());
            }
            if fence == before && first != second {
                return Some("two executions wrote with one fence".to_owned());
            }
        }
        let scheduled = |process: usize| self.inputs[process]["scheduled"].as_str();
        for (process, own) in after.processes.iter().enumerate() {
            let others = || after.processes.iter().enumerate().filter(|(it, _)| *it != process);
            let time = scheduled(process);
            if time.is_some()
                && own.worked
                && others().any(|(it, other)| other.worked && scheduled(it) == time)
            {
                return Some("a scheduled time ran twice".to_owned());
            }
            if own.repeated && !others().any(|(it, other)| other.took && scheduled(it) >= time) {
                return Some("a start was refused that nobody had made".to_owned());
            }
            let took_it = self.owner(after) == Some(process) && self.owner(before) != Some(process);
            // Between the question and the write the owner can only be redriven.
            if took_it
                && after.redrives == self.trouble.redrives
                && self.owner(before).is_some_and(|it| before.is_running(it))
            {
                return Some("the lock of a running execution was taken".to_owned());
            }
            if let Place::At(at) = own.place
                && self.is_new((at, process, after.lock, own.variables, after.running()))
                && !self.gets_somewhere(after, process)
            {
                return Some(format!("{process} goes round and round"));
            }
        }
        let free = self.owner(after).is_none_or(|it| !after.is_running(it));
        let newest = after.jobs.iter().map(|it| it.fence).max().unwrap_or_default();
        let probe = after.processes.len();
        let question = (u8::MAX, probe, after.lock, u16::try_from(newest).unwrap(), after.running());
        if free && self.is_new(question) {
            let processes = [&after.processes[..], &[starting(self.first())]].concat();
            if !self.works_at_last(&World { processes, ..after.clone() }, probe) {
                return Some("a lock whose owner has ended can't be taken".to_owned());
            }
        }
        None
    }

    /// Whether this was not asked before of such a lock and such executions.
    fn is_new(&self, question: Question) -> bool {
        self.asked.borrow_mut().insert(question)
    }

    fn arrive(&self, world: &mut World, process: usize, to: Place) {
        let own = &mut world.processes[process];
        own.place = to;
        match to {
            Place::Working => {
                own.worked = true;
                let variables = self.text(own.variables);
                own.variables = self.kept(json!({ "fence": variables["fence"], "run": variables["run"] }));
                let fence = variables["fence"].as_str().unwrap().parse().unwrap();
                let process = u8::try_from(process).unwrap();
                world.jobs.push(Job { process, fence, began: false, left: WRITES });
            }
            Place::Succeeded => {
                own.events += 1;
                own.variables = 1;
            }
            Place::Broken(_) => own.events += 1,
            Place::At(_) => {}
        }
    }

    /// What `watch` asks of the lock, by the request that it makes.
    fn watch(&self, world: &mut World, process: usize) {
        let question = (world.lock, process);
        let known = self.freed.borrow().get(&question).copied();
        world.lock = known.unwrap_or_else(|| {
            let store = OneItem(Mutex::new(self.item(world.lock)));
            let _ = RunsTable::new(&store, "runs").free_lock("greece", &format!("arn-{process}")).unwrap();
            let after = self.kept(serde_json::to_value(&*store.0.lock().unwrap()).unwrap());
            let _ = self.freed.borrow_mut().insert(question, after);
            after
        });
    }

    /// What a job asks of the lock before it does anything, by the request that it makes: the lock, and whether its
    /// execution holds it.
    fn hold(&self, lock: u16, job: &Job) -> (u16, bool) {
        let question = (lock, job.process, job.fence);
        let known = self.held.borrow().get(&question).copied();
        known.unwrap_or_else(|| {
            let store = OneItem(Mutex::new(self.item(lock)));
            let execution = format!("arn-{}", job.process);
            let holder = Holder { execution: &execution, run: "r", fence: job.fence.into() };
            let hold = RunsTable::new(&store, "runs").hold_lock("greece", holder, "now").unwrap();
            let after = self.kept(serde_json::to_value(&*store.0.lock().unwrap()).unwrap());
            let owner = self.text(after)["owner"]["S"].clone();
            assert_eq!(
                owner == execution.as_str(),
                hold == Hold::Held,
                "a job begins if its execution holds the lock"
            );
            let answer = (after, hold == Hold::Held);
            let _ = self.held.borrow_mut().insert(question, answer);
            answer
        })
    }

    /// Whether the process, alone, comes to its stages, to an end or to waiting for another.
    fn gets_somewhere(&self, world: &World, process: usize) -> bool {
        let mut world = world.clone();
        for _ in 0..FAR {
            match world.processes[process].place {
                Place::At(at) if self.state(at)["Type"] != "Wait" => {
                    world = self.stepped(&world, process, at);
                }
                Place::At(_) | Place::Working | Place::Succeeded | Place::Broken(_) => {
                    return true;
                }
            }
        }
        false
    }

    fn works_at_last(&self, world: &World, process: usize) -> bool {
        let mut world = world.clone();
        for _ in 0..FAR {
            let Place::At(at) = world.processes[process].place else { break };
            world = self.stepped(&world, process, at);
        }
        let fence = world.jobs.last().map_or(0, |it| it.fence);
        world.processes[process].worked
            && world.jobs[..world.jobs.len() - 1].iter().all(|it| it.fence < fence)
    }

    /// Every world that can be, or the way to one that must not be.
    fn explore(&self) -> Result<usize, Vec<String>> {
        // Whether an execution starts late or its first state takes long is the same.
        let processes = vec![starting(self.first()); self.inputs.len() - 1];
        let start = World {
            lock: 0,
            processes,
            jobs: Vec::new(),
            written: None,
            aborts: self.trouble.aborts,
            redrives: self.trouble.redrives,
            lost: self.trouble.lost,
        };
        let mut seen = HashSet::from([start.clone()]);
        let mut ways: Vec<(usize, String)> = vec![(0, String::new())];
        let mut open = VecDeque::from([(0_usize, start)]);
        while let Some((index, world)) = open.pop_front() {
            for (what, after) in self.next(&world) {
                let wrong = self.broken(&world, &after);
                if wrong.is_none() && !seen.insert(after.clone()) {
                    continue;
                }
                ways.push((index, what));
                if let Some(wrong) = wrong {
                    let mut way = vec![wrong];
                    let mut at = ways.len() - 1;
                    while at > 0 {
                        way.insert(0, ways[at].1.clone());
                        at = ways[at].0;
                    }
                    return Err(way);
                }
                open.push_back((ways.len() - 1, after));
            }
        }
        Ok(seen.len())
    }
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
