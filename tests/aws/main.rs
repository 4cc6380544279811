//! The command line as operators have it, on an emulator of AWS. `scripts/test` installs it and says where it is.

#[cfg(test)]
#[path = "../../lambdas/tests/aws/emulator.rs"]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
#[expect(dead_code, reason = "the functions' tests need more of it")]
mod emulator;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod operate;
#[cfg(test)]
#[path = "../support.rs"]
#[expect(dead_code, reason = "the tests of this machine need more of it")]
mod support;
