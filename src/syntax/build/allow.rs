//! `allow`, in whatever block it stands.

use super::{
    Place,
    statement::{Lines, statements},
};
use crate::{
    diagnostics::Diagnostics,
    source::Span,
    syntax::{ast::Allow, settings::BlockKind, tree::Node},
};

/// Every `allow` of a file. Blocks skip the line; it is read here, once, also in a template that is used often.
pub(super) fn allows(nodes: &[Node], diagnostics: &mut Diagnostics) -> Vec<Allow> {
    let mut all = Vec::new();
    collect(nodes, BlockKind::File, None, diagnostics, &mut all);
    all
}

fn collect(
    nodes: &[Node],
    kind: BlockKind,
    block: Option<Span>,
    diagnostics: &mut Diagnostics,
    all: &mut Vec<Allow>,
) {
    for statement in statements(nodes) {
        let Some(word) = statement.tokens.first().map(|it| it.text.as_str()) else { continue };
        let mut known = kind.settings().iter().filter(|it| it.word == word);
        let Some(setting) = known.next() else { continue };
        if word == "allow" {
            let entry = Lines::new(kind, Place::File, diagnostics).line(statement, |cursor| {
                let code = cursor.expect_name("the code of a warning such as `P0312`")?;
                Some((code, cursor.expect_text("the reason, in quotes,")?))
            });
            all.extend(entry.map(|it| {
                let (code, reason) = it.value;
                Allow { span: it.span, code, reason, block }
            }));
        } else if let (Some(inner), Some(inside)) = (setting.block, &statement.block) {
            let span = statement.line.to(inside.span());
            collect(&inside.nodes, inner, Some(span), diagnostics, all);
        }
    }
}
