//! From `sluice deploy` to a message in the channel: an emulated account in which everything works.
//!
//! Real are the programs (`sluice`, the worker, `watch`, `notify`), the database, and every request. The stack's
//! tables, queues, topics and rules are made by requests from the deployed template, since the emulator doesn't take
//! the template itself. The deployed machine is executed by moto's interpreter, Batch's part is played by a bridge that
//! runs the worker as a process of this machine (`cloud_at_work.py`), and Lambda's by the double of its runtime API.
//!
//! `scripts/test` builds the programs and installs what this needs.

#[cfg(test)]
#[path = "../deploy/account.rs"]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
#[expect(dead_code, reason = "the tests of deployments need more of it")]
mod account;
#[cfg(test)]
#[path = "../../lambdas/tests/aws/channel.rs"]
mod channel;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod country;
#[cfg(test)]
#[path = "../../lambdas/tests/aws/function.rs"]
mod function;
#[cfg(test)]
#[path = "../../lambdas/tests/aws/http.rs"]
#[expect(dead_code, reason = "the functions' tests need more of it")]
mod http;
#[cfg(test)]
#[path = "../../worker/src/tests/mariadb_server.rs"]
#[expect(dead_code, reason = "the worker's tests need more of it")]
mod mariadb_server;
#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod world;

#[cfg(test)]
use sluice_worker::{Servers, Tls, Variables, variable_of};
