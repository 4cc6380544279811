//! What a plan makes of the month's cost.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use serde::Serialize;
use serde_json::Value;

use super::{Output, table};
use crate::{
    cost::{
        Assumptions, Before, CostChange, Deployed, Dollars, Measured, Shape, changes, estimate,
        estimate_before,
    },
    deploy::{Change, Desired, Kind, Plan, Step, Unit},
    lower,
    source::Sources,
};

/// The difference of two estimates. The JSON form is stable: fields are only ever added.
#[derive(Debug, Serialize)]
pub(super) struct CostDifference {
    /// `USD`.
    currency: String,
    /// When the prices were looked up.
    prices_as_of: String,
    /// The region that they are of.
    prices_of: String,
    /// A month of all that is deployed; none where only some of it was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Dollars>,
    /// A month of all that the program names; none where only some of it was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Dollars>,
    /// What costs something else than before.
    changes: Vec<CostChange>,
}

/// The program that a plan is about.
pub(super) struct Priced<'a> {
    /// The program.
    pub(super) program: &'a lower::Plan,
    /// In that environment.
    pub(super) environment: &'a lower::EnvironmentPlan,
    /// Its files.
    pub(super) sources: &'a Sources,
    /// What past runs tell.
    pub(super) measured: &'a Measured,
}

/// Whether the plan changes the template that the platform is made from: then the deployed one must be looked at.
pub(super) fn changes_template(plan: &Plan) -> bool {
    plan.changes.iter().any(|it| {
        it.key.kind == Kind::Stack
            && it.lines.iter().any(|it| it.path.first().is_some_and(|it| it == "Template"))
    })
}

impl CostDifference {
    /// Of that plan; `template` is the deployed one, where the plan changes it.
    pub(super) fn new(
        priced: &Priced<'_>,
        desired: &Desired,
        plan: &Plan,
        template: Option<Value>,
        is_whole: bool,
    ) -> Result<Self, serde_json::Error> {
        let Priced { program, environment, sources, measured } = priced;
        let assumptions = Assumptions::default();
        let after = estimate(program, environment, sources, measured, &assumptions)?;
        let before = before(priced, desired, plan, template);
        let before = estimate_before(&after, program, environment, before, measured, &assumptions);
        Ok(Self {
            currency: after.currency.clone(),
            prices_as_of: after.prices_as_of.clone(),
            prices_of: after.prices_of.clone(),
            before: is_whole.then_some(before.total),
            after: is_whole.then_some(after.total),
            changes: changes(&before, &after),
        })
    }

    /// For people.
    pub(super) fn tell(&self, output: &mut Output<'_>) -> io::Result<()> {
        if self.changes.is_empty() {
            return writeln!(output.out, "a month costs what it did");
        }
        let dollars = |it: Option<Dollars>| it.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let mut table = table::plain(&["", "before", "after"], 1);
        for it in &self.changes {
            let _ = table.add_row([format!("  {}", it.of), dollars(it.before), dollars(it.after)]);
        }
        if self.before.is_some() {
            let _ = table.add_row(["  total".to_owned(), dollars(self.before), dollars(self.after)]);
        }
        writeln!(
            output.out,
            "\na month in US dollars, by the list prices of {} in {}; `sluice cost` says what is assumed\n{}",
            self.prices_of,
            self.prices_as_of,
            table.trim_fmt()
        )
    }
}

/// What is deployed of all that the plan changes.
fn before(priced: &Priced<'_>, desired: &Desired, plan: &Plan, template: Option<Value>) -> Before {
    let mut names: BTreeSet<&str> = priced.environment.pipelines.iter().map(|it| it.name.as_str()).collect();
    names.extend(plan.changes.iter().map(|it| it.unit.name()));
    let mut pipelines = BTreeMap::new();
    let (mut new_surveys, mut old_surveys) = (Vec::new(), Vec::new());
    let of_unit = |unit: &Unit| plan.changes.iter().filter(|it| it.unit == *unit).collect::<Vec<&Change>>();
    let all = |unit: &Unit, step| of_unit(unit).iter().all(|it| it.step == step);
    let wanted = |unit: &Unit| desired.units.iter().any(|it| it.unit == *unit);
    for (unit, there) in plan.before(desired) {
        match unit {
            Unit::Pipeline(name) => {
                let there: Vec<_> = there.into_iter().filter_map(|(kind, it)| deployed(kind, it)).collect();
                drop(pipelines.insert(name.clone(), Shape::deployed(&there, &names)));
            }
            Unit::Survey(name) if !wanted(unit) => old_surveys.push(name.clone()),
            Unit::Survey(name) if there.is_empty() && all(unit, Step::Create) => {
                new_surveys.push(name.clone());
            }
            Unit::Survey(_) | Unit::Platform => {}
        }
    }
    let is_new = plan.changes.iter().any(|it| it.key.kind == Kind::Stack && it.step == Step::Create);
    let platform = if is_new { Some(None) } else { template.map(Some) };
    Before { pipelines, new_surveys, old_surveys, platform }
}

fn deployed(kind: Kind, content: &Value) -> Option<Deployed<'_>> {
    match kind {
        Kind::StateMachine => Some(Deployed::StateMachine(content)),
        Kind::JobDefinition => Some(Deployed::JobDefinition(content)),
        Kind::Schedule => Some(Deployed::Schedule(content)),
        Kind::Rule => Some(Deployed::Rule(content)),
        Kind::Stack | Kind::Object | Kind::Association | Kind::ContactRecords | Kind::Role | Kind::Flow => {
            None
        }
    }
}
