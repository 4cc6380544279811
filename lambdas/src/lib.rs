//! What happens around a run and around a survey's calls: the code of the Lambdas, without the Lambda runtime.
//!
//! Owns what each Lambda does with its event. Knows no AWS SDK: stores and channels come in through traits, so
//! that a run on one machine is watched by the same code as a run in the cloud. The programs in `src/bin`, built
//! with the feature `aws`, put AWS behind the traits.

pub mod announce;
pub mod log;
pub mod notify;
#[cfg(feature = "aws")]
pub mod program;
pub mod queue;
pub mod redact;
pub mod survey;
pub mod survey_dispatch;
pub mod survey_result;
pub mod text;
pub mod topic;
pub mod watch;
