//! Where rows wait until they are published: in the object store where no stage needs a table.

use super::{
    Context,
    program::{Stage, StageKind, Staging},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    syntax::ast::{self, Spanned},
};

/// What becomes of what a block and the platform's `defaults` want.
pub(super) fn check(
    ctx: &mut Context<'_>,
    stages: &[Stage],
    wanted: Option<&Spanned<ast::Staging>>,
    default: Option<ast::Staging>,
) -> Staging {
    let obstacle = stages.iter().find_map(|it| Some((it, needs_table(&it.kind)?)));
    // What a function reads is known to who wrote it, and to nobody here.
    let has_task = stages.iter().any(|it| matches!(it.kind, StageKind::Task { .. }));
    match wanted.map(|it| (it, it.value)) {
        Some((_, ast::Staging::Database)) => Staging::Database,
        Some((setting, ast::Staging::Parts)) => {
            let Some((stage, why)) = obstacle else { return Staging::Parts };
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::StagingNeedsTable,
                    "these rows can't wait as parts in the object store",
                )
                .label(setting.span, "as parts")
                .also(stage.span, why)
                .help("delete the line, or write `staging database`"),
            );
            Staging::Database
        }
        None if obstacle.is_some() || has_task => Staging::Database,
        None => match default {
            None => Staging::PartsForServers,
            Some(ast::Staging::Parts) => Staging::Parts,
            Some(ast::Staging::Database) => Staging::Database,
        },
    }
}

/// Why a stage can't do without a staging table.
fn needs_table(kind: &StageKind) -> Option<&'static str> {
    match kind {
        StageKind::Translate { .. } => Some("translates rows in a table"),
        StageKind::Run { .. } => Some("its statements may read the staging table"),
        StageKind::Extract { .. }
        | StageKind::Dedupe { .. }
        | StageKind::Verify { .. }
        | StageKind::Upsert
        | StageKind::Replace
        | StageKind::Append
        | StageKind::Task { .. } => None,
    }
}
