//! What a deployment asks of an account.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::resource::{Key, Resource, Unit};

/// An account in a region, as one environment of one platform sees it.
///
/// Calls block, and may come from several threads at once. Whatever fails by itself and passes again is tried again
/// behind the trait.
pub trait Cloud: Sync {
    /// Whether this is the account that the program means, and the platform that is there the program's own.
    fn check(&self) -> Result<(), CloudError>;

    /// What there is, from lists: the number of calls does not grow with the number of pipelines, but for pages.
    fn list(&self) -> Result<Actual, CloudError>;

    /// All of one resource.
    fn read(&self, key: &Key) -> Result<Option<Found>, CloudError>;

    /// Makes it, tagged as ours. A flow is made empty, since what it says may name flows that are not there yet:
    /// [`Cloud::update`] follows.
    fn create(&self, resource: &Resource) -> Result<(), CloudError>;

    /// Makes it so.
    fn update(&self, resource: &Resource) -> Result<(), CloudError>;

    /// Removes it; what is gone already is no failure.
    fn delete(&self, key: &Key) -> Result<(), CloudError>;

    /// Notes that the unit's resources are those of this hash; none while they are being changed, where there may be
    /// no place for the note yet.
    fn mark(&self, unit: &Unit, hash: Option<&str>) -> Result<(), CloudError>;

    /// Takes the lock, so that nobody else deploys meanwhile.
    fn lock(&self) -> Result<Locked, CloudError>;

    /// Holds the lock for longer where it would run out; whether it is still held.
    fn keep_lock(&self) -> Result<bool, CloudError>;

    /// Lets go of the lock.
    fn unlock(&self) -> Result<(), CloudError>;
}

/// What there is in an account.
#[derive(Debug, Clone, Default)]
pub struct Actual {
    /// Whatever has a name that the platform's resources could have.
    pub found: BTreeMap<Key, Found>,
    /// The hash that each unit was last made to be.
    pub marks: BTreeMap<Unit, String>,
    /// Units of which something of ours is there.
    pub units: BTreeSet<Unit>,
}

/// One resource that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Whose.
    pub owner: Owner,
    /// What is known of its content.
    pub knowledge: Knowledge,
    /// The hash of the content that it was made from, where it is tagged with it: services add defaults of their
    /// own to what they are given.
    pub made_of: Option<String>,
}

/// Whose a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// Made for that unit of this platform and environment.
    Ours(Unit),
    /// By its name it may be a resource of that unit; its tags are not read yet.
    Perhaps(Unit),
    /// Somebody else's, told apart by this.
    Other(String),
}

/// How much of a resource's content is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Knowledge {
    /// All.
    Full(Value),
    /// These fields, from a list.
    Part(Value),
}

/// What became of taking the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locked {
    /// It is ours.
    Taken,
    /// Somebody else has it: who, and since or until when.
    Held(String),
    /// The place where it is kept is not there before the platform is.
    NoPlace,
}

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// There are no credentials, or they have expired.
    Credentials,
    /// The credentials are those of another account.
    WrongAccount,
    /// They may not do that.
    Denied,
    /// What was sent is refused.
    Refused,
    /// A resource of that name belongs to somebody else.
    NotOurs,
    /// The platform of that name belongs to another program.
    OtherProgram,
    /// A function's program is for another processor.
    OtherProcessor,
    /// Connect puts the records of contacts in a place that is not the platform's.
    RecordsElsewhere,
    /// A value that the user must choose is not given.
    ValueMissing,
    /// The lock was lost.
    LockLost,
    /// The service can't be reached, or fails.
    Unavailable,
    /// Anything else.
    Failed,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {message}")]
pub struct CloudError {
    /// Why.
    pub problem: Problem,
    /// The service's operation: `states:UpdateStateMachine`.
    pub operation: String,
    /// AWS's own words.
    pub message: String,
    /// Each problem of a refused document.
    pub problems: Vec<String>,
}

impl CloudError {
    /// Somebody else deploys: who, and until when.
    pub(super) fn locked(holder: &str) -> Self {
        Self::of_lock(format!("another deployment goes on: {holder}"))
    }

    /// Somebody else deploys since.
    pub(super) fn lock_lost() -> Self {
        Self::of_lock("another deployment has taken over".to_owned())
    }

    fn of_lock(message: String) -> Self {
        Self { problem: Problem::LockLost, operation: "deploy".to_owned(), message, problems: Vec::new() }
    }
}
