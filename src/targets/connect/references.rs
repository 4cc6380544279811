//! References in the texts of an action: `$.Attributes.rating`, `$.StoredCustomerInput`.

use serde_json::Value;

use super::flow::ActionKind;

/// What a text refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// An attribute of the contact.
    Attribute(String),
    /// What was typed last.
    StoredCustomerInput,
    /// What the last function replied.
    External(String),
    /// What the telephone system itself knows: `ContactId`, `CustomerEndpoint.Address`.
    System(String),
}

impl std::fmt::Display for Reference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Attribute(name) => write!(formatter, "$.Attributes.{name}"),
            Self::StoredCustomerInput => formatter.write_str("$.StoredCustomerInput"),
            Self::External(name) => write!(formatter, "$.External.{name}"),
            Self::System(name) => write!(formatter, "$.{name}"),
        }
    }
}

/// Everything that an action's parameters refer to, in the order of its fields.
pub fn references(kind: &ActionKind) -> Vec<Reference> {
    let mut found = Vec::new();
    // A model of texts can always be written.
    collect(&serde_json::to_value(kind).unwrap_or_default(), &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<Reference>) {
    match value {
        Value::String(text) => found.extend(in_text(text)),
        Value::Array(values) => values.iter().for_each(|it| collect(it, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                found.extend(in_text(name));
                collect(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Everything that a text refers to.
pub fn in_text(text: &str) -> Vec<Reference> {
    text.split("$.").skip(1).filter_map(reference).collect()
}

/// Of what stands behind `$.`
fn reference(rest: &str) -> Option<Reference> {
    // `Attributes.['a name with spaces']`
    if let Some(quoted) = rest.strip_prefix("Attributes.['").or_else(|| rest.strip_prefix("Attributes['")) {
        return quoted.split_once("']").map(|(name, _)| Reference::Attribute(name.to_owned()));
    }
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
    let end = rest.find(|it: char| !is_part(it)).unwrap_or(rest.len());
    let path = rest.get(..end).unwrap_or_default().trim_end_matches('.');
    Some(match path.split_once('.') {
        Some(("Attributes", name)) => Reference::Attribute(name.to_owned()),
        Some(("External", name)) => Reference::External(name.to_owned()),
        _ if path == "StoredCustomerInput" => Reference::StoredCustomerInput,
        _ if path.is_empty() => return None,
        _ => Reference::System(path.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_inside_words() {
        let attribute = |it: &str| Reference::Attribute(it.to_owned());
        assert_eq!(in_text("You rated us $.Attributes.rating . Why?"), [attribute("rating")]);
        assert_eq!(in_text("$.Attributes.a $.Attributes.['b c']!"), [attribute("a"), attribute("b c")]);
        assert_eq!(in_text("$.StoredCustomerInput"), [Reference::StoredCustomerInput]);
        assert_eq!(
            in_text("$.CustomerEndpoint.Address"),
            [Reference::System("CustomerEndpoint.Address".to_owned())]
        );
        assert!(in_text("It costs $5.").is_empty());
    }
}
