//! What a month of one pipeline costs.

use std::collections::BTreeMap;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use super::{
    Assumptions, Measured, StageMeasure, assumptions as assumed, prices,
    shape::{Shape, StageShape},
    sum::{Dollars, real},
};
use crate::calendar::{Cron, LOOK_AHEAD, starts};

/// A month of a pipeline, in dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PipelineCost {
    /// Its name.
    pub pipeline: String,
    /// Runs in a month, on average over a year.
    pub runs: f64,
    /// Of one undisturbed run.
    pub transitions: u64,
    /// Whether a past run tells how long its stages take.
    pub measured: bool,
    /// Step Functions and Scheduler.
    pub state_machine: Dollars,
    /// Fargate, all of it on spare capacity.
    pub compute: Dollars,
    /// The same on demand: what it costs where there is no spare capacity.
    pub compute_on_demand: Dollars,
    /// S3.
    pub objects: Dollars,
    /// `DynamoDB`.
    pub records: Dollars,
    /// Lambda, SQS and log lines.
    pub events: Dollars,
    /// All of it.
    pub total: Dollars,
}

/// What is paid for one run.
#[derive(Debug, Default)]
struct Run {
    jobs: f64,
    on_demand: f64,
    gb: f64,
    puts: f64,
    gets: f64,
    writes: f64,
    reads: f64,
}

pub(super) fn cost(
    name: &str,
    shapes: &BTreeMap<String, Shape>,
    measured: &Measured,
    assumptions: &Assumptions,
) -> PipelineCost {
    let past = measured.pipelines.get(name);
    let none = Shape::default();
    let shape = shapes.get(name).unwrap_or(&none);
    let runs = runs(shape, shapes, 0);
    let transitions = shape.transitions;
    let mut run = Run::default();
    for stage in &shape.stages {
        add(stage, past.and_then(|it| it.get(&stage.id)), assumptions, &mut run);
    }
    let state_machine = runs * (real(transitions) * prices::TRANSITION + prices::START);
    let compute_on_demand = runs * run.on_demand;
    let compute = compute_on_demand * assumed::SPOT;
    // A month's extracts lie there at a time, and those of the month before, until they are gone for good.
    let months = assumed::EXTRACT_DAYS / 30.0;
    let objects = runs
        * (run.gb * months * prices::S3_GB_MONTH + run.puts * prices::S3_PUT + run.gets * prices::S3_GET);
    let heard = run.jobs * assumed::EVENTS_OF_A_JOB + 1.0;
    let writes = run.writes + heard + assumed::WRITES_OF_A_RUN;
    let records = runs * (writes * prices::WRITE + (run.reads + heard) * prices::READ);
    let call = prices::LAMBDA_CALL + assumed::CALL_SECONDS * assumed::CALL_GB * prices::LAMBDA_GB_SECOND;
    let event = call + assumed::REQUESTS_OF_AN_EVENT * prices::QUEUE_REQUEST;
    let events = runs * (heard * event + run.jobs * assumed::LOG_GB_OF_A_JOB * prices::LOG_GB);
    PipelineCost {
        pipeline: name.to_owned(),
        runs: (runs * 100.0).round() / 100.0,
        transitions,
        measured: past.is_some(),
        state_machine: state_machine.into(),
        compute: compute.into(),
        compute_on_demand: compute_on_demand.into(),
        objects: objects.into(),
        records: records.into(),
        events: events.into(),
        total: (state_machine + compute + objects + records + events).into(),
    }
}

/// How often it starts in a month: by its schedules, and with each run of those that it starts after.
fn runs(shape: &Shape, shapes: &BTreeMap<String, Shape>, depth: usize) -> f64 {
    if depth > shapes.len() {
        return 0.0;
    }
    let zones = TimeZoneDatabase::bundled();
    let (from, until) = LOOK_AHEAD;
    let at =
        |day: jiff::civil::Date| day.to_zoned(TimeZone::UTC).map(|it| it.timestamp()).unwrap_or_default();
    let scheduled: usize = shape
        .schedules
        .iter()
        .filter_map(|(cron, zone)| Some((Cron::parse(cron).ok()?, zones.get(zone).ok()?)))
        .map(|(cron, zone)| starts(&cron, &zone, at(from), at(until)).len())
        .sum();
    let months = f64::from(until.year() - from.year()) * 12.0;
    let after = shape.starts_after.iter().filter_map(|it| shapes.get(it));
    real(scheduled as u64) / months + after.map(|it| runs(it, shapes, depth + 1)).sum::<f64>()
}

fn add(stage: &StageShape, measure: Option<&StageMeasure>, assumptions: &Assumptions, run: &mut Run) {
    let seconds = measure.map_or(assumptions.stage_minutes * 60.0, |it| it.seconds);
    let writers = stage.jobs.map_or(1.0, |it| it.count);
    if let Some(jobs) = stage.jobs {
        // The parts of an array share the work.
        let each = (seconds / jobs.count + assumed::JOB_START_SECONDS).max(assumed::LEAST_JOB_SECONDS);
        let hours = jobs.count * each / 3600.0;
        let gb = jobs.memory_mib / 1024.0;
        run.on_demand += hours * (jobs.vcpus * prices::VCPU_HOUR + gb * prices::GB_HOUR);
        run.jobs += jobs.count;
        // The plan.
        run.gets += jobs.count;
    }
    let parts = measure.map_or(1.0, |it| it.parts.max(1.0));
    if stage.writes_parts {
        run.gb += measure.map_or(assumptions.extract_gb, |it| it.gb);
        run.puts += parts + 1.0;
        run.writes += parts;
    }
    if stage.reads_parts {
        run.gets += parts + 1.0;
    }
    run.writes += writers * assumed::WRITES_OF_A_STAGE;
    run.reads += writers * assumed::READS_OF_A_STAGE;
}
