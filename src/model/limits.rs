//! Names and numbers that AWS or MySQL would refuse after deployment: refused here, before it.

use super::{
    Context,
    platform::Shared,
    program::{Into, Pipeline, StageKind},
    survey::Survey,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
};

/// IAM role names have at most 64 characters; `-schedule`, the region's code and two hyphens are nineteen of them.
const ROLE: usize = 64 - 19;
/// S3 bucket names have at most 63 characters; account, the longest region and two hyphens are 28 of them.
const BUCKET: usize = 63 - 28;
/// MySQL's identifiers have at most 64 characters; `staging__` is nine of them.
const STAGING: usize = 64 - 9;

/// Actions of a flow have identifiers of at most 50 characters; what is done about a question is 20 of them.
const QUESTION: usize = 50 - 20;

/// Holds every name against the longest that is made of it.
pub(super) fn check(ctx: &mut Context<'_>, shared: &Shared, pipelines: &[Pipeline], surveys: &[Survey]) {
    if let Some(platform) = ctx.names.platform() {
        check_name(ctx, "platform", &shared.name, platform.name.span, BUCKET);
    }
    for pipeline in pipelines {
        let left = ROLE.saturating_sub(shared.name.len());
        check_name(ctx, "pipeline", &pipeline.name, pipeline.span, left);
        if pipeline.name.len() > left {
            continue;
        }
        for into in &pipeline.intos {
            let left = STAGING.saturating_sub(pipeline.name.len());
            check_name(ctx, "table", &into.table, into.span, left);
        }
    }
    for survey in surveys {
        check_name(ctx, "survey", &survey.name, survey.span, ROLE.saturating_sub(shared.name.len()));
        for question in survey.questions() {
            check_name(ctx, "question", &question.name, question.span, QUESTION);
        }
    }
    check_replaced(ctx, pipelines);
}

fn check_name(ctx: &mut Context<'_>, word: &str, name: &str, span: Span, longest: usize) {
    let usable = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    if !name.chars().all(usable) || !name.starts_with(|it: char| it.is_ascii_lowercase()) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableName, format!("`{name}` can't be the name of a {word}"))
                .label(span, "not usable on AWS")
                .help("write small letters, digits and `_`, and start with a letter"),
        );
    }
    let length = name.chars().count();
    if length > longest {
        ctx.diagnostics.push(
            Diagnostic::new(Code::NameTooLong, format!("the name `{name}` is too long"))
                .label(span, format!("{length} characters"))
                .help(format!("names of AWS and MySQL are made of it: it can have {longest} here")),
        );
    }
}

/// Two countries that each replace a whole table would delete each other's rows.
fn check_replaced(ctx: &mut Context<'_>, pipelines: &[Pipeline]) {
    let ways: Vec<(&Pipeline, &Into)> = pipelines
        .iter()
        .flat_map(|pipeline| pipeline.intos.iter().map(move |into| (pipeline, into)))
        .collect();
    for (pipeline, into) in &ways {
        let replaces = into.stages.iter().find(|it| matches!(it.kind, StageKind::Replace));
        let Some(stage) = replaces.filter(|_| !ctx.names.has_country_key(&into.table)) else { continue };
        let other = ways.iter().find(|(other, it)| it.table == into.table && other.name != pipeline.name);
        if let Some((other, other_into)) = other {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::KeyMissing,
                    format!("`publish replace` would delete the rows of `{}` from `{}`", other.name, into.table),
                )
                .label(stage.span, "replaces the whole table")
                .also(other_into.span, format!("`{}` publishes to it too", other.name))
                .help("give the table a column `country` in its key, so that only this country's rows are replaced"),
            );
        }
    }
}
