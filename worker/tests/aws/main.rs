//! The worker as Batch starts it, with an emulator of AWS for its bucket and its table. `scripts/test` installs the
//! emulator and says where it is.

#[cfg(test)]
mod bucket;
#[cfg(test)]
#[path = "../../../lambdas/tests/aws/emulator.rs"]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
#[expect(dead_code, reason = "the functions' tests need more of it")]
mod emulator;
#[cfg(test)]
mod jobs;
#[cfg(test)]
#[path = "../support.rs"]
#[expect(clippy::disallowed_macros, reason = "a plan is easier to read as JSON")]
mod support;
#[cfg(test)]
mod trouble;
