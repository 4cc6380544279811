//! The program of the function `watch`: a queue's batches in, the failed messages out.
//!
//! Its environment: `SLUICE_PLATFORM`, `SLUICE_ENVIRONMENT`, `SLUICE_RUNS_TABLE` and `SLUICE_TOPIC_ARN`.

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use sluice_aws::DynamoItems;
use sluice_contract::runs::RunsTable;
use sluice_lambdas::{
    log::Log,
    program::{FUNCTION_NAME, Failure, Topic, blocking, now, variable},
    queue::{Batch, BatchResponse},
    watch::{Commands, Watch},
};
use tokio::runtime::Handle;

#[derive(Debug)]
struct Function {
    name: String,
    platform: String,
    /// Of the commands that are told.
    flags: String,
    table: String,
    items: DynamoItems,
    topic: Topic,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let configuration = sluice_aws::configuration().await;
    let runtime = Handle::current();
    let function = Arc::new(Function {
        name: variable(FUNCTION_NAME)?,
        platform: variable("SLUICE_PLATFORM")?,
        flags: format!("--environment {}", variable("SLUICE_ENVIRONMENT")?),
        table: variable("SLUICE_RUNS_TABLE")?,
        items: DynamoItems::new(&configuration, runtime.clone()),
        topic: Topic::new(&configuration, runtime, variable("SLUICE_TOPIC_ARN")?),
    });
    run(service_fn(|event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        blocking(move || function.handle(event.payload))
    }))
    .await
}

impl Function {
    fn handle(&self, payload: Value) -> Result<BatchResponse, Failure> {
        let batch: Batch =
            serde_json::from_value(payload).map_err(|error| Failure::event(&error.to_string()))?;
        let watch = Watch {
            platform: &self.platform,
            runs: RunsTable::new(&self.items, &self.table),
            announcer: &self.topic,
            now: now(),
            commands: Commands { start: "start", flags: &self.flags },
        };
        Ok(watch.batch(&batch, &mut Log::new(&mut std::io::stdout().lock(), &self.name)))
    }
}
