//! The local engine: executes a state machine from the text of its States Language document.
//!
//! Owns the reading of that language (JSONata machines), its expressions, errors, retries and history, and the
//! time in which they happen. Must not know: `.pipe` files, the Plan, any database or AWS client. Whatever a
//! Task asks for goes through [`Services`]; whatever happens is told to an [`Observer`].
//!
//! ```text
//! text -> Machine::parse -> execute(machine, execution, services, observer, stop) -> Ended
//! ```
//!
//! INVARIANT: the same machine, execution (with its seed) and service results give the same history.

mod clock;
mod execute;
mod expression;
mod failure;
mod functions;
mod history;
mod interpret;
mod machine;
mod random;
mod service_shape;
mod services;
mod template;

pub use self::clock::{Clock, Time};
pub use self::execute::{Ended, Execution, execute, run_blocking};
pub use self::history::{Child, Event, EventKind, MapRun, Observer, Retrying, StateKind};
pub use self::machine::{Machine, MachineError};
pub use self::service_shape::service_shape;
pub use self::services::{
    Heart, ListedObject, ObjectAnswer, ObjectRequest, ServiceCall, Services, TaskError,
};

/// What AWS lets a payload be: a state's input, arguments, result or output, in bytes of its JSON text.
pub const PAYLOAD_LIMIT: usize = 262_144;

/// How many events AWS keeps of an execution. One that reaches it fails, which is what ends an endless loop.
pub const HISTORY_LIMIT: u64 = 25_000;

#[doc(hidden)]
pub use self::expression::evaluate_alone;
