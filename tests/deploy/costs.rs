//! What a plan makes of the month's cost.

use serde_json::{Value, json};

use crate::account::{Account, told};

/// The amounts of one unit, before and after.
fn of(plan: &Value, name: &str) -> (Option<f64>, Option<f64>) {
    let changes = plan["cost"]["changes"].as_array().unwrap();
    let found = changes.iter().find(|it| it["of"] == name).unwrap_or_else(|| panic!("{name}: {plan:#}"));
    (found["before"].as_f64(), found["after"].as_f64())
}

#[test]
fn a_plan_tells_what_costs_something_else_and_nothing_else() {
    let account = Account::with(&["greece", "sweden", "finland"]);
    let parameters = ["--parameter", "SubnetIds=subnet-1", "--parameter", "SecurityGroupIds=sg-1"];
    let first = account.plan(&parameters);
    // Everything is new, so its before is nothing.
    for name in ["greece", "sweden", "finland", "satisfaction"] {
        let (before, after) = of(&first, name);
        assert!(before.is_none_or(|it| it == 0.0) && after.unwrap() > 0.0, "{name}: {first:#}");
    }
    assert_eq!(first["cost"]["before"], 0.0, "{first:#}");
    let whole = first["cost"]["after"].as_f64().unwrap();
    let _ = account.deploy();
    assert_eq!(account.plan(&[])["cost"], Value::Null);

    // Another time costs the same.
    account.edit("pipelines/greece.pipe", "daily at 02:30", "daily at 05:30");
    let plan = account.plan(&[]);
    assert_eq!(plan["cost"]["changes"], json!([]), "{plan:#}");
    assert_eq!(plan["cost"]["before"], plan["cost"]["after"]);
    let said = told(&account.sluice(&["plan", "--environment", "test"]));
    assert!(said.contains("a month costs what it did"), "{said}");

    // A seventh of the starts costs a seventh, and nobody else anything else.
    account.edit("pipelines/greece.pipe", "daily at 05:30", "weekly on monday at 05:30");
    let plan = account.plan(&[]);
    let (before, after) = of(&plan, "greece");
    let times = before.unwrap() / after.unwrap();
    assert!((times - 7.0).abs() < 0.1, "{times} {plan:#}");
    assert_eq!(plan["cost"]["changes"].as_array().unwrap().len(), 1);
    let total = plan["cost"]["before"].as_f64().unwrap();
    assert!((total - whole).abs() < 0.001, "{total} {whole}");
    let said = told(&account.sluice(&["plan", "--environment", "test"]));
    assert!(said.contains("a month in US dollars") && said.contains("total"), "{said}");
    let _ = account.deploy();

    // What was paused by hand costs nothing until it is mended; what starts after it goes with it.
    account.by_hand(&json!({ "kind": "pause schedule", "name": "credit-reports-sweden" }));
    let plan = account.plan(&[]);
    assert_eq!(of(&plan, "sweden").0, Some(0.0), "{plan:#}");
    assert_eq!(of(&plan, "finland").0, Some(0.0), "{plan:#}");
    assert!(of(&plan, "finland").1.unwrap() > 0.0);
}

#[test]
fn what_goes_has_no_cost_after() {
    let account = Account::with(&["greece", "brazil"]);
    let _ = account.deploy();
    std::fs::remove_file(account.path("pipelines/brazil.pipe")).unwrap();
    account.build();
    let plan = account.plan(&[]);
    let (before, after) = of(&plan, "brazil");
    assert!(before.unwrap() > 0.0 && after.is_none(), "{plan:#}");
}
