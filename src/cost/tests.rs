//! A month of small programs, by hand.

use super::*;
use crate::{compile::compile, source::MemoryFiles};

/// A pipeline with that schedule, and one that starts after it.
fn program(schedule: &str) -> (Plan, Sources) {
    let text = format!(
        "platform p {{\n environment prod {{\n account 111111111111\n region eu-west-1\n }}\n \
         connection c {{\n prod mysql secret \"c\"\n }}\n target c\n \
         channel ops email \"ops@example.com\"\n notify ops on failure\n}}\n\
         table t {{\n id integer key\n}}\n\
         pipeline a {{\n country gr\n schedule {schedule}\n source c\n into t {{\n extract \"t.sql\"\n \
         publish upsert\n }}\n}}\n\
         pipeline b {{\n country it\n start after a\n source c\n into t {{\n extract \"t.sql\"\n \
         publish upsert\n }}\n}}\n"
    );
    let compiled = compile(&MemoryFiles::default().with("p.pipe", text).with("t.sql", "select id from t"));
    (compiled.plan.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)), compiled.sources)
}

fn estimated(schedule: &str, measured: &Measured) -> Estimate {
    let (plan, sources) = program(schedule);
    let environment = plan.environment("prod").unwrap();
    estimate(&plan, environment, &sources, measured, &Assumptions::default()).unwrap()
}

fn near(left: Dollars, right: f64) -> bool {
    (left.amount() - right).abs() < 0.000_001
}

#[test]
fn a_month_is_its_runs_times_what_a_run_takes() {
    let estimate = estimated("daily at 02:30 in Europe/Athens", &Measured::default());
    let [a, b] = &estimate.pipelines[..] else { panic!("{:?}", estimate.pipelines) };
    // 730 days of 24 months; b starts with each run of a.
    assert_eq!((a.runs, b.runs), (30.42, 30.42));
    // Lock, clean up, extract, load, publish, free, end.
    assert_eq!(a.transitions, 7);
    let runs = 730.0 / 24.0;
    assert!(near(a.state_machine, runs * (7.0 * 0.000_025 + 0.000_001)), "{:?}", a.state_machine);
    // Four jobs of ten minutes and half a minute, each with what the language's defaults give it.
    let compute = program("daily at 02:30 in UTC").0.environments[0].pipelines[0].effort.compute;
    let hour = f64::from(compute.vcpus) * 0.040_48 + f64::from(compute.memory_mib) / 1024.0 * 0.004_445;
    assert!(near(a.compute_on_demand, runs * 4.0 * 630.0 / 3600.0 * hour), "{:?}", a.compute_on_demand);
    assert!(!a.measured);
    let parts = [a.state_machine, a.compute, a.objects, a.records, a.events];
    assert!((a.total.amount() - parts.into_iter().sum::<Dollars>().amount()).abs() < 0.000_01);
}

#[test]
fn a_past_run_replaces_what_is_assumed() {
    let stages = program("daily at 02:30 in UTC").0.environments[0].pipelines[0].stages.clone();
    let measure = StageMeasure { seconds: 60.0, gb: 0.1, parts: 4.0 };
    let of_a = stages.iter().map(|it| (it.id.clone(), measure)).collect();
    let measured = Measured { pipelines: BTreeMap::from([("a".to_owned(), of_a)]) };
    let estimate = estimated("daily at 02:30 in UTC", &measured);
    let [a, b] = &estimate.pipelines[..] else { panic!("{:?}", estimate.pipelines) };
    assert!(a.measured && !b.measured);
    // A minute and a half for ten and a half.
    assert!((b.compute.amount() / a.compute.amount() - 7.0).abs() < 0.001);
    assert!(a.objects < b.objects);
}

#[test]
fn the_difference_names_what_costs_something_else() {
    let weekly = estimated("weekly on monday at 02:30 in UTC", &Measured::default());
    let daily = estimated("daily at 02:30 in UTC", &Measured::default());
    let changed = changes(&weekly, &daily);
    assert_eq!(changed.iter().map(|it| it.of.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(changed.iter().all(|it| it.before < it.after));
    assert_eq!(changes(&daily, &daily), []);
    let mut without = daily.clone();
    without.pipelines.truncate(1);
    assert_eq!(changes(&daily, &without)[0].after, None);
}

#[test]
fn an_estimate_can_be_kept_and_compared_later() {
    let daily = estimated("daily at 02:30 in UTC", &Measured::default());
    let kept: Estimate = serde_json::from_str(&serde_json::to_string(&daily).unwrap()).unwrap();
    assert_eq!(changes(&kept, &daily), []);
}
