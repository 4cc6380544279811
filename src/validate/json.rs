//! A JSON document whose every key and value knows its place.
//!
//! Must not know what the document says. Total: any text is read, or told where it stops being JSON.

use std::{borrow::Cow, collections::HashSet};

use jsonc_parser::{
    CollectOptions, ParseOptions, ast,
    common::{Range, Ranged},
    errors::ParseErrorKind,
    parse_to_ast,
};

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::{FileId, Span},
};

/// A value and its place.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) span: Span,
    pub(crate) value: Value<'a>,
}

/// What JSON can hold.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Object<'a>),
}

/// Fields in the order of the text; one that is given twice is there twice.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) fields: Vec<Field<'a>>,
}

/// A key with its value.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: Cow<'a, str>,
    /// The key, its quotes included.
    pub(crate) at: Span,
    pub(crate) node: Node<'a>,
}

impl<'a> Node<'a> {
    pub(crate) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        if let Value::Number(number) = &self.value { Some(*number) } else { None }
    }

    pub(crate) fn object(&self) -> Option<&Object<'a>> {
        if let Value::Object(object) = &self.value { Some(object) } else { None }
    }

    /// The elements; none where it is no array.
    pub(crate) fn items(&self) -> &[Node<'a>] {
        if let Value::Array(items) = &self.value { items } else { &[] }
    }

    /// `a number`, `an object`
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }
}

impl<'a> Object<'a> {
    pub(crate) fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|it| it.name == name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.field(name).map(|it| &it.node)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    pub(crate) fn object(&self, name: &str) -> Option<&Object<'a>> {
        self.get(name)?.object()
    }

    /// The elements of that field; none where it is no array.
    pub(crate) fn items(&self, name: &str) -> &[Node<'a>] {
        self.get(name).map_or(&[], Node::items)
    }
}

/// Nothing of what jsonc-parser understands beyond JSON.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The document; none where the text is no JSON, which is told.
pub(crate) fn read<'a>(file: FileId, text: &'a str, diagnostics: &mut Diagnostics) -> Option<Node<'a>> {
    let parsed = match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = span(file, error.range());
            diagnostics.push(if matches!(error.kind(), ParseErrorKind::NestingDepthExceeded) {
                Diagnostic::new(Code::NestedTooDeep, "values are nested more than 512 deep")
                    .label(span, "this is too deep")
                    .help("move inner states into a state machine of their own")
            } else {
                not_json(span, &error.kind().to_string())
            });
            return None;
        }
    };
    let Some(value) = parsed.value else {
        diagnostics.push(
            Diagnostic::new(Code::NoDocument, "the file is empty")
                .label(Span::new(file, 0, 0), "")
                .help("write a JSON object with `StartAt` and `States`"),
        );
        return None;
    };
    // The parser with places takes texts that hold control characters; the other one is strict.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let at = offset(text, error.line(), error.column());
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        diagnostics.push(not_json(Span::new(file, at, at.saturating_add(1)), words));
        return None;
    }
    Some(Reader { file, diagnostics }.node(value, ""))
}

fn not_json(span: Span, words: &str) -> Diagnostic {
    let mut words = words.to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    Diagnostic::new(Code::NotJson, format!("the file is not JSON: {words}"))
        .label(span, "here it stops being JSON")
        .help("JSON has no comments, no trailing commas, and double quotes only")
}

/// The byte at a line and a column in bytes, both from 1.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (before + column.saturating_sub(1)).min(text.len().saturating_sub(1));
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn span(file: FileId, range: Range) -> Span {
    let narrow = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Span::new(file, narrow(range.start), narrow(range.end))
}

/// Fields of an object that are compared one by one.
const FEW: usize = 16;

struct Reader<'d> {
    file: FileId,
    diagnostics: &'d mut Diagnostics,
}

impl Reader<'_> {
    /// `owner` is the key that the value belongs to.
    fn node<'a>(&mut self, value: ast::Value<'a>, owner: &str) -> Node<'a> {
        let span = span(self.file, value.range());
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(it) => Value::Bool(it.value),
            // JSON's numbers are Rust's, too; one too large becomes infinite.
            ast::Value::NumberLit(it) => Value::Number(it.value.parse().unwrap_or(f64::INFINITY)),
            ast::Value::StringLit(it) => Value::Text(it.value),
            ast::Value::Array(it) => {
                Value::Array(it.elements.into_iter().map(|it| self.node(it, "")).collect())
            }
            ast::Value::Object(it) => {
                let fields: Vec<Field<'a>> = it.properties.into_iter().map(|it| self.field(it)).collect();
                self.twice(&fields, owner);
                Value::Object(Object { fields })
            }
        };
        Node { span, value }
    }

    fn field<'a>(&mut self, field: ast::ObjectProp<'a>) -> Field<'a> {
        let (name, at) = match field.name {
            ast::ObjectPropName::String(it) => (it.value, it.range),
            ast::ObjectPropName::Word(it) => (Cow::Borrowed(it.value), it.range),
        };
        let node = self.node(field.value, &name);
        Field { name, at: span(self.file, at), node }
    }

    fn twice(&mut self, fields: &[Field<'_>], owner: &str) {
        let mut seen = HashSet::new();
        for (index, field) in fields.iter().enumerate() {
            // Most objects are small: looking back costs less than a set.
            let new = if fields.len() <= FEW {
                !fields.iter().take(index).any(|it| it.name == field.name)
            } else {
                seen.insert(field.name.as_ref())
            };
            if new {
                continue;
            }
            let first = fields.iter().find(|it| it.name == field.name).map(|it| it.at);
            let (code, message) = match owner {
                "States" => (Code::StateNameTwice, format!("two states are named `{}`", field.name)),
                _ => (Code::JsonKeyTwice, format!("the key `{}` is given twice", field.name)),
            };
            self.diagnostics.push(
                Diagnostic::new(code, message)
                    .label(field.at, "given again here")
                    .also(first, "first given here")
                    .help("rename or delete one: most readers of JSON drop the first without a word"),
            );
        }
    }
}
