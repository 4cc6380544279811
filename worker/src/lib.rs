//! The worker: runs one stage of one plan, and nothing else.
//!
//! Owns what happens to rows between a source and a published table, and what is promised about it: each part is
//! loaded once however often it is tried, a write with an old fence is refused by the database itself, a stage that
//! is done is not done again. Knows no state machine and no `.pipe` text; its whole instruction is the plan.
//!
//! Stage code is plain blocking Rust. Only the object store is async underneath, behind [`objects`]; that is why
//! [`run_stage`] must not be called from inside an async task.

mod arguments;
#[cfg(feature = "aws")]
pub mod cloud;
mod column_value;
mod csv_part;
pub mod embedded;
mod environment;
mod error;
mod explain;
mod job_log;
mod objects;
mod part_list;
mod record;
mod rejected;
mod servers;
mod site;
mod source;
mod sql_text;
mod sqlite_busy;
mod stage;
mod staged;
mod stages;
mod store_trouble;
mod target;
mod translate;

pub use arguments::{Arguments, USAGE, UsageError};
pub use environment::{BUCKET, Environment, EnvironmentError, Provider, RUNS_TABLE, S3_ENDPOINT, TRANSLATOR};
pub use error::WorkerError;
pub use explain::{Explained, explain};
pub use job_log::{JobLog, Lines, NAMESPACE};
pub use rejected::{RejectReason, commonest_reject};
pub use servers::{
    CA_VARIABLE, LocalSecrets, SECRETS_FILE, SecretError, SecretText, Secrets, ServerTrouble, Servers,
    TLS_VARIABLE, Tls, Variables, variable_of,
};
pub use site::{Clock, Progress, Silent, Site, SystemClock};
pub use source::Imports;
pub use stage::run_stage;
pub use store_trouble::StoreTrouble;
pub use translate::{OfflineTranslator, TranslateError, Translator};

#[cfg(test)]
mod tests;
