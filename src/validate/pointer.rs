//! The JSON pointer of a place in a document.

use super::json::{Node, Value};
use crate::source::Span;

/// The pointer of the innermost key or value that covers the place.
pub(crate) fn pointer(root: &Node<'_>, place: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    while let Some((step, inner)) = below(node, place) {
        pointer.push('/');
        pointer.push_str(&step);
        node = inner;
    }
    pointer
}

fn below<'n, 'a>(node: &'n Node<'a>, place: Span) -> Option<(String, &'n Node<'a>)> {
    match &node.value {
        Value::Object(object) => {
            let covers = |it: &&super::json::Field<'a>| it.at.contains(place) || it.node.span.contains(place);
            object.fields.iter().find(covers).map(|it| (escaped(&it.name), &it.node))
        }
        Value::Array(items) => {
            let found = items.iter().enumerate().find(|(_, it)| it.span.contains(place));
            found.map(|(index, it)| (index.to_string(), it))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => None,
    }
}

/// A key as a pointer has it.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
