//! The metrics that functions count and that alarms and the dashboard look at.

/// The namespace of all of them.
pub const NAMESPACE: &str = "Sluice";
/// Their one dimension: the function's name.
pub const DIMENSION: &str = "Function";

/// Runs that ended well.
pub const RUNS_SUCCEEDED: &str = "RunsSucceeded";
/// Runs that failed, timed out or were aborted.
pub const RUNS_FAILED: &str = "RunsFailed";
/// Runs that did nothing since another one went on, or had been started for the same time.
pub const RUNS_SKIPPED: &str = "RunsSkipped";
/// Attempts at jobs whose host went away.
pub const HOSTS_LOST: &str = "HostsLost";
/// Jobs that could not be placed and held up those behind them.
pub const JOBS_STUCK: &str = "JobsStuck";
/// For how many minutes a pipeline's lock was held by one execution, told when that ends or another one finds it held.
pub const LOCK_HELD_MINUTES: &str = "LockHeldMinutes";
/// Runs that found their pipeline's lock with another one, which should have ended by then.
pub const OVERLAPS: &str = "Overlaps";
