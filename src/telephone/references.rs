//! References in texts, `$.Attributes.rating`, and what stands for them in a call.

use super::state::{Contact, State};

/// A text with its references replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) text: String,
    /// Those that nothing stands for.
    pub(super) unset: Vec<String>,
}

/// Replaces every reference; one that nothing stands for becomes nothing.
pub(super) fn resolve(text: &str, state: &State, contact: &Contact) -> Resolved {
    let mut resolved = Resolved { text: String::new(), unset: Vec::new() };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$.") {
        resolved.text.push_str(before);
        let (path, length) = path(after);
        rest = after.get(length..).unwrap_or_default();
        if path.is_empty() {
            resolved.text.push_str("$.");
            continue;
        }
        match value(&path, state, contact) {
            Some(value) => resolved.text.push_str(&value),
            None => resolved.unset.push(format!("$.{path}")),
        }
    }
    resolved.text.push_str(rest);
    resolved
}

/// The paths of all references in a text: `Attributes.rating`, `StoredCustomerInput`.
pub(super) fn paths(text: &str) -> Vec<String> {
    text.split("$.").skip(1).map(|it| path(it).0).filter(|it| !it.is_empty()).collect()
}

/// What stands behind `$.`, and how long it is there.
fn path(text: &str) -> (String, usize) {
    // `Attributes.['a name with spaces']`
    if let Some((root, quoted)) = text.split_once("['")
        && root.chars().all(|it| it.is_alphanumeric() || it == '.')
        && let Some((name, _)) = quoted.split_once("']")
    {
        let root = root.trim_end_matches('.');
        let length = text.len() - quoted.len() + name.len() + 2;
        return (format!("{root}.{name}"), length);
    }
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
    let end = text.find(|it: char| !is_part(it)).unwrap_or(text.len());
    let found = text.get(..end).unwrap_or_default().trim_end_matches('.');
    (found.to_owned(), found.len())
}

fn value(path: &str, state: &State, contact: &Contact) -> Option<String> {
    if let Some((root, name)) = path.split_once('.') {
        let named = match root {
            "Attributes" => Some(&state.attributes),
            "FlowAttributes" => Some(&state.flow_attributes),
            "External" => Some(&state.external),
            _ => None,
        };
        if let Some(named) = named {
            return named.get(name).cloned();
        }
    }
    match path {
        "StoredCustomerInput" => state.stored.clone(),
        "CustomerEndpoint.Address" => Some(contact.address.clone()),
        "SystemEndpoint.Address" => Some(contact.system_address.clone()),
        "CustomerEndpoint.Type" | "SystemEndpoint.Type" => Some("TELEPHONE_NUMBER".to_owned()),
        "ContactId" => Some(contact.id.clone()),
        "InitialContactId" => Some(contact.initial_id.clone()),
        "InstanceARN" => Some(contact.instance.clone()),
        "InitiationMethod" => Some(contact.initiation.clone()),
        "Channel" => Some("VOICE".to_owned()),
        "Queue.Name" => state.queue.clone(),
        "LanguageCode" => state.language.clone(),
        "TextToSpeechVoiceId" => state.voice.clone(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_inside_words() {
        let mut state = State::new("a");
        drop(state.attributes.insert("rating".to_owned(), "4".to_owned()));
        drop(state.attributes.insert("the name".to_owned(), "Ada".to_owned()));
        let told = |text: &str| resolve(text, &state, &Contact::default());
        assert_eq!(
            told("You rated us $.Attributes.rating. Thanks, $.Attributes.['the name']!").text,
            "You rated us 4. Thanks, Ada!"
        );
        assert_eq!(told("It costs $5.").text, "It costs $5.");
        assert_eq!(told("$$.Attributes.rating").text, "$4");
        let unset = told("Hello $.External.who!");
        assert_eq!((unset.text.as_str(), unset.unset), ("Hello !", vec!["$.External.who".to_owned()]));
    }
}
