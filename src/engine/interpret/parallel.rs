//! Parallel: branches side by side; the first failure drops the others.

use futures::future::try_join_all;
use serde_json::Value;

use super::branch::{Branch, Exit, target};
use super::visit::{Told, Visit};
use crate::engine::failure::Failure;
use crate::engine::history::EventKind;
use crate::engine::machine::Parallel;

impl<'v> Visit<'v> {
    pub(super) async fn parallel(&self, parallel: &'v Parallel) -> Result<Exit<'v>, Failure> {
        self.recovering(&parallel.recovery, async || self.branches(parallel).await).await
    }

    async fn branches(&self, parallel: &'v Parallel) -> Result<Exit<'v>, Failure> {
        let input = match &parallel.arguments {
            Some(template) => self.evaluate(&mut self.moment(Told::Nothing)?, template, "Arguments")?,
            None => self.input.clone(),
        };
        self.check_size(&input)?;
        self.record(EventKind::ParallelStateStarted);
        let started = self.branch.last_event();
        let branches: Vec<Branch<'_>> =
            parallel.branches.iter().map(|_| self.branch.inner(None, started)).collect();
        let runs = branches.iter().zip(&parallel.branches).map(async |(branch, states)| {
            branch.run(states, input.clone()).await.map_err(|failure| (failure, branch.last_event()))
        });
        let result = match try_join_all(runs).await {
            Ok(outputs) => Value::Array(outputs),
            Err((failure, previous)) => {
                self.branch.record_after(previous, self.name, EventKind::ParallelStateFailed);
                return Err(failure);
            }
        };
        let previous = branches.iter().map(Branch::last_event).max().unwrap_or(started);
        self.branch.record_after(previous, self.name, EventKind::ParallelStateSucceeded);
        let mut moment = self.moment(Told::Result(&result))?;
        self.leave(&mut moment, &parallel.effects, || result.clone(), target(&parallel.transition))
    }
}
