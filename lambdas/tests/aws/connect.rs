//! A telephone system that plays Connect: `StartOutboundVoiceContact`, as the service's own model has it.

use std::{
    io::Write,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};

use crate::{
    emulator::SERVER,
    http::{Request, answer},
};

/// A telephone system that is on.
pub(crate) struct Connect {
    pub(crate) endpoint: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    received: Vec<Request>,
    refusals: Vec<(u16, &'static str)>,
}

impl Connect {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let kept = Arc::clone(&state);
        drop(thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let Some(request) = Request::read(&stream) else { continue };
                let refusal = {
                    let mut state = kept.lock().unwrap();
                    state.received.push(request.clone());
                    state.refusals.pop()
                };
                if let Some((status, error)) = refusal {
                    let name = format!("{error}:http://internal.amazon.com/coral/com.amazonaws.connect/");
                    answer(stream, status, &[("x-amzn-errortype", &name)], r#"{"Message":"not now"}"#);
                } else if (request.method.as_str(), request.path.as_str())
                    == ("PUT", "/contact/outbound-voice")
                {
                    // The same token is the same call.
                    let body: Value = serde_json::from_str(&request.body).unwrap();
                    let token = body["ClientToken"].as_str().unwrap();
                    let id = token.rsplitn(3, '-').collect::<Vec<_>>().join("");
                    answer(
                        stream,
                        200,
                        &[],
                        &json!({ "ContactId": format!("call-{}", id.len()) }).to_string(),
                    );
                } else {
                    answer(stream, 404, &[("x-amzn-errortype", "UnknownOperationException")], "{}");
                }
            }
        }));
        Self { endpoint, state }
    }

    /// The next call is answered with this error.
    pub(crate) fn refuse(&self, status: u16, error: &'static str) {
        self.state.lock().unwrap().refusals.push((status, error));
    }

    /// What was asked since this was last asked, held against the service's model and its signature.
    pub(crate) fn calls(&self) -> Vec<Value> {
        let received = std::mem::take(&mut self.state.lock().unwrap().received);
        for request in &received {
            self.check(request);
        }
        received.iter().map(|it| serde_json::from_str(&it.body).unwrap()).collect()
    }

    fn check(&self, request: &Request) {
        let given = json!({
            "method": request.method, "url": format!("{}{}", self.endpoint, request.path),
            "headers": request.headers, "body": request.body
        });
        let python = Path::new(&std::env::var_os(SERVER).unwrap()).with_file_name("python");
        let mut child = Command::new(python)
            .args(["-c", CHECK])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.trim(), "fine", "{given}");
    }
}

/// The model's required members, types, lengths and, since the validator leaves those out, enumerations and numbers;
/// and the signature, made again by another library.
const CHECK: &str = r#"
import json, sys
import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.validate import ParamValidator

given = json.load(sys.stdin)
operation = botocore.session.Session().get_service_model("connect").operation_model("StartOutboundVoiceContact")
assert (given["method"], operation.http["requestUri"]) == (operation.http["method"], "/contact/outbound-voice")
body, shape = json.loads(given["body"]), operation.input_shape
report = ParamValidator().validate(body, shape)
assert not report.has_errors(), report.generate_report()
assert body["TrafficType"] in shape.members["TrafficType"].enum
ring = shape.members["RingTimeoutInSeconds"].metadata
assert ring["min"] <= body["RingTimeoutInSeconds"] <= ring["max"]
assert "QueueId" in body or "SourcePhoneNumber" in body
headers = given["headers"]
words = dict(it.strip(",").split("=", 1) for it in headers["authorization"].split()[1:])
signed = {name: headers[name] for name in words["SignedHeaders"].split(";")}
request = AWSRequest(method=given["method"], url=given["url"], data=given["body"], headers=signed)
request.context["timestamp"] = headers["x-amz-date"]
auth = SigV4Auth(Credentials("test", "test"), "connect", "eu-central-1")
signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
assert words["Signature"] == signature, "the signature is another one"
print("fine")
"#;
