//! How people are called: when, how often, how long.

use super::{
    prompt,
    scope::Scope,
    shape::{CallLimit, Calls, Machine, Window},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    model::{
        Context,
        effort::{seconds, within},
        schedule::{self, time_of_day},
    },
    syntax::ast::{self, WindowZone},
};

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
/// The token that keeps a call from being placed twice is good for seven days
/// [Connect API, `StartOutboundVoiceContact`].
const MOST_WAIT: u64 = 7 * DAY;
/// [Connect API, `RingTimeoutInSeconds`]
const RING: (u64, u64) = (15, 60);
const DEFAULT_RING: u32 = 60;

/// What a survey says of its calls.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    pub(super) window: Option<&'a ast::Window>,
    pub(super) limit: Option<&'a ast::CallLimit>,
    pub(super) delay: Option<&'a ast::Spanned<ast::Duration>>,
    pub(super) attempts: Option<&'a ast::Attempts>,
    pub(super) ring: Option<&'a ast::Spanned<ast::Duration>>,
    pub(super) machine: Option<&'a ast::Machine>,
}

/// The calls, with what is not said put in.
pub(super) fn check(ctx: &mut Context<'_>, said: &Said<'_>, scope: &Scope<'_>) -> Calls {
    let diagnostics = &mut *ctx.diagnostics;
    let window = said.window.and_then(|it| window(it, diagnostics));
    let limit = said.limit.map(|it| CallLimit {
        calls: within(&it.calls, 1, 100, "the number of calls", diagnostics),
        each_seconds: seconds(&it.each, 60 * MINUTE, 365 * DAY, "the time of the limit", diagnostics),
    });
    let delay = said.delay.map(|it| seconds(it, 0, MOST_WAIT, "the delay", diagnostics));
    let attempts = said.attempts.map(|it| {
        let most = within(&it.most, 1, 5, "the number of attempts", diagnostics);
        (most, seconds(&it.each, MINUTE, MOST_WAIT, "the time between attempts", diagnostics))
    });
    let (attempts, between_attempts_seconds) = attempts.unwrap_or((1, 0));
    let ring = said.ring.map(|it| seconds(it, RING.0, RING.1, "the time it rings", diagnostics));
    let machine = said.machine.map(|it| match it {
        ast::Machine::HangUp => Machine::HangUp,
        ast::Machine::Leave(text) => Machine::Leave(prompt::check(ctx, text, scope)),
    });
    Calls {
        window: window.unwrap_or(Window { from: 0, to: 24 * 60, zone: None }),
        limit,
        delay_seconds: delay.unwrap_or_default(),
        attempts,
        between_attempts_seconds,
        ring_seconds: ring.unwrap_or(DEFAULT_RING),
        machine,
    }
}

/// The window, or none where it never opens.
fn window(ast: &ast::Window, diagnostics: &mut Diagnostics) -> Option<Window> {
    let zone = match &ast.zone {
        WindowZone::Caller => None,
        WindowZone::Named(zone) => {
            let _ = schedule::zone(zone, diagnostics);
            Some(zone.value.clone())
        }
    };
    let [from, to] = [&ast.from, &ast.to].map(|it| {
        let time = time_of_day(it, diagnostics);
        u32::from(time.hour) * 60 + u32::from(time.minute)
    });
    if from < to {
        return Some(Window { from, to, zone });
    }
    let span = ast.from.span.to(ast.to.span);
    let diagnostic = if from == to {
        Diagnostic::new(Code::WindowNeverOpens, "the window ends when it begins, so nobody is ever called")
            .label(span, "empty")
            .help("write a later time behind `..`")
    } else {
        let [from, to] =
            [&ast.from, &ast.to].map(|it| format!("{:02}:{:02}", it.value.hour, it.value.minute));
        Diagnostic::new(
            Code::WindowNeverOpens,
            format!("the window ends at {to}, before it begins at {from}"),
        )
        .label(span, "never opens")
        .help(format!("write `{to}..{from}`: a window does not go past midnight"))
        .suggest(span, format!("{to}..{from}"))
    };
    diagnostics.push(diagnostic);
    None
}
