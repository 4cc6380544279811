//! The worker as Batch starts it, with an emulator of AWS for its bucket and its table. `scripts/test` installs the
//! emulator and says where it is.

#[cfg(test)]
use sluice_worker::{Servers, Tls, Variables, variable_of};

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
#[path = "../leaks.rs"]
#[expect(clippy::disallowed_macros, reason = "a secret is easier to read as JSON")]
mod leaks;
#[cfg(test)]
#[path = "../../src/tests/mariadb_server.rs"]
#[expect(dead_code, reason = "the worker's own tests need more of it")]
mod mariadb_server;
#[cfg(test)]
#[path = "../../src/tests/postgres_server.rs"]
mod postgres_server;
#[cfg(test)]
mod secrets;
#[cfg(test)]
#[path = "../support.rs"]
#[expect(dead_code, reason = "the tests of one machine need more of it")]
#[expect(clippy::disallowed_macros, reason = "a plan is easier to read as JSON")]
mod support;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod translations;
#[cfg(test)]
mod trouble;
