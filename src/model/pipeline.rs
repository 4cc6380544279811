//! One country: its own body over those of its templates.

use std::collections::BTreeMap;

use sluice_contract::plan::Table;

use super::{
    Context, arguments, country, effort,
    into::{self, Block},
    names::Kind,
    order::{self, Circle, Waiting},
    platform::Shared,
    program::{Effort, Into, Overlap, Pipeline, Schedule, Start},
    schedule,
    settings::{Seen, missing},
    start,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest},
    source::Span,
    syntax::{
        self,
        ast::{self, Body, Name, PipelineSetting},
    },
};

/// The pipeline with every name resolved; none where it can't be told what country it is of.
pub(super) fn check(
    ctx: &mut Context<'_>,
    ast: &ast::Pipeline,
    shared: &Shared,
    tables: &BTreeMap<String, Table>,
) -> Option<Pipeline> {
    let already_told = ctx.diagnostics.len();
    let Bodies { bodies, all_known } = bodies(ctx, &ast.body);
    let mut said = Said::new(shared);
    for body in &bodies {
        said.take(ctx, body);
    }
    // What a template says that isn't known may be anything.
    let unreadable =
        |word: &str| !all_known || bodies.iter().flat_map(|it| &it.unreadable).any(|it| it.value == word);
    said.names_source |= unreadable("source");
    let whose = format!("the pipeline `{}`", ast.name.value);
    if said.country.is_none() && !unreadable("country") {
        ctx.diagnostics.push(missing(&whose, "country", ast.name.span, "country gr"));
    }
    let own = bodies.len().saturating_sub(1);
    let ways: Vec<Block<'_>> = bodies
        .iter()
        .enumerate()
        .flat_map(|(index, body)| body.intos.iter().map(move |ast| Block { ast, own: index == own }))
        .collect();
    if ways.is_empty() && !unreadable("into") {
        ctx.diagnostics.push(missing(&whose, "into", ast.name.span, "into companies { … }"));
    }
    let intos = intos(ctx, &ways, &Site { said: &said, tables, all_known: !unreadable("into") }, &ast.name);
    point_at_arguments(ctx, already_told, &ast.body);
    Some(Pipeline {
        name: ast.name.value.clone(),
        span: ast.name.span,
        title: ast.title.as_ref().map_or_else(|| ast.name.value.clone(), |it| it.value.clone()),
        country: said.country?,
        owner: said.owner,
        enabled: said.enabled,
        schedules: said.schedules,
        starts_after: said.starts_after,
        overlap: said.overlap,
        effort: said.effort,
        intos,
    })
}

/// The templates' bodies in the order of use, and the pipeline's own behind them: what stands behind counts.
fn bodies(ctx: &mut Context<'_>, own: &Body) -> Bodies {
    let mut bodies = Vec::new();
    let mut all_known = !own.unreadable.iter().any(|it| it.value == "use");
    for call in &own.uses {
        let Some(template) = ctx.names.template(&call.template, ctx.diagnostics) else {
            all_known = false;
            continue;
        };
        let fitting = arguments::check(ctx, template, call);
        let body = syntax::expand(template, &fitting, ctx.diagnostics);
        for inner in &body.uses {
            ctx.diagnostics.push(
                Diagnostic::new(Code::TemplateArguments, "a template can't use a template")
                    .label(inner.span, "inside a template")
                    .help("use both of them in the pipeline"),
            );
        }
        bodies.push(body);
    }
    bodies.push(own.clone());
    Bodies { bodies, all_known }
}

/// What a pipeline says, its templates first.
struct Bodies {
    bodies: Vec<Body>,
    /// Whether every template that it uses could be found and read.
    all_known: bool,
}

/// What is wrong with an argument is told where the template takes it; the mistake is where it is given.
fn point_at_arguments(ctx: &mut Context<'_>, already_told: usize, own: &Body) {
    for mut diagnostic in ctx.diagnostics.split_off(already_told) {
        for call in &own.uses {
            let Some(template) = ctx.names.find_template(&call.template.value) else { continue };
            let place = diagnostic.labels.iter().find(|it| it.primary).map(|it| it.span);
            if let Some(argument) = place.and_then(|it| syntax::argument_at(template, call, it)) {
                diagnostic = diagnostic.moved(argument, "taken here");
                break;
            }
        }
        ctx.diagnostics.push(diagnostic);
    }
}

/// What the ways into tables have in common.
struct Site<'a> {
    said: &'a Said,
    tables: &'a BTreeMap<String, Table>,
    /// Whether every `into` block could be read.
    all_known: bool,
}

/// What the bodies have said so far.
struct Said {
    country: Option<String>,
    owner: Option<String>,
    source: Option<Name>,
    /// Whether a source was named, be it an unknown one.
    names_source: bool,
    enabled: bool,
    schedules: Vec<Schedule>,
    starts_after: Vec<Start>,
    overlap: Overlap,
    effort: Effort,
    staging: Option<ast::Staging>,
}

impl Said {
    fn new(shared: &Shared) -> Self {
        Self {
            country: None,
            owner: None,
            source: None,
            names_source: false,
            enabled: true,
            schedules: Vec::new(),
            starts_after: Vec::new(),
            overlap: shared.overlap,
            effort: shared.effort,
            staging: shared.staging,
        }
    }

    /// Takes in a body that counts more than those before it.
    fn take(&mut self, ctx: &mut Context<'_>, body: &Body) {
        let mut seen = Seen::default();
        let (mut schedules, mut starts) = (Vec::new(), Vec::new());
        for entry in &body.settings {
            let keyword = entry.keyword;
            match &entry.value {
                PipelineSetting::Country(it) => {
                    if seen.first("country", keyword, ctx.diagnostics) {
                        self.country = Some(country(ctx, it));
                    }
                }
                PipelineSetting::Schedule(it) => schedules.extend(schedule::check(ctx, it)),
                PipelineSetting::StartAfter(it) => start::take(ctx, it, &mut starts),
                PipelineSetting::Source(it) => {
                    let known = ctx.names.known(Kind::Connection, it, ctx.diagnostics);
                    self.names_source = true;
                    if seen.first("source", keyword, ctx.diagnostics) && known {
                        self.source = Some(it.clone());
                    }
                }
                PipelineSetting::Owner(it) => {
                    if seen.first("owner", keyword, ctx.diagnostics) {
                        self.owner = Some(it.value.clone());
                    }
                }
                PipelineSetting::Enabled(it) => {
                    if seen.first("enabled", keyword, ctx.diagnostics) {
                        self.enabled = it.value;
                    }
                }
                PipelineSetting::Overlap(it) => {
                    if seen.first("overlap", keyword, ctx.diagnostics) {
                        self.overlap = effort::overlap(it.value);
                    }
                }
                PipelineSetting::Effort(it) => {
                    effort::apply(&mut self.effort, it, keyword, &mut seen, ctx.diagnostics);
                }
            }
        }
        if !schedules.is_empty() {
            self.schedules = schedules;
        }
        if !starts.is_empty() {
            self.starts_after = starts;
        }
    }
}

fn country(ctx: &mut Context<'_>, name: &Name) -> String {
    if !country::is_country(&name.value) {
        ctx.diagnostics.push(country::unknown(name));
    }
    name.value.to_uppercase()
}

/// The ways into tables, in the order they may run; blocks for one table are one way.
fn intos(ctx: &mut Context<'_>, ways: &[Block<'_>], site: &Site<'_>, pipeline: &Name) -> Vec<Into> {
    let said = site.said;
    let mut by_table: Vec<(&str, Vec<Block<'_>>)> = Vec::new();
    for way in ways {
        match by_table.iter_mut().find(|(table, _)| *table == way.ast.table.value) {
            Some((_, blocks)) => blocks.push(*way),
            None => by_table.push((&way.ast.table.value, vec![*way])),
        }
    }
    let filled: Vec<&str> = by_table.iter().map(|(table, _)| *table).collect();
    let mut afters = BTreeMap::new();
    let mut intos = Vec::new();
    for (table, blocks) in &by_table {
        for after in blocks.iter().flat_map(|it| &it.ast.after) {
            if site.all_known {
                check_after(ctx, after, &filled, pipeline);
            }
            let _ = afters.insert(((*table).to_owned(), after.value.clone()), after.span);
        }
        let site = into::Site {
            source: said.source.as_ref(),
            names_source: said.names_source,
            effort: said.effort,
            staging: said.staging,
            table: site.tables.get(*table),
            all_known: site.all_known,
        };
        intos.extend(into::check(ctx, blocks, &site));
    }
    in_order(intos, &afters, ctx.diagnostics)
}

/// The ways, each behind those it comes after.
fn in_order(
    mut intos: Vec<Into>,
    afters: &BTreeMap<(String, String), Span>,
    diagnostics: &mut Diagnostics,
) -> Vec<Into> {
    let circle = Circle {
        code: Code::StageCycle,
        things: "tables wait for each other",
        verb: "waits for",
        setting: "after",
    };
    let mut waiting: Vec<Waiting> =
        intos.iter().map(|it| Waiting { name: it.table.clone(), after: it.after.clone() }).collect();
    let sorted = order::sort(&mut waiting, afters, &circle, diagnostics);
    for (into, waiting) in intos.iter_mut().zip(waiting) {
        into.after = waiting.after;
    }
    intos.sort_by_key(|it| sorted.iter().position(|name| *name == it.table));
    intos
}

/// `after` names a table that this pipeline fills too.
fn check_after(ctx: &mut Context<'_>, after: &Name, filled: &[&str], pipeline: &Name) {
    if filled.contains(&after.value.as_str()) {
        return;
    }
    let message = format!("the pipeline `{}` has no `into {}`", pipeline.value, after.value);
    let diagnostic = Diagnostic::new(Code::UnknownTable, message);
    ctx.diagnostics.push(match closest(&after.value, filled.iter().copied()) {
        Some(meant) => diagnostic
            .label(after.span, "not filled here")
            .help(format!("did you mean `{meant}`?"))
            .suggest(after.span, meant),
        None => diagnostic.label(after.span, "not filled here").help("name a table that this pipeline fills"),
    });
}
