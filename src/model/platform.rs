//! What all countries share: environments, connections, the target, channels, defaults.

use std::collections::BTreeMap;

use sluice_contract::plan::{Base, Connection as Place, Location};

use super::{
    Context, channels, effort,
    names::Kind,
    program::{Connection, Effort, Environment, Overlap},
    region::{REGIONS, is_region},
    settings::{Seen, missing},
    telephone,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest},
    source::Span,
    syntax::ast::{self, DefaultsSetting, Engine, EnvironmentSetting},
};

/// What every pipeline starts from.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) name: String,
    /// Where it is named.
    pub(super) span: Option<Span>,
    pub(super) environments: Vec<Environment>,
    pub(super) connections: BTreeMap<String, Connection>,
    pub(super) target: String,
    /// Whether the target is declared: else any connection may be meant to be it.
    pub(super) knows_target: bool,
    pub(super) effort: Effort,
    pub(super) overlap: Overlap,
    /// Where it was said.
    pub(super) staging: Option<ast::Staging>,
}

/// The program's platform; a bare one where it has none, which is told.
pub(super) fn check(ctx: &mut Context<'_>) -> Shared {
    let mut shared = Shared {
        name: String::new(),
        span: None,
        environments: Vec::new(),
        connections: BTreeMap::new(),
        target: String::new(),
        knows_target: false,
        effort: effort::DEFAULT,
        overlap: effort::DEFAULT_OVERLAP,
        staging: None,
    };
    let Some(platform) = ctx.names.platform() else {
        // It may stand in what could not be read, and that was told.
        let is_unread =
            |it: &&Diagnostic| matches!(it.code, Code::ProgramMissing | Code::FileUnreadable | Code::NotUtf8);
        if ctx.diagnostics.sorted().iter().any(is_unread) {
            return shared;
        }
        ctx.diagnostics.push(
            Diagnostic::new(Code::OnePlatform, "the program has no platform")
                .help("add a file with `platform NAME { … }`: environments, connections and the target"),
        );
        return shared;
    };
    shared.name.clone_from(&platform.name.value);
    shared.span = Some(platform.name.span);
    shared.environments = environments(ctx, platform);
    shared.target = target(ctx, platform);
    shared.knows_target = platform.connections.iter().any(|it| it.name.value == shared.target);
    for connection in &platform.connections {
        let checked = self::connection(ctx, connection, &shared);
        let _ = shared.connections.entry(connection.name.value.clone()).or_insert(checked);
    }
    channels::check(ctx, platform);
    defaults(platform, &mut shared, ctx.diagnostics);
    shared
}

fn environments(ctx: &mut Context<'_>, platform: &ast::Platform) -> Vec<Environment> {
    if platform.environments.is_empty() && platform.unreadable.is_empty() {
        ctx.diagnostics.push(missing("the platform", "environment", platform.name.span, "environment local"));
    }
    platform.environments.iter().map(|it| environment(it, ctx.diagnostics)).collect()
}

fn environment(ast: &ast::Environment, diagnostics: &mut Diagnostics) -> Environment {
    let mut seen = Seen::default();
    let (mut account, mut region) = (None, None);
    for setting in &ast.settings {
        match &setting.value {
            EnvironmentSetting::Account(it) => {
                if it.value.len() != 12 || !it.value.chars().all(|it| it.is_ascii_digit()) {
                    diagnostics.push(
                        Diagnostic::new(Code::UnusableValue, format!("`{}` is not an AWS account", it.value))
                            .label(it.span, "not an account")
                            .help("write its twelve digits, such as `111111111111`"),
                    );
                }
                if seen.first("account", setting.keyword, diagnostics) {
                    account = Some(it.value.clone());
                }
            }
            EnvironmentSetting::Region(it) => {
                if !is_region(&it.value) {
                    let meant = closest(&it.value, REGIONS);
                    diagnostics.push(
                        Diagnostic::new(
                            Code::UnusableValue,
                            format!("`{}` is not a region of AWS", it.value),
                        )
                        .label(it.span, "not a region")
                        .help(match meant {
                            Some(meant) => format!("did you mean `{meant}`?"),
                            None => "write it as AWS does, such as `eu-west-1`".to_owned(),
                        }),
                    );
                }
                if seen.first("region", setting.keyword, diagnostics) {
                    region = Some(it.value.clone());
                }
            }
            // Read for all of them at once.
            EnvironmentSetting::Connect(_)
            | EnvironmentSetting::Queue(..)
            | EnvironmentSetting::Hours(..) => {}
        }
    }
    if ast.unreadable.is_empty() && account.is_some() != region.is_some() {
        let (word, example) = if account.is_none() {
            ("account", "account 111111111111")
        } else {
            ("region", "region eu-west-1")
        };
        diagnostics.push(missing(
            &format!("the environment `{}`", ast.name.value),
            word,
            ast.name.span,
            example,
        ));
    }
    let telephone = telephone::read(ast, diagnostics);
    Environment { name: ast.name.value.clone(), aws: account.zip(region), telephone }
}

fn target(ctx: &mut Context<'_>, platform: &ast::Platform) -> String {
    let mut seen = Seen::default();
    let mut target = None;
    for entry in &platform.targets {
        let _ = ctx.names.known(Kind::Connection, &entry.value, ctx.diagnostics);
        if seen.first("target", entry.keyword, ctx.diagnostics) {
            target = Some(entry.value.value.clone());
        }
    }
    if target.is_none() && !platform.unreadable.iter().any(|it| it.value == "target") {
        ctx.diagnostics.push(missing("the platform", "target", platform.name.span, "target reports"));
    }
    target.unwrap_or_default()
}

fn connection(ctx: &mut Context<'_>, ast: &ast::Connection, shared: &Shared) -> Connection {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    let mut seen: BTreeMap<&str, &ast::Name> = BTreeMap::new();
    for place in &ast.places {
        if !ctx.names.known(Kind::Environment, &place.environment, ctx.diagnostics) {
            continue;
        }
        if let Some(first) = seen.insert(place.environment.value.as_str(), &place.environment) {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::SettingTwice,
                    format!("`{}` has two places in `{}`", ast.name.value, place.environment.value),
                )
                .label(place.environment.span, "given again")
                .also(first.span, "first given here")
                .help("keep one of the two"),
            );
        }
        let environment = shared.environments.iter().find(|it| it.name == place.environment.value);
        let on_aws = environment.is_some_and(|it| it.aws.is_some());
        if let Some(checked) = self::place(ctx, place, on_aws, ast.name.value == shared.target) {
            let _ = places.insert(place.environment.value.clone(), checked);
        }
    }
    // A target needs no place of its own where nothing is on AWS: an SQLite file beside the run's state serves.
    if ast.name.value == shared.target {
        for environment in shared.environments.iter().filter(|it| it.aws.is_none()) {
            let embedded = Location { base: Base::State, path: format!("{}.db", ast.name.value) };
            let _ = places.entry(environment.name.clone()).or_insert(Place::Sqlite { path: embedded });
        }
    }
    let told = |name: &str| ast.unreadable.iter().any(|it| it.value == name);
    for environment in &shared.environments {
        let may_be_target = !shared.knows_target && environment.aws.is_none();
        if !places.contains_key(&environment.name)
            && !may_be_target
            && !seen.contains_key(environment.name.as_str())
            && !told(&environment.name)
        {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::ConnectionPlaceMissing,
                    format!("the connection `{}` has no place in `{}`", ast.name.value, environment.name),
                )
                .label(ast.name.span, format!("nothing for `{}`", environment.name))
                .help(format!("add a line such as `{}`", example(environment))),
            );
        }
    }
    Connection { span: ast.name.span, places }
}

fn example(environment: &Environment) -> String {
    match environment.aws {
        Some(_) => format!("{} mysql secret \"…\"", environment.name),
        None => format!("{} sqlite \"samples/….db\"", environment.name),
    }
}

fn place(ctx: &mut Context<'_>, place: &ast::Place, on_aws: bool, is_target: bool) -> Option<Place> {
    let text = &place.text;
    let engine = place.engine.value;
    let server = matches!(engine, Engine::Mysql | Engine::Postgres);
    if server && place.secret.is_none() {
        ctx.diagnostics.push(
            Diagnostic::new(Code::PasswordInFile, "a server's address and password don't belong into a file")
                .label(text.span, "not a secret's name")
                .help("put them into Secrets Manager and write `secret \"its/name\"`"),
        );
        return None;
    }
    if let (false, Some(secret)) = (server, place.secret) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "a file needs no secret")
                .label(secret, "a secret is for a server")
                .help("write the path alone"),
        );
        return None;
    }
    if !server && on_aws {
        ctx.diagnostics.push(
            Diagnostic::new(
                Code::UnusableValue,
                format!("a file can't be reached from AWS in `{}`", place.environment.value),
            )
            .label(place.engine.span, "a file of one machine")
            .help("name a server: `mysql secret \"…\"` or `postgres secret \"…\"`"),
        );
        return None;
    }
    if is_target && matches!(engine, Engine::Csv | Engine::Postgres) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "tables can't be published there")
                .label(place.engine.span, "not a target")
                .help("a target is `mysql` or, on one machine, `sqlite`"),
        );
        return None;
    }
    if !server && (text.value.is_empty() || text.value.starts_with('/') || text.value.contains('\\')) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "a path must be the same on every machine")
                .label(text.span, "not a relative path")
                .help("write it relative to the program's folder, with `/` between its parts"),
        );
        return None;
    }
    let path = || Location { base: Base::Program, path: text.value.clone() };
    Some(match engine {
        Engine::Sqlite => Place::Sqlite { path: path() },
        Engine::Csv => Place::Csv { path: path() },
        Engine::Mysql => Place::Mysql { secret: text.value.clone() },
        Engine::Postgres => Place::Postgres { secret: text.value.clone() },
    })
}

fn defaults(platform: &ast::Platform, shared: &mut Shared, diagnostics: &mut Diagnostics) {
    let mut seen = Seen::default();
    let mut blocks = Seen::default();
    for block in &platform.defaults {
        let _ = blocks.first("defaults", block.keyword, diagnostics);
        for setting in &block.settings {
            match &setting.value {
                DefaultsSetting::Overlap(it) => {
                    if seen.first("overlap", setting.keyword, diagnostics) {
                        shared.overlap = effort::overlap(it.value);
                    }
                }
                DefaultsSetting::Staging(it) => {
                    if seen.first("staging", setting.keyword, diagnostics) {
                        shared.staging = Some(it.value);
                    }
                }
                DefaultsSetting::Effort(it) => {
                    effort::apply(&mut shared.effort, it, setting.keyword, &mut seen, diagnostics);
                }
            }
        }
    }
}
