//! What happens around a run: the code of the Lambdas, without the Lambda runtime.
//!
//! Owns what each Lambda does with its event. Knows no AWS SDK: stores and channels come in through traits, so
//! that a run on one machine is watched by the same code as a run in the cloud.

pub mod announce;
pub mod text;
pub mod watch;
