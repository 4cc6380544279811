//! One call: how each protocol writes it, how often it is tried, what its errors mean.

use std::time::Duration;

use serde_json::Value;

use super::{
    api::{Api, NoAnswer, Request, Response},
    refusal::{is_unready, problems},
    xml::Element,
};
use crate::deploy::cloud::{CloudError, Problem};

/// How often a call is tried that may pass.
const ATTEMPTS: u32 = 10;
/// How often what was just made is waited for: IAM takes seconds to tell others of a role, and sometimes a minute.
const UNREADY_ATTEMPTS: u32 = 13;
/// The first pause; each one after is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// Calls the services.
pub(super) struct Calls<'a> {
    pub(super) api: &'a dyn Api,
    pub(super) pause: &'a (dyn Fn(Duration) + Sync),
}

/// A call that was refused.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// `StateMachineDoesNotExist`; empty where there was no answer.
    pub(super) code: String,
    pub(super) error: CloudError,
}

impl From<Refusal> for CloudError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl Refusal {
    /// Whether CloudFormation has nothing to change.
    pub(super) fn is_no_change(&self) -> bool {
        self.error.message.contains("No updates are to be performed")
    }

    /// Whether the service says that it has no such thing.
    pub(super) fn is_missing(&self) -> bool {
        let known = [
            "StateMachineDoesNotExist",
            "ResourceNotFound",
            "ResourceNotFoundException",
            "NoSuchEntity",
            "NoSuchBucket",
            "NoSuchKey",
            "404",
        ];
        known.contains(&self.code.as_str())
            || (self.code == "ValidationError" && self.error.message.contains("does not exist"))
    }
}

impl Calls<'_> {
    /// The protocols that name the operation in a header.
    pub(super) fn json(
        &self,
        service: &'static str,
        target: &str,
        version: &str,
        input: &Value,
    ) -> Result<Value, Refusal> {
        let request = Request {
            service,
            method: "POST",
            path: "/".to_owned(),
            query: Vec::new(),
            headers: vec![
                ("content-type", format!("application/x-amz-json-{version}")),
                ("x-amz-target", target.to_owned()),
            ],
            body: input.to_string().into_bytes(),
        };
        let operation = target.rsplit('.').next().unwrap_or(target);
        self.ask(&request, operation).map(|it| parsed(&it))
    }

    /// The protocol that names resources by paths.
    pub(super) fn rest(
        &self,
        operation: &str,
        service: &'static str,
        method: &'static str,
        path: String,
        query: Vec<(String, String)>,
        input: Option<&Value>,
    ) -> Result<Value, Refusal> {
        let request = Request {
            service,
            method,
            path,
            query,
            headers: vec![("content-type", "application/json".to_owned())],
            body: input.map(|it| it.to_string().into_bytes()).unwrap_or_default(),
        };
        self.ask(&request, operation).map(|it| parsed(&it))
    }

    /// The protocol of forms and XML.
    pub(super) fn query(
        &self,
        service: &'static str,
        version: &str,
        operation: &str,
        input: &[(String, String)],
    ) -> Result<Element, Refusal> {
        let head = [("Action".to_owned(), operation.to_owned()), ("Version".to_owned(), version.to_owned())];
        let fields: Vec<String> = head
            .iter()
            .chain(input)
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = Request {
            service,
            method: "POST",
            path: "/".to_owned(),
            query: Vec::new(),
            headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())],
            body: fields.join("&").into_bytes(),
        };
        self.ask(&request, operation).map(|it| Element::parse(&it.body))
    }

    /// Asks until there is an answer that stays.
    pub(super) fn ask(&self, request: &Request, operation: &str) -> Result<Response, Refusal> {
        let mut attempt = 1;
        let mut pause = FIRST_PAUSE;
        loop {
            let refusal = match self.api.send(request) {
                Ok(response) if (200..300).contains(&response.status) => return Ok(response),
                Ok(response) => refused(request, operation, &response),
                Err(no_answer) => unanswered(request, operation, &no_answer),
            };
            let most = match refusal.error.problem {
                Problem::Unavailable => ATTEMPTS,
                _ if is_unready(&refusal.error.message) => UNREADY_ATTEMPTS,
                Problem::Credentials
                | Problem::WrongAccount
                | Problem::Denied
                | Problem::Refused
                | Problem::NotOurs
                | Problem::OtherProgram
                | Problem::RecordsElsewhere
                | Problem::OtherProcessor
                | Problem::ValueMissing
                | Problem::LockLost
                | Problem::Failed => 1,
            };
            if attempt >= most {
                return Err(refusal);
            }
            (self.pause)(pause);
            attempt += 1;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// As in an address or a form.
pub(super) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text + &char::from(byte).to_string()
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}

/// A field of a form.
pub(super) fn field(name: impl Into<String>, value: impl Into<String>) -> (String, String) {
    (name.into(), value.into())
}

fn parsed(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap_or_default()
}

fn unanswered(request: &Request, operation: &str, no_answer: &NoAnswer) -> Refusal {
    let problem = match no_answer {
        NoAnswer::Credentials(_) => Problem::Credentials,
        NoAnswer::Unreachable(_) => Problem::Unavailable,
    };
    let operation = format!("{}:{operation}", request.service);
    let error = CloudError { problem, operation, message: no_answer.to_string(), problems: Vec::new() };
    Refusal { code: String::new(), error }
}

fn refused(request: &Request, operation: &str, response: &Response) -> Refusal {
    let (code, message, body) = told(response);
    let problem = super::refusal::problem(response.status, &code, &message);
    let problems = problems(&code, &message, &body);
    let operation = format!("{}:{operation}", request.service);
    // What is listed is not said twice.
    let message = if problems.is_empty() { format!("{message} ({code})") } else { code.clone() };
    Refusal { code, error: CloudError { problem, operation, message, problems } }
}

/// The error's code, its words, and the whole answer where it is JSON.
fn told(response: &Response) -> (String, String, Value) {
    if response.body.trim_start().starts_with('<') {
        let root = Element::parse(&response.body);
        let error = if root.name() == "Error" { &root } else { root.find("Error").unwrap_or(&root) };
        let text = |name| error.text_of(name).unwrap_or_default().to_owned();
        return (text("Code"), text("Message"), Value::Null);
    }
    let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let code = response.header("x-amzn-errortype").map(str::to_owned);
    let code = code.or_else(|| text("__type")).or_else(|| text("code")).unwrap_or_default();
    // `com.amazonaws.x#Name:http://…`
    let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
    let code = if code.is_empty() { response.status.to_string() } else { code };
    let message = text("message").or_else(|| text("Message")).unwrap_or_else(|| response.body.clone());
    (code, message, body)
}
