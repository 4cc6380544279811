//! Objects of the platform's bucket. Every request says whose bucket it must be.

use super::{
    Account,
    api::{Request, Response},
    calls::{Refusal, field},
    states::{body, fields},
    xml::Element,
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner, Problem},
    resource::{Key, Kind, Resource, Unit},
};

impl Account<'_> {
    pub(super) fn object(
        &self,
        operation: &str,
        method: &'static str,
        key: &str,
        query: Vec<(String, String)>,
        headers: Vec<(&'static str, String)>,
        body: &[u8],
    ) -> Result<Response, Refusal> {
        let owner = ("x-amz-expected-bucket-owner", self.scope.account.clone());
        let request = Request {
            service: "s3",
            method,
            path: format!("/{}/{key}", self.scope.bucket),
            query,
            headers: headers.into_iter().chain([owner]).collect(),
            body: body.to_vec(),
        };
        self.calls.ask(&request, operation).map_err(|mut refusal| {
            if refusal.error.problem == Problem::Denied {
                refusal.error.message = format!(
                    "the bucket `{}` belongs to another account, or these credentials may not use it",
                    self.scope.bucket
                );
            }
            refusal
        })
    }

    pub(super) fn list_objects(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let is_ours = self.has_stack(actual);
        for prefix in ["plans/", "surveys/"] {
            let mut query = vec![field("list-type", "2"), field("prefix", prefix)];
            loop {
                let page = match self.object("ListObjectsV2", "GET", "", query.clone(), Vec::new(), b"") {
                    Ok(page) => Element::parse(&page.body),
                    Err(refusal) if refusal.is_missing() => return Ok(()),
                    Err(refusal) => return Err(refusal.into()),
                };
                for object in page.children().iter().filter(|it| it.name() == "Contents") {
                    list_object(object, is_ours, actual);
                }
                let next = page.text_of("NextContinuationToken").filter(|it| !it.is_empty());
                let Some(next) = next else { break };
                query.truncate(2);
                query.push(field("continuation-token", next));
            }
        }
        Ok(())
    }

    pub(super) fn put_object(&self, resource: &Resource) -> Result<(), CloudError> {
        let headers = vec![("content-type", "application/json".to_owned())];
        self.object("PutObject", "PUT", &resource.key.name, Vec::new(), headers, body(resource).as_bytes())
            .map(drop)
            .map_err(Into::into)
    }

    pub(super) fn delete_object(&self, key: &str) -> Result<(), CloudError> {
        match self.object("DeleteObject", "DELETE", key, Vec::new(), Vec::new(), b"") {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_missing() => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }
}

/// What has such a key is ours where the bucket's stack is; the key of a plan is its content's.
fn list_object(object: &Element, is_ours: bool, actual: &mut Actual) {
    let key = object.text_of("Key").unwrap_or_default();
    let mut parts = key.split('/');
    let unit = match (parts.next(), parts.next(), parts.next()) {
        (Some("plans"), Some(pipeline), Some(_)) => Unit::Pipeline(pipeline.to_owned()),
        (Some("surveys"), Some(survey), Some(_)) => Unit::Survey(survey.to_owned()),
        _ => return,
    };
    let content = match &unit {
        Unit::Survey(_) => {
            let tag = object.text_of("ETag").unwrap_or_default();
            fields([("md5", tag.trim_matches('"').into())])
        }
        Unit::Pipeline(_) | Unit::Platform => fields([]),
    };
    let owner = if is_ours {
        Owner::Ours(unit)
    } else {
        Owner::Other("the bucket is not that of this program's platform".to_owned())
    };
    let found = Found { owner, knowledge: Knowledge::Full(content), made_of: None };
    drop(actual.found.insert(Key::new(Kind::Object, key), found));
}
