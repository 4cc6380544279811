//! What of a call can still matter, by the action that it stands at: two calls that differ in nothing else go on alike.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    flow::{Action, Flow},
    references::paths,
    state::State,
};

/// What is read from here on, before it is set again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Live {
    /// Decides which way a call goes.
    compared: BTreeSet<String>,
    /// Is only said or handed on: whether it is there is all that counts.
    used: BTreeSet<String>,
    loops: BTreeSet<String>,
}

/// By flow and action.
#[derive(Debug)]
pub(super) struct Liveness {
    flows: Vec<BTreeMap<String, Live>>,
}

/// What leads elsewhere: whatever any flow reads may be read then.
const LEAVE: [&str; 7] = [
    "TransferContactToQueue",
    "TransferContactToAgent",
    "TransferToFlow",
    "InvokeFlowModule",
    "EndFlowModuleExecution",
    "EndFlowExecution",
    "MessageParticipantIteratively",
];

impl Liveness {
    pub(super) fn new(flows: &[Flow]) -> Self {
        let mut everything = Live::default();
        if flows.len() > 1 {
            for action in flows.iter().flat_map(|it| it.actions.values()) {
                read(action, &Live::default(), &mut everything);
            }
            everything.compared.extend(std::mem::take(&mut everything.used));
        }
        Self { flows: flows.iter().map(|it| of(it, &everything)).collect() }
    }

    /// The state without what can't matter any more.
    pub(super) fn reduced(&self, state: &State) -> State {
        let mut reduced = state.clone();
        let nothing = Live::default();
        let live = self.flows.get(state.flow).and_then(|it| it.get(&state.action)).unwrap_or(&nothing);
        let keep = |root: &str, values: &mut BTreeMap<String, String>| {
            values.retain(|name, value| {
                let path = format!("{root}.{name}");
                if !live.compared.contains(&path) {
                    value.clear();
                }
                live.compared.contains(&path) || live.used.contains(&path)
            });
        };
        keep("Attributes", &mut reduced.attributes);
        keep("FlowAttributes", &mut reduced.flow_attributes);
        keep("External", &mut reduced.external);
        if !live.compared.contains("StoredCustomerInput") {
            reduced.stored = reduced.stored.filter(|_| live.used.contains("StoredCustomerInput"));
            reduced.stored.iter_mut().for_each(String::clear);
        }
        reduced.loops.retain(|(flow, id), _| *flow != state.flow || live.loops.contains(id));
        reduced.voice = None;
        reduced
    }
}

/// Backwards from what is read, until nothing changes any more.
fn of(flow: &Flow, everything: &Live) -> BTreeMap<String, Live> {
    let mut live: BTreeMap<String, Live> = BTreeMap::new();
    loop {
        let mut changed = false;
        // Identifiers say nothing of the order; a flow of 250 actions settles in a few rounds all the same.
        for (id, action) in &flow.actions {
            let mut after = Live::default();
            if LEAVE.contains(&action.kind.as_str()) {
                join(&mut after, everything);
            }
            let on = action.next.iter().chain(action.conditions.iter().map(|it| &it.next));
            for next in on.filter_map(|it| live.get(it)) {
                join(&mut after, next);
            }
            let set_here = sets(action);
            after.compared.retain(|it| !set_here.contains(it));
            after.used.retain(|it| !set_here.contains(it));
            let mut before = after.clone();
            for next in action.errors.iter().filter_map(|(_, next)| live.get(next)) {
                join(&mut before, next);
            }
            let followers = action.next.iter().filter_map(|it| live.get(it));
            let wanted = followers.fold(Live::default(), |mut all, it| {
                join(&mut all, it);
                all
            });
            read(action, &wanted, &mut before);
            if action.kind == "Loop" {
                let _ = before.loops.insert(id.clone());
            }
            if live.get(id) != Some(&before) {
                changed = true;
                let _ = live.insert(id.clone(), before);
            }
        }
        if !changed {
            return live;
        }
    }
}

fn join(into: &mut Live, other: &Live) {
    into.compared.extend(other.compared.iter().cloned());
    into.used.extend(other.used.iter().cloned());
    into.loops.extend(other.loops.iter().cloned());
}

/// What the action sets, where it succeeds.
fn sets(action: &Action) -> BTreeSet<String> {
    match action.kind.as_str() {
        "UpdateContactAttributes" => {
            action.texts("Attributes").into_iter().map(|(name, _)| format!("Attributes.{name}")).collect()
        }
        "GetParticipantInput" if action.text("StoreInput").as_deref() == Some("True") => {
            BTreeSet::from(["StoredCustomerInput".to_owned()])
        }
        _ => BTreeSet::new(),
    }
}

/// What the action reads; `after` is what is read behind it.
fn read(action: &Action, after: &Live, into: &mut Live) {
    for condition in &action.conditions {
        into.compared.extend(paths(&condition.operand));
    }
    match action.kind.as_str() {
        // Values of the flow's own attributes are not followed.
        "Compare" | "Loop" | "UpdateFlowAttributes" => {
            collect(&Value::Object(action.parameters.clone()), &mut into.compared);
        }
        "UpdateContactAttributes" => {
            for (name, value) in action.texts("Attributes") {
                into.compared.extend(paths(&name));
                let decides = after.compared.contains(&format!("Attributes.{name}"));
                let kind = if decides { &mut into.compared } else { &mut into.used };
                kind.extend(paths(&value));
            }
        }
        _ => collect(&Value::Object(action.parameters.clone()), &mut into.used),
    }
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(paths(text)),
        Value::Array(values) => values.iter().for_each(|it| collect(it, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                found.extend(paths(name));
                collect(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
