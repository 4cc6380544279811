//! Where surveys are asked: the Connect instance of each environment, and the IDs of what surveys name there.

use std::collections::BTreeMap;

use super::{
    Context,
    platform::Shared,
    program::Telephone,
    region::{lacks_connect, with_connect},
    settings::{Seen, missing},
    survey::Survey,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::Span,
    syntax::ast::{self, EnvironmentSetting, Name, Text},
};

/// What an environment says of its telephone system.
pub(super) fn read(ast: &ast::Environment, diagnostics: &mut Diagnostics) -> Telephone {
    let mut telephone = Telephone::default();
    let mut seen = Seen::default();
    let (mut queues, mut hours) = (BTreeMap::new(), BTreeMap::new());
    for setting in &ast.settings {
        match &setting.value {
            EnvironmentSetting::Account(_) | EnvironmentSetting::Region(_) => {}
            EnvironmentSetting::Connect(id) => {
                check_id(id, diagnostics);
                check_region(ast, id, diagnostics);
                if seen.first("connect", setting.keyword, diagnostics) {
                    telephone.instance = Some(id.value.clone());
                }
            }
            EnvironmentSetting::Queue(name, id) => {
                take("queue", name, id, &mut queues, &mut telephone.queues, diagnostics);
            }
            EnvironmentSetting::Hours(name, id) => {
                take("hours", name, id, &mut hours, &mut telephone.hours, diagnostics);
            }
        }
    }
    telephone
}

fn take<'a>(
    word: &str,
    name: &'a Name,
    id: &Text,
    seen: &mut BTreeMap<&'a str, Span>,
    ids: &mut BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) {
    check_id(id, diagnostics);
    if let Some(first) = seen.insert(&name.value, name.span) {
        diagnostics.push(
            Diagnostic::new(Code::SettingTwice, format!("the {word} `{}` has two IDs", name.value))
                .label(name.span, "given again")
                .also(first, "first given here")
                .help("keep one of the two"),
        );
    }
    let _ = ids.insert(name.value.clone(), id.value.clone());
}

/// Connect's IDs are UUIDs.
fn check_id(id: &Text, diagnostics: &mut Diagnostics) {
    let lengths: Vec<usize> = id.value.split('-').map(str::len).collect();
    let is_hexadecimal = id.value.chars().all(|it| it.is_ascii_hexdigit() || it == '-');
    if lengths != [8, 4, 4, 4, 12] || !is_hexadecimal {
        diagnostics.push(
            Diagnostic::new(Code::UnusableValue, format!("`{}` is not an ID of Connect", id.value))
                .label(id.span, "not an ID")
                .help("copy it from the end of the ARN, such as `0f6f5a3e-7c1d-4b59-9a55-d2b7a3c0e111`"),
        );
    }
}

/// An instance is in the environment's region, where AWS must offer it.
fn check_region(ast: &ast::Environment, id: &Text, diagnostics: &mut Diagnostics) {
    let region = ast.settings.iter().find_map(|it| match &it.value {
        EnvironmentSetting::Region(region) => Some(region),
        EnvironmentSetting::Account(_)
        | EnvironmentSetting::Connect(_)
        | EnvironmentSetting::Queue(..)
        | EnvironmentSetting::Hours(..) => None,
    });
    let Some(region) = region.filter(|it| lacks_connect(&it.value)) else { return };
    let others: Vec<_> = with_connect(&region.value).iter().map(|it| format!("`{it}`")).collect();
    diagnostics.push(
        Diagnostic::new(Code::NoConnectThere, format!("Amazon Connect is not offered in `{}`", region.value))
            .label(id.span, "an instance can't be there")
            .also(region.span, "the environment's region")
            .help(format!("move the environment to a region that has it: {}", others.join(", "))),
    );
}

/// Flows name the instance that they are for.
pub(super) fn check(ctx: &mut Context<'_>, shared: &Shared, surveys: &[Survey]) {
    let Some(platform) = ctx.names.platform().filter(|_| !surveys.is_empty()) else { return };
    for ast in &platform.environments {
        let environment = shared.environments.iter().find(|it| it.name == ast.name.value);
        let lacks = environment.is_some_and(|it| it.aws.is_some() && it.telephone.instance.is_none());
        if lacks && !ast.unreadable.iter().any(|it| it.value == "connect") {
            let whose = format!("the environment `{}`", ast.name.value);
            let example = "connect \"0f6f5a3e-7c1d-4b59-9a55-d2b7a3c0e111\"";
            ctx.diagnostics.push(missing(&whose, "connect", ast.name.span, example));
        }
    }
}
