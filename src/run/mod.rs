//! `sluice run`: the generated state machine on this machine, with nothing installed.
//!
//! ```text
//! plan -> emit -> execution folder -> engine reads state-machine.asl.json -> services: worker, item store, executions
//!                                                     \-> events -> view      \-> watch (the Lambda's own code)
//! ```
//!
//! Owns the state folder and the local twins of AWS services. The engine knows none of them, the worker knows no
//! machine, and `watch` is told of an execution's end by the same event that EventBridge would send.

mod cancel;
mod driver;
mod executions;
mod failure;
mod files;
mod flags;
mod fleet;
mod fleet_view;
mod history;
mod notes;
mod rejects;
mod report;
mod services;
mod stage_change;
mod state;
mod stop;
mod view;
mod watch;

pub use cancel::{Cancelled, How, cancel, pipelines};
pub use driver::{Request, resume, run};
pub use flags::Flags;
pub use fleet::{Member, run_fleet};
pub use fleet_view::{FleetView, LiveFleet};
pub use notes::Note;
pub use rejects::Rejects;
pub use report::{Report, RunSummary, Totals};
pub use state::StateDir;
pub use view::{LiveView, QuietView, View};

use crate::{diagnostics::Diagnostic, emit::Generated};
use jiff::Timestamp;
use sluice_contract::{
    plan::PlanDocument,
    runs::{RunsTable, table_name},
};
pub use sluice_worker::{Explained, Variables};

/// The SQL that each stage of the pipeline would run.
pub fn explain(generated: &Generated, pipeline: &str) -> Result<Vec<Explained>, Diagnostic> {
    let files =
        files::Files::of(generated, pipeline).ok_or_else(|| failure::internal("a file is missing"))?;
    let plan: PlanDocument = serde_json::from_str(&files.plan).map_err(failure::internal)?;
    Ok(sluice_worker::explain(&plan))
}

/// Every run of the pipeline in this state folder, oldest first; runs whose process died are settled first.
pub fn runs(
    state: &StateDir,
    platform: &str,
    pipeline: &str,
    now: Timestamp,
) -> Result<Vec<RunSummary>, Diagnostic> {
    let items = &*state.stores().items;
    let flags = Flags::default();
    let watcher = watch::Watcher { items, platform, now: now.as_millisecond(), flags: &flags };
    let _ = watcher.sweep(&executions::Executions::new(state.executions()), pipeline)?;
    let name = table_name(platform);
    let table = RunsTable::new(items, &name);
    let failed = |error| failure::items(&error);
    let runs = table.runs(pipeline).map_err(failed)?;
    runs.into_iter()
        .map(|run| Ok(RunSummary { stages: table.stages(pipeline, &run.run).map_err(failed)?, run }))
        .collect()
}
