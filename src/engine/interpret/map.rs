//! Map: one scope of states for each item, so many at a time; the first failure drops the others.

use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use super::branch::{Exit, target};
use super::unfinished::Unfinished;
use super::visit::{Told, Visit, object};
use crate::engine::failure::Failure;
use crate::engine::history::EventKind;
use crate::engine::machine::Map;

/// How many iterations of an inline Map AWS runs at once where the state doesn't say.
const MOST_AT_ONCE: usize = 40;

impl<'v> Visit<'v> {
    pub(super) async fn map(&self, map: &'v Map) -> Result<Exit<'v>, Failure> {
        self.recovering(&map.recovery, async || self.iterations(map).await).await
    }

    async fn iterations(&self, map: &'v Map) -> Result<Exit<'v>, Failure> {
        let (items, at_once) = self.items(map)?;
        self.record(EventKind::MapStateStarted { length: items.len() });
        let started = self.branch.last_event();
        let runs = items
            .into_iter()
            .enumerate()
            .map(|(index, (item, input))| self.iteration(map, started, index, item, input));
        let mut done: Vec<Done> = match stream::iter(runs).buffer_unordered(at_once).try_collect().await {
            Ok(done) => done,
            Err((failure, previous)) => {
                self.branch.record_after(previous, self.name, EventKind::MapStateFailed);
                return Err(failure);
            }
        };
        let previous = done.iter().map(|done| done.last_event).max().unwrap_or(started);
        self.branch.record_after(previous, self.name, EventKind::MapStateSucceeded);
        done.sort_by_key(|done| done.index);
        let result = Value::Array(done.into_iter().map(|done| done.output).collect());
        let mut moment = self.moment(Told::Result(&result))?;
        self.leave(&mut moment, &map.effects, || result.clone(), target(&map.transition))
    }

    async fn iteration(
        &self,
        map: &'v Map,
        started: u64,
        index: usize,
        item: Value,
        input: Value,
    ) -> Result<Done, (Failure, u64)> {
        let branch = self.branch.inner(Some(item), started);
        branch.record(self.name, EventKind::MapIterationStarted { index });
        let unfinished =
            Unfinished::tell(|| branch.record(self.name, EventKind::MapIterationAborted { index }));
        let ended = branch.run(&map.processor, input).await;
        unfinished.finish();
        match ended {
            Ok(output) => {
                branch.record(self.name, EventKind::MapIterationSucceeded { index });
                Ok(Done { index, output, last_event: branch.last_event() })
            }
            Err(failure) => {
                let failed = branch.last_event();
                branch.record(self.name, EventKind::MapIterationFailed { index });
                Err((failure, failed))
            }
        }
    }

    /// Each item as the context shows it and as its iteration gets it, and how many run at once.
    fn items(&self, map: &Map) -> Result<(Vec<(Value, Value)>, usize), Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        let array = |value: &Value| value.as_array().cloned();
        let items = match &map.items {
            Some(template) => self.evaluate_as(&mut moment, template, "Items", "array", array)?,
            None => array(&self.input).ok_or_else(|| {
                Failure::query_evaluation(
                    self.sentence("The state has no 'Items' and its input is no array."),
                )
            })?,
        };
        let at_once = match &map.max_concurrency {
            None => MOST_AT_ONCE,
            Some(template) => self
                .evaluate_as(&mut moment, template, "MaxConcurrency", "whole number", |value| {
                    value.as_u64().map(|number| usize::try_from(number).unwrap_or(MOST_AT_ONCE))
                })
                .map(|number| if number == 0 { MOST_AT_ONCE } else { number.min(MOST_AT_ONCE) })?,
        };
        let items = items.into_iter().enumerate().map(|(index, value)| {
            let item = object([("Index", Value::from(index)), ("Value", value.clone())]);
            let input = match &map.item_selector {
                None => value,
                Some(template) => {
                    let mut moment = self.moment_with(Told::Nothing, Some(&item))?;
                    self.evaluate(&mut moment, template, "ItemSelector")?
                }
            };
            self.check_size(&input)?;
            Ok((item, input))
        });
        Ok((items.collect::<Result<_, Failure>>()?, at_once))
    }
}

struct Done {
    index: usize,
    output: Value,
    last_event: u64,
}
