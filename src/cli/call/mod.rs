//! `sluice call`

mod cover;
mod functions;
mod interactive;
mod target;

use std::io::{self, IsTerminal, Read};

use jiff::{
    Timestamp,
    civil::{DateTime, Time, Weekday},
};
use serde::Serialize;
use sluice_contract::notification::Notification;

use super::{
    Exit, Output,
    arguments::{CallArguments, Shared},
};
use crate::{
    diagnostics::{Code, Diagnostic, json, words::counted},
    source::Sources,
    telephone::{self, Call, Caller, Clock, End, Event, KeptAnswers, PlayError, Script, Settings},
};
use functions::Called;
use interactive::Typed;
use target::Target;

/// Plays a call, or every call there can be.
pub(super) fn execute(
    shared: &Shared,
    arguments: &CallArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let targets = match target::find(shared, arguments, output)? {
        Ok(targets) => targets,
        Err(exit) => return Ok(exit),
    };
    if arguments.coverage {
        return cover::execute(&targets, output);
    }
    let Some(target) = targets.first() else { return Ok(Exit::Problems) };
    match scripted(arguments) {
        Err(failure) => output.fail(failure),
        Ok(Some(mut script)) => {
            let played = match play(target, arguments, &mut script, output)? {
                Ok(played) => played,
                Err(failure) => return output.fail(failure),
            };
            let left = (script.left() > 0 && played.problem.is_none()).then(|| {
                Diagnostic::new(
                    Code::KeysLeft,
                    format!("the call ended before {} of the script", counted(script.left(), "word")),
                )
                .help("delete what nobody asks for")
            });
            tell(&played, left.as_ref(), output)
        }
        Ok(None) => {
            if output.is_human() {
                writeln!(output.err, "Type keys and Enter; an empty line is silence, `h` hangs up.")?;
            }
            match play(target, arguments, &mut Typed::new(), output)? {
                Ok(played) => tell(&played, None, output),
                Err(failure) => output.fail(failure),
            }
        }
    }
}

/// The script; none where somebody types.
fn scripted(arguments: &CallArguments) -> Result<Option<Script>, Diagnostic> {
    let text = match &arguments.keys {
        Some(keys) => keys.clone(),
        None if io::stdin().is_terminal() => return Ok(None),
        None => {
            let mut text = String::new();
            let _ = io::stdin().read_to_string(&mut text).map_err(|error| {
                Diagnostic::new(Code::FileUnreadable, format!("the standard input can't be read: {error}"))
            })?;
            text
        }
    };
    Script::parse(&text).map(Some).map_err(|error| {
        Diagnostic::new(Code::KeysUnusable, error.to_string())
            .help("a script is words such as `7`, `10#`, `*`, `<silence>` and `<hangup>`")
    })
}

/// A call. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Played {
    flow: String,
    transcript: Vec<Event>,
    /// None where it could not be played to its end.
    end: Option<End>,
    kept: Vec<telephone::Kept>,
    /// Who would have been told of the answers.
    notifications: Vec<Notification>,
    problem: Option<json::Report>,
    #[serde(skip)]
    told: Option<Diagnostic>,
}

fn play(
    target: &Target,
    arguments: &CallArguments,
    caller: &mut dyn Caller,
    output: &mut Output<'_>,
) -> io::Result<Result<Played, Diagnostic>> {
    let mut functions = match Called::new(arguments, target, Timestamp::now().as_millisecond()) {
        Ok(functions) => functions,
        Err(failure) => return Ok(Err(failure)),
    };
    let attributes = target.attributes.clone().into_iter().chain(arguments.attributes.iter().cloned());
    let Some(mut call) = Call::new(&target.flows, &target.contact, attributes, &[]) else {
        return Ok(Err(Diagnostic::new(Code::FlowUnplayable, "there is no flow")));
    };
    let clock = Opening { hours: arguments.hours, at: arguments.at };
    let settings = Settings {
        clock: &clock,
        twice: arguments.invoke_twice,
        answered_by: arguments.answered_by.status(),
    };
    let is_human = output.is_human();
    let mut transcript = Vec::new();
    let mut tell = |event: &Event| -> io::Result<()> {
        transcript.push(event.clone());
        if let Some(line) = telephone::line(event).filter(|_| is_human) {
            writeln!(output.out, "{line}")?;
            output.out.flush()?;
        }
        Ok(())
    };
    let ended = telephone::play(&mut call, caller, &mut functions, &settings, &mut tell)?;
    let (end, told) = match ended {
        Ok(Some(end)) => (Some(end), unset(&transcript)),
        Ok(None) => (None, Some(keys_missing(&transcript))),
        Err(error) => (None, Some(unplayable(&error))),
    };
    let problem = told.as_ref().map(|it| json::report(it, &Sources::default()));
    let (kept, notifications) = functions.into_kept();
    Ok(Ok(Played { flow: target.name.clone(), transcript, end, kept, notifications, problem, told }))
}

fn tell(played: &Played, left: Option<&Diagnostic>, output: &mut Output<'_>) -> io::Result<Exit> {
    let exit = if played.problem.is_some() { Exit::Problems } else { Exit::Fine };
    if output.is_json() {
        output.json(played)?;
        return Ok(exit);
    }
    for kept in &played.kept {
        let answers: Vec<_> = kept.answers.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let answers = if answers.is_empty() { "nothing".to_owned() } else { answers.join(", ") };
        writeln!(output.out, "kept of {}: {answers} ({})", kept.phone_number, kept.status)?;
    }
    output.out.flush()?;
    for notification in &played.notifications {
        write!(output.err, "{}", sluice_lambdas::text::render(notification))?;
    }
    played.told.iter().chain(left).try_for_each(|it| output.tell_one(it))?;
    Ok(exit)
}

fn unset(transcript: &[Event]) -> Option<Diagnostic> {
    let unset = |it: &Event| {
        let Event::Unset { action, reference } = it else { return None };
        Some(
            Diagnostic::new(
                Code::UnsetSpoken,
                format!("`{action}` speaks `{reference}`, which was never set"),
            )
            .help("set it on every way that leads there, or give it with `--attribute NAME=VALUE`"),
        )
    };
    transcript.iter().find_map(unset)
}

fn keys_missing(transcript: &[Event]) -> Diagnostic {
    let asked = |it: &Event| {
        let Event::Asked { action, .. } = it else { return None };
        Some(action.clone())
    };
    let asked = transcript.iter().rev().find_map(asked).unwrap_or_default();
    let message = format!("`{asked}` waits for a key, and the script has none left");
    Diagnostic::new(Code::KeysMissing, message).help("add keys, `<silence>` or `<hangup>` to the script")
}

/// Why it can't be played any further.
fn unplayable(error: &PlayError) -> Diagnostic {
    match error {
        PlayError::NoAction { .. } | PlayError::NoWay { .. } => {
            Diagnostic::new(Code::FlowUnplayable, error.to_string())
                .help("`sluice validate` tells everything that is wrong with a flow")
        }
        PlayError::NotPlayed { .. } => Diagnostic::new(Code::ActionUnplayable, error.to_string())
            .help("`sluice explain P0946` lists what can be played"),
        PlayError::Endless { .. } => Diagnostic::new(Code::CallEndless, error.to_string())
            .help("lead out of the circle, or count it with a `Loop`"),
    }
}

/// Hours of operation as they are taken for: the same, Monday to Friday.
struct Opening {
    hours: (Time, Time),
    at: Option<DateTime>,
}

impl Clock for Opening {
    fn is_open(&self, _hours: Option<&str>) -> bool {
        let Some(at) = self.at else { return true };
        let is_weekend = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
        !is_weekend && (self.hours.0..self.hours.1).contains(&at.time())
    }
}
