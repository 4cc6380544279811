//! What stages note while they work, kept for the report.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use sluice_worker::Progress;

use super::view::View;

/// Something that a reader of a stage's figures should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The stage.
    pub stage: String,
    /// One sentence.
    pub note: String,
}

/// Passes progress on, and keeps the notes.
pub(super) struct Notes {
    view: Arc<dyn View>,
    kept: Mutex<Vec<Note>>,
}

impl Notes {
    pub(super) fn new(view: &Arc<dyn View>) -> Self {
        Self { view: Arc::clone(view), kept: Mutex::default() }
    }

    /// What was noted so far.
    pub(super) fn kept(&self) -> Vec<Note> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Progress for Notes {
    fn advance(&self, stage: &str, rows: u64, bytes: u64) {
        self.view.advance(stage, rows, bytes);
    }

    fn total(&self, stage: &str, rows: u64) {
        self.view.total(stage, rows);
    }

    fn note(&self, stage: &str, note: &str) {
        let note = Note { stage: stage.to_owned(), note: note.to_owned() };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }
}
