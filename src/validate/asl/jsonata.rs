//! What a JSONata expression says about itself: whether it can be read, and what it refers to.
//!
//! Must not know where the expression stands: the same analysis serves every place that holds the same text.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use jsonata_core::{
    ast::{AstNode, BinaryOp, PathStep, Stage},
    parser,
};

/// Analyses by text: machines say the same things again and again.
#[derive(Debug, Default)]
pub(crate) struct Expressions {
    known: HashMap<String, Rc<Analysis>>,
}

impl Expressions {
    pub(crate) fn analysis(&mut self, text: &str) -> Rc<Analysis> {
        if let Some(known) = self.known.get(text) {
            return Rc::clone(known);
        }
        let analysis = Rc::new(analyse(text));
        let _ = self.known.insert(text.to_owned(), Rc::clone(&analysis));
        analysis
    }
}

/// What is to know of an expression.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Analysis {
    /// Why it can't be read. Then nothing else is known.
    pub(crate) problem: Option<String>,
    /// What AWS does not offer, each as the end of a sentence.
    pub(crate) unsupported: BTreeSet<String>,
    /// The fields of `$states` that it reads.
    pub(crate) states: BTreeSet<String>,
    /// The variables that it reads and does not bind itself.
    pub(crate) variables: BTreeSet<String>,
}

/// JSONata's own functions, and those that Step Functions adds.
pub(crate) const FUNCTIONS: &[&str] = &[
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

fn analyse(text: &str) -> Analysis {
    let tree = match parser::parse(text) {
        Ok(tree) => tree,
        Err(error) => return Analysis { problem: Some(error.to_string()), ..Analysis::default() },
    };
    let mut walk = Walk::default();
    walk.node(&tree, true);
    let Walk { mut analysis, bound } = walk;
    analysis
        .variables
        .retain(|it| !bound.contains(it) && it != "states" && !FUNCTIONS.contains(&it.as_str()));
    analysis
}

#[derive(Default)]
struct Walk {
    analysis: Analysis,
    /// Variables that the expression binds anywhere: which ones hold where is JSONata's business.
    bound: BTreeSet<String>,
}

impl Walk {
    /// `top` is whether a name would be looked for in the expression's own input, which AWS does not give.
    fn node(&mut self, node: &AstNode, top: bool) {
        match node {
            AstNode::String(_)
            | AstNode::Number(_)
            | AstNode::Boolean(_)
            | AstNode::Null
            | AstNode::Undefined
            | AstNode::Placeholder
            | AstNode::Regex { .. }
            | AstNode::Wildcard
            | AstNode::Descendant
            | AstNode::Parent(_) => {}
            AstNode::Name(name) => {
                if top {
                    self.unsupported(format!("reads `{name}` from an input that expressions do not have"));
                }
            }
            AstNode::Variable(name) => self.variable(name, top),
            AstNode::ParentVariable(_) => {
                if top {
                    self.unsupported("reads `$$`, which is not offered".to_owned());
                }
            }
            AstNode::Path { steps } => self.path(steps, top),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs, top),
            AstNode::Unary { operand, .. } => self.node(operand, top),
            AstNode::Function { name, args, is_builtin } => {
                if !*is_builtin {
                    self.unsupported(format!("calls `{name}`: a function's name starts with `$`"));
                } else if name == "eval" {
                    self.unsupported("calls `$eval`, which is not offered".to_owned());
                } else {
                    self.variable(name, top);
                }
                self.all(args, top);
            }
            AstNode::Call { procedure, args } => {
                self.node(procedure, top);
                self.all(args, top);
            }
            AstNode::Lambda { params, body, .. } => {
                self.bound.extend(params.iter().cloned());
                self.node(body, false);
            }
            AstNode::Array(items) | AstNode::Block(items) | AstNode::ArrayGroup(items) => {
                self.all(items, top);
            }
            AstNode::Object(pairs) => self.pairs(pairs, top),
            AstNode::ObjectTransform { input, pattern } => {
                self.node(input, top);
                self.pairs(pattern, false);
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                self.node(condition, top);
                self.node(then_branch, top);
                if let Some(branch) = else_branch {
                    self.node(branch, top);
                }
            }
            AstNode::FunctionApplication(inner) => self.node(inner, false),
            AstNode::Sort { input, terms } => {
                self.node(input, top);
                for (term, _) in terms {
                    self.node(term, false);
                }
            }
            AstNode::Transform { location, update, delete } => {
                self.node(location, false);
                self.node(update, false);
                if let Some(delete) = delete {
                    self.node(delete, false);
                }
            }
        }
    }

    fn variable(&mut self, name: &str, top: bool) {
        if !name.is_empty() {
            let _ = self.analysis.variables.insert(name.to_owned());
        } else if top {
            self.unsupported("reads `$`, an input that expressions do not have".to_owned());
        }
    }

    fn path(&mut self, steps: &[PathStep], top: bool) {
        if let [first, second, ..] = steps
            && matches!(&first.node, AstNode::Variable(name) if name == "states")
            && let AstNode::Name(field) | AstNode::String(field) = &second.node
        {
            let _ = self.analysis.states.insert(field.clone());
        }
        for (index, step) in steps.iter().enumerate() {
            self.bound.extend(step.focus.iter().chain(&step.index_var).cloned());
            self.node(&step.node, top && index == 0);
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.node(filter, false),
                    Stage::Index(name) => {
                        let _ = self.bound.insert(name.clone());
                    }
                    Stage::KeepArray => {}
                }
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: &AstNode, rhs: &AstNode, top: bool) {
        match op {
            BinaryOp::ColonEqual => {
                self.bind(lhs);
                self.node(rhs, top);
            }
            BinaryOp::FocusBind | BinaryOp::IndexBind => {
                self.node(lhs, top);
                self.bind(rhs);
            }
            BinaryOp::Coalesce => self.later("??", lhs, rhs, top),
            BinaryOp::Default => self.later("?:", lhs, rhs, top),
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo
            | BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::LessThan
            | BinaryOp::LessThanOrEqual
            | BinaryOp::GreaterThan
            | BinaryOp::GreaterThanOrEqual
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Concatenate
            | BinaryOp::Range
            | BinaryOp::In
            | BinaryOp::ChainPipe => {
                self.node(lhs, top);
                self.node(rhs, top);
            }
        }
    }

    fn bind(&mut self, variable: &AstNode) {
        if let AstNode::Variable(name) = variable {
            let _ = self.bound.insert(name.clone());
        }
    }

    fn later(&mut self, operator: &str, lhs: &AstNode, rhs: &AstNode, top: bool) {
        self.unsupported(format!("has `{operator}`, which came after JSONata 2.0.6, the version that runs"));
        self.node(lhs, top);
        self.node(rhs, top);
    }

    fn all(&mut self, nodes: &[AstNode], top: bool) {
        for node in nodes {
            self.node(node, top);
        }
    }

    fn pairs(&mut self, pairs: &[(AstNode, AstNode)], top: bool) {
        for (key, value) in pairs {
            self.node(key, top);
            self.node(value, top);
        }
    }

    fn unsupported(&mut self, what: String) {
        let _ = self.analysis.unsupported.insert(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsupported(text: &str) -> bool {
        let analysis = analyse(text);
        assert_eq!(analysis.problem, None, "{text}");
        !analysis.unsupported.is_empty()
    }

    #[test]
    fn only_the_top_has_no_input() {
        for text in ["$", "$$", "name", "name.first", "$.a", "$$.a", "[1, name]", "{'a': name}", "string(1)"]
        {
            assert!(unsupported(text), "{text}");
        }
        for text in [
            "$x.name",
            "$x[name = 1]",
            "$x.(name & $.other)",
            "$map($x, function($v) { $v.name })",
            "$x^(name)",
            "$x{name: $sum(amount)}",
            "{'a': 1}.a",
            "$x ~> |$|{'a': 1}|",
            "$x.$string($)",
            "$filter($x, function($v, $i) { $i > 0 })",
            "$x ~> $sum",
        ] {
            assert!(!unsupported(text), "{text}: {:?}", analyse(text));
        }
        for text in ["$eval('1')", "$x ?? 1", "$x ?: 1"] {
            assert!(unsupported(text), "{text}");
        }
    }

    #[test]
    fn what_an_expression_reads_is_known() {
        let read = |text| analyse(text).variables.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(read("$a + $sum($b.c)"), "a b");
        assert_eq!(read("($a := $b; $a)"), "b");
        assert_eq!(read("$map($rows, function($v, $i) { $v & $z })"), "rows z");
        assert_eq!(read("$rows@$r#$i.{'a': $r, 'i': $i}"), "rows");
        assert_eq!(read("$rows#$i[$i < 3]"), "rows");
        assert_eq!(read("$map($x, $string)"), "x");
        assert_eq!(read("$strng($states.input)"), "strng");
        assert_eq!(read("($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(3))"), "");
        let states =
            analyse("$states.result.a[x = $states.input.y].`context` & $states.context.Execution.Id");
        assert_eq!(states.states.into_iter().collect::<Vec<_>>(), ["context", "input", "result"]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        assert!(analyse("$a +").problem.is_some());
        assert!(analyse("").problem.is_some());
    }
}
