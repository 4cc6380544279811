//! How many executions of a machine of twenty states the engine does in a second, reading it included and left out.
//!
//! `cargo bench --bench engine` runs it. Time is virtual and services answer at once, so what is measured is the
//! engine: expressions, retries, histories.

#![expect(clippy::expect_used, reason = "a bench that has no machine to measure can only stop")]

use std::{future, hint::black_box};

use async_trait::async_trait;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;
use sluice::engine::{
    Event, Execution, Machine, Observer, ServiceCall, Services, TaskError, Time, run_blocking,
};

/// Twenty states in a row: tasks with a variable, an output and a retry, a choice and a pass between them.
fn machine() -> String {
    let mut states = Vec::new();
    for number in (0..20).step_by(4) {
        let [one, two, three, next] = [1, 2, 3, 4].map(|it| format!("S{}", number + it));
        states.push(format!(
            r#""S{number}": {{"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
                "Arguments": {{"JobName": "job-{number}", "Parameters": {{"n": "{{% $string($states.input.n) %}}"}}}},
                "Retry": [{{"ErrorEquals": ["Batch.ServerException"]}}],
                "Assign": {{"n": "{{% $states.input.n + 1 %}}"}}, "Output": {{"n": "{{% $states.input.n + 1 %}}"}},
                "Next": "{one}"}},
            "{one}": {{"Type": "Choice", "Choices": [{{"Condition": "{{% $n < 0 %}}", "Next": "{three}"}}],
                "Default": "{two}"}},
            "{two}": {{"Type": "Pass", "Output": {{"n": "{{% $n %}}"}}, "Next": "{three}"}},
            "{three}": {{"Type": "Wait", "Seconds": 60, {}}}"#,
            if number == 16 { r#""End": true"#.to_owned() } else { format!(r#""Next": "{next}""#) }
        ));
    }
    format!(r#"{{"QueryLanguage": "JSONata", "StartAt": "S0", "States": {{{}}}}}"#, states.join(","))
}

struct AtOnce;

#[async_trait(?Send)]
impl Services for AtOnce {
    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        Ok(call.arguments)
    }
}

struct Deaf;

impl Observer for Deaf {
    fn event(&self, event: &Event) {
        let _ = black_box(event);
    }
}

fn execute(machine: &Machine) {
    let execution = Execution {
        id: "arn:aws:states:local:000000000000:execution:machine:one".to_owned(),
        name: "one".to_owned(),
        machine_id: "arn:aws:states:local:000000000000:stateMachine:machine".to_owned(),
        machine_name: "machine".to_owned(),
        role_arn: String::new(),
        input: serde_json::from_str(r#"{"n": 0}"#).expect("it is JSON"),
        start: jiff::Timestamp::UNIX_EPOCH,
        seed: 1,
    };
    let ended = run_blocking(machine, execution, &AtOnce, &Deaf, Time::Virtual, future::pending());
    assert_eq!(ended.expect("a runtime starts").transitions, 20);
}

fn bench(criterion: &mut Criterion) {
    let text = machine();
    let machine = Machine::parse(&text).expect("the machine is fine");
    let mut group = criterion.benchmark_group("twenty states");
    let _ = group.throughput(Throughput::Elements(1));
    let _ = group.bench_function("execute", |bencher| bencher.iter(|| execute(&machine)));
    let _ = group.bench_function("read", |bencher| {
        bencher.iter(|| Machine::parse(black_box(&text)).expect("the machine is fine"));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
