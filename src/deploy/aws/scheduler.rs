//! Schedules. They have no tags of their own: their description says whose they are and what they were made from.

use serde_json::Value;

use super::{
    Account,
    batch::text,
    calls::{Refusal, field},
    scope::{CONTENT, ENVIRONMENT, PLATFORM, PROGRAM, Tags, UNIT},
    states::{entries, fields, made_of},
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner},
    resource::{Key, Kind, Resource},
};

/// The fields that a schedule is compared by.
const FIELDS: [&str; 7] = [
    "Name",
    "GroupName",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "State",
    "FlexibleTimeWindow",
    "Target",
];
/// The words before what a description says.
const MADE_BY: &str = "made by sluice:";

impl Account<'_> {
    fn schedule_call(
        &self,
        operation: &str,
        method: &'static str,
        name: &str,
        query: Vec<(String, String)>,
        input: Option<&Value>,
    ) -> Result<Value, Refusal> {
        self.calls.rest(operation, "scheduler", method, format!("/schedules/{name}"), query, input)
    }

    pub(super) fn list_schedules(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let mut query = vec![field("ScheduleGroup", &self.scope.group), field("MaxResults", "100")];
        loop {
            let path = "/schedules".to_owned();
            let page = match self.calls.rest("ListSchedules", "scheduler", "GET", path, query.clone(), None) {
                Ok(page) => page,
                Err(refusal) if refusal.is_missing() => return Ok(()),
                Err(refusal) => return Err(refusal.into()),
            };
            for schedule in entries(&page, "Schedules") {
                let name = text(schedule, "Name");
                let found = Found {
                    owner: self.scope.guessed(name, &actual.units),
                    knowledge: Knowledge::Part(fields([("State", text(schedule, "State").into())])),
                    made_of: None,
                };
                drop(actual.found.insert(Key::new(Kind::Schedule, name), found));
            }
            let Some(next) = page.get("NextToken").and_then(Value::as_str) else { return Ok(()) };
            query.truncate(2);
            query.push(field("NextToken", next));
        }
    }

    pub(super) fn read_schedule(&self, name: &str) -> Result<Option<Found>, CloudError> {
        let query = vec![field("groupName", &self.scope.group)];
        let schedule = match self.schedule_call("GetSchedule", "GET", name, query, None) {
            Ok(schedule) => schedule,
            Err(refusal) if refusal.is_missing() => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        };
        let tags = tags(text(&schedule, "Description"));
        let owner = match &tags {
            Some(tags) => self.scope.owner(tags),
            None => Owner::Other("its description does not say that sluice has made it".to_owned()),
        };
        let content = FIELDS.iter().filter_map(|it| Some(((*it).to_owned(), schedule.get(it)?.clone())));
        let content = Value::Object(content.collect());
        let made_of = tags.as_ref().and_then(made_of);
        Ok(Some(Found { owner, knowledge: Knowledge::Full(content), made_of }))
    }

    pub(super) fn put_schedule(&self, resource: &Resource, new: bool) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let mut input = resource.content.clone();
        if let Value::Object(input) = &mut input {
            drop(input.remove("Name"));
            drop(input.insert("Description".to_owned(), self.description(resource).into()));
        }
        let put = |operation, method| self.schedule_call(operation, method, name, Vec::new(), Some(&input));
        if !new {
            return put("UpdateSchedule", "PUT").map(drop).map_err(Into::into);
        }
        match put("CreateSchedule", "POST") {
            Ok(_) => Ok(()),
            // The answer to an earlier attempt was lost, or the list was older than the schedule.
            Err(refusal) if refusal.code == "ConflictException" => match self.read_schedule(name)? {
                Some(Found { owner: Owner::Ours(_), .. }) => {
                    put("UpdateSchedule", "PUT").map(drop).map_err(Into::into)
                }
                Some(_) | None => Err(refusal.into()),
            },
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn delete_schedule(&self, name: &str) -> Result<(), CloudError> {
        let query = vec![field("groupName", &self.scope.group)];
        match self.schedule_call("DeleteSchedule", "DELETE", name, query, None) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_missing() => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    fn description(&self, resource: &Resource) -> String {
        let tags = self.scope.tags(&resource.unit).into_iter().chain([(CONTENT, resource.hash())]);
        let values: Vec<String> = tags.map(|(_, value)| value).collect();
        format!("{MADE_BY} {}", values.join(" "))
    }
}

/// What a description says, as the tags that it stands for.
fn tags(description: &str) -> Option<Tags> {
    let values = description.strip_prefix(MADE_BY)?.split_whitespace().map(str::to_owned);
    Some([PLATFORM, ENVIRONMENT, UNIT, PROGRAM, CONTENT].map(str::to_owned).into_iter().zip(values).collect())
}
