//! Notifications to the terminal: the local end of the one mechanism.

use std::cell::RefCell;

use sluice_contract::notification::Notification;
use sluice_lambdas::announce::{AnnounceError, Announcer};

/// Keeps notifications for whoever prints the report.
#[derive(Debug, Default)]
pub(super) struct Kept {
    all: RefCell<Vec<Notification>>,
}

impl Kept {
    /// Everything that was told.
    pub(super) fn into_vec(self) -> Vec<Notification> {
        self.all.into_inner()
    }
}

impl Announcer for Kept {
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError> {
        self.all.borrow_mut().push(notification.clone());
        Ok(())
    }
}
