//! An account, asked over AWS's own protocols.
//!
//! Requests are made as JSON, form and XML here and not by the SDK's clients: what `sluice build` writes *is* the
//! request of each service, field by field, and a client would have each field translated by hand, of which one that
//! is forgotten would be dropped without a word. It also keeps seven heavy crates out of the build.

mod api;
mod batch;
mod calls;
mod connect;
mod connect_directory;
mod connect_ids;
mod contact_records;
mod events;
mod iam;
mod identity;
mod lock;
mod new_stack;
mod objects;
mod refusal;
mod revisions;
mod rollback;
mod scheduler;
mod scope;
mod stack;
mod stack_values;
mod states;
mod xml;

use std::{sync::Mutex, time::Duration};

use jiff::Timestamp;

pub use api::{Api, NoAnswer, Request, Response};
pub use rollback::Rollback;
pub use scope::Scope;

use super::{
    cloud::{Actual, Cloud, CloudError, Found, Locked},
    resource::{Key, Kind, Resource, Unit},
};
use batch::Revisions;
use calls::Calls;
use connect_directory::Directory;
use lock::Held;

/// What enters from outside.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Signs and sends.
    pub api: &'a dyn Api,
    /// Waits.
    pub pause: &'a (dyn Fn(Duration) + Sync),
    /// Tells the time.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// Who deploys, for whoever finds the lock taken.
    pub holder: &'a str,
}

impl std::fmt::Debug for Around<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Around").field("holder", &self.holder).finish_non_exhaustive()
    }
}

/// An environment's account and region.
pub struct Account<'a> {
    calls: Calls<'a>,
    around: Around<'a>,
    scope: Scope,
    held: Mutex<Option<Held>>,
    directory: Mutex<Directory>,
    revisions: Mutex<Revisions>,
    /// `CloudFormation` takes one change of a stack at a time.
    stack_changes: Mutex<()>,
}

impl std::fmt::Debug for Account<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Account").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl<'a> Account<'a> {
    /// That environment's.
    pub fn new(around: Around<'a>, scope: Scope) -> Self {
        let calls = Calls { api: around.api, pause: around.pause };
        Self {
            calls,
            around,
            scope,
            held: Mutex::default(),
            directory: Mutex::default(),
            revisions: Mutex::default(),
            stack_changes: Mutex::default(),
        }
    }
}

impl Cloud for Account<'_> {
    fn check(&self) -> Result<(), CloudError> {
        self.check_identity()?;
        self.check_program()
    }

    fn list(&self) -> Result<Actual, CloudError> {
        let mut actual = Actual::default();
        self.list_stack(&mut actual)?;
        // The roles' tags say which units there are; by them the others' names are read.
        self.list_roles(&mut actual)?;
        self.list_objects(&mut actual)?;
        self.list_job_definitions(&mut actual)?;
        self.list_machines(&mut actual)?;
        self.list_rules(&mut actual)?;
        self.list_schedules(&mut actual)?;
        self.list_connect(&mut actual)?;
        self.list_contact_records(&mut actual)?;
        Ok(actual)
    }

    fn read(&self, key: &Key) -> Result<Option<Found>, CloudError> {
        let name = &key.name;
        match key.kind {
            Kind::StateMachine => self.read_machine(name),
            Kind::Rule => self.read_rule(name),
            Kind::Schedule => self.read_schedule(name),
            Kind::Flow => self.read_flow(name),
            // The lists tell all of these.
            Kind::Stack
            | Kind::Object
            | Kind::Association
            | Kind::ContactRecords
            | Kind::Role
            | Kind::JobDefinition => {
                let mut actual = Actual::default();
                match key.kind {
                    Kind::Stack => self.list_stack(&mut actual)?,
                    Kind::Object => {
                        self.list_stack(&mut actual)?;
                        self.list_objects(&mut actual)?;
                    }
                    Kind::Association => self.list_connect(&mut actual)?,
                    Kind::ContactRecords => self.list_contact_records(&mut actual)?,
                    Kind::JobDefinition => self.list_job_definitions(&mut actual)?,
                    Kind::Role | Kind::StateMachine | Kind::Rule | Kind::Schedule | Kind::Flow => {
                        self.list_roles(&mut actual)?;
                    }
                }
                Ok(actual.found.remove(key))
            }
        }
    }

    fn create(&self, resource: &Resource) -> Result<(), CloudError> {
        match resource.key.kind {
            Kind::Stack => self.put_stack(resource),
            Kind::Object => self.put_object(resource),
            Kind::Association => self.associate(&resource.key.name),
            Kind::ContactRecords => self.send_contact_records(),
            Kind::Role => self.create_role(resource),
            Kind::JobDefinition => self.register(resource),
            Kind::StateMachine => self.create_machine(resource),
            Kind::Rule => self.put_rule(resource),
            Kind::Schedule => self.put_schedule(resource, true),
            Kind::Flow => self.create_flow(resource),
        }
    }

    fn update(&self, resource: &Resource) -> Result<(), CloudError> {
        match resource.key.kind {
            Kind::Stack => self.put_stack(resource),
            Kind::Object => self.put_object(resource),
            Kind::Association => self.associate(&resource.key.name),
            Kind::ContactRecords => self.send_contact_records(),
            Kind::Role => self.update_role(resource),
            Kind::JobDefinition => self.register(resource),
            Kind::StateMachine => self.update_machine(resource),
            Kind::Rule => self.put_rule(resource),
            Kind::Schedule => self.put_schedule(resource, false),
            Kind::Flow => self.update_flow(resource),
        }
    }

    fn delete(&self, key: &Key) -> Result<(), CloudError> {
        let name = &key.name;
        match key.kind {
            Kind::Stack => self.delete_stack(name),
            Kind::Object => self.delete_object(name),
            Kind::Association => self.dissociate(name),
            Kind::ContactRecords => self.stop_contact_records(),
            Kind::Role => self.delete_role(name),
            Kind::JobDefinition => self.deregister(name),
            Kind::StateMachine => self.delete_machine(name),
            Kind::Rule => self.delete_rule(name),
            Kind::Schedule => self.delete_schedule(name),
            Kind::Flow => self.delete_flow(name),
        }
    }

    fn mark(&self, unit: &Unit, hash: Option<&str>) -> Result<(), CloudError> {
        match unit {
            Unit::Pipeline(pipeline) => self.mark_role(pipeline, hash),
            Unit::Survey(_) => match hash {
                Some(hash) => self.mark_flows(unit, hash),
                // A survey's flows are always read.
                None => Ok(()),
            },
            // The stack is told what it is made of when it is changed.
            Unit::Platform => Ok(()),
        }
    }

    fn lock(&self) -> Result<Locked, CloudError> {
        self.take_lock()
    }

    fn keep_lock(&self) -> Result<bool, CloudError> {
        self.hold_on()
    }

    fn unlock(&self) -> Result<(), CloudError> {
        self.let_go()
    }
}
