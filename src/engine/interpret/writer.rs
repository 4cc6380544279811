//! `ResultWriter`: what a distributed Map's children returned, as an output or in objects.

use serde_json::Value;
use sluice_contract::event::ExecutionStatus;

use super::visit::{Told, Visit, object};
use crate::engine::clock::iso;
use crate::engine::failure::Failure;
use crate::engine::history::{Child, MapRun};
use crate::engine::machine::{Distributed, Transformation};
use crate::engine::services::{ObjectRequest, TaskError};

impl Visit<'_> {
    /// The state's result: the children's outputs, or where they were written.
    pub(super) async fn result(&self, distributed: &Distributed, run: &MapRun) -> Result<Value, Failure> {
        let Some(writer) = &distributed.writer else {
            return Ok(Value::Array(outputs(&run.children, Transformation::Compact)));
        };
        let Some(template) = &writer.arguments else {
            return Ok(Value::Array(outputs(&run.children, writer.transformation)));
        };
        let arguments =
            self.evaluate(&mut self.moment(Told::Nothing)?, template, "ResultWriter/Arguments")?;
        let text = |name: &str| arguments.get(name).and_then(Value::as_str);
        let bucket = text("Bucket").ok_or_else(|| Failure::result_writer("'Bucket' is missing"))?;
        let prefix = text("Prefix").map(|it| it.trim_matches('/')).filter(|it| !it.is_empty());
        let id = run.arn.rsplit(':').next().unwrap_or_default();
        let folder = prefix.map_or_else(|| id.to_owned(), |prefix| format!("{prefix}/{id}"));
        let put = async |key: String, body: String| {
            let request = ObjectRequest::Put { bucket: bucket.to_owned(), key, body };
            let failed = |error: TaskError| Failure::result_writer(error.to_string());
            self.branch.interpreter.services.object(request).await.map(drop).map_err(failed)
        };
        let (done, failed): (Vec<Child>, Vec<Child>) = run
            .children
            .iter()
            .cloned()
            .partition(|it| it.ended.as_ref().is_some_and(|it| it.status == ExecutionStatus::Succeeded));
        let (failed, pending): (Vec<Child>, Vec<Child>) =
            failed.into_iter().partition(|it| it.ended.is_some());
        let ending = if writer.lines { "jsonl" } else { "json" };
        let mut files = Vec::new();
        for (name, children, transformation) in [
            ("FAILED", failed, Transformation::None),
            ("PENDING", pending, Transformation::None),
            ("SUCCEEDED", done, writer.transformation),
        ] {
            if children.is_empty() {
                files.push((name, Value::Array(Vec::new())));
                continue;
            }
            let results = outputs(&children, transformation);
            let body = if writer.lines { lines(&results) } else { Value::Array(results).to_string() };
            let key = format!("{folder}/{name}_0.{ending}");
            let file = object([("Key", Value::from(key.as_str())), ("Size", Value::from(body.len()))]);
            put(key, body).await?;
            files.push((name, Value::Array(vec![file])));
        }
        let files = Value::Object(files.into_iter().map(|(name, it)| (name.to_owned(), it)).collect());
        let manifest = object([
            ("DestinationBucket", Value::from(bucket)),
            ("MapRunArn", Value::from(run.arn.as_str())),
            ("ResultFiles", files),
        ]);
        let key = format!("{folder}/manifest.json");
        put(key.clone(), manifest.to_string()).await?;
        Ok(object([
            ("MapRunArn", Value::from(run.arn.as_str())),
            ("ResultWriterDetails", object([("Bucket", Value::from(bucket)), ("Key", Value::from(key))])),
        ]))
    }
}

fn lines(results: &[Value]) -> String {
    results.iter().fold(String::new(), |text, it| text + &it.to_string() + "\n")
}

/// One result for each child; without a transformation all that is known of it, else its output, if it has one.
fn outputs(children: &[Child], transformation: Transformation) -> Vec<Value> {
    let output = |it: &Child| it.ended.as_ref().and_then(|ended| ended.output.clone());
    match transformation {
        Transformation::None => children.iter().map(described).collect(),
        Transformation::Compact => children.iter().filter_map(output).collect(),
        Transformation::Flatten => children
            .iter()
            .filter_map(output)
            .flat_map(|output| match output {
                Value::Array(items) => items,
                other @ (Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Object(_)) => {
                    vec![other]
                }
            })
            .collect(),
    }
}

fn described(child: &Child) -> Value {
    let execution = &child.execution;
    let text = |text: &str| Value::String(text.to_owned());
    let status = child.ended.as_ref().map_or(ExecutionStatus::Aborted, |it| it.status);
    let mut described = object([
        ("ExecutionArn", text(&execution.id)),
        ("Input", Value::String(execution.input.to_string())),
        ("InputDetails", object([("Included", Value::Bool(true))])),
        ("Name", text(&execution.name)),
        ("RedriveCount", Value::from(0)),
        ("RedriveStatus", text("NOT_REDRIVABLE")),
        ("StartDate", Value::String(iso(execution.start))),
        ("StateMachineArn", text(&execution.machine_id)),
        ("Status", text(status.as_str())),
        ("StopDate", Value::String(iso(child.stop))),
    ]);
    if let (Value::Object(fields), Some(ended)) = (&mut described, &child.ended) {
        let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
        if let Some(output) = &ended.output {
            put("Output", Value::String(output.to_string()));
            put("OutputDetails", object([("Included", Value::Bool(true))]));
        }
        if let Some(error) = &ended.error {
            put("Error", text(error));
        }
        if let Some(cause) = &ended.cause {
            put("Cause", text(cause));
        }
    }
    described
}
