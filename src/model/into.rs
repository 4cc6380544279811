//! The way into one table: its stages, in the one order that they can run in.

use sluice_contract::plan::{Expectation, Keep, Split, Table};

use super::{
    Context, Effort,
    columns::Columns,
    effort, languages,
    names::Kind,
    program::{Into, Stage, StageKind},
    query,
    settings::{Seen, missing},
    staging, task,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::Span,
    syntax::ast::{self, Entry, IntoSetting, Name, PublishMode},
};

/// What the pipeline says for all its tables.
pub(super) struct Site<'a> {
    pub(super) source: Option<&'a Name>,
    /// Whether a source was named, be it an unknown one.
    pub(super) names_source: bool,
    pub(super) effort: Effort,
    /// What the platform says of all tables.
    pub(super) staging: Option<ast::Staging>,
    /// None where the table is not declared.
    pub(super) table: Option<&'a Table>,
    /// Whether nothing is missing that could say more of it.
    pub(super) all_known: bool,
}

/// The largest array of a Batch job.
const MOST_PARTS: u64 = 10_000;
/// In percent: beyond ten times the rows of the last run, a change says nothing.
const MOST_CHANGE: u64 = 1_000;

/// An `into` block, and whether it stands in the pipeline itself.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) ast: &'a ast::Into,
    /// Not in a template.
    pub(super) own: bool,
}

impl Block<'_> {
    /// The stages that count: a pipeline's own `extract`, `dedupe` or `publish` replaces its templates'.
    fn stages<'b>(&'b self, blocks: &'b [Self]) -> impl Iterator<Item = &'b Entry<ast::Stage>> {
        let replaced = move |stage: &ast::Stage| {
            let is_same = |it: &Entry<ast::Stage>| rank(&it.value) == rank(stage);
            !is_added(stage)
                && !self.own
                && blocks.iter().filter(|it| it.own).flat_map(|it| &it.ast.stages).any(is_same)
        };
        self.ast.stages.iter().filter(move |it| !replaced(&it.value))
    }
}

/// All blocks of one pipeline for one table, templates' first; none where there is no block.
pub(super) fn check(ctx: &mut Context<'_>, all: &[Block<'_>], site: &Site<'_>) -> Option<Into> {
    let blocks: Vec<&ast::Into> = all.iter().map(|it| it.ast).collect();
    let first = blocks.first()?;
    let _ = ctx.names.known(Kind::Table, &first.table, ctx.diagnostics);
    let mut effort = site.effort;
    let mut wanted = None;
    let mut source = site.source;
    let mut names_source = site.names_source;
    for block in &blocks {
        let mut seen = Seen::default();
        for entry in &block.settings {
            match &entry.value {
                IntoSetting::Source(it) => {
                    let known = ctx.names.known(Kind::Connection, it, ctx.diagnostics);
                    names_source = true;
                    if seen.first("source", entry.keyword, ctx.diagnostics) && known {
                        source = Some(it);
                    }
                }
                IntoSetting::Staging(it) => {
                    if seen.first("staging", entry.keyword, ctx.diagnostics) {
                        wanted = Some(it);
                    }
                }
                IntoSetting::Effort(it) => {
                    effort::apply(&mut effort, it, entry.keyword, &mut seen, ctx.diagnostics);
                }
            }
        }
        check_written_order(&block.stages, ctx.diagnostics);
    }
    let unreadable = |word: &str| blocks.iter().flat_map(|it| &it.unreadable).any(|it| it.value == word);
    names_source |= unreadable("source");
    let columns = Columns { name: &first.table, table: site.table };
    let mut after: Vec<String> = blocks.iter().flat_map(|it| &it.after).map(|it| it.value.clone()).collect();
    after.sort();
    after.dedup();
    let mut stages = Stages { ctx, columns, source, names_source, all: Vec::new(), seen: Seen::default() };
    for entry in all.iter().flat_map(|it| it.stages(all)) {
        stages.take(entry);
    }
    let mut all = stages.all;
    all.sort_by_key(|it| it.kind.rank());
    let written: Vec<&str> = blocks.iter().flat_map(|it| &it.stages).map(|it| word(&it.value)).collect();
    check_whole(ctx, &first.table, |it| !site.all_known || written.contains(&it) || unreadable(it));
    check_keys(ctx, &all, columns);
    let staging = staging::check(ctx, &all, wanted, site.staging);
    Some(Into {
        table: first.table.value.clone(),
        span: first.table.span,
        after,
        effort,
        staging,
        stages: all,
    })
}

/// A block that says them in another order than they run in would mislead its reader.
fn check_written_order(stages: &[Entry<ast::Stage>], diagnostics: &mut Diagnostics) {
    for (earlier, later) in stages.iter().zip(stages.iter().skip(1)) {
        if rank(&earlier.value) > rank(&later.value) {
            diagnostics.push(
                Diagnostic::new(
                    Code::StageOrder,
                    format!("`{}` runs before `{}`", word(&later.value), word(&earlier.value)),
                )
                .label(later.keyword, "runs earlier")
                .also(earlier.keyword, "than this")
                .help("write stages in the order they run: extract, translate, dedupe, expect, publish, run and task"),
            );
            return;
        }
    }
}

fn rank(stage: &ast::Stage) -> usize {
    match stage {
        ast::Stage::Extract(_) => 0,
        ast::Stage::Translate(_) => 1,
        ast::Stage::Dedupe(_) => 2,
        ast::Stage::Expect(_) => 3,
        ast::Stage::Publish(_) => 4,
        ast::Stage::Run(_) | ast::Stage::Task(_) => 5,
    }
}

/// Whether it stands beside others of its word, as those of a template.
fn is_added(stage: &ast::Stage) -> bool {
    match stage {
        ast::Stage::Expect(_) | ast::Stage::Translate(_) | ast::Stage::Run(_) | ast::Stage::Task(_) => true,
        ast::Stage::Extract(_) | ast::Stage::Dedupe(_) | ast::Stage::Publish(_) => false,
    }
}

fn word(stage: &ast::Stage) -> &'static str {
    match stage {
        ast::Stage::Extract(_) => "extract",
        ast::Stage::Translate(_) => "translate",
        ast::Stage::Dedupe(_) => "dedupe",
        ast::Stage::Expect(_) => "expect",
        ast::Stage::Publish(_) => "publish",
        ast::Stage::Run(_) => "run",
        ast::Stage::Task(_) => "task",
    }
}

/// The stages taken so far.
struct Stages<'c, 'a, 's> {
    ctx: &'c mut Context<'a>,
    columns: Columns<'s>,
    source: Option<&'s Name>,
    names_source: bool,
    all: Vec<Stage>,
    seen: Seen,
}

impl Stages<'_, '_, '_> {
    fn take(&mut self, entry: &Entry<ast::Stage>) {
        let diagnostics = &mut *self.ctx.diagnostics;
        if !is_added(&entry.value) && !self.seen.first(word(&entry.value), entry.keyword, diagnostics) {
            return;
        }
        let kind = match &entry.value {
            ast::Stage::Extract(it) => self.extract(it, entry.keyword),
            ast::Stage::Translate(it) => Some(self.translate(it)),
            ast::Stage::Dedupe(it) => Some(self.dedupe(it)),
            ast::Stage::Expect(it) => self.expect(it, entry.span),
            ast::Stage::Publish(it) => Some(match it.value {
                PublishMode::Upsert => StageKind::Upsert,
                PublishMode::Replace => StageKind::Replace,
                PublishMode::Append => StageKind::Append,
            }),
            ast::Stage::Run(it) => {
                query::check_statements(self.ctx, it).map(|query| StageKind::Run { query })
            }
            ast::Stage::Task(it) => Some(task::check(self.ctx, it)),
        };
        self.all.extend(kind.map(|kind| Stage { span: entry.span, kind }));
    }

    fn extract(&mut self, extract: &ast::Extract, keyword: Span) -> Option<StageKind> {
        let connection = match &extract.connection {
            Some(it) => self.ctx.names.known(Kind::Connection, it, self.ctx.diagnostics).then_some(it),
            None => self.source,
        };
        if connection.is_none() && extract.connection.is_none() && !self.names_source {
            self.ctx.diagnostics.push(
                Diagnostic::new(Code::SettingMissing, "nothing says where the rows come from")
                    .label(keyword, "no source")
                    .help("add `source NAME` to the pipeline, or `from NAME` to this line"),
            );
        }
        let split = extract.split.as_ref().map(|it| Split {
            column: it.column.value.clone(),
            parts: effort::within(&it.parts, 2, MOST_PARTS, "the number of parts", self.ctx.diagnostics),
        });
        let query = query::check(self.ctx, extract, connection, self.columns)?;
        Some(StageKind::Extract { connection: connection?.value.clone(), query, split })
    }

    fn translate(&mut self, translate: &ast::Translate) -> StageKind {
        for language in [&translate.from, &translate.to] {
            languages::check(language, self.ctx.diagnostics);
        }
        if translate.from.value == translate.to.value {
            self.ctx.diagnostics.push(
                Diagnostic::new(
                    Code::UnusableValue,
                    format!("`{}` is already that language", translate.to.value),
                )
                .label(translate.to.span, "the same language")
                .help("delete the line, or name another language"),
            );
        }
        StageKind::Translate {
            columns: self.columns.check_all(&translate.columns, self.ctx.diagnostics),
            from: translate.from.value.clone(),
            to: translate.to.value.clone(),
        }
    }

    fn dedupe(&mut self, dedupe: &ast::Dedupe) -> StageKind {
        let keep = match &dedupe.keep.value {
            ast::Keep::Newest(column) => {
                self.columns.check(column, self.ctx.diagnostics);
                Keep::Newest { column: column.value.clone() }
            }
            ast::Keep::Oldest(column) => {
                self.columns.check(column, self.ctx.diagnostics);
                Keep::Oldest { column: column.value.clone() }
            }
            ast::Keep::First => Keep::First,
        };
        StageKind::Dedupe { by: self.columns.check_all(&dedupe.by, self.ctx.diagnostics), keep }
    }

    /// All of a table's expectations are one stage, at the place of the first.
    fn expect(&mut self, expectation: &ast::Expectation, span: Span) -> Option<StageKind> {
        let line = self.ctx.sources.line_column(span).line;
        let origin =
            sluice_contract::plan::Origin { file: self.ctx.sources.path(span.file).to_owned(), line };
        let checked = match expectation {
            ast::Expectation::Rows { least, most } => {
                if least.value > most.value {
                    self.ctx.diagnostics.push(
                        Diagnostic::new(Code::OutOfRange, "no number of rows is in that range")
                            .label(least.span.to(most.span), "the first is the larger one")
                            .help("write the smaller number first"),
                    );
                }
                Expectation::Rows { least: least.value, most: most.value, origin }
            }
            ast::Expectation::NoNulls { columns } => Expectation::NoNulls {
                columns: self.columns.check_all(columns, self.ctx.diagnostics),
                origin,
            },
            ast::Expectation::Unique { columns } => {
                Expectation::Unique { columns: self.columns.check_all(columns, self.ctx.diagnostics), origin }
            }
            ast::Expectation::Rejected { below } => Expectation::Rejected {
                below_percent: effort::within(
                    below,
                    1,
                    100,
                    "the share of rejected rows",
                    self.ctx.diagnostics,
                ),
                origin,
            },
            ast::Expectation::Change { within } => Expectation::Change {
                within_percent: effort::within(within, 1, MOST_CHANGE, "the change", self.ctx.diagnostics),
                origin,
            },
        };
        for stage in &mut self.all {
            if let StageKind::Verify { expectations } = &mut stage.kind {
                expectations.push(checked);
                return None;
            }
        }
        Some(StageKind::Verify { expectations: vec![checked] })
    }
}

/// A way into a table begins with `extract` and ends with `publish`.
fn check_whole(ctx: &mut Context<'_>, table: &Name, is_written: impl Fn(&str) -> bool) {
    let whose = format!("`into {}`", table.value);
    if !is_written("extract") {
        let example = format!("extract \"{}.sql\"", table.value);
        ctx.diagnostics.push(missing(&whose, "extract", table.span, &example));
    }
    if !is_written("publish") {
        ctx.diagnostics.push(missing(&whose, "publish", table.span, "publish upsert"));
    }
}

/// `publish upsert` finds rows by the table's key.
fn check_keys(ctx: &mut Context<'_>, stages: &[Stage], columns: Columns<'_>) {
    let Some(table) = columns.table else { return };
    for stage in stages.iter().filter(|it| matches!(it.kind, StageKind::Upsert)) {
        if table.key().next().is_none() && !table.columns.is_empty() {
            ctx.diagnostics.push(
                Diagnostic::new(Code::KeyMissing, format!("the table `{}` has no key", columns.name.value))
                    .label(stage.span, "finds rows by their key")
                    .help("write `key` behind the columns that tell rows apart, or `publish replace`"),
            );
        }
    }
}
