//! Notices that a future was dropped before it was done: its state, iteration or execution was aborted.

/// Calls `told` when it is dropped, unless it was [`Unfinished::finish`]ed.
pub(super) struct Unfinished<F: FnOnce()> {
    told: Option<F>,
}

impl<F: FnOnce()> Unfinished<F> {
    pub(super) fn tell(told: F) -> Self {
        Self { told: Some(told) }
    }

    pub(super) fn finish(mut self) {
        self.told = None;
    }
}

impl<F: FnOnce()> Drop for Unfinished<F> {
    fn drop(&mut self) {
        if let Some(told) = self.told.take() {
            told();
        }
    }
}
