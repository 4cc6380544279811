//! How a Batch job is told what to do, and how it answers: the arguments of its command and its exit codes.

use serde::{Deserialize, Serialize};

/// The parameters of a job, as `Ref::name` in the job definition's command and `Parameters` of `SubmitJob`.
/// All values are strings there; `fence` is a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobParameters {
    /// The plan's key in the object store.
    pub plan: String,
    /// The stage's id in that plan.
    pub stage: String,
    /// The run that the stage's work is recorded with.
    pub run: String,
    /// The number that the databases check every write against.
    pub fence: String,
}

/// The flags of the job's command, each followed by its parameter, in this order.
pub const FLAGS: [(&str, &str); 4] =
    [("--plan", "plan"), ("--stage", "stage"), ("--run", "run"), ("--fence", "fence")];

/// The name of the worker's program in the container, and the first word of the job's command.
pub const PROGRAM: &str = "sluice-worker";

/// The stage is done, now or by an earlier attempt.
pub const EXIT_DONE: i32 = 0;
/// It failed and would fail again: bad data, bad SQL, a refused fence.
pub const EXIT_FAILED: i32 = 1;
/// It was stopped from outside or lost its connection: another attempt may succeed (`EX_TEMPFAIL`).
pub const EXIT_TRY_AGAIN: i32 = 75;
