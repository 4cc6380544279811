//! Contact flows. Connect gives things IDs; the program knows names, so names are put in the place of IDs when a
//! flow is read, and IDs in the place of names when it is written.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use serde_json::{Value, from_str};

use super::{
    Account,
    batch::text,
    calls::{Refusal, encoded, field},
    connect_directory::{Directory, LISTS, List},
    scope::{CONTENT, Tags},
    states::{body, entries, fields, made_of},
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner, Problem},
    resource::{Key, Kind, Resource, Unit},
};

/// A flow that does nothing, until all flows that it may name are there.
const EMPTY: &str = r#"{"Version":"2019-10-30","StartAction":"end","Metadata":{},"Actions":[{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

/// The tag of what the flow's survey consists of.
const MARK: &str = "sluice:survey";

impl Account<'_> {
    pub(super) fn connect(
        &self,
        operation: &str,
        method: &'static str,
        path: String,
        query: Vec<(String, String)>,
        input: Option<&Value>,
    ) -> Result<Value, Refusal> {
        self.calls.rest(operation, "connect", method, path, query, input)
    }

    pub(super) fn list_connect(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let Some(instance) = &self.scope.instance else { return Ok(()) };
        for List { kind, operation, path, field: list, only } in LISTS {
            let query = only.map(|(name, value)| field(name, value));
            let query = query.into_iter().chain([field("maxResults", "1000")]).collect();
            for it in self.list_all(operation, &format!("/{path}/{instance}"), list, query)? {
                let (name, id) = (text(&it, "Name").to_owned(), text(&it, "Id").to_owned());
                drop(self.directory().ids.insert((kind, name), id));
            }
        }
        let flows: Vec<String> = self
            .directory()
            .ids
            .keys()
            .filter(|(kind, name)| *kind == "contact-flow" && name.starts_with(&self.scope.prefix()))
            .map(|(_, name)| name.clone())
            .collect();
        for name in flows {
            if let Some(found) = self.read_flow(&name)? {
                drop(actual.found.insert(Key::new(Kind::Flow, name), found));
            }
        }
        self.list_marks(actual)?;
        let path = format!("/instance/{instance}/lambda-functions");
        let pages = vec![field("maxResults", "25")];
        let functions = self.list_all("ListLambdaFunctions", &path, "LambdaFunctions", pages)?;
        let ours = Value::from(self.scope.survey_function.as_str());
        // The function is the stack's; whose the association is, nothing else says.
        if self.has_stack(actual) && functions.contains(&ours) {
            let key = Key::new(Kind::Association, self.scope.survey_function.as_str());
            let content = Knowledge::Full(fields([]));
            let owner = Owner::Ours(Unit::Platform);
            drop(actual.found.insert(key, Found { owner, knowledge: content, made_of: None }));
        }
        Ok(())
    }

    /// A survey is as it was made where each of its flows says so, and the platform knows them.
    fn list_marks(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let told = self.told_ids()?;
        if told.is_some_and(|it| it != self.told_now()) {
            return Ok(());
        }
        let mut marks = BTreeMap::<Unit, Option<String>>::new();
        for (name, unit, mark) in self.directory().marks.iter().map(|(name, (unit, mark))| (name, unit, mark))
        {
            if !actual.found.contains_key(&Key::new(Kind::Flow, name.as_str())) {
                continue;
            }
            let same = marks.entry(unit.clone()).or_insert_with(|| mark.clone());
            if same != mark {
                *same = None;
            }
        }
        actual.marks.extend(marks.into_iter().filter_map(|(unit, mark)| Some((unit, mark?))));
        Ok(())
    }

    /// Tells the platform of the flows, and notes on each flow what its survey consists of.
    pub(super) fn mark_flows(&self, unit: &Unit, hash: &str) -> Result<(), CloudError> {
        let Some(instance) = &self.scope.instance else { return Ok(()) };
        self.tell_ids(&self.told_now())?;
        let of_unit =
            |(name, (of, _)): (&String, &(Unit, Option<String>))| (of == unit).then(|| name.clone());
        let flows: Vec<String> = self.directory().marks.iter().filter_map(of_unit).collect();
        for flow in flows {
            let Some(id) = self.flow_id(&flow) else { continue };
            self.tag_flow(instance, &id, MARK, hash)?;
        }
        Ok(())
    }

    fn tag_flow(&self, instance: &str, id: &str, name: &str, value: &str) -> Result<(), CloudError> {
        let arn = self.scope.arn("connect", &format!("instance/{instance}/contact-flow/{id}"));
        let tags = fields([("tags", fields([(name, value.into())]))]);
        let path = format!("/tags/{}", encoded(&arn));
        self.connect("TagResource", "POST", path, Vec::new(), Some(&tags)).map(drop).map_err(Into::into)
    }

    /// What the platform's functions are to be told.
    fn told_now(&self) -> String {
        self.directory().told(&self.scope.prefix(), &self.scope.queues)
    }

    fn list_all(
        &self,
        operation: &str,
        path: &str,
        list: &str,
        mut query: Vec<(String, String)>,
    ) -> Result<Vec<Value>, CloudError> {
        let mut found = Vec::new();
        let asked = query.len();
        loop {
            let page = self.connect(operation, "GET", path.to_owned(), query.clone(), None)?;
            found.extend(entries(&page, list).iter().cloned());
            let Some(next) = page.get("NextToken").and_then(Value::as_str) else { return Ok(found) };
            query.truncate(asked);
            query.push(field("nextToken", next));
        }
    }

    pub(super) fn read_flow(&self, name: &str) -> Result<Option<Found>, CloudError> {
        let Some(path) = self.flow_path(name) else { return Ok(None) };
        let answer = match self.connect("DescribeContactFlow", "GET", path, Vec::new(), None) {
            Ok(answer) => answer,
            Err(refusal) if refusal.is_missing() => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        };
        let flow = answer.get("ContactFlow").cloned().unwrap_or_default();
        let tags: Tags = flow
            .get("Tags")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let content = self.directory().with_names(text(&flow, "Content"));
        let content = fields([
            ("Type", text(&flow, "Type").into()),
            ("Content", from_str(&content).unwrap_or_default()),
        ]);
        let made_of = made_of(&tags);
        if let Owner::Ours(unit) = self.scope.owner(&tags) {
            drop(self.directory().marks.insert(name.to_owned(), (unit, tags.get(MARK).cloned())));
        }
        Ok(Some(Found { owner: self.scope.owner(&tags), knowledge: Knowledge::Full(content), made_of }))
    }

    pub(super) fn create_flow(&self, resource: &Resource) -> Result<(), CloudError> {
        let (Some(instance), name) = (&self.scope.instance, &resource.key.name) else { return Ok(()) };
        let tags = self.scope.tags(&resource.unit).into_iter();
        let tags = tags.map(|(name, value)| (name.to_owned(), Value::from(value)));
        let input = fields([
            ("Name", name.as_str().into()),
            ("Type", text(&resource.content, "Type").into()),
            ("Content", EMPTY.into()),
            ("Description", "Made by sluice".into()),
            ("Tags", Value::Object(tags.collect())),
        ]);
        let path = format!("/contact-flows/{instance}");
        match self.connect("CreateContactFlow", "PUT", path, Vec::new(), Some(&input)) {
            Ok(made) => {
                let id = text(&made, "ContactFlowId").to_owned();
                let mut directory = self.directory();
                drop(directory.ids.insert(("contact-flow", name.clone()), id));
                drop(directory.marks.insert(name.clone(), (resource.unit.clone(), None)));
                Ok(())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn update_flow(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let (Some(instance), Some(id)) = (&self.scope.instance, self.flow_id(name)) else {
            return Err(unknown(&format!("the flow `{name}`")));
        };
        let path = format!("/contact-flows/{instance}/{id}");
        let content = self.directory().with_ids(body(resource)).map_err(|it| unknown(&it))?;
        let input = fields([("Content", content.into())]);
        let operation = "UpdateContactFlowContent";
        drop(self.connect(operation, "POST", format!("{path}/content"), Vec::new(), Some(&input))?);
        self.tag_flow(instance, &id, CONTENT, &resource.hash())
    }

    pub(super) fn delete_flow(&self, name: &str) -> Result<(), CloudError> {
        let Some(path) = self.flow_path(name) else { return Ok(()) };
        match self.connect("DeleteContactFlow", "DELETE", path, Vec::new(), None) {
            Ok(_) => {}
            Err(refusal) if refusal.is_missing() => {}
            Err(refusal) => return Err(refusal.into()),
        }
        let mut directory = self.directory();
        drop(directory.ids.remove(&("contact-flow", name.to_owned())));
        drop(directory.marks.remove(name));
        Ok(())
    }

    pub(super) fn associate(&self, function: &str) -> Result<(), CloudError> {
        let Some(instance) = &self.scope.instance else { return Ok(()) };
        let path = format!("/instance/{instance}/lambda-function");
        let input = fields([("FunctionArn", function.into())]);
        match self.connect("AssociateLambdaFunction", "PUT", path, Vec::new(), Some(&input)) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.code == "ResourceConflictException" => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn dissociate(&self, function: &str) -> Result<(), CloudError> {
        let Some(instance) = &self.scope.instance else { return Ok(()) };
        let path = format!("/instance/{instance}/lambda-function");
        let query = vec![field("functionArn", function)];
        match self.connect("DisassociateLambdaFunction", "DELETE", path, query, None) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_missing() => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The path of a flow that has an ID.
    fn flow_path(&self, name: &str) -> Option<String> {
        let (instance, id) = (self.scope.instance.as_ref()?, self.flow_id(name)?);
        Some(format!("/contact-flows/{instance}/{id}"))
    }

    fn flow_id(&self, name: &str) -> Option<String> {
        self.directory().ids.get(&("contact-flow", name.to_owned())).cloned()
    }

    fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(what: &str) -> CloudError {
    CloudError {
        problem: Problem::Failed,
        operation: "connect:UpdateContactFlowContent".to_owned(),
        message: format!(
            "Connect has no such thing as {what}: make it in the console, or give its ID in the environment"
        ),
        problems: Vec::new(),
    }
}
