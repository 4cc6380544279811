//! Templates: JSON in which any string may be a `{% … %}` expression, read once when the machine is read.

use jsonata_core::ast::AstNode;
use jsonata_core::parser;
use serde_json::Value;

/// `Arguments`, `Output`, `Condition`, …: whatever a state computes.
#[derive(Debug)]
pub(crate) enum Template {
    /// No expression anywhere in it.
    Literal(Value),
    Expression(Expression),
    Array(Vec<Template>),
    Object(Vec<(String, Template)>),
}

/// A JSONata expression without its braces.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) text: String,
    pub(crate) tree: AstNode,
}

/// Where in a template an expression cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateProblem {
    /// Below the template: `/Item/pk/S`.
    pub(crate) pointer: String,
    pub(crate) expression: String,
    pub(crate) problem: String,
}

impl Template {
    /// Reads every expression of `value`.
    pub(crate) fn read(value: &Value) -> Result<Self, TemplateProblem> {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(Self::Literal(value.clone())),
            Value::String(text) => match enclosed(text) {
                None => Ok(Self::Literal(value.clone())),
                Some(expression) => Expression::read(expression).map(Self::Expression).map_err(|problem| {
                    TemplateProblem { pointer: String::new(), expression: expression.to_owned(), problem }
                }),
            },
            Value::Array(items) => {
                let items: Vec<Self> = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        Self::read(item).map_err(|problem| problem.below(&index.to_string()))
                    })
                    .collect::<Result<_, _>>()?;
                let literal = items.iter().all(Self::is_literal);
                Ok(if literal { Self::Literal(value.clone()) } else { Self::Array(items) })
            }
            Value::Object(fields) => {
                let fields: Vec<(String, Self)> = fields
                    .iter()
                    .map(|(name, field)| match Self::read(field) {
                        Ok(template) => Ok((name.clone(), template)),
                        Err(problem) => Err(problem.below(name)),
                    })
                    .collect::<Result<_, _>>()?;
                let literal = fields.iter().all(|(_, field)| field.is_literal());
                Ok(if literal { Self::Literal(value.clone()) } else { Self::Object(fields) })
            }
        }
    }

    fn is_literal(&self) -> bool {
        matches!(self, Self::Literal(_))
    }
}

impl Expression {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let tree = parser::parse(text).map_err(|problem| problem.display_message())?;
        match later_operator(&tree) {
            Some(operator) => Err(format!("`{operator}` came after JSONata 2.0.6, which AWS runs")),
            None => Ok(Self { text: text.to_owned(), tree }),
        }
    }
}

impl TemplateProblem {
    fn below(mut self, name: &str) -> Self {
        self.pointer = format!("/{}{}", escaped(name), self.pointer);
        self
    }
}

/// A name as a JSON pointer has it.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What stands between `{%` and `%}`. AWS allows no space outside them.
fn enclosed(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}").map(str::trim)
}

/// An operator that the expression uses and AWS's version of the language lacks. The tree's serialized form has
/// every operator as `"op": "…"`, which saves a walk over some thirty kinds of node.
fn later_operator(tree: &AstNode) -> Option<&'static str> {
    fn search(value: &Value) -> Option<&'static str> {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            Value::Array(items) => items.iter().find_map(search),
            Value::Object(fields) => match fields.get("op").and_then(Value::as_str) {
                Some("Coalesce") => Some("??"),
                Some("Default") => Some("?:"),
                Some(_) | None => fields.values().find_map(search),
            },
        }
    }
    search(&serde_json::to_value(tree).ok()?)
}

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{Expression, Template};

    proptest! {
        /// A machine's text comes from a file: whatever stands in it is read or refused.
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*", tokens in "[$a.\\[\\](){}'\"&|=<>~^*%@#?:;,0-9 -]{0,24}") {
            for text in [text, tokens] {
                let _ = Expression::read(&text);
            }
        }
    }

    #[test]
    fn only_whole_strings_are_expressions() {
        for text in ["{% $x %} ", " {% $x %}", "x {% $x %}", "$x", "{%", "{% $x }"] {
            assert!(matches!(Template::read(&json!(text)), Ok(Template::Literal(_))), "{text}");
        }
        assert!(matches!(Template::read(&json!("{% $x %}")), Ok(Template::Expression(_))));
        assert!(matches!(Template::read(&json!({"a": ["{% $x %}"]})), Ok(Template::Object(_))));
        assert!(matches!(Template::read(&json!({"a": ["$x"]})), Ok(Template::Literal(_))));
    }

    #[test]
    fn a_bad_expression_is_told_with_its_place() {
        let problem = Template::read(&json!({"a/b": [1, "{% $x + %}"]})).unwrap_err();
        assert_eq!(problem.pointer, "/a~1b/1");
        assert_eq!(problem.expression, "$x +");
    }

    #[test]
    fn operators_newer_than_aws_are_refused() {
        assert!(Expression::read("$x ?? 1").unwrap_err().contains("??"));
        assert!(Expression::read("[1, $x ?: 2]").unwrap_err().contains("?:"));
        assert!(Expression::read("$x ? 1 : 2").is_ok());
    }
}
