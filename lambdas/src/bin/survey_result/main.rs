//! The program of the function `survey_result`: what a contact flow tells in, a flat reply out.
//!
//! Its environment: `SLUICE_SURVEYS`, `SLUICE_ANSWERS_TABLE` and `SLUICE_TOPIC_ARN`.

use std::{io::Write, sync::Arc, time::Duration};

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use sluice_aws::DynamoItems;
use sluice_lambdas::{
    log::Log,
    program::{Failure, Topic, blocking_within, now, surveys, variable},
    survey::Surveys,
    survey_result::{ItemAnswers, Reply, SurveyResultError, call},
};
use tokio::runtime::Handle;

/// Connect waits eight seconds and then takes the way of an error.
const LONGEST: Duration = Duration::from_secs(7);

/// So that one call of AWS that hangs leaves time for another one.
const LONGEST_CALL: Duration = Duration::from_secs(2);

#[derive(Debug)]
struct Function {
    surveys: Surveys,
    table: String,
    items: DynamoItems,
    topic: Topic,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let configuration = sluice_aws::configuration_within(LONGEST_CALL).await;
    let runtime = Handle::current();
    let function = Arc::new(Function {
        surveys: surveys()?,
        table: variable("SLUICE_ANSWERS_TABLE")?,
        items: DynamoItems::new(&configuration, runtime.clone()),
        topic: Topic::new(&configuration, runtime, variable("SLUICE_TOPIC_ARN")?),
    });
    run(service_fn(|event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        blocking_within(LONGEST, move || function.handle(&event.payload))
    }))
    .await
}

impl Function {
    fn handle(&self, payload: &Value) -> Result<Reply, Failure> {
        let answers = ItemAnswers::new(&self.items, &self.table);
        // A call that nobody waits for any more must not keep the next one from its log.
        let mut lines = Vec::new();
        let mut log = Log::new(&mut lines, "survey_result");
        let reply = call(payload, &self.surveys, &answers, &self.topic, now(), &mut log);
        // A log that can't be written has nowhere to say so.
        let _ = std::io::stdout().lock().write_all(&lines);
        reply.map_err(|error| match error {
            SurveyResultError::Malformed(reason) => Failure::event(&reason),
            error @ (SurveyResultError::Answers(_)
            | SurveyResultError::Contended
            | SurveyResultError::Announce(_)) => Failure::survey(&error),
        })
    }
}
