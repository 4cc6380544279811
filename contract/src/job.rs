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
    /// The ARN of the execution that submits it: it must hold the pipeline's lock.
    pub execution: String,
}

/// The flags of the job's command, each followed by its parameter, in this order.
pub const FLAGS: [(&str, &str); 5] = [
    ("--plan", "plan"),
    ("--stage", "stage"),
    ("--run", "run"),
    ("--fence", "fence"),
    ("--execution", "execution"),
];

/// Where Batch tells the children of an array apart: a number from 0, in the container's environment.
pub const ARRAY_INDEX: &str = "AWS_BATCH_JOB_ARRAY_INDEX";

/// The name of the worker's program in the container, and the first word of the job's command.
pub const PROGRAM: &str = "sluice-worker";

/// The stage is done, now or by an earlier attempt.
pub const EXIT_DONE: i32 = 0;
/// It failed and would fail again: bad data, bad SQL, a refused fence.
pub const EXIT_FAILED: i32 = 1;
/// The system killed it: its host goes, or it did not stop in time (128 + `SIGKILL`).
pub const EXIT_KILLED: i32 = 137;
/// The system stopped it before it could listen (128 + `SIGTERM`).
pub const EXIT_TERMINATED: i32 = 143;
/// It was stopped from outside or lost its connection: another attempt may succeed (`EX_TEMPFAIL`).
pub const EXIT_TRY_AGAIN: i32 = 75;
