//! Which revision of a job definition a machine names. The program knows only the name: the revision is put behind it
//! when a machine is written, and taken off when one is read. So a version of a machine is whole, and going back to it
//! brings back what its jobs were given.

use std::collections::BTreeMap;

use serde_json::Value;

use super::batch::Revisions;

/// What stands before a job definition's name in its ARN.
const BEFORE: &str = ":job-definition/";

/// The definition's text with the revision of that content behind each job definition; the name of one that has none.
pub(super) fn named(
    text: &str,
    wanted: &BTreeMap<String, String>,
    known: &Revisions,
) -> Result<String, String> {
    let mut result = text.to_owned();
    for (name, hash) in wanted {
        let of_content = known.get(name).into_iter().flatten().filter(|(_, it)| *it == hash);
        let Some((newest, _)) = of_content.max_by_key(|(number, _)| **number) else {
            return Err(name.clone());
        };
        result = result.replace(&format!("{BEFORE}{name}\""), &format!("{BEFORE}{name}:{newest}\""));
    }
    Ok(result)
}

/// Takes the revisions off the definition, and tells them by their names; none where a name has none.
pub(super) fn unnamed(definition: &mut Value) -> BTreeMap<String, Option<u64>> {
    let mut found = BTreeMap::new();
    take_off(definition, &mut found);
    found
}

fn take_off(value: &mut Value, found: &mut BTreeMap<String, Option<u64>>) {
    match value {
        Value::String(text) => {
            let Some((start, named)) = text.split_once(BEFORE) else { return };
            let (name, revision) = match named.split_once(':') {
                Some((name, number)) => (name.to_owned(), number.parse().ok()),
                None => (named.to_owned(), None),
            };
            *text = format!("{start}{BEFORE}{name}");
            let _ = found.insert(name, revision);
        }
        Value::Array(all) => all.iter_mut().for_each(|it| take_off(it, found)),
        Value::Object(all) => all.values_mut().for_each(|it| take_off(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_revision_is_put_behind_its_name_and_taken_off_again() {
        let arn = |end: &str| format!("arn:aws:batch:eu-west-1:111111111111:job-definition/p-greece{end}");
        let text = json!({ "JobDefinition": arn(""), "Other": arn("-x") }).to_string();
        let hashes =
            [(3, "old"), (4, "a"), (5, "a"), (6, "b")].map(|(number, hash)| (number, hash.to_owned()));
        let known = BTreeMap::from([("p-greece".to_owned(), hashes.into_iter().collect())]);
        let wanted = |hash: &str| BTreeMap::from([("p-greece".to_owned(), hash.to_owned())]);
        let named = named(&text, &wanted("a"), &known).unwrap();
        let mut read: Value = serde_json::from_str(&named).unwrap();
        assert_eq!(read, json!({ "JobDefinition": arn(":5"), "Other": arn("-x") }));
        let found = unnamed(&mut read);
        assert_eq!(read.to_string(), text);
        assert_eq!(found, [("p-greece".to_owned(), Some(5)), ("p-greece-x".to_owned(), None)].into());
        assert_eq!(super::named(&text, &wanted("c"), &known), Err("p-greece".to_owned()));
    }
}
