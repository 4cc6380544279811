//! Cases of what Batch does with a failed attempt.

use super::retry::{Exit, JobDefinition};

const DEFINITION: &str = r#"{"jobDefinitionName": "d", "retryStrategy": {"attempts": 3, "evaluateOnExit": [
    {"onExitCode": "75", "action": "RETRY"},
    {"onStatusReason": "Host EC2*", "action": "RETRY"},
    {"onReason": "*", "action": "EXIT"}
]}}"#;

#[test]
fn the_first_rule_that_fits_decides() {
    let definition: JobDefinition = serde_json::from_str(DEFINITION).unwrap();
    let exit = |code, reason: &str| Exit { code, status_reason: reason.to_owned() };
    let again = |exit: &Exit, attempts| definition.retry_strategy.tries_again(exit, attempts);
    assert!(again(&exit(Some(75), ""), 1));
    assert!(again(&exit(None, "Host EC2 (instance i-0) terminated."), 2));
    assert!(!again(&exit(None, "Host EC2 (instance i-0) terminated."), 3), "there are three attempts");
    assert!(!again(&exit(Some(1), "bad data"), 1));
    assert!(!again(&exit(None, "Job attempt duration exceeded timeout"), 1));
}

#[test]
fn without_a_strategy_there_is_one_attempt() {
    let definition: JobDefinition = serde_json::from_str(r#"{"jobDefinitionName": "d"}"#).unwrap();
    let lost = Exit { code: None, status_reason: String::new() };
    assert!(!definition.retry_strategy.tries_again(&lost, 1));
}
