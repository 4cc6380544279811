//! A batch of messages from a queue: each is dealt with on its own, and only those that failed come again.
//!
//! Source: "Using Lambda with Amazon SQS", reporting batch item failures. What fails too often is moved to the
//! queue of dead letters by SQS, so a poisoned message needs nothing of its own here.

use serde::{Deserialize, Serialize};

/// What Lambda hands over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Batch {
    /// The messages, in no order that means anything.
    #[serde(rename = "Records")]
    pub records: Vec<Message>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its own id.
    pub message_id: String,
    /// Its text.
    pub body: String,
}

/// What Lambda is told. SQS deletes every message of the batch that is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    /// The messages that are to come again.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A message that is to come again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// Its id.
    pub item_identifier: String,
}

impl Batch {
    /// Hands every message to `handle`, those after a failure too.
    pub fn each<E>(&self, mut handle: impl FnMut(&Message) -> Result<(), E>) -> BatchResponse {
        let failed = self.records.iter().filter(|it| handle(it).is_err());
        let failures = failed.map(|it| BatchItemFailure { item_identifier: it.message_id.clone() });
        BatchResponse { batch_item_failures: failures.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_message_fails_no_other() {
        let json = r#"{"Records":[{"messageId":"a","body":"1"},{"messageId":"b","body":"x","attributes":{}},{"messageId":"c","body":"3"}]}"#;
        let batch: Batch = serde_json::from_str(json).unwrap();
        let mut seen = Vec::new();
        let response = batch.each(|message| {
            seen.push(message.message_id.clone());
            message.body.parse::<u32>().map(drop)
        });
        assert_eq!(seen, ["a", "b", "c"]);
        let told = serde_json::to_string(&response).unwrap();
        assert_eq!(told, r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#);
    }

    #[test]
    fn where_nothing_failed_the_list_is_empty_and_there() {
        let response = Batch { records: Vec::new() }.each(|_| Ok::<(), ()>(()));
        assert_eq!(serde_json::to_string(&response).unwrap(), r#"{"batchItemFailures":[]}"#);
    }
}
