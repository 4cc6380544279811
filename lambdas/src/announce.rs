//! The one way out for notifications; which channel they reach is the implementation's business.

use std::cell::RefCell;

use sluice_contract::notification::Notification;

/// Hands notifications on: to the topic in the cloud, to the terminal on one machine.
pub trait Announcer: std::fmt::Debug {
    /// Hands one on. On an error nothing was handed on, and it may be tried again.
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError>;
}

/// A notification did not get out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the notification could not be handed on: {reason}")]
pub struct AnnounceError {
    /// What the channel said.
    pub reason: String,
}

/// Keeps notifications for whoever prints them: the way out on one machine.
#[derive(Debug, Default)]
pub struct Kept {
    all: RefCell<Vec<Notification>>,
}

impl Kept {
    /// Everything that was told.
    pub fn into_vec(self) -> Vec<Notification> {
        self.all.into_inner()
    }
}

impl Announcer for Kept {
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError> {
        self.all.borrow_mut().push(notification.clone());
        Ok(())
    }
}
