//! `ItemReader`: the items of a distributed Map, from objects.

use serde_json::{Map, Value};

use super::items::Item;
use super::visit::{Told, Visit, object};
use crate::engine::failure::Failure;
use crate::engine::machine::{ItemReader, ItemSource};
use crate::engine::services::{ObjectAnswer, ObjectRequest, TaskError};

impl Visit<'_> {
    pub(super) async fn read_items(&self, reader: &ItemReader) -> Result<Vec<Item>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        let arguments = self.evaluate(&mut moment, &reader.arguments, "ItemReader/Arguments")?;
        let most = self.whole(&mut moment, reader.max_items.as_ref(), "ItemReader/ReaderConfig/MaxItems")?;
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).map(str::to_owned);
        let required =
            |name: &str| text(name).ok_or_else(|| Failure::item_reader(format!("'{name}' is missing")));
        let bucket = required("Bucket")?;
        let request = match &reader.source {
            ItemSource::Listing => ObjectRequest::List { bucket, prefix: text("Prefix").unwrap_or_default() },
            ItemSource::Csv { .. } | ItemSource::Json { .. } | ItemSource::JsonLines => {
                ObjectRequest::Get { bucket, key: required("Key")? }
            }
        };
        let failed = |error: TaskError| Failure::item_reader(error.to_string());
        let answer = self.branch.interpreter.services.object(request).await.map_err(failed)?;
        let items = match answer {
            ObjectAnswer::Body(body) => items(&reader.source, &body).map_err(Failure::item_reader)?,
            ObjectAnswer::Listed(objects) => objects
                .into_iter()
                .map(|it| object([("Key", Value::from(it.key)), ("Size", Value::from(it.size))]))
                .collect(),
            ObjectAnswer::Written => Vec::new(),
        };
        Ok(items.into_iter().take(most.filter(|it| *it > 0).unwrap_or(usize::MAX)).map(Item::of).collect())
    }
}

/// The items in the text of an object.
fn items(source: &ItemSource, body: &str) -> Result<Vec<Value>, String> {
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    match source {
        ItemSource::Listing => Ok(Vec::new()),
        ItemSource::Csv { headers, delimiter } => csv(headers.as_deref(), *delimiter, body),
        ItemSource::Json { pointer } => {
            let document: Value =
                serde_json::from_str(body).map_err(|problem| format!("the object is not JSON: {problem}"))?;
            match document.pointer(pointer) {
                Some(Value::Array(items)) => Ok(items.clone()),
                Some(Value::Object(fields)) => Ok(fields
                    .iter()
                    .map(|(key, value)| {
                        object([("Key", Value::from(key.as_str())), ("Value", value.clone())])
                    })
                    .collect()),
                Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
                    Err("the object holds no array of items".to_owned())
                }
            }
        }
        ItemSource::JsonLines => body
            .lines()
            .filter(|line| !line.trim().is_empty())
            .enumerate()
            .map(|(index, line)| {
                serde_json::from_str(line)
                    .map_err(|problem| format!("line {} is not JSON: {problem}", index + 1))
            })
            .collect(),
    }
}

/// Every value is text; a row that is too short has empty ones for what it lacks.
fn csv(headers: Option<&[String]>, delimiter: u8, body: &str) -> Result<Vec<Value>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(headers.is_none())
        .flexible(true)
        .from_reader(body.as_bytes());
    let names: Vec<String> = if let Some(headers) = headers {
        headers.to_vec()
    } else {
        let names = reader.headers().map_err(|problem| problem.to_string())?;
        names.iter().map(str::to_owned).collect()
    };
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|problem| problem.to_string())?;
            let fields = names
                .iter()
                .enumerate()
                .map(|(index, name)| (name.clone(), Value::from(record.get(index).unwrap_or_default())));
            Ok(Value::Object(fields.collect::<Map<_, _>>()))
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests {
    use serde_json::json;

    use super::items;
    use crate::engine::machine::ItemSource;

    #[test]
    fn each_form_gives_its_items() {
        let first_row = ItemSource::Csv { headers: None, delimiter: b',' };
        let rows = items(&first_row, "\u{feff}id,name\n1,\"a, b\"\n2\n").unwrap();
        assert_eq!(json!(rows), json!([{"id": "1", "name": "a, b"}, {"id": "2", "name": ""}]));
        let given = ItemSource::Csv { headers: Some(vec!["x".to_owned()]), delimiter: b';' };
        assert_eq!(json!(items(&given, "1;2\n").unwrap()), json!([{"x": "1"}]));
        let whole = ItemSource::Json { pointer: String::new() };
        assert_eq!(items(&whole, "[1, 2]").unwrap(), [json!(1), json!(2)]);
        assert_eq!(items(&whole, "{\"a\": 1}").unwrap(), [json!({"Key": "a", "Value": 1})]);
        let inner = ItemSource::Json { pointer: "/rows".to_owned() };
        assert_eq!(items(&inner, "{\"rows\": [3]}").unwrap(), [json!(3)]);
        assert_eq!(items(&ItemSource::JsonLines, "1\n\n{}\n").unwrap(), [json!(1), json!({})]);
    }

    #[test]
    fn what_holds_no_items_is_told() {
        let whole = ItemSource::Json { pointer: String::new() };
        assert!(items(&whole, "7").unwrap_err().contains("no array"));
        assert!(items(&whole, "[").unwrap_err().contains("not JSON"));
        assert!(items(&ItemSource::JsonLines, "1\n{").unwrap_err().contains("line 2"));
    }
}
