//! What every rule works with: where it stands, where it tells, and the checks of single values.

use super::{
    jsonata::Expressions,
    spec::{Bounds, Language, Moment, Shape, Spec},
    state, template,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest, words},
    source::Span,
    validate::json::{Field, Node, Object, Value},
};

/// A read of a variable.
#[derive(Debug)]
pub(crate) struct Use {
    /// The key of the state that reads.
    pub(crate) state: Span,
    pub(crate) variable: String,
    pub(crate) at: Span,
}

/// The rules' common ground.
pub(crate) struct Check<'c> {
    pub(crate) diagnostics: &'c mut Diagnostics,
    pub(crate) expressions: &'c mut Expressions,
    /// Every read of a variable, for the check of where it was assigned.
    pub(crate) uses: Vec<Use>,
}

/// Where a rule stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here<'d> {
    pub(crate) language: Language,
    /// The key of the state; of what holds the states where there is none.
    pub(crate) state: Span,
    pub(crate) express: bool,
    /// `a Task state`, `a retrier`
    pub(crate) what: &'d str,
}

impl Check<'_> {
    pub(crate) fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The fields of an object: each known, of the right query language and shape; those that must be are there.
    /// `at` is what stands for the object where something is missing.
    pub(crate) fn fields(
        &mut self,
        object: &Object<'_>,
        at: Span,
        tables: &[&[Spec]],
        required: &[&str],
        here: Here<'_>,
    ) {
        for field in &object.fields {
            let all = tables.iter().flat_map(|it| it.iter());
            match all.clone().find(|it| it.name == field.name) {
                None => self.unknown_field(field, all.map(|it| it.name).collect(), here),
                Some(Spec { language: Some(language), .. }) if *language != here.language => {
                    self.other_language(field, *language, here);
                }
                Some(spec) => self.value(field, spec.shape, here),
            }
        }
        for name in required {
            if !object.has(name) {
                self.missing(at, here.what, name);
            }
        }
    }

    pub(crate) fn missing(&mut self, at: Span, what: &str, name: &str) {
        self.tell(
            Diagnostic::new(Code::FieldMissing, format!("{what} lacks `{name}`"))
                .label(at, format!("`{name}` is missing here"))
                .help(format!("add `\"{name}\": …`")),
        );
    }

    fn unknown_field(&mut self, field: &Field<'_>, known: Vec<&str>, here: Here<'_>) {
        let name = field.name.as_ref();
        if let Some(diagnostic) = state::of_other_types(field, here.what) {
            return self.tell(diagnostic);
        }
        let message = format!("{} has no field `{name}`", here.what);
        let diagnostic =
            Diagnostic::new(Code::FieldUnknown, message).label(field.at, "there is no such field");
        let longer = || known.iter().copied().find(|it| name.len() > 3 && it.starts_with(name));
        self.tell(match suggest::closest(name, known.iter().copied()).or_else(longer) {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).suggest(field.at, format!("\"{meant}\""))
            }
            None => diagnostic.help(format!("it has {}", words::and_ticked(known))),
        });
    }

    fn other_language(&mut self, field: &Field<'_>, language: Language, here: Here<'_>) {
        let instead = match field.name.as_ref() {
            "Parameters" => "`Arguments` (in a Map state `ItemSelector`) is what JSONata has for it",
            "ResultSelector" | "ResultPath" | "OutputPath" => "`Output` is what JSONata has for it",
            "InputPath" => "JSONata has `$states.input` for it",
            "ItemsPath" => "`Items` is what JSONata has for it",
            "Iterator" => "`ItemProcessor` is what JSONata has for it",
            "Arguments" => "`Parameters` is what JSONPath has for it",
            "Output" => "`ResultPath`, `ResultSelector` and `OutputPath` are what JSONPath has for it",
            "Items" => "`ItemsPath` is what JSONPath has for it",
            "Result" => "`Output` with the value is what JSONata has for it",
            _ => "write an expression `{% … %}` in the field without `Path`",
        };
        let message = format!(
            "`{}` is a field of {}, and this is {}",
            field.name,
            language.as_str(),
            here.language.as_str()
        );
        self.tell(
            Diagnostic::new(Code::FieldNotOfLanguage, message)
                .label(field.at, format!("in {} of {}", here.what, here.language.as_str()))
                .help(instead),
        );
    }

    fn value(&mut self, field: &Field<'_>, shape: Shape, here: Here<'_>) {
        let node = &field.node;
        let jsonata = here.language == Language::Jsonata;
        match shape {
            Shape::Any => {}
            Shape::Text => drop(self.text(field)),
            Shape::Words => {
                if let (Some(_), true) = (self.text(field), jsonata) {
                    template::jsonata(self, node, Moment::Before, here);
                }
            }
            Shape::Flag => {
                if !matches!(node.value, Value::Bool(_)) {
                    self.wrong_type(field, "true or false");
                }
            }
            Shape::Object => {
                if node.object().is_none() {
                    self.wrong_type(field, "an object");
                }
            }
            Shape::Array => self.array(field),
            Shape::Number(bounds) => self.number(field, bounds, here),
            Shape::OneOf(all) => self.one_of(field, all),
            Shape::PathOrNull | Shape::ResultPath if matches!(node.value, Value::Null) => {}
            Shape::Path | Shape::PathOrNull => template::path(self, field, here),
            Shape::ResultPath => template::result_path(self, field),
            Shape::WordsPath => template::words_path(self, field, here),
            Shape::Template(moment) if jsonata => template::jsonata(self, node, moment, here),
            Shape::Template(_) => template::payload(self, node, here),
            Shape::Assign(moment) => template::assign(self, field, moment, here),
            Shape::Literal => template::literal(self, node),
            Shape::Condition => match &node.value {
                Value::Text(text) if text.starts_with("{%") => {
                    template::jsonata(self, node, Moment::Before, here);
                }
                Value::Bool(_) => {}
                Value::Null | Value::Number(_) | Value::Text(_) | Value::Array(_) | Value::Object(_) => {
                    self.wrong_type(field, "an expression `{% … %}`");
                }
            },
            Shape::Items => match &node.value {
                Value::Array(_) | Value::Object(_) => template::jsonata(self, node, Moment::Before, here),
                Value::Text(text) if text.starts_with("{%") => {
                    template::jsonata(self, node, Moment::Before, here);
                }
                Value::Null | Value::Number(_) | Value::Text(_) | Value::Bool(_) => {
                    self.wrong_type(field, "an array or an expression `{% … %}`");
                }
            },
            Shape::Timestamp => {
                if self.expression(node, here) {
                } else if let Some(text) = self.text(field) {
                    self.timestamp(node.span, text);
                }
            }
        }
    }

    /// Whether the value is one that a JSONata state computes; it is checked.
    fn expression(&mut self, node: &Node<'_>, here: Here<'_>) -> bool {
        let is = here.language == Language::Jsonata && node.text().is_some_and(|it| it.starts_with("{%"));
        if is {
            template::jsonata(self, node, Moment::Before, here);
        }
        is
    }

    pub(crate) fn text<'d>(&mut self, field: &'d Field<'_>) -> Option<&'d str> {
        let text = field.node.text();
        if text.is_none() {
            self.wrong_type(field, "a text");
        }
        text
    }

    pub(crate) fn wrong_type(&mut self, field: &Field<'_>, expected: &str) {
        let found = field.node.kind();
        self.tell(
            Diagnostic::new(
                Code::FieldWrongType,
                format!("`{}` must be {expected}, and is {found}", field.name),
            )
            .label(short(field), "")
            .help(format!("write {expected}")),
        );
    }

    fn array(&mut self, field: &Field<'_>) {
        match &field.node.value {
            Value::Array(items) if items.is_empty() => self.empty(field),
            Value::Array(_) => {}
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
                self.wrong_type(field, "an array");
            }
        }
    }

    pub(crate) fn empty(&mut self, field: &Field<'_>) {
        self.tell(
            Diagnostic::new(Code::FieldEmpty, format!("`{}` is empty", field.name))
                .label(field.node.span, "at least one is needed")
                .help(format!("fill `{}`, or delete what it belongs to", field.name)),
        );
    }

    pub(crate) fn number(&mut self, field: &Field<'_>, bounds: Bounds, here: Here<'_>) {
        let Bounds { least, most, whole, computed } = bounds;
        let Some(number) = field.node.number() else {
            if !computed || !self.expression(&field.node, here) {
                self.wrong_type(field, if whole { "a whole number" } else { "a number" });
            }
            return;
        };
        if (!whole || number.fract() == 0.0) && least <= number && number <= most {
            return;
        }
        let kind = if whole { "a whole number" } else { "a number" };
        let range = if most >= f64::MAX {
            format!("{kind} of at least {least}")
        } else {
            format!("{kind} from {least} to {most}")
        };
        self.tell(
            Diagnostic::new(Code::NumberNotInRange, format!("`{}` can't be {number}", field.name))
                .label(field.node.span, format!("must be {range}"))
                .help(format!("write {range}")),
        );
    }

    pub(crate) fn one_of(&mut self, field: &Field<'_>, all: &[&str]) {
        let Some(text) = self.text(field) else { return };
        if all.contains(&text) {
            return;
        }
        let diagnostic = Diagnostic::new(Code::NotOneOf, format!("`{}` can't be `{text}`", field.name))
            .label(field.node.span, "");
        self.tell(match suggest::closest(text, all.iter().copied()) {
            Some(meant) => diagnostic
                .help(format!("did you mean `{meant}`?"))
                .suggest(field.node.span, format!("\"{meant}\"")),
            None => diagnostic.help(format!("it can be {}", words::or_ticked(all))),
        });
    }

    pub(crate) fn timestamp(&mut self, at: Span, text: &str) {
        let shape = text.contains('T') && text.parse::<jiff::Timestamp>().is_ok();
        if !shape {
            self.tell(
                Diagnostic::new(Code::NotATimestamp, format!("`{text}` is not a timestamp"))
                    .label(at, "")
                    .help("write it as RFC 3339 has it, such as `2026-03-29T02:30:00Z`"),
            );
        }
    }

    /// At most one of the fields. Whether there is one.
    pub(crate) fn at_most_one(&mut self, object: &Object<'_>, names: &[&str]) -> bool {
        let mut given = object.fields.iter().filter(|it| names.contains(&it.name.as_ref()));
        let first = given.next();
        if let (Some(first), Some(second)) = (first, given.next())
            && first.name != second.name
        {
            self.tell(
                Diagnostic::new(
                    Code::FieldsExclude,
                    format!("`{}` and `{}` exclude each other", first.name, second.name),
                )
                .label(second.at, "this can't stand beside it")
                .also(first.at, "this is given too")
                .help("keep one of them"),
            );
        }
        first.is_some()
    }

    /// Exactly one of the fields.
    pub(crate) fn exactly_one(&mut self, object: &Object<'_>, at: Span, names: &[&str], what: &str) {
        if !self.at_most_one(object, names) {
            self.tell(
                Diagnostic::new(
                    Code::OneFieldNeeded,
                    format!("{what} needs one of {}", words::or_ticked(names)),
                )
                .label(at, "none of them is given")
                .help("add one of them"),
            );
        }
    }
}

/// The value, or its key where the value goes over many lines.
fn short(field: &Field<'_>) -> Span {
    match &field.node.value {
        Value::Array(_) | Value::Object(_) => field.at,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => field.node.span,
    }
}
