//! What an error of AWS means.

use serde_json::Value;

use crate::deploy::cloud::Problem;

const CREDENTIALS: [&str; 12] = [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "InvalidAccessKeyId",
    "InvalidToken",
];
/// What may pass: too many calls at once, or a machine of that name that is still being deleted.
const NOT_NOW: [&str; 10] = [
    "StateMachineDeleting",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "TooManyRequests",
    "RequestLimitExceeded",
    "SlowDown",
    "ConcurrentModification",
    "ConcurrentModificationException",
];
const DENIED: [&str; 6] = [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "ForbiddenException",
    "403",
];
const REFUSED: [&str; 10] = [
    "InvalidDefinition",
    "InvalidContactFlowException",
    "ValidationException",
    "ValidationError",
    "ClientException",
    "InvalidRequestException",
    "InvalidParameterException",
    "MalformedPolicyDocument",
    "InvalidEventPatternException",
    "InvalidInput",
];

/// What kind of trouble an error is.
pub(super) fn problem(status: u16, code: &str, message: &str) -> Problem {
    if NOT_NOW.contains(&code) || status == 429 || status >= 500 || message.starts_with("Rate exceeded") {
        Problem::Unavailable
    } else if CREDENTIALS.contains(&code) {
        Problem::Credentials
    } else if DENIED.contains(&code) || message.contains("is not authorized to perform") {
        Problem::Denied
    } else if code == "ValidationError" && message.contains("must have values") {
        Problem::ValueMissing
    } else if REFUSED.contains(&code) {
        Problem::Refused
    } else {
        Problem::Failed
    }
}

/// Whether a role is there and not everybody knows it yet.
pub(super) fn is_unready(message: &str) -> bool {
    let assumes = message.contains("assume") && message.contains("role");
    // Step Functions tries whether the role may make the rule by which it hears of jobs.
    let makes_rule = message.contains("is not authorized to create managed-rule");
    (assumes || makes_rule) && !message.contains("is not authorized to perform: iam:PassRole")
}

/// Each problem of a refused document.
pub(super) fn problems(code: &str, message: &str, body: &Value) -> Vec<String> {
    match code {
        // The words of the exception itself are empty: what is wrong stands in a list beside them.
        "InvalidContactFlowException" => {
            let listed = body.get("problems").or_else(|| body.get("Problems"));
            let all = listed.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            all.iter()
                .filter_map(|it| it.get("message").or_else(|| it.get("Message"))?.as_str())
                .map(str::to_owned)
                .collect()
        }
        "InvalidDefinition" => definition_problems(message),
        _ => Vec::new(),
    }
}

/// `Invalid State Machine Definition: 'CODE: words at /States/A, CODE: words'`
fn definition_problems(message: &str) -> Vec<String> {
    let quoted = message.split_once('\'').and_then(|(_, rest)| rest.rsplit_once('\'')).map(|(list, _)| list);
    let mut problems: Vec<String> = Vec::new();
    for piece in quoted.unwrap_or(message).split(", ") {
        let starts = piece.split_once(": ").is_some_and(|(code, _)| {
            code.len() > 3 && code.chars().all(|it| it.is_ascii_uppercase() || it == '_')
        });
        match problems.last_mut() {
            Some(last) if !starts => {
                last.push_str(", ");
                last.push_str(piece);
            }
            _ => problems.push(piece.to_owned()),
        }
    }
    problems
}

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests {
    use super::*;

    #[test]
    fn each_problem_of_a_definition_is_told_by_itself() {
        let message = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field is missing, or empty at \
                       /States/A, MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next'";
        assert_eq!(
            problems("InvalidDefinition", message, &Value::Null),
            [
                "SCHEMA_VALIDATION_FAILED: Field is missing, or empty at /States/A",
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"
            ]
        );
    }

    #[test]
    fn the_problems_of_a_flow_stand_beside_its_words() {
        let body =
            serde_json::json!({"problems": [{"message": "Invalid Action type. Type: X"}, {"message": "b"}]});
        assert_eq!(
            problems("InvalidContactFlowException", "None", &body),
            ["Invalid Action type. Type: X", "b"]
        );
    }

    #[test]
    fn a_role_that_nobody_knows_yet_is_waited_for_and_one_that_may_not_be_passed_is_not() {
        assert!(is_unready(
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        ));
        assert!(is_unready("'arn:aws:iam::1:role/greece-machine' is not authorized to create managed-rule."));
        assert!(!is_unready(
            "User: arn:aws:iam::1:user/a is not authorized to perform: iam:PassRole on resource: role x, assume"
        ));
        assert_eq!(problem(400, "AccessDeniedException", "x"), Problem::Denied);
        assert_eq!(problem(400, "ThrottlingException", "x"), Problem::Unavailable);
        assert_eq!(problem(403, "ExpiredTokenException", "x"), Problem::Credentials);
    }
}
