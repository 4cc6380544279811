//! Distributed Map: an execution of its own for each item or batch of items, some of which may fail.

use std::sync::Arc;

use futures::stream::{self, StreamExt};
use serde_json::Value;
use sluice_contract::event::ExecutionStatus;

use super::branch::{Branch, Exit, target};
use super::items::{Item, Selected};
use super::visit::{Told, Visit, object};
use crate::engine::execute::{Ended, Execution};
use crate::engine::expression::Moment;
use crate::engine::failure::Failure;
use crate::engine::history::{Child, Event, EventKind, MapRun, Observer};
use crate::engine::machine::{Distributed, ItemBatcher, Map};

/// How many executions a Map Run has going at once where the state doesn't say.
const MOST_AT_ONCE: usize = 10_000;

impl<'v> Visit<'v> {
    pub(super) async fn distributed(
        &self,
        map: &'v Map,
        distributed: &'v Distributed,
    ) -> Result<Exit<'v>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        let given = match &distributed.reader {
            None => Some(self.given_items(map, &mut moment)?),
            Some(_) => None,
        };
        let tolerance = self.tolerance(distributed, &mut moment)?;
        let at_once = self.at_once(map, &mut moment, MOST_AT_ONCE)?;
        self.record(EventKind::MapStateStarted { length: given.as_ref().map_or(0, Vec::len) });
        let arn = self.arn(distributed, ":mapRun:");
        self.record(EventKind::MapRunStarted { arn: arn.clone() });
        let run = async {
            let items = match (given, &distributed.reader) {
                (Some(items), _) => items,
                (None, Some(reader)) => self.read_items(reader).await?,
                (None, None) => Vec::new(),
            };
            let inputs = self.inputs(map, distributed, items)?;
            let children = self.children(map, distributed, inputs, at_once, tolerance).await;
            let told = MapRun { arn: arn.clone(), state: self.name.to_owned(), children };
            self.branch.interpreter.history.map_run(&told);
            if tolerance.is_exceeded(&told.children) {
                return Err(Failure::too_many_failed());
            }
            self.result(distributed, &told).await
        };
        let result = match run.await {
            Ok(result) => result,
            Err(failure) => {
                let (error, cause) = (failure.error.clone(), failure.cause.clone());
                self.record(EventKind::MapRunFailed { error, cause });
                self.record(EventKind::MapStateFailed);
                return Err(failure);
            }
        };
        self.record(EventKind::MapRunSucceeded);
        self.record(EventKind::MapStateSucceeded);
        let mut moment = self.moment(Told::Result(&result))?;
        self.leave(&mut moment, &map.effects, || result.clone(), target(&map.transition))
    }

    /// What each child is given, with how many items that is.
    fn inputs(
        &self,
        map: &Map,
        distributed: &Distributed,
        items: Vec<Item>,
    ) -> Result<Vec<(usize, Value)>, Failure> {
        let selected = self.select(map, items)?;
        match &distributed.batcher {
            None => Ok(selected.into_iter().map(|it| (1, it.input)).collect()),
            Some(batcher) => self.batches(batcher, selected),
        }
    }

    fn batches(
        &self,
        batcher: &ItemBatcher,
        selected: Vec<Selected>,
    ) -> Result<Vec<(usize, Value)>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        let input = match &batcher.input {
            None => None,
            Some(template) => Some(self.evaluate(&mut moment, template, "BatchInput")?),
        };
        let whole = |moment: &mut Moment, template, field| self.whole(moment, template, field);
        let most_items = whole(&mut moment, batcher.max_items.as_ref(), "MaxItemsPerBatch")?;
        let most_items = most_items.unwrap_or(usize::MAX).max(1);
        let most_bytes = whole(&mut moment, batcher.max_bytes.as_ref(), "MaxInputBytesPerBatch")?;
        let most_bytes = most_bytes.unwrap_or(crate::engine::PAYLOAD_LIMIT);
        let batch = |items: Vec<Value>| {
            let count = items.len();
            let mut batch = object([("Items", Value::Array(items))]);
            if let (Some(input), Value::Object(fields)) = (&input, &mut batch) {
                drop(fields.insert("BatchInput".to_owned(), input.clone()));
            }
            (count, batch)
        };
        let overhead = batch(Vec::new()).1.to_string().len();
        let (mut all, mut items, mut bytes) = (Vec::new(), Vec::new(), overhead);
        for it in selected {
            let length = it.input.to_string().len() + 1;
            if !items.is_empty() && (items.len() >= most_items || bytes + length > most_bytes) {
                all.push(batch(std::mem::take(&mut items)));
                bytes = overhead;
            }
            bytes += length;
            items.push(it.input);
        }
        if !items.is_empty() {
            all.push(batch(items));
        }
        Ok(all)
    }

    /// Starts them all, so many at a time, until too many have failed.
    async fn children(
        &self,
        map: &Map,
        distributed: &Distributed,
        inputs: Vec<(usize, Value)>,
        at_once: usize,
        tolerance: Tolerance,
    ) -> Vec<Child> {
        let interpreter = self.branch.interpreter;
        let mut children: Vec<Child> = inputs
            .into_iter()
            .map(|(items, input)| {
                let id = self.arn(distributed, ":execution:");
                let execution = Execution {
                    name: id.rsplit(':').next().unwrap_or_default().to_owned(),
                    machine_id: self.labelled(distributed, &interpreter.execution.machine_id),
                    id,
                    input,
                    start: interpreter.clock.now(),
                    ..Execution::clone(&interpreter.execution)
                };
                Child { execution: Arc::new(execution), items, ended: None, stop: interpreter.clock.now() }
            })
            .collect();
        let pending: Vec<_> = children
            .iter()
            .enumerate()
            .map(|(index, child)| {
                let execution = Arc::clone(&child.execution);
                async move { (index, self.child(map, execution).await) }
            })
            .collect();
        let mut runs = stream::iter(pending).buffer_unordered(at_once);
        while let Some((index, ended)) = runs.next().await {
            interpreter.history.count_transitions(ended.transitions);
            if let Some(it) = children.get_mut(index) {
                it.ended = Some(ended);
                it.stop = interpreter.clock.now();
            }
            if tolerance.is_exceeded(&children) {
                break;
            }
        }
        children
    }

    async fn child(&self, map: &Map, execution: Arc<Execution>) -> Ended {
        let input = execution.input.clone();
        let interpreter = self.branch.interpreter.child(execution, &Deaf);
        let branch = Branch::outermost(&interpreter);
        let _ = interpreter.history.record(0, None, EventKind::ExecutionStarted { input: input.clone() });
        let ended = branch.run(&map.processor, input).await;
        let transitions = interpreter.history.transitions();
        match ended {
            Ok(output) => Ended {
                status: ExecutionStatus::Succeeded,
                output: Some(output),
                error: None,
                cause: None,
                transitions,
            },
            Err(failure) => Ended {
                status: ExecutionStatus::Failed,
                output: None,
                error: Some(failure.error),
                cause: failure.cause,
                transitions,
            },
        }
    }

    fn tolerance(&self, distributed: &Distributed, moment: &mut Moment) -> Result<Tolerance, Failure> {
        let count = self.whole(moment, distributed.tolerated_count.as_ref(), "ToleratedFailureCount")?;
        let percentage = match &distributed.tolerated_percentage {
            None => None,
            Some(template) => {
                let expected = "number from 0 to 100";
                let read = |value: &Value| value.as_f64().filter(|it| (0.0..=100.0).contains(it));
                Some(self.evaluate_as(moment, template, "ToleratedFailurePercentage", expected, read)?)
            }
        };
        Ok(Tolerance { count, percentage })
    }

    /// A new ARN of that kind: `arn:aws:states:eu-west-1:1:mapRun:machine/label:0b1c…`.
    fn arn(&self, distributed: &Distributed, kind: &str) -> String {
        let interpreter = self.branch.interpreter;
        let machine = self.labelled(distributed, &interpreter.execution.machine_id);
        format!("{}:{}", machine.replacen(":stateMachine:", kind, 1), interpreter.random.uuid())
    }

    fn labelled(&self, distributed: &Distributed, machine: &str) -> String {
        format!("{machine}/{}", distributed.label.as_deref().unwrap_or(self.name))
    }
}

/// How many items may fail.
#[derive(Debug, Clone, Copy)]
struct Tolerance {
    count: Option<usize>,
    percentage: Option<f64>,
}

impl Tolerance {
    fn is_exceeded(self, children: &[Child]) -> bool {
        let failed =
            |it: &&Child| it.ended.as_ref().is_some_and(|ended| ended.status != ExecutionStatus::Succeeded);
        let items = |children: &mut dyn Iterator<Item = &Child>| children.map(|it| it.items).sum::<usize>();
        let (all, failed) = (items(&mut children.iter()), items(&mut children.iter().filter(failed)));
        let count = match (self.count, self.percentage) {
            (None, None) => Some(0),
            (count, _) => count,
        };
        let share = |number: usize| u32::try_from(number).map_or(f64::MAX, f64::from);
        count.is_some_and(|most| failed > most)
            || self.percentage.is_some_and(|most| failed > 0 && share(failed) * 100.0 > most * share(all))
    }
}

/// A child's events stay its own.
struct Deaf;

impl Observer for Deaf {
    fn event(&self, _: &Event) {}
}
