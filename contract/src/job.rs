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

/// The group of the log lines of all jobs of a platform.
pub fn log_group(platform: &str) -> String {
    format!("/sluice/{platform}/jobs")
}

/// Reasons of an attempt's end that lie with its host; each stands for every text that starts so. Batch makes
/// another attempt after these by itself.
pub const HOST_LOST: [&str; 2] = ["Host EC2*", "Your Spot Task was interrupted*"];

/// Reasons of a container's end that lie with the image; it never started, and is tried a few times.
const IMAGE: [&str; 1] = ["CannotPull*"];
/// Reasons of a container's end that lie with what it needs to start; tried a few times, too.
const RESOURCES: [&str; 2] = ["ResourceInitializationError*", "Timeout waiting for network interface*"];
/// Reasons of a container's end that lie with its memory; not tried again.
const MEMORY: [&str; 1] = ["OutOfMemory*"];

/// What can be wrong with the compute environment of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The host went away, and Spot hosts do.
    HostLost,
    /// The image can't be fetched.
    Image,
    /// A secret, a log group or a network that the container needs is out of reach.
    Resources,
    /// The container had too little memory.
    Memory,
    /// No host can be found, and jobs behind this one wait for it.
    Stuck,
}

impl Trouble {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::HostLost, Self::Image, Self::Resources, Self::Memory, Self::Stuck];

    /// What the reason of an attempt or of a container tells; none where it is the program's own end.
    pub fn of_reason(reason: &str) -> Option<Self> {
        let told_by = |patterns: &[&str]| patterns.iter().any(|it| fits(it, reason));
        [
            (Self::HostLost, HOST_LOST.as_slice()),
            (Self::Image, IMAGE.as_slice()),
            (Self::Resources, RESOURCES.as_slice()),
            (Self::Memory, MEMORY.as_slice()),
        ]
        .into_iter()
        .find(|(_, patterns)| told_by(patterns))
        .map(|(trouble, _)| trouble)
    }

    /// The word in the item and in attributes' names.
    pub fn word(self) -> &'static str {
        match self {
            Self::HostLost => "host_lost",
            Self::Image => "image",
            Self::Resources => "resources",
            Self::Memory => "memory",
            Self::Stuck => "stuck",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Whether a reason or an exit code fits a pattern of a job definition, as Batch compares them: without regard to
/// case, and a `*` at the end stands for anything. Source: `EvaluateOnExit` in the Batch API reference.
pub fn fits(pattern: &str, reason: &str) -> bool {
    let (start, open) = pattern.strip_suffix('*').map_or((pattern, false), |it| (it, true));
    let head = reason.get(..start.len());
    head.is_some_and(|it| it.eq_ignore_ascii_case(start)) && (open || reason.len() == start.len())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_tells_what_is_wrong_by_how_it_starts() {
        let told = |reason: &str| Trouble::of_reason(reason);
        assert_eq!(told("Host EC2 (instance i-0123) terminated."), Some(Trouble::HostLost));
        assert_eq!(told("Your Spot Task was interrupted."), Some(Trouble::HostLost));
        assert_eq!(told("cannotpullcontainererror: no such image"), Some(Trouble::Image));
        assert_eq!(told("ResourceInitializationError: unable to pull secrets"), Some(Trouble::Resources));
        assert_eq!(told("OutOfMemoryError: Container killed due to memory usage"), Some(Trouble::Memory));
        assert_eq!(told("Essential container in task exited"), None);
        assert_eq!(told("Hôst"), None);
        assert_eq!(told(""), None);
    }

    #[test]
    fn a_word_leads_back_to_its_trouble() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::parse(trouble.word()), Some(trouble));
        }
        assert_eq!(Trouble::parse("weather"), None);
    }
}
