//! The history of an execution, written down while it is made.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    sync::Mutex,
};

use serde::Serialize;

use super::{failure, view::View};
use crate::{
    diagnostics::Diagnostic,
    engine::{Event, Observer, Retrying},
};

/// Writes the history down, and passes it on.
pub(super) struct Recorder<'a> {
    view: &'a dyn View,
    file: Mutex<BufWriter<File>>,
}

impl<'a> Recorder<'a> {
    pub(super) fn create(history: &Path, view: &'a dyn View) -> Result<Self, Diagnostic> {
        let file = File::create(history).map_err(|error| failure::state(history, &error))?;
        Ok(Self { view, file: Mutex::new(BufWriter::new(file)) })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    id: u64,
    previous: u64,
    at: String,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
}

impl Observer for Recorder<'_> {
    fn event(&self, event: &Event) {
        let line = Line {
            id: event.id,
            previous: event.previous,
            at: event.timestamp.to_string(),
            r#type: event.kind.name(),
            state: event.state.as_deref(),
        };
        // The history is for reading afterwards: a run does not fail because a line of it can't be written.
        if let (Ok(text), Ok(mut file)) = (serde_json::to_string(&line), self.file.lock()) {
            let _ = writeln!(file, "{text}").and_then(|()| file.flush());
        }
        self.view.event(event);
    }

    fn retrying(&self, retrying: &Retrying) {
        self.view.retrying(retrying);
    }
}
