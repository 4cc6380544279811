//! The lock: one object, written on the condition that it is not there, which runs out by itself.

use std::sync::{MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Account, Response, calls::Refusal};
use crate::deploy::cloud::{CloudError, Locked};

/// How long it is held without a word.
const LASTS: SignedDuration = SignedDuration::from_mins(15);
/// When it is held for longer.
const RENEWED_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// The lock's text. Nobody else writes the same one: the moment is exact to a billionth of a second.
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

/// What became of a write.
enum Written {
    Ours,
    /// The condition does not hold: what stands there instead.
    Theirs(Result<Response, Refusal>),
}

impl Account<'_> {
    pub(super) fn take_lock(&self) -> Result<Locked, CloudError> {
        let found = match self.write_lock(("if-none-match", "*".to_owned())) {
            Ok(Written::Ours) => return Ok(Locked::Taken),
            Ok(Written::Theirs(Ok(found))) => found,
            Ok(Written::Theirs(Err(refusal))) if refusal.is_missing() => return self.take_lock(),
            Err(refusal) if refusal.code == "NoSuchBucket" => return Ok(Locked::NoPlace),
            Ok(Written::Theirs(Err(refusal))) | Err(refusal) => return Err(refusal.into()),
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
            Ok(Written::Ours) => Ok(Locked::Taken),
            Ok(Written::Theirs(_)) => Ok(Locked::Held(holder)),
            Err(refusal) if refusal.is_missing() => Ok(Locked::Held(holder)),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn hold_on(&self) -> Result<bool, CloudError> {
        let Some(held) = self.held().clone() else { return Ok(true) };
        if (self.around.now)().duration_since(held.since) < RENEWED_AFTER {
            return Ok(true);
        }
        match self.write_lock(("if-match", held.tag)) {
            Ok(Written::Ours) => Ok(true),
            // Another thread of ours was faster.
            Ok(Written::Theirs(_)) => {
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

    fn write_lock(&self, condition: (&'static str, String)) -> Result<Written, Refusal> {
        let now = (self.around.now)();
        let until = now.saturating_add(LASTS).unwrap_or(now);
        let lock = Lock { holder: self.around.holder.to_owned(), until };
        let text = serde_json::to_string(&lock).unwrap_or_default();
        let put =
            self.object("PutObject", "PUT", &self.lock_key(), Vec::new(), vec![condition], text.as_bytes());
        let written = match put {
            Err(refusal) if is_taken(&refusal) => {
                match self.object("GetObject", "GET", &self.lock_key(), Vec::new(), Vec::new(), b"") {
                    // Where an answer was lost, what was tried again has met what it wrote itself.
                    Ok(found) if found.body == text => found,
                    theirs => return Ok(Written::Theirs(theirs)),
                }
            }
            put => put?,
        };
        let tag = written.header("etag").unwrap_or_default().to_owned();
        *self.held() = Some(Held { tag, since: now });
        Ok(Written::Ours)
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

#[cfg(test)]
mod tests {
    use std::{sync::Mutex, time::Duration};

    use super::*;
    use crate::deploy::aws::{Api, Around, NoAnswer, Request, Response, Scope};

    /// A bucket with one object, whose answer to the write is lost on the way.
    #[derive(Default)]
    struct Bucket {
        object: Mutex<Option<String>>,
    }

    impl Api for Bucket {
        fn send(&self, request: &Request) -> Result<Response, NoAnswer> {
            let mut object = self.object.lock().unwrap();
            let answer = |status, body: &str| {
                let headers = vec![("etag".to_owned(), "\"1\"".to_owned())];
                Ok(Response { status, headers, body: body.to_owned() })
            };
            match (request.method, &*object) {
                ("GET", Some(text)) => answer(200, text),
                ("PUT", Some(_)) => answer(412, "<Error><Code>PreconditionFailed</Code></Error>"),
                ("PUT", None) => {
                    *object = Some(String::from_utf8(request.body.clone()).unwrap());
                    Err(NoAnswer::Unreachable("the connection was closed".to_owned()))
                }
                (method, _) => panic!("{method} was not to be expected"),
            }
        }
    }

    #[test]
    fn a_lock_whose_answer_was_lost_is_ours() {
        let bucket = Bucket::default();
        let scope = Scope {
            platform: "reports".to_owned(),
            program: "1".to_owned(),
            environment: "test".to_owned(),
            account: "111111111111".to_owned(),
            region: "eu-central-1".to_owned(),
            bucket: "reports".to_owned(),
            group: "reports".to_owned(),
            stack: "reports-test".to_owned(),
            instance: None,
            queues: std::collections::BTreeSet::new(),
            survey_function: String::new(),
            contacts_stream: String::new(),
            machine_role_end: String::new(),
        };
        let now = || Timestamp::from_second(1_795_500_000).unwrap();
        let pause = |_: Duration| {};
        let account = |holder| {
            let around = Around { api: &bucket, pause: &pause, now: &now, holder };
            Account::new(around, scope.clone())
        };
        assert!(matches!(account("ci").take_lock(), Ok(Locked::Taken)));
        // Somebody else's is not.
        assert!(matches!(account("ann").take_lock(), Ok(Locked::Held(holder)) if holder.starts_with("ci ")));
    }
}
