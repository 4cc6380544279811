//! A function as Lambda runs it: its program, told by the runtime API what to do next.
//!
//! Source: "Using the Lambda runtime API for custom runtimes", Lambda developer guide.

use std::{
    fs,
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::http::{Request, answer};

/// A running program.
pub(crate) struct Function {
    child: Child,
    log: NamedTempFile,
    events: Sender<String>,
    answers: Receiver<Result<Value, Value>>,
}

impl Function {
    /// Starts the program with nothing but this in its environment, and what Lambda puts there.
    pub(crate) fn start(program: &str, environment: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (events, to_come) = channel();
        let (answered, answers) = channel();
        drop(thread::spawn(move || serve(&listener, &to_come, &answered)));
        let log = NamedTempFile::new().unwrap();
        let child = Command::new(program)
            .env_clear()
            .envs(environment.iter().copied())
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "function")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .stdin(Stdio::null())
            .stdout(log.reopen().unwrap())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        Self { child, log, events, answers }
    }

    /// Calls it, and returns its answer or its error.
    pub(crate) fn invoke(&self, event: &Value) -> Result<Value, Value> {
        self.events.send(event.to_string()).unwrap();
        let answer = self.answers.recv_timeout(Duration::from_mins(1));
        answer.unwrap_or_else(|_| panic!("the function did not answer:\n{}", self.log()))
    }

    /// What it has written so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log.path()).unwrap()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(listener: &TcpListener, events: &Receiver<String>, answered: &Sender<Result<Value, Value>>) {
    for stream in listener.incoming() {
        let stream = stream.unwrap();
        let Some(request) = Request::read(&stream) else { continue };
        let call = request.path.strip_prefix("/2018-06-01/runtime/").unwrap();
        if (request.method.as_str(), call) == ("GET", "invocation/next") {
            // The test has ended where no event can come any more.
            let Ok(event) = events.recv() else { return };
            let headers = [
                ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
                ("lambda-runtime-deadline-ms", "4102444800000"),
                ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:1:function:function"),
                ("content-type", "application/json"),
            ];
            answer(stream, 200, &headers, &event);
            continue;
        }
        let body = serde_json::from_str(&request.body).unwrap_or(Value::Null);
        let outcome = match call.rsplit('/').next() {
            Some("response") => Ok(body),
            Some("error") => Err(body),
            _ => panic!("the runtime API has no `{call}`"),
        };
        answer(stream, 202, &[], "");
        if answered.send(outcome).is_err() {
            return;
        }
    }
}
