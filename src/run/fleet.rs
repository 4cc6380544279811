//! Several pipelines at once, each an execution of its own on a thread of its own.
//!
//! What they share is the state folder: one runs table, one object store, one target. One that fails does not
//! disturb the others; Ctrl-C ends all that run, and those that wait do not start.

use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    driver::{Request, run_until},
    failure,
    fleet_view::FleetView,
    report::Report,
    state::StateDir,
    stop::Stop,
};
use crate::{diagnostics::Diagnostic, emit::Generated};

/// What became of one of several pipelines.
#[derive(Debug)]
pub struct Member {
    /// The pipeline.
    pub pipeline: String,
    /// None where it was not started any more.
    pub result: Option<Result<Report, Diagnostic>>,
}

impl Member {
    /// Whether everything is as it should be.
    pub fn succeeded(&self) -> bool {
        matches!(&self.result, Some(Ok(report)) if report.succeeded())
    }

    /// How it ended, in a word or two: `published`.
    pub fn status(&self) -> String {
        match &self.result {
            Some(Ok(report)) => {
                let outcome = report.outcome.clone();
                outcome.unwrap_or_else(|| report.status.as_str().to_lowercase().replace('_', " "))
            }
            Some(Err(_)) => "not run".to_owned(),
            None => "not started".to_owned(),
        }
    }
}

/// Runs them all, so many at a time, and returns when the last has ended: one answer for each, in order.
pub fn run_fleet(
    requests: &[Request<'_>],
    generated: &Generated,
    state: &StateDir,
    jobs: NonZeroUsize,
    view: &dyn FleetView,
) -> Result<Vec<Member>, Diagnostic> {
    let stop = Stop::on_ctrl_c()?;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while !stop.is_raised() {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = requests.get(place) else { break };
            // It starts now, not when the first of them did.
            let request = Request { now: jiff::Timestamp::now(), ..request.clone() };
            let line = view.line(request.pipeline);
            let result = run_until(&request, generated, state, &line, &stop);
            view.settled(request.pipeline, &result);
            done.push((place, result));
        }
        done
    };
    let mut results: Vec<Option<Result<Report, Diagnostic>>> = requests.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.get().min(requests.len())).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            for (place, result) in worker.join().unwrap_or_default() {
                if let Some(slot) = results.get_mut(place) {
                    *slot = Some(result);
                }
            }
        }
    });
    let started = next.into_inner();
    let members = requests.iter().zip(results).enumerate().map(|(place, (request, result))| Member {
        pipeline: request.pipeline.to_owned(),
        // A thread that broke off takes its answers with it.
        result: result.or_else(|| (place < started && !stop.is_raised()).then(|| Err(failure::broke_off()))),
    });
    Ok(members.collect())
}
