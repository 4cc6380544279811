//! What Connect calls the things that flows name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::states::fields;
use crate::deploy::resource::Unit;

/// A list of things that flows name.
pub(super) struct List {
    /// What they are in ARNs.
    pub(super) kind: &'static str,
    pub(super) operation: &'static str,
    pub(super) path: &'static str,
    pub(super) field: &'static str,
    /// Which of them.
    pub(super) only: Option<(&'static str, &'static str)>,
}

pub(super) const LISTS: [List; 3] = [
    List {
        kind: "contact-flow",
        operation: "ListContactFlows",
        path: "contact-flows-summary",
        field: "ContactFlowSummaryList",
        only: None,
    },
    List {
        kind: "queue",
        operation: "ListQueues",
        path: "queues-summary",
        field: "QueueSummaryList",
        // Each agent has a queue, too, which no flow names.
        only: Some(("queueTypes", "STANDARD")),
    },
    List {
        kind: "operating-hours",
        operation: "ListHoursOfOperations",
        path: "hours-of-operations-summary",
        field: "HoursOfOperationSummaryList",
        only: None,
    },
];

/// IDs by kind and name.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) ids: BTreeMap<(&'static str, String), String>,
    /// Our flows: whose they are, and what their survey was last made to be.
    pub(super) marks: BTreeMap<String, (Unit, Option<String>)>,
}

impl Directory {
    /// What the platform's functions are told: IDs of our flows, and of the queues that surveys name, by name. A call
    /// center may have more queues than a function's environment has room for.
    pub(super) fn told(&self, prefix: &str, queues: &BTreeSet<String>) -> String {
        let of = |wanted: &str, is_told: &dyn Fn(&str) -> bool| -> Value {
            let named = self.ids.iter().filter(|((kind, name), _)| *kind == wanted && is_told(name));
            Value::Object(named.map(|((_, name), id)| (name.clone(), id.as_str().into())).collect())
        };
        let flows = of("contact-flow", &|it| it.starts_with(prefix));
        fields([("flows", flows), ("queues", of("queue", &|it| queues.contains(it)))]).to_string()
    }

    /// The text with an ID wherever a name stands for one; what has none is told.
    pub(super) fn with_ids(&self, text: &str) -> Result<String, String> {
        let mut result = text.to_owned();
        for ((kind, name), id) in &self.ids {
            result = result.replace(&format!("/{kind}/{name}\""), &format!("/{kind}/{id}\""));
        }
        for List { kind, .. } in LISTS {
            for rest in result.split(&format!("/{kind}/")).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                if !self.ids.iter().any(|((of, _), known)| *of == kind && known == id) && !is_id(id) {
                    return Err(format!("the {kind} `{id}`"));
                }
            }
        }
        Ok(result)
    }

    /// The text with names in the place of IDs of flows; queues and hours that the program knows by IDs stay.
    pub(super) fn with_names(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, ((kind, name), id)| {
            text.replace(&format!("/{kind}/{id}\""), &format!("/{kind}/{name}\""))
        })
    }
}

/// Whether it has the shape of an ID: then the program says it, and it need not be in a list.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}
