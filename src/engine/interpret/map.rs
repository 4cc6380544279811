//! Inline Map: one scope of states for each item, so many at a time; the first failure drops the others.

use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use super::branch::{Exit, target};
use super::unfinished::Unfinished;
use super::visit::{Told, Visit};
use crate::engine::failure::Failure;
use crate::engine::history::EventKind;
use crate::engine::machine::Map;

/// How many iterations of an inline Map AWS runs at once where the state doesn't say.
const MOST_AT_ONCE: usize = 40;

impl<'v> Visit<'v> {
    pub(super) async fn map(&self, map: &'v Map) -> Result<Exit<'v>, Failure> {
        self.recovering(&map.recovery, async || match &map.distributed {
            None => self.iterations(map).await,
            Some(distributed) => self.distributed(map, distributed).await,
        })
        .await
    }

    async fn iterations(&self, map: &'v Map) -> Result<Exit<'v>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        let items = self.select(map, self.given_items(map, &mut moment)?)?;
        let at_once = self.at_once(map, &mut moment, MOST_AT_ONCE)?;
        self.record(EventKind::MapStateStarted { length: items.len() });
        let started = self.branch.last_event();
        let runs = items
            .into_iter()
            .enumerate()
            .map(|(index, it)| self.iteration(map, started, index, it.shown, it.input));
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
}

struct Done {
    index: usize,
    output: Value,
    last_event: u64,
}
