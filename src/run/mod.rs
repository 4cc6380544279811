//! `sluice run`: the generated state machine on this machine, with nothing installed.
//!
//! ```text
//! plan -> emit -> execution folder -> engine reads state-machine.asl.json -> services: worker, item store, executions
//!                                                     \-> events -> view      \-> watch (the Lambda's own code)
//! ```
//!
//! Owns the state folder and the local twins of AWS services. The engine knows none of them, the worker knows no
//! machine, and `watch` is told of an execution's end by the same event that EventBridge would send.

mod announce;
mod driver;
mod executions;
mod failure;
mod report;
mod services;
mod state;
mod view;
mod watch;

pub use driver::{Request, resume, run};
pub use failure::Failure;
pub use report::{Report, RunSummary};
pub use state::StateDir;
pub use view::{LiveView, QuietView, View};
