//! The state machine of a pipeline, in the States Language with JSONata.
//!
//! ```text
//! Take the lock -> Clean up -> stages, in sequence and side by side -> Free the lock
//!      \-> (held) who holds it? -> does it still run? -> skip, wait or fail | take it over
//! ```
//!
//! A stage's failure is not caught: the execution fails there, a redrive goes on there, and `watch` sees every
//! kind of end in one place.

mod build;
mod expression;
mod lock;
mod model;
mod name;
mod stages;

pub use build::state_machine;
pub use expression::Expression;
pub use model::{
    Branch, Call, Catcher, Choice, ChoiceRule, DescribeExecution, Fail, Parallel, Retrier, State,
    StateMachine, SubmitJob, Succeed, Task, Transition, Wait,
};
pub use name::{JobName, StateName};
