//! The program of the function `survey_dispatch`: a stream's batches and schedules' calls in, telephone calls out.
//!
//! Its environment: `SLUICE_SURVEYS`, `SLUICE_CALLS_TABLE`, `SLUICE_CONNECT_IDS` (JSON, a [`ConnectIds`]),
//! `SLUICE_SCHEDULE_GROUP` and `SLUICE_SCHEDULE_ROLE_ARN`.

mod services;

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use sluice_aws::{DynamoItems, RestService};
use sluice_lambdas::{
    log::Log,
    program::{Failure, blocking, now, surveys, variable},
    queue::BatchResponse,
    survey::Surveys,
    survey_dispatch::{ConnectIds, Dispatch, DispatchError, Event, Ledger, Schedules},
};
use tokio::runtime::Handle;

use services::{Connect, Scheduler};

#[derive(Debug)]
struct Function {
    surveys: Surveys,
    ids: ConnectIds,
    table: String,
    group: String,
    role: String,
    items: DynamoItems,
    connect: Connect,
    scheduler: RestService,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let configuration = sluice_aws::configuration().await;
    let runtime = Handle::current();
    let ids = serde_json::from_str(&variable(IDS)?).map_err(|it| Failure::set_up(IDS, &it))?;
    let function = Arc::new(Function {
        surveys: surveys()?,
        ids,
        table: variable("SLUICE_CALLS_TABLE")?,
        group: variable("SLUICE_SCHEDULE_GROUP")?,
        role: variable("SLUICE_SCHEDULE_ROLE_ARN")?,
        items: DynamoItems::new(&configuration, runtime.clone()),
        connect: Connect(RestService::new(&configuration, runtime.clone(), "connect")),
        scheduler: RestService::new(&configuration, runtime, "scheduler"),
    });
    run(service_fn(|event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        blocking(move || function.handle(event.payload, event.context.invoked_function_arn))
    }))
    .await
}

const IDS: &str = "SLUICE_CONNECT_IDS";

impl Function {
    /// Schedules call whatever was called now: this version, where there are versions.
    fn handle(&self, payload: Value, arn: String) -> Result<BatchResponse, Failure> {
        let schedules = Schedules { group: self.group.clone(), function: arn, role: self.role.clone() };
        let dispatch = Dispatch {
            surveys: &self.surveys,
            ids: &self.ids,
            ledger: Ledger::new(&self.items, &self.table),
            telephone: &self.connect,
            wake: &Scheduler { service: &self.scheduler, schedules },
            now: now(),
        };
        let mut out = std::io::stdout().lock();
        let done = Event::read(payload)
            .and_then(|it| dispatch.event(&it, &mut Log::new(&mut out, "survey_dispatch")));
        done.map_err(|error| match error {
            DispatchError::Malformed(reason) => Failure::event(&reason),
            error @ (DispatchError::Ledger(_)
            | DispatchError::Wake(_)
            | DispatchError::Telephone(_)
            | DispatchError::NoId { .. }) => Failure::survey(&error),
        })
    }
}
