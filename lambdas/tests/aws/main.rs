//! The programs of the Lambdas as AWS runs them: the built binaries, fed by a double of Lambda's runtime API, with
//! emulated services behind them. `scripts/test` installs the emulator and says where it is.

#[cfg(test)]
mod channel;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod connect;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod emulator;
#[cfg(test)]
mod function;
#[cfg(test)]
mod http;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod notify;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod survey_call;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod survey_dispatch;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod survey_result;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod watch;
