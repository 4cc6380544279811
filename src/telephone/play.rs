//! One call from beginning to end: a caller, functions, a transcript.

use super::{
    call::{Call, End, Need, PlayError, Reply},
    functions::{FunctionError, Functions, Invocation},
    input::Input,
    transcript::Event,
};
use serde_json::Value;

/// Who calls.
pub trait Caller {
    /// Whether the caller stays on the line while something is said.
    fn listens(&mut self) -> bool;
    /// What the caller does when something is asked; none where nobody knows.
    fn presses(&mut self, input: &Input) -> Option<Pressed>;
}

/// What a caller does when something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// Presses these.
    Keys(String),
    /// Presses nothing in time.
    Silence,
    /// Hangs up.
    HangUp,
}

/// Says when it is, as far as hours of operation ask.
pub trait Clock {
    /// Whether these hours are open.
    fn is_open(&self, hours: Option<&str>) -> bool;
}

/// How a call is played.
pub struct Settings<'s> {
    /// When it is.
    pub clock: &'s dyn Clock,
    /// Whether each function is called twice, as Connect's retries may do.
    pub twice: bool,
    /// What `CheckOutboundCallStatus` finds out.
    pub answered_by: &'s str,
}

impl std::fmt::Debug for Settings<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Settings").field("twice", &self.twice).finish_non_exhaustive()
    }
}

/// A failing function is called so often.
const MOST_CALLS: usize = 3;
/// More turns than anybody stays on the line for.
const MOST_TURNS: usize = 2_000;

/// Plays the call. None where the caller does not know what to do; an error of `tell` itself ends it, too.
pub fn play<E>(
    call: &mut Call<'_>,
    caller: &mut dyn Caller,
    functions: &mut dyn Functions,
    settings: &Settings<'_>,
    tell: &mut dyn FnMut(&Event) -> Result<(), E>,
) -> Result<Result<Option<End>, PlayError>, E> {
    for _ in 0..MOST_TURNS {
        let need = call.advance();
        call.take_events().iter().try_for_each(&mut *tell)?;
        let reply = match need {
            Err(error) => return Ok(Err(error)),
            Ok(Need::Nothing(end)) => return Ok(Ok(Some(end))),
            Ok(Need::Listener) if caller.listens() => Reply::Listens,
            Ok(Need::Listener) => Reply::Pressed(Pressed::HangUp),
            Ok(Need::Keys(input)) => match caller.presses(&input) {
                Some(pressed) => Reply::Pressed(pressed),
                None => return Ok(Ok(None)),
            },
            Ok(Need::Function(invocation)) => {
                let (answer, again) = invoke(functions, &invocation, settings.twice);
                for _ in 0..again {
                    tell(&Event::CalledAgain { action: invocation.action.clone() })?;
                }
                Reply::Function(answer)
            }
            Ok(Need::Luck(_)) => Reply::Luck(None),
            Ok(Need::Hours(hours)) => {
                let is_open = settings.clock.is_open(hours.as_deref());
                Reply::Result(if is_open { "True" } else { "False" }.to_owned())
            }
            Ok(Need::Result { action_type, .. }) => {
                let Some(result) = result(&action_type, settings) else {
                    let action = call.state.action.clone();
                    return Ok(Err(PlayError::NotPlayed { action, action_type }));
                };
                Reply::Result(result)
            }
        };
        if let Err(error) = call.answer(reply) {
            return Ok(Err(error));
        }
    }
    Ok(Err(PlayError::Endless { action: call.state.action.clone() }))
}

/// The answer, and how often it was called again.
fn invoke(
    functions: &mut dyn Functions,
    invocation: &Invocation,
    twice: bool,
) -> (Result<Value, FunctionError>, usize) {
    let mut answer = functions.invoke(invocation);
    let mut again = 0;
    if twice {
        again += 1;
        answer = functions.invoke(invocation);
    }
    while matches!(answer, Err(FunctionError::Failed(_))) && again + 1 < MOST_CALLS {
        again += 1;
        answer = functions.invoke(invocation);
    }
    (answer, again)
}

/// What is found out where nobody says otherwise.
fn result(action_type: &str, settings: &Settings<'_>) -> Option<String> {
    match action_type {
        "CheckOutboundCallStatus" => Some(settings.answered_by.to_owned()),
        // Somebody is there, and nobody waits longer than a moment.
        "CheckMetricData" | "DistributeByPercentage" => Some("1".to_owned()),
        _ => None,
    }
}
