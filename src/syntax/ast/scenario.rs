//! Scenario files: what is to happen when something fails.

use super::{Duration, Name, Spanned, Text};
use crate::source::{FileId, Span};

/// A scenario file.
#[derive(Debug, Clone)]
pub struct ScenarioFile {
    /// The file.
    pub file: FileId,
    /// In written order.
    pub scenarios: Vec<Scenario>,
}

/// One scenario.
///
/// ```text
/// scenario "a lost host" of greece {
///          ^^^^^^^^^^^^^    ^^^^^^
///          title           pipeline
/// ```
#[derive(Debug, Clone)]
pub struct Scenario {
    /// All of it.
    pub span: Span,
    /// What it is about.
    pub title: Text,
    /// Whose machine is run.
    pub pipeline: Name,
    /// In written order.
    pub steps: Vec<Spanned<ScenarioStep>>,
}

/// One line of a scenario.
#[derive(Debug, Clone)]
pub enum ScenarioStep {
    /// `when …`: something that happens in the run that follows.
    When(Happening),
    /// `then …`: something that must be true after it.
    Then(Outcome),
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Happening {
    /// `extract companies fails 2 times with host loss`
    Fails {
        /// Which stage.
        stage: Text,
        /// How often; always where it does not say.
        times: Option<Spanned<u64>>,
        /// Why.
        why: Fault,
    },
    /// `load companies takes 7 hours`
    Takes {
        /// Which stage.
        stage: Text,
        /// How long.
        duration: Spanned<Duration>,
    },
    /// `the run is stopped after 10 minutes`
    Stopped(Spanned<Duration>),
    /// `the lock is held by a run that goes on`, `… that has ended`
    Held {
        /// Whether the other run goes on.
        goes_on: bool,
    },
    /// `nobody watches`: the run's end is not dealt with.
    Unwatched,
    /// `the next run starts`
    NextRun,
    /// `the run is resumed`
    Resumed,
}

/// Why a stage fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The host that its job runs on is gone.
    HostLoss,
    /// The Spot instance is taken back.
    SpotLoss,
    /// The worker lost a connection and asks to be started again.
    ConnectionLoss,
    /// Batch refuses the submission because there are too many.
    Throttling,
    /// The worker fails for good, with these words.
    Failure(String),
}

/// What must be true.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// `the run succeeds`
    Run(Ending),
    /// `the run takes at most 3 hours`
    Within(Spanned<Duration>),
    /// `data_team is told of failure`, `data_team is not told`
    Told {
        /// The channel.
        channel: Name,
        /// Of what; of anything where it does not say.
        occasion: Option<Name>,
        /// Whether it is told.
        is_told: bool,
    },
    /// `extract companies runs 3 times`, `publish companies does not run`
    Runs {
        /// Which stage.
        stage: Text,
        /// How many attempts there are; any number of them where it does not say.
        times: Option<u64>,
    },
    /// `publish officers runs after publish companies`
    After {
        /// Which stage.
        stage: Text,
        /// Which has ended before it starts.
        other: Text,
    },
    /// `extract officers runs beside load companies`
    Beside {
        /// Which stage.
        stage: Text,
        /// Which goes on at the same time.
        other: Text,
    },
    /// `the lock is free`
    Lock(LockState),
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// `succeeds`
    Succeeds,
    /// `fails`
    Fails,
    /// `times out`
    TimesOut,
    /// `is stopped`
    IsStopped,
    /// `is skipped`
    IsSkipped,
}

/// What becomes of the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockState {
    /// `is free`
    Free,
    /// `is held`
    Held,
    /// `is taken over`: from a run that had ended and left it behind.
    TakenOver,
}
