//! The command line of `sluice-worker`: the job's four flags, and where the embedded stores are.

use std::path::PathBuf;

use sluice_contract::job::{FLAGS, JobParameters, PROGRAM};

/// What is printed when the command line can't be understood.
pub const USAGE: &str = "usage: sluice-worker --plan KEY --stage ID --run NAME --fence N --execution ARN \
                         [--state DIR] [--program DIR] [--runs-table NAME]";

/// The command line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// What to do.
    pub job: JobParameters,
    /// The state folder; `.sluice` unless told.
    pub state_dir: PathBuf,
    /// The program's folder; `pipelines` unless told.
    pub program_dir: PathBuf,
    /// The runs table's name, where it is told.
    pub runs_table: Option<String>,
}

/// Why the command line can't be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// A word that is no flag.
    #[error("unknown flag `{0}`")]
    Unknown(String),
    /// A flag at the end of the line.
    #[error("flag `{0}` has no value")]
    NoValue(String),
    /// A flag comes twice.
    #[error("flag `{0}` is given twice")]
    Twice(String),
    /// A flag that must be there is not.
    #[error("flag `{0}` is missing")]
    Missing(&'static str),
}

impl Arguments {
    /// From the words after the program's name.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut given = std::collections::BTreeMap::new();
        let mut words = words.into_iter();
        while let Some(flag) = words.next() {
            // A container's command repeats the program's name; started by hand it does not.
            if given.is_empty() && flag == PROGRAM {
                continue;
            }
            let known = FLAGS.iter().map(|(it, _)| *it).chain(["--state", "--program", "--runs-table"]);
            if !known.into_iter().any(|it| it == flag) {
                return Err(UsageError::Unknown(flag));
            }
            let value = words.next().ok_or_else(|| UsageError::NoValue(flag.clone()))?;
            if given.insert(flag.clone(), value).is_some() {
                return Err(UsageError::Twice(flag));
            }
        }
        let mut required = |flag: &'static str| given.remove(flag).ok_or(UsageError::Missing(flag));
        let job = JobParameters {
            plan: required("--plan")?,
            stage: required("--stage")?,
            run: required("--run")?,
            fence: required("--fence")?,
            execution: required("--execution")?,
        };
        let runs_table = given.remove("--runs-table");
        let mut optional =
            |flag: &str, default: &str| given.remove(flag).unwrap_or_else(|| default.to_owned());
        Ok(Self {
            job,
            state_dir: optional("--state", ".sluice").into(),
            program_dir: optional("--program", "pipelines").into(),
            runs_table,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, UsageError> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn the_jobs_own_command_is_understood() {
        let words = std::iter::once(PROGRAM.to_owned())
            .chain(FLAGS.iter().flat_map(|(flag, name)| [(*flag).to_owned(), (*name).to_owned()]));
        let arguments = Arguments::parse(words).unwrap();
        assert_eq!(arguments.job.plan, "plan");
        assert_eq!(arguments.job.fence, "fence");
        assert_eq!(arguments.state_dir, PathBuf::from(".sluice"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(parse("--plan"), Err(UsageError::NoValue("--plan".to_owned())));
        assert_eq!(parse("--plan k --stage s --run r"), Err(UsageError::Missing("--fence")));
        assert_eq!(parse("--plan k --stage s --run r --fence 1"), Err(UsageError::Missing("--execution")));
        assert_eq!(parse("--plan a --plan b"), Err(UsageError::Twice("--plan".to_owned())));
        assert_eq!(parse("--plam a"), Err(UsageError::Unknown("--plam".to_owned())));
    }
}
