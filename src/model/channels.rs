//! Who is told what: channels, and the occasions that they are told of.

use sluice_contract::notification::Occasion;

use super::{
    Context,
    names::{Kind, unknown_value},
    program::{self, ChannelKind},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words},
    syntax::ast::{Channel, Name, Platform},
};

const EMAIL: &str = "email";
const SLACK: &str = "slack";
const TEAMS: &str = "teams";
const CHANNEL_KINDS: [&str; 3] = [EMAIL, SLACK, TEAMS];
const FAILURE: &str = "failure";
const OCCASIONS: [&str; 5] = [FAILURE, "recovery", "overlap", "quality_gate", "compute"];

/// The platform's channels and what they are told of.
pub(super) fn check(ctx: &mut Context<'_>, platform: &Platform) {
    for channel in &platform.channels {
        check_word(&channel.value.kind, "kind of channel", &CHANNEL_KINDS, ctx.diagnostics);
        check_address(&channel.value, ctx.diagnostics);
    }
    for notify in &platform.notifies {
        for channel in &notify.value.channels {
            let _ = ctx.names.known(Kind::Channel, channel, ctx.diagnostics);
        }
        for event in &notify.value.events {
            check_word(event, "occasion", &OCCASIONS, ctx.diagnostics);
        }
    }
}

/// The platform's channels, each with what it is told of.
pub(super) fn channels(ctx: &Context<'_>) -> Vec<program::Channel> {
    let Some(platform) = ctx.names.platform() else { return Vec::new() };
    platform.channels.iter().filter_map(|it| channel(&it.value, platform)).collect()
}

/// None where it is of no known kind, which was told.
fn channel(ast: &Channel, platform: &Platform) -> Option<program::Channel> {
    let text = ast.text.value.clone();
    let kind = match ast.kind.value.as_str() {
        EMAIL => ChannelKind::Email { address: text },
        SLACK => ChannelKind::Slack { secret: text },
        TEAMS => ChannelKind::Teams { secret: text },
        _ => return None,
    };
    let told = platform.notifies.iter().map(|it| &it.value);
    let told = told.filter(|it| it.channels.iter().any(|it| it.value == ast.name.value));
    let words: Vec<&str> = told.flat_map(|it| &it.events).map(|it| it.value.as_str()).collect();
    let occasions = Occasion::ALL.into_iter().filter(|it| words.contains(&it.word())).collect();
    Some(program::Channel { name: ast.name.value.clone(), kind, occasions })
}

/// Warns where failures on AWS reach nobody. On one machine they are told to whoever started the run.
pub(super) fn check_told(ctx: &mut Context<'_>) {
    let Some(platform) = ctx.names.platform() else { return };
    let on_aws = platform.environments.iter().any(|it| !it.settings.is_empty());
    let is_told =
        platform.notifies.iter().flat_map(|it| &it.value.events).any(|event| event.value == FAILURE);
    if on_aws && !is_told && !ctx.diagnostics.has_errors() {
        ctx.diagnostics.push(
            Diagnostic::new(Code::NobodyTold, "nobody is told when a pipeline fails")
                .label(platform.name.span, "no `notify … on failure`")
                .help("add `channel ops email \"…\"` and `notify ops on failure`"),
        );
    }
}

/// Who knows a webhook's address can write to the channel, so it is a secret; an email address is none.
fn check_address(channel: &Channel, diagnostics: &mut Diagnostics) {
    let kind = channel.kind.value.as_str();
    if !CHANNEL_KINDS.contains(&kind) {
        return;
    }
    let text = &channel.text;
    match (kind == EMAIL, channel.secret) {
        (true, Some(secret)) => diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "an email address is no secret")
                .label(secret, "not needed")
                .help("write the address alone: `email \"ops@example.com\"`"),
        ),
        (true, None) if !is_email(&text.value) => diagnostics.push(
            Diagnostic::new(Code::UnusableValue, format!("`{}` is not an email address", text.value))
                .label(text.span, "not an address")
                .help("write one address, such as `\"ops@example.com\"`"),
        ),
        (false, None) => diagnostics.push(
            Diagnostic::new(Code::PasswordInFile, "a webhook's address doesn't belong into a file")
                .label(text.span, "not a secret's name")
                .help("put it into Secrets Manager and write `secret \"its/name\"`"),
        ),
        (true, None) | (false, Some(_)) => {}
    }
}

fn is_email(text: &str) -> bool {
    let halves = text.split_once('@');
    halves.is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !host.contains('@'))
        && !text.contains(|it: char| it.is_whitespace() || it == ',')
}

/// Tells if the word is none of those that can be written there.
fn check_word(word: &Name, what: &str, all: &[&str], diagnostics: &mut Diagnostics) {
    if !all.contains(&word.value.as_str()) {
        let help = format!("write {}", words::or_ticked(all));
        diagnostics.push(unknown_value(what, word, all.iter().copied(), &help));
    }
}
