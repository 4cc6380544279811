//! Cases of reading a machine.

use serde_json::{Value, json};

use super::{Machine, MachineError};

fn machine(states: &Value) -> Value {
    json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": states})
}

fn error(document: &Value) -> String {
    Machine::parse(&document.to_string()).unwrap_err().to_string()
}

#[test]
fn a_document_with_every_kind_of_state_is_read() {
    let inner = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Succeed"}}});
    let document = machine(&json!({
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "D"}], "Default": "G"},
        "D": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "E",
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "G"}]},
        "E": {"Type": "Parallel", "Branches": [inner("E1"), inner("E2")], "Next": "F"},
        "F": {"Type": "Map", "ItemProcessor": inner("F1"), "Next": "H"},
        "G": {"Type": "Fail", "Error": "E", "Cause": "C"},
        "H": {"Type": "Succeed"},
    }));
    assert!(Machine::parse(&document.to_string()).is_ok());
}

#[test]
fn what_cannot_be_executed_is_told_with_its_place() {
    let pass = json!({"Type": "Pass", "End": true});
    let cases = [
        ("not JSON", "the state machine is not JSON"),
        ("[]", "`` must be an object"),
        ("{\"QueryLanguage\": \"JSONata\"}", "lacks the field `StartAt`"),
        ("{\"StartAt\": \"A\", \"States\": {}}", "the machine is written in JSONPath"),
    ];
    for (text, expected) in cases {
        let found = Machine::parse(text).unwrap_err().to_string();
        assert!(found.contains(expected), "{text}: {found}");
    }
    let cases = [
        (json!({"B": pass}), "`/StartAt` names the state `A`"),
        (json!({"A": {"Type": "Pass", "Next": "Z"}}), "`/States/A/Next` names the state `Z`"),
        (json!({"A": {"Type": "Pass"}}), "`/States/A` needs exactly one of `Next` and `End`"),
        (json!({"A": {"Type": "Pass", "Next": "A", "End": true}}), "needs exactly one of"),
        (json!({"A": {"Type": "Pas", "End": true}}), "`/States/A/Type` names the type `Pas`"),
        (json!({"A": {"Type": "Pass", "InputPath": "$", "End": true}}), "state `A` is written in JSONPath"),
        (json!({"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}), "state `A` is written"),
        (json!({"A": {"Type": "Pass", "Outptu": 1, "End": true}}), "the field `Outptu`"),
        (json!({"A": {"Type": "Task", "End": true}}), "`/States/A` lacks the field `Resource`"),
        (
            json!({"A": {"Type": "Wait", "Seconds": 1, "Timestamp": "", "End": true}}),
            "`Seconds` and `Timestamp`",
        ),
        (json!({"A": {"Type": "Choice", "Choices": []}}), "lacks the field `Choices`"),
        (json!({"A": {"Type": "Parallel", "Branches": [], "End": true}}), "lacks the field `Branches`"),
        (json!({"A": {"Type": "Map", "End": true}}), "lacks the field `ItemProcessor`"),
        (
            json!({"A": {"Type": "Map", "ItemReader": {}, "End": true,
                "ItemProcessor": {"StartAt": "B", "States": {"B": pass}}}}),
            "the field `ItemReader`, which a JSONata inline Map does not have",
        ),
        (
            json!({"A": {"Type": "Pass", "Output": {"x": "{% 1 + %}"}, "End": true}}),
            "`/States/A/Output/x` holds",
        ),
        (
            json!({"A": {"Type": "Task", "Resource": "r", "Retry": [{"ErrorEquals": []}], "End": true}}),
            "`/States/A/Retry/0/ErrorEquals` must be an array of strings, not empty",
        ),
        (
            json!({"A": {"Type": "Task", "Resource": "r", "Retry": [{"ErrorEquals": ["x"], "BackoffRate": 0.5}], "End": true}}),
            "`/States/A/Retry/0/BackoffRate` must be a number of at least 1",
        ),
        (
            json!({"A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": pass}}]}}),
            "the second state named `A`",
        ),
        (
            json!({"A": {"Type": "Parallel", "End": true,
                "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "A"}}}]}}),
            "`/States/A/Branches/0/States/B/Next` names the state `A`",
        ),
    ];
    for (states, expected) in cases {
        let found = error(&machine(&states));
        assert!(found.contains(expected), "{states}: {found}");
    }
}

#[test]
fn an_inner_scope_may_not_assign_an_outer_variable() {
    let assign = json!({"Type": "Pass", "Assign": {"x": 1}, "End": true});
    let document = machine(&json!({
        "A": {"Type": "Pass", "Assign": {"x": 0}, "Next": "B"},
        "B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "C", "States": {"C": assign}}]},
    }));
    let expected = MachineError::OuterVariable {
        at: "/States/B/Branches/0/States/C/Assign".to_owned(),
        name: "x".to_owned(),
    };
    assert_eq!(Machine::parse(&document.to_string()).unwrap_err(), expected);
}
