//! What Batch does with an attempt that failed: the job definition's `retryStrategy`.
//!
//! Source: "Automated job retries", Batch user guide.

use serde::Deserialize;
use sluice_contract::job::fits;

/// What is read of a job definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobDefinition {
    pub(super) job_definition_name: String,
    #[serde(default)]
    pub(super) retry_strategy: RetryStrategy,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RetryStrategy {
    attempts: Option<u32>,
    #[serde(default)]
    evaluate_on_exit: Vec<Rule>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    on_exit_code: Option<String>,
    on_status_reason: Option<String>,
    on_reason: Option<String>,
    action: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exit {
    /// None where the container never came to an end of its own.
    pub(super) code: Option<i32>,
    pub(super) status_reason: String,
}

impl RetryStrategy {
    /// Whether Batch starts another attempt after so many.
    pub(super) fn tries_again(&self, exit: &Exit, attempts: u32) -> bool {
        if attempts >= self.attempts.unwrap_or(1) {
            return false;
        }
        let rule = self.evaluate_on_exit.iter().find(|it| it.fits(exit));
        rule.is_none_or(|it| it.action.eq_ignore_ascii_case("RETRY"))
    }
}

impl Rule {
    /// All of its conditions hold.
    fn fits(&self, exit: &Exit) -> bool {
        let code = exit.code.map(|it| it.to_string());
        let holds = |pattern: &Option<String>, text: Option<&str>| {
            pattern.as_deref().is_none_or(|pattern| text.is_some_and(|text| fits(pattern, text)))
        };
        holds(&self.on_exit_code, code.as_deref())
            && holds(&self.on_status_reason, Some(&exit.status_reason))
            && holds(&self.on_reason, Some(""))
    }
}
