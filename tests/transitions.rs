//! What the state machines cost: `docs/transitions.md` is made here, by executing what is generated.

use std::{cell::RefCell, collections::BTreeMap, fmt::Write as _, fs, path::Path};

use async_trait::async_trait;
use jiff::{Timestamp, civil::date, tz::TimeZone};
use serde_json::{Map, Value, json};
use sluice::{
    calendar::{Cron, starts},
    compile::compile,
    emit::{emit, state_machine_path},
    engine::{Event, Execution, Machine, Observer, ServiceCall, Services, TaskError, Time, run_blocking},
    lower::PipelinePlan,
    source::DiskFiles,
    targets::resources::Resources,
};
use sluice_contract::event::ExecutionStatus;

/// Dollars for a transition of a standard machine [Step Functions pricing].
const PRICE: f64 = 0.000_025;
/// How long each stage takes: a country of some million records.
const STAGE_MINUTES: i64 = 10;
const START: &str = "2026-11-22T02:30:00Z";

/// Every service, each at its best.
#[derive(Default)]
struct Cloud {
    submitted: RefCell<BTreeMap<String, Timestamp>>,
}

struct Nobody;

impl Observer for Nobody {
    fn event(&self, _event: &Event) {}
}

#[async_trait(?Send)]
impl Services for Cloud {
    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let now = call.clock.now();
        let arguments = call.arguments;
        match call.resource.rsplit(":::").next().unwrap() {
            "dynamodb:updateItem" => Ok(json!({ "Attributes": { "fence": { "N": "1" } } })),
            "dynamodb:putItem" | "batch:submitJob.sync" => Ok(json!({})),
            "lambda:invoke" => {
                let stage = arguments["Payload"]["stage"].as_str().unwrap_or_default().to_owned();
                if arguments["FunctionName"] != "get-job-status" {
                    let _ = self.submitted.borrow_mut().insert(stage, now);
                    return Ok(json!({ "Payload": {} }));
                }
                let minutes = (now - self.submitted.borrow()[&stage]).get_seconds() / 60;
                let status = if minutes < STAGE_MINUTES { "RUNNING" } else { "SUCCEEDED" };
                Ok(json!({ "Payload": { "status": status } }))
            }
            other => panic!("{other}"),
        }
    }
}

/// State transitions of an undisturbed run.
fn transitions(machine: &str) -> u64 {
    let execution = Execution {
        id: "arn:aws:states:eu-west-1:222222222222:execution:m:e".to_owned(),
        name: "e".to_owned(),
        machine_id: "arn:aws:states:eu-west-1:222222222222:stateMachine:m".to_owned(),
        machine_name: "m".to_owned(),
        role_arn: String::new(),
        input: json!({ "scheduled": START }),
        start: START.parse().unwrap(),
        seed: 1,
    };
    let machine = Machine::parse(machine).unwrap();
    let cloud = Cloud::default();
    let never = std::future::pending();
    let ended = run_blocking(&machine, execution, &cloud, &Nobody, Time::Virtual, never).unwrap();
    assert_eq!(ended.status, ExecutionStatus::Succeeded, "{ended:?}");
    ended.transitions
}

/// The same stages as the samples of AWS write them: one after the other, each submitted by a function, asked for once
/// a minute, its status written to a table before and after.
fn sample(pipeline: &PipelinePlan) -> String {
    let template =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transitions/stage.asl.json"))
            .unwrap();
    let mut states = Map::new();
    for (index, stage) in pipeline.stages.iter().enumerate() {
        let next = pipeline.stages.get(index + 1);
        let next = next.map_or_else(|| "Done".to_owned(), |it| format!("Write that {} runs", it.id));
        let text = template.replace("<stage>", &stage.id).replace("<next>", &next);
        states.extend(serde_json::from_str::<Map<_, _>>(&text).unwrap());
    }
    states.extend([
        ("Done".to_owned(), json!({ "Type": "Succeed" })),
        ("Failed".to_owned(), json!({ "Type": "Fail", "Error": "JobFailed", "Cause": "a job failed" })),
    ]);
    let first = format!("Write that {} runs", pipeline.stages[0].id);
    json!({ "QueryLanguage": "JSONata", "StartAt": first, "States": states }).to_string()
}

/// Starts of the year 2026.
fn starts_a_year(pipeline: &PipelinePlan) -> usize {
    let day = |year| date(year, 1, 1).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let of = |it: &sluice::lower::SchedulePlan| {
        let (cron, zone) = (Cron::parse(&it.cron).unwrap(), TimeZone::get(&it.zone).unwrap());
        starts(&cron, &zone, day(2026), day(2027)).len()
    };
    pipeline.schedules.iter().map(of).sum()
}

fn page() -> String {
    let compiled = compile(&DiskFiles::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines")));
    let plan = compiled.plan.unwrap();
    let generated = emit(&plan, &compiled.sources).unwrap();
    let (environment, files) =
        plan.environments.iter().zip(&generated).find(|it| it.0.name == "prod").unwrap();
    let (mut rows, mut ours, mut theirs, mut runs) = (String::new(), 0.0, 0.0, 0);
    for pipeline in &environment.pipelines {
        let here = transitions(&files.files[&state_machine_path(&pipeline.name)]);
        let there = transitions(&sample(pipeline));
        // `sluice cost` counts them without executing anything.
        let machine =
            sluice::targets::asl::state_machine(pipeline, Resources::new(&plan, environment), "").machine;
        assert_eq!(sluice::cost::transitions(&machine), here, "{}", pipeline.name);
        let year = starts_a_year(pipeline);
        let dollars = |count: u64| f64::from(u32::try_from(count).unwrap()) * PRICE;
        let year_count = f64::from(u32::try_from(year).unwrap());
        ours += dollars(here) * year_count / 12.0;
        theirs += dollars(there) * year_count / 12.0;
        runs += year;
        let (name, stages) = (&pipeline.name, pipeline.stages.len());
        writeln!(
            rows,
            "| {name} | {stages} | {year} | {here} | {:.6} | {there} | {:.6} | {:.0} |",
            dollars(here),
            dollars(there),
            f64::from(u32::try_from(there).unwrap()) / f64::from(u32::try_from(here).unwrap()),
        )
        .unwrap();
    }
    let count = environment.pipelines.len();
    let monthly = f64::from(u32::try_from(runs).unwrap()) / 12.0;
    format!(
        "\
# What a run costs in state transitions

This page is made by the tests (`BLESS=1 cargo test --test main transitions` renews it): every machine of
`generated/prod` is executed undisturbed on the local engine with services that answer at once, and its transitions
are counted as AWS bills them, retries included.
A transition of a standard machine costs ${PRICE:.6}.
What Batch, DynamoDB and the functions cost is not in it.

It is held against the same stages in the form of AWS's samples: no lock, one stage after the other, each submitted by
a function and asked for once a minute, its status written to a table before and after (`tests/transitions/stage.asl.json`
is that form for one stage).
That machine is executed, too, with stages of {STAGE_MINUTES} minutes; every further minute of a stage costs it 3 transitions more,
and ours none.

A run of ours enters one state to take the lock, one for each stage, one for each group of stages that run side by side,
one to free the lock and one to end; the samples' enter three a stage and three more for every minute of it.
Starts a year are those of the schedules: a pipeline that starts after another has none of its own.

<!-- generated -->
| country | stages | starts a year | transitions | dollars | as the samples do | dollars | times as many |
|---|---|---|---|---|---|---|---|
{rows}
{count} countries start {monthly:.1} runs in a month of 2026 on average: {ours:.4} dollars a month, as the samples do {theirs:.4}.
The first 4,000 transitions of a month are free, which is not counted here.
<!-- end -->
"
    )
}

#[test]
fn the_page_of_costs_is_what_the_machines_cost() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/transitions.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
        return;
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/transitions.md is stale: run `BLESS=1 cargo test --test main transitions`");
}
