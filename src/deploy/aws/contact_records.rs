//! That Connect puts the records of contacts on the platform's stream.
//!
//! An instance has one place for them. Where there is none, it becomes ours; where there is another, somebody reads
//! from it, so it is only told of.

use serde_json::Value;

use super::{
    Account,
    batch::text,
    calls::{Refusal, field},
    states::{entries, fields},
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner},
    resource::{Key, Kind, Unit},
};

/// What Connect calls them.
const RECORDS: &str = "CONTACT_TRACE_RECORDS";

impl Account<'_> {
    pub(super) fn list_contact_records(&self, actual: &mut Actual) -> Result<(), CloudError> {
        if !self.has_stack(actual) {
            return Ok(());
        }
        let Some(place) = self.place_of_records()? else { return Ok(()) };
        let owner = match stream(&place) {
            Some(it) if it == self.stream() => Owner::Ours(Unit::Platform),
            other => Owner::Other(other.unwrap_or("a delivery stream").to_owned()),
        };
        let key = Key::new(Kind::ContactRecords, self.scope.contacts_stream.as_str());
        let found = Found { owner, knowledge: Knowledge::Full(fields([])), made_of: None };
        drop(actual.found.insert(key, found));
        Ok(())
    }

    pub(super) fn send_contact_records(&self) -> Result<(), CloudError> {
        let Some(instance) = &self.scope.instance else { return Ok(()) };
        let path = format!("/instance/{instance}/storage-config");
        let place = fields([
            ("StorageType", "KINESIS_STREAM".into()),
            ("KinesisStreamConfig", fields([("StreamArn", self.stream().into())])),
        ]);
        let input = fields([("ResourceType", RECORDS.into()), ("StorageConfig", place)]);
        match self.connect("AssociateInstanceStorageConfig", "PUT", path, Vec::new(), Some(&input)) {
            Ok(_) => Ok(()),
            // Another survey's deployment was faster.
            Err(refusal) if refusal.code == "ResourceConflictException" => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn stop_contact_records(&self) -> Result<(), CloudError> {
        let Some(instance) = &self.scope.instance else { return Ok(()) };
        let Some(place) = self.place_of_records()?.filter(|it| stream(it) == Some(&*self.stream())) else {
            return Ok(());
        };
        let path = format!("/instance/{instance}/storage-config/{}", text(&place, "AssociationId"));
        let query = vec![field("resourceType", RECORDS)];
        match self.connect("DisassociateInstanceStorageConfig", "DELETE", path, query, None) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_missing() => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Where the instance puts its records.
    fn place_of_records(&self) -> Result<Option<Value>, Refusal> {
        let Some(instance) = &self.scope.instance else { return Ok(None) };
        let path = format!("/instance/{instance}/storage-configs");
        let query = vec![field("resourceType", RECORDS)];
        let answer = self.connect("ListInstanceStorageConfigs", "GET", path, query, None)?;
        Ok(entries(&answer, "StorageConfigs").first().cloned())
    }

    fn stream(&self) -> String {
        self.scope.arn("kinesis", &format!("stream/{}", self.scope.contacts_stream))
    }
}

/// The stream of a place, where it is one.
fn stream(place: &Value) -> Option<&str> {
    place.pointer("/KinesisStreamConfig/StreamArn").and_then(Value::as_str)
}
