//! What a job finds in its container's environment, read once and handed in.

use sluice_contract::job::ARRAY_INDEX;

/// The bucket of the platform; where it is set, the stores are those of an AWS account.
pub const BUCKET: &str = "SLUICE_BUCKET";
/// The runs table's name, where the command line has none.
pub const RUNS_TABLE: &str = "SLUICE_RUNS_TABLE";
/// The provider of translations: `offline` or `amazon`.
pub const TRANSLATOR: &str = "SLUICE_TRANSLATOR";
/// Where S3 is, if not where the region has it; the SDK's own name for it.
pub const S3_ENDPOINT: &str = "AWS_ENDPOINT_URL_S3";
/// The job's id, as Batch tells it.
const JOB_ID: &str = "AWS_BATCH_JOB_ID";
/// Which attempt of the job this is, from 1, as Batch tells it.
const JOB_ATTEMPT: &str = "AWS_BATCH_JOB_ATTEMPT";

/// What the environment says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// The one part to work on, for a child of an array.
    pub part: Option<u32>,
    /// See [`BUCKET`].
    pub bucket: Option<String>,
    /// See [`RUNS_TABLE`].
    pub runs_table: Option<String>,
    /// See [`TRANSLATOR`].
    pub provider: Option<Provider>,
    /// See [`S3_ENDPOINT`].
    pub s3_endpoint: Option<String>,
    /// `AWS_BATCH_JOB_ID`.
    pub job: Option<String>,
    /// `AWS_BATCH_JOB_ATTEMPT`.
    pub attempt: Option<String>,
}

/// Who translates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// The worker itself.
    Offline,
    /// Amazon Translate.
    Amazon,
}

/// The environment can't be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// No number.
    #[error("`{ARRAY_INDEX}` is `{0}`, which is no number of a part")]
    Part(String),
    /// No provider.
    #[error("`{TRANSLATOR}` is `{0}`, which is no provider of translations: `offline` and `amazon` are")]
    Provider(String),
    /// Amazon Translate with the stores of one machine.
    #[error("`{TRANSLATOR}` is `amazon`, which needs an AWS account: set `{BUCKET}`, too")]
    ProviderWithoutAccount,
    /// The default build.
    #[error("`{BUCKET}` is set, but this worker was built without the feature `aws`")]
    BuiltWithoutAws,
    /// No region.
    #[error("`{BUCKET}` is set, but no region: set `AWS_REGION`")]
    NoRegion,
    /// The store can't be set up.
    #[error("bucket `{bucket}` can't be used: {message}")]
    Bucket {
        /// Its name.
        bucket: String,
        /// What is wrong.
        message: String,
    },
}

impl Environment {
    /// Asks for each variable by its name. One that is empty is as good as not set.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let told = |name: &str| variable(name).filter(|it| !it.is_empty());
        let part = |it: String| it.parse().map_err(|_| EnvironmentError::Part(it));
        let provider = |it: String| match it.as_str() {
            "offline" => Ok(Provider::Offline),
            "amazon" => Ok(Provider::Amazon),
            _ => Err(EnvironmentError::Provider(it)),
        };
        let environment = Self {
            part: told(ARRAY_INDEX).map(part).transpose()?,
            bucket: told(BUCKET),
            runs_table: told(RUNS_TABLE),
            provider: told(TRANSLATOR).map(provider).transpose()?,
            s3_endpoint: told(S3_ENDPOINT),
            job: told(JOB_ID),
            attempt: told(JOB_ATTEMPT),
        };
        if environment.bucket.is_none() && environment.provider == Some(Provider::Amazon) {
            return Err(EnvironmentError::ProviderWithoutAccount);
        }
        Ok(environment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        let value = |name: &str| variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        Environment::read(value)
    }

    #[test]
    fn nothing_is_needed_on_one_machine() {
        assert_eq!(read(&[(BUCKET, "")]), Ok(Environment::default()));
    }

    #[test]
    fn a_job_is_told_everything() {
        let environment = read(&[
            (ARRAY_INDEX, "3"),
            (BUCKET, "credit-reports"),
            (RUNS_TABLE, "runs"),
            (TRANSLATOR, "amazon"),
            (JOB_ATTEMPT, "2"),
        ]);
        let environment = environment.unwrap();
        assert_eq!((environment.part, environment.provider), (Some(3), Some(Provider::Amazon)));
        assert_eq!(environment.attempt.as_deref(), Some("2"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let text = |variables| read(variables).unwrap_err().to_string();
        assert_eq!(
            text(&[(ARRAY_INDEX, "first")]),
            "`AWS_BATCH_JOB_ARRAY_INDEX` is `first`, which is no number of a part"
        );
        assert_eq!(
            text(&[(TRANSLATOR, "google"), (BUCKET, "b")]),
            "`SLUICE_TRANSLATOR` is `google`, which is no provider of translations: `offline` and `amazon` are"
        );
        assert_eq!(read(&[(TRANSLATOR, "amazon")]), Err(EnvironmentError::ProviderWithoutAccount));
    }
}
