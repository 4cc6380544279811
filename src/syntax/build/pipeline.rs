//! `pipeline`, and what stands in one.

use super::{
    Place,
    cursor::Cursor,
    effort, into, schedule,
    statement::{Lines, statements},
    template,
};
use crate::{
    diagnostics::Diagnostics,
    source::Span,
    syntax::{
        ast::{Body, Pipeline, PipelineSetting},
        settings::BlockKind,
        tree::{Node, Statement},
    },
};

pub(super) fn pipeline(lines: &mut Lines<'_>, statement: &Statement) -> Option<Pipeline> {
    let header = lines.header(statement, |cursor| {
        let name = cursor.expect_name("a name such as `greece`")?;
        Some((name, cursor.take_text()))
    })?;
    let (name, title) = header.value;
    let inside = lines.inside(BlockKind::Pipeline);
    let body = match header.block {
        Some(block) => lines_of(inside, block.span(), &block.nodes),
        None => lines_of(inside, header.span.after(), &[]),
    };
    Some(Pipeline { span: header.span, keyword: header.keyword, name, title, body })
}

/// What stands in a pipeline, or in a template.
pub(super) fn body(span: Span, nodes: &[Node], place: Place, diagnostics: &mut Diagnostics) -> Body {
    lines_of(Lines::new(BlockKind::Pipeline, place, diagnostics), span, nodes)
}

fn lines_of(mut lines: Lines<'_>, span: Span, nodes: &[Node]) -> Body {
    let (mut settings, mut uses, mut intos) = (Vec::new(), Vec::new(), Vec::new());
    for statement in statements(nodes) {
        let Some(word) = lines.first_word(statement) else { continue };
        if let Some(effort) = effort::reader(word) {
            settings.extend(lines.line(statement, |it| effort(it).map(PipelineSetting::Effort)));
            continue;
        }
        match word {
            "country" => settings.extend(lines.line(statement, country)),
            "schedule" => settings.extend(lines.line(statement, schedule)),
            "start" => settings.extend(lines.line(statement, start)),
            "source" => settings.extend(lines.line(statement, source)),
            "owner" => settings.extend(lines.line(statement, owner)),
            "enabled" => settings.extend(lines.line(statement, enabled)),
            "overlap" => settings.extend(lines.line(statement, overlap)),
            "use" => uses.extend(template::usage(&mut lines, statement)),
            "into" => intos.extend(into::into(&mut lines, statement)),
            // Read for all blocks at once.
            "allow" => {}
            _ => lines.unknown(statement),
        }
    }
    Body { span, settings, uses, intos, unreadable: lines.unreadable }
}

fn country(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    cursor.expect_name("a country's ISO code such as `gr`").map(PipelineSetting::Country)
}

fn start(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    let _ = cursor.expect_word("after")?;
    cursor.expect_name("the name of a pipeline").map(PipelineSetting::StartAfter)
}

fn source(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    cursor.expect_name("the name of a connection").map(PipelineSetting::Source)
}

fn owner(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    cursor.expect_text("an address in quotes").map(PipelineSetting::Owner)
}

fn enabled(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    cursor.expect_one_of(&[("yes", true), ("no", false)]).map(PipelineSetting::Enabled)
}

fn schedule(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    schedule::schedule(cursor).map(PipelineSetting::Schedule)
}

fn overlap(cursor: &mut Cursor<'_>) -> Option<PipelineSetting> {
    effort::overlap(cursor).map(PipelineSetting::Overlap)
}
