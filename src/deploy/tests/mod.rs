//! The laws of deployments, over an account in memory.

mod laws;
mod telling;
mod twin;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use crate::deploy::{Desired, Key, Kind, Operator, Plan, Progress, Resource, Step, Trouble, Unit, Wanted};

/// Agrees with everything, and watches nothing.
struct Yes;

impl Progress for Yes {
    fn done(&self, _: &Key, _: Step) {}
}

impl Operator for Yes {
    fn agrees(&self, _: &Plan) -> bool {
        true
    }

    fn hears(&self, _: &Trouble) {}
}

fn resource(kind: Kind, name: &str, unit: &Unit, content: u8) -> Resource {
    Resource {
        key: Key::new(kind, name),
        unit: unit.clone(),
        content: json!({ "says": content }),
        body: None,
        files: Arc::default(),
        origin: None,
        origins: Arc::new(BTreeMap::new()),
    }
}

/// A pipeline of some version, whose schedule may be left out.
fn pipeline(name: &str, version: u8, scheduled: bool) -> Wanted {
    let unit = Unit::Pipeline(name.to_owned());
    let mut resources = vec![
        resource(Kind::Object, &format!("plans/{name}/{version}.json"), &unit, 0),
        resource(Kind::Role, &format!("{name}-machine"), &unit, version % 2),
        resource(Kind::JobDefinition, name, &unit, version % 3),
        resource(Kind::StateMachine, name, &unit, version),
    ];
    if scheduled {
        resources.push(resource(Kind::Schedule, name, &unit, version % 2));
    }
    Wanted::new(unit, resources)
}

fn survey(name: &str, version: u8) -> Wanted {
    let unit = Unit::Survey(name.to_owned());
    let flows = ["in", "out"].map(|it| resource(Kind::Flow, &format!("{name}-{it}"), &unit, version));
    Wanted::new(unit, flows.into())
}

fn platform(version: u8) -> Wanted {
    Wanted::new(Unit::Platform, vec![resource(Kind::Stack, "stack", &Unit::Platform, version)])
}

fn program(units: Vec<Wanted>) -> Desired {
    Desired { units: std::iter::once(platform(1)).chain(units).collect() }
}
