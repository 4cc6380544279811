//! The lock: one object, written on the condition that it is not there, which runs out by itself.

use std::sync::{MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Account, calls::Refusal};
use crate::deploy::cloud::{CloudError, Locked};

/// How long it is held without a word.
const LASTS: SignedDuration = SignedDuration::from_mins(15);
/// When it is held for longer.
const RENEWED_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// The lock's text.
#[derive(Debug, Serialize, Deserialize)]
struct Lock {
    holder: String,
    until: Timestamp,
}

/// The lock, while it is ours.
#[derive(Debug, Clone)]
pub(super) struct Held {
    tag: String,
    since: Timestamp,
}

impl Account<'_> {
    pub(super) fn take_lock(&self) -> Result<Locked, CloudError> {
        match self.write_lock(("if-none-match", "*".to_owned())) {
            Ok(()) => return Ok(Locked::Taken),
            Err(refusal) if refusal.code == "NoSuchBucket" => return Ok(Locked::NoPlace),
            Err(refusal) if is_taken(&refusal) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        let found = match self.object("GetObject", "GET", &self.lock_key(), Vec::new(), Vec::new(), b"") {
            Ok(found) => found,
            Err(refusal) if refusal.is_missing() => return self.take_lock(),
            Err(refusal) => return Err(refusal.into()),
        };
        let lock: Option<Lock> = serde_json::from_str(&found.body).ok();
        let runs = lock.as_ref().is_some_and(|it| it.until > (self.around.now)());
        let holder = lock.map_or_else(
            || "its lock can't be read".to_owned(),
            |it| format!("{} until {} at the latest", it.holder, it.until.strftime("%H:%M:%S UTC")),
        );
        if runs {
            return Ok(Locked::Held(holder));
        }
        // It ran out: of all who see that, one writes first.
        let tag = found.header("etag").unwrap_or_default().to_owned();
        match self.write_lock(("if-match", tag)) {
            Ok(()) => Ok(Locked::Taken),
            Err(refusal) if is_taken(&refusal) || refusal.is_missing() => Ok(Locked::Held(holder)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn hold_on(&self) -> Result<bool, CloudError> {
        let Some(held) = self.held().clone() else { return Ok(true) };
        if (self.around.now)().duration_since(held.since) < RENEWED_AFTER {
            return Ok(true);
        }
        match self.write_lock(("if-match", held.tag)) {
            Ok(()) => Ok(true),
            // Another thread of ours was faster.
            Err(refusal) if is_taken(&refusal) => {
                let newest = self.held().clone();
                Ok(newest.is_some_and(|it| it.since > held.since))
            }
            // Somebody has taken it over, and let go of it since.
            Err(refusal) if refusal.is_missing() => Ok(false),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn let_go(&self) -> Result<(), CloudError> {
        let Some(held) = self.held().take() else { return Ok(()) };
        let condition = vec![("if-match", held.tag)];
        match self.object("DeleteObject", "DELETE", &self.lock_key(), Vec::new(), condition, b"") {
            Ok(_) => Ok(()),
            Err(refusal) if is_taken(&refusal) || refusal.is_missing() => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    fn write_lock(&self, condition: (&'static str, String)) -> Result<(), Refusal> {
        let now = (self.around.now)();
        let until = now.saturating_add(LASTS).unwrap_or(now);
        let lock = Lock { holder: self.around.holder.to_owned(), until };
        let text = serde_json::to_string(&lock).unwrap_or_default();
        let written =
            self.object("PutObject", "PUT", &self.lock_key(), Vec::new(), vec![condition], text.as_bytes())?;
        let tag = written.header("etag").unwrap_or_default().to_owned();
        *self.held() = Some(Held { tag, since: now });
        Ok(())
    }

    fn lock_key(&self) -> String {
        format!("deploy/{}.lock", self.scope.environment)
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The condition does not hold, or somebody writes at this very moment.
fn is_taken(refusal: &Refusal) -> bool {
    ["PreconditionFailed", "ConditionalRequestConflict", "412", "409"].contains(&refusal.code.as_str())
}
