//! Roles, each with its one policy. The role of a pipeline's machine also keeps the hash of all that the pipeline
//! consists of: it is made first and goes last, and one list tells of all roles with tags and policies.

use serde_json::{Value, from_str};

use super::{
    Account,
    calls::{Refusal, field},
    scope::{CONTENT, Tags},
    states::fields,
    xml::Element,
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner},
    resource::{Key, Kind, Resource, Unit},
};

/// The name of the policy inside a role.
const POLICY: &str = "sluice";

impl Account<'_> {
    fn iam(&self, operation: &str, input: &[(String, String)]) -> Result<Element, Refusal> {
        self.calls.query("iam", "2010-05-08", operation, input)
    }

    /// As [`Self::iam`], where it is fine that there is no such thing.
    fn iam_if_there(
        &self,
        operation: &str,
        input: &[(String, String)],
    ) -> Result<Option<Element>, CloudError> {
        match self.iam(operation, input) {
            Ok(answer) => Ok(Some(answer)),
            Err(refusal) if refusal.is_missing() => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn list_roles(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let mut input = vec![field("Filter.member.1", "Role"), field("MaxItems", "1000")];
        loop {
            let page = self.iam("GetAccountAuthorizationDetails", &input)?;
            let page = page.find("GetAccountAuthorizationDetailsResult").cloned().unwrap_or_default();
            for role in page.entries("RoleDetailList") {
                self.list_role(role, actual);
            }
            let Some(marker) = page.text_of("Marker").filter(|it| !it.is_empty()) else { return Ok(()) };
            input.truncate(2);
            input.push(field("Marker", marker));
        }
    }

    fn list_role(&self, role: &Element, actual: &mut Actual) {
        let name = role.text_of("RoleName").unwrap_or_default();
        if !name.starts_with(&self.scope.prefix()) {
            return;
        }
        let tags: Tags = role
            .entries("Tags")
            .iter()
            .filter_map(|it| Some((it.text_of("Key")?.to_owned(), it.text_of("Value")?.to_owned())))
            .collect();
        let owner = self.scope.owner(&tags);
        if let Owner::Ours(unit @ Unit::Pipeline(pipeline)) = &owner {
            let _ = actual.units.insert(unit.clone());
            if let Some(hash) = tags.get(CONTENT).filter(|_| name == self.machine_role(pipeline)) {
                drop(actual.marks.insert(unit.clone(), hash.clone()));
            }
        }
        let found = Found { owner, knowledge: Knowledge::Full(content(role)), made_of: None };
        drop(actual.found.insert(Key::new(Kind::Role, name), found));
    }

    fn machine_role(&self, pipeline: &str) -> String {
        format!("{}{}", self.scope.name(pipeline), self.scope.machine_role_end)
    }

    pub(super) fn create_role(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let trust = resource.content.get("Trust").map(Value::to_string).unwrap_or_default();
        let mut input = vec![
            field("RoleName", name),
            field("AssumeRolePolicyDocument", trust),
            field("Description", format!("Of {}. Made by sluice.", resource.unit)),
        ];
        input.extend(tag_fields(&self.scope.tags(&resource.unit)));
        match self.iam("CreateRole", &input) {
            Ok(_) => {}
            // The answer to an earlier attempt was lost, or the list was older than the role.
            Err(refusal) if refusal.code == "EntityAlreadyExists" => {
                let mut actual = Actual::default();
                self.list_roles(&mut actual)?;
                match actual.found.get(&resource.key).map(|it| &it.owner) {
                    Some(Owner::Ours(_)) => return self.update_role(resource),
                    Some(Owner::Perhaps(_) | Owner::Other(_)) | None => return Err(refusal.into()),
                }
            }
            Err(refusal) => return Err(refusal.into()),
        }
        self.put_policy(resource)
    }

    fn put_policy(&self, resource: &Resource) -> Result<(), CloudError> {
        let policy = resource.content.get("Policy").map(Value::to_string).unwrap_or_default();
        let input = [
            field("RoleName", &resource.key.name),
            field("PolicyName", POLICY),
            field("PolicyDocument", policy),
        ];
        self.iam("PutRolePolicy", &input).map(drop).map_err(Into::into)
    }

    pub(super) fn update_role(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let trust = resource.content.get("Trust").map(Value::to_string).unwrap_or_default();
        let input = [field("RoleName", name), field("PolicyDocument", trust)];
        drop(self.iam("UpdateAssumeRolePolicy", &input)?);
        self.put_policy(resource)?;
        self.strip(name, &[POLICY])
    }

    /// Takes every policy from the role but those.
    fn strip(&self, name: &str, kept: &[&str]) -> Result<(), CloudError> {
        let role = [field("RoleName", name)];
        if let Some(listed) = self.iam_if_there("ListRolePolicies", &role)? {
            for policy in listed.find("PolicyNames").map(Element::children).unwrap_or_default() {
                let policy = policy.text();
                if !kept.contains(&policy) {
                    let input = [field("RoleName", name), field("PolicyName", policy)];
                    let _ = self.iam_if_there("DeleteRolePolicy", &input)?;
                }
            }
        }
        if let Some(listed) = self.iam_if_there("ListAttachedRolePolicies", &role)? {
            for policy in listed.find("AttachedPolicies").map(Element::children).unwrap_or_default() {
                let arn = policy.text_of("PolicyArn").unwrap_or_default();
                let input = [field("RoleName", name), field("PolicyArn", arn)];
                let _ = self.iam_if_there("DetachRolePolicy", &input)?;
            }
        }
        Ok(())
    }

    pub(super) fn delete_role(&self, name: &str) -> Result<(), CloudError> {
        self.strip(name, &[])?;
        self.iam_if_there("DeleteRole", &[field("RoleName", name)]).map(drop)
    }

    pub(super) fn mark_role(&self, pipeline: &str, hash: Option<&str>) -> Result<(), CloudError> {
        let role = field("RoleName", self.machine_role(pipeline));
        match hash {
            Some(hash) => {
                let tag = tag_fields(&[(CONTENT, hash.to_owned())]);
                let input: Vec<_> = std::iter::once(role).chain(tag).collect();
                self.iam("TagRole", &input).map(drop).map_err(Into::into)
            }
            None => self.iam_if_there("UntagRole", &[role, field("TagKeys.member.1", CONTENT)]).map(drop),
        }
    }
}

fn tag_fields(tags: &[(&str, String)]) -> Vec<(String, String)> {
    let numbered = tags.iter().zip(1..);
    numbered
        .flat_map(|((key, value), number)| {
            [
                field(format!("Tags.member.{number}.Key"), *key),
                field(format!("Tags.member.{number}.Value"), value),
            ]
        })
        .collect()
}

/// Who may take the role and what it may do; other policies, which only somebody else can have given it.
fn content(role: &Element) -> Value {
    let document = |element: &Element, name| -> Value {
        let text = element.text_of(name).unwrap_or_default();
        from_str(&decoded(text)).unwrap_or_default()
    };
    let policies = role.entries("RolePolicyList");
    let ours = policies.iter().find(|it| it.text_of("PolicyName") == Some(POLICY));
    let inline = policies.iter().filter_map(|it| it.text_of("PolicyName")).filter(|it| *it != POLICY);
    let attached = role.entries("AttachedManagedPolicies").iter().filter_map(|it| it.text_of("PolicyArn"));
    let others: Vec<Value> = inline.chain(attached).map(Value::from).collect();
    let mut content = fields([
        ("Trust", document(role, "AssumeRolePolicyDocument")),
        ("Policy", ours.map(|it| document(it, "PolicyDocument")).unwrap_or_default()),
    ]);
    if let (Value::Object(content), false) = (&mut content, others.is_empty()) {
        drop(content.insert("OtherPolicies".to_owned(), others.into()));
    }
    content
}

/// IAM writes documents as in an address.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |it: Option<u8>| it.and_then(|it| char::from(it).to_digit(16));
        if byte != b'%' {
            bytes.push(byte);
        } else if let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) {
            bytes.extend(u8::try_from(high * 16 + low));
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
