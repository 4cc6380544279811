//! A telephone: plays contact flows of whatever origin, as Amazon Connect would, without an account.
//!
//! Owns what each action does to a call. Reads the generated documents and knows nothing of who wrote them, of
//! surveys, or of a terminal: who calls ([`Caller`]), what functions answer ([`Functions`]) and where the transcript
//! goes are handed in.
//!
//! ```text
//! text -> Flow -> Call: advance -> Need -> answer -> ... -> End        (a state machine that waits for nobody)
//!                   \-> play: one caller, one transcript     \-> coverage: every caller there can be
//! ```

mod actions;
mod call;
mod classes;
mod coverage;
mod flow;
mod functions;
mod input;
mod kept;
mod liveness;
mod moves;
mod play;
mod references;
mod script;
mod state;
mod transcript;

pub use call::{Call, End, Need, PlayError, Reply};
pub use coverage::{Coverage, Fault, FaultKind, cover};
pub use flow::{Flow, FlowError};
pub use functions::{FunctionError, Functions, Invocation};
pub use input::{Input, Takes};
pub use kept::{Kept, KeptAnswers};
pub use play::{Caller, Clock, Pressed, Settings, play};
pub use script::{Script, ScriptError};
pub use state::Contact;
pub use transcript::{Event, line};
