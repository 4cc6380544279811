//! From the generated files to what stands in an account: what differs, and how it is made so.
//!
//! ```text
//! Generated --> Desired --+
//!                         +--> Plan --> apply, under a lock
//! Cloud ------> Actual ---+
//! ```
//!
//! Everything is decided here over the trait [`Cloud`]; what a call to AWS looks like is known in `aws` only, and how
//! it is signed and sent is not known at all. There is no file of state: what is ours says so in its tags, and the
//! tag of a unit's content says whether anything in it has to be read.

mod apply;
mod architecture;
pub mod aws;
mod cloud;
mod deployment;
mod desired;
mod difference;
mod plan;
mod resource;
mod show;
mod spread;
mod trouble;

pub use apply::{Applied, Progress};
pub use cloud::{Actual, Cloud, CloudError, Found, Knowledge, Locked, Owner, Problem};
pub use deployment::{Ending, Operator, deploy, look};
pub use desired::{Desired, DesiredError, Given, Wanted};
pub use difference::{Difference, Line, differences};
pub use plan::{Change, Options, Plan, Step, plan};
pub use resource::{Key, Kind, Resource, Unit};
pub use show::{Shown, show};
pub use trouble::Trouble;

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests;
