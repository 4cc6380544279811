//! The one integration binary: cases that need the whole of Sluice, and the rules that hold its shape.

#[cfg(test)]
mod build;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod chaos;
#[cfg(test)]
mod check;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod ci;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod commands;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
#[cfg(test)]
mod emulator;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod engine;
#[cfg(test)]
mod exec;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod language;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod lock;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod lock_model;
#[cfg(test)]
mod mistaken;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod package;
#[cfg(test)]
mod pages;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod platform;
#[cfg(test)]
mod processes;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod reference;
#[cfg(test)]
mod run;
#[cfg(test)]
mod run_all;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod runs_table;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod state_folder;
#[cfg(test)]
mod support;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod tidy;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod transitions;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod validate;
#[cfg(test)]
mod validators;
