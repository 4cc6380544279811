//! What a `then` line says, held against what came about.

use jiff::Timestamp;
use sluice_contract::{
    event::{ExecutionDetail, ExecutionStatus},
    notification::{Notification, Occasion},
    runs::LockRecord,
};

use super::{
    play::{internal, stage, unknown},
    world::{Attempt, World},
};
use crate::{
    diagnostics::{Code, Diagnostic, words::counted},
    engine::{Ended, Event},
    syntax::ast::{Ending, LockState, Outcome, Text},
};

/// What came about in one run.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) detail: ExecutionDetail,
    pub(super) ended: Ended,
    pub(super) history: Vec<Event>,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) attempts: Vec<Attempt>,
    pub(super) told: Vec<Notification>,
    /// As it was when the run started.
    pub(super) lock_before: Option<LockRecord>,
}

impl Facts {
    pub(super) fn milliseconds(&self) -> i64 {
        self.end.as_millisecond() - self.start.as_millisecond()
    }

    fn ending(&self) -> Ending {
        let outcome = self.ended.output.as_ref().and_then(|it| it.get("outcome")?.as_str());
        match self.ended.status {
            ExecutionStatus::Succeeded if outcome == Some("skipped") => Ending::IsSkipped,
            ExecutionStatus::Succeeded => Ending::Succeeds,
            ExecutionStatus::TimedOut => Ending::TimesOut,
            ExecutionStatus::Aborted => Ending::IsStopped,
            ExecutionStatus::Failed | ExecutionStatus::Running | ExecutionStatus::PendingRedrive => {
                Ending::Fails
            }
        }
    }

    fn attempts_at(&self, id: &str) -> Vec<&Attempt> {
        self.attempts.iter().filter(|it| it.stage == id).collect()
    }
}

/// What happened instead, in a sentence; none where it is as expected.
pub(super) fn compare(
    world: &World<'_>,
    outcome: &Outcome,
    facts: &Facts,
) -> Result<Option<String>, Box<Diagnostic>> {
    match outcome {
        Outcome::Run(wanted) => Ok((facts.ending() != *wanted).then(|| ended_otherwise(facts))),
        Outcome::Within(longest) => {
            let longest = longest.value.seconds().and_then(|it| i64::try_from(it).ok()).unwrap_or(i64::MAX);
            let took = facts.milliseconds();
            let is_late = took > longest.saturating_mul(1_000);
            Ok(is_late.then(|| format!("the run takes {}", clock(took))))
        }
        Outcome::Told { channel, occasion, is_told } => {
            let channels = &world.scene.channels;
            let found = channels.iter().find(|(name, _)| *name == channel.value);
            let (_, occasions) = found.ok_or_else(|| {
                let all = channels.iter().map(|(name, _)| name.as_str());
                unknown(Code::UnknownChannel, "there is no channel", channel, "not declared", all)
            })?;
            let heard = facts.told.iter().filter(|it| hears(occasions, it));
            let fitting: Vec<&Notification> =
                heard.filter(|it| occasion.as_ref().is_none_or(|word| includes(&word.value, it))).collect();
            Ok(match (fitting.first(), is_told) {
                (Some(_), true) | (None, false) => None,
                (Some(told), false) => {
                    let (who, news) = (&channel.value, told.occasion.word());
                    Some(format!("`{who}` is told of {news}: {}", told.summary))
                }
                (None, true) => Some(not_told(&channel.value, occasions, facts)),
            })
        }
        Outcome::Runs { stage: name, times } => {
            let found = facts.attempts_at(stage(world, name)?).len();
            let is_so = times.map_or(found > 0, |it| usize::try_from(it).is_ok_and(|it| it == found));
            Ok((!is_so).then(|| ran(name, found)))
        }
        Outcome::After { stage: name, other } => {
            let (later, earlier) = attempts(world, facts, name, other)?;
            Ok(match (later.first(), earlier.last()) {
                (None, _) => Some(ran(name, 0)),
                (_, None) => Some(ran(other, 0)),
                (Some(later), Some(earlier)) => {
                    let is_after = earlier.end.is_some_and(|end| later.start >= end);
                    (!is_after).then(|| before(facts, name, later, other, earlier))
                }
            })
        }
        Outcome::Beside { stage: name, other } => {
            let (ones, others) = attempts(world, facts, name, other)?;
            let overlap = |one: &&Attempt, other: &&Attempt| {
                one.start < other.end.unwrap_or(facts.end) && other.start < one.end.unwrap_or(facts.end)
            };
            let beside = ones.iter().any(|one| others.iter().any(|other| overlap(one, other)));
            Ok(match (ones.first(), others.first()) {
                _ if beside => None,
                (None, _) => Some(ran(name, 0)),
                (_, None) => Some(ran(other, 0)),
                (Some(one), Some(it)) => Some(before(facts, name, one, other, it)),
            })
        }
        Outcome::Lock(wanted) => lock(world, *wanted, facts),
    }
}

fn lock(world: &World<'_>, wanted: LockState, facts: &Facts) -> Result<Option<String>, Box<Diagnostic>> {
    let now = world.lock().map_err(|it| internal(&it))?;
    let fence = |lock: &Option<LockRecord>| lock.as_ref().map_or(0, |it| it.fence);
    let owner = now.as_ref().and_then(|it| it.owner.clone());
    let had_owner = facts.lock_before.as_ref().is_some_and(|it| it.owner.is_some());
    Ok(match (wanted, owner) {
        (LockState::Free, Some(owner)) => Some(format!("the lock is held by `{owner}`")),
        (LockState::Held, None) => Some("the lock is free".to_owned()),
        (LockState::Free, None) | (LockState::Held, Some(_)) => None,
        (LockState::TakenOver, _) if !had_owner => Some("the lock was free when the run started".to_owned()),
        (LockState::TakenOver, _) => (fence(&now) <= fence(&facts.lock_before))
            .then(|| "the lock stays with the run that had it".to_owned()),
    })
}

type Both<'f> = (Vec<&'f Attempt>, Vec<&'f Attempt>);

fn attempts<'f>(
    world: &World<'_>,
    facts: &'f Facts,
    one: &Text,
    other: &Text,
) -> Result<Both<'f>, Box<Diagnostic>> {
    Ok((facts.attempts_at(stage(world, one)?), facts.attempts_at(stage(world, other)?)))
}

fn ran(stage: &Text, times: usize) -> String {
    match times {
        0 => format!("`{}` does not run", stage.value),
        _ => format!("`{}` runs {}", stage.value, counted(times, "time")),
    }
}

fn before(facts: &Facts, one: &Text, first: &Attempt, other: &Text, second: &Attempt) -> String {
    let at = |moment: Timestamp| clock(moment.as_millisecond() - facts.start.as_millisecond());
    let until = |it: &Attempt| it.end.map_or_else(|| "its end".to_owned(), at);
    format!(
        "`{}` runs from {} to {}, `{}` from {} to {}",
        one.value,
        at(first.start),
        until(first),
        other.value,
        at(second.start),
        until(second)
    )
}

fn ended_otherwise(facts: &Facts) -> String {
    let ending = match facts.ending() {
        Ending::Succeeds => "succeeds",
        Ending::Fails => "fails",
        Ending::TimesOut => "times out",
        Ending::IsStopped => "is stopped",
        Ending::IsSkipped => "is skipped",
    };
    let why = facts.told.first().and_then(|it| it.cause.clone()).or_else(|| facts.ended.error.clone());
    let why = why.map(|it| format!(" ({it})")).unwrap_or_default();
    format!("the run {ending}{why}")
}

/// Whether somebody who hears of these occasions hears of that.
fn hears(occasions: &[String], told: &Notification) -> bool {
    occasions.iter().any(|word| includes(word, told))
}

fn includes(occasion: &str, told: &Notification) -> bool {
    Occasion::parse(occasion).is_some_and(|it| it.includes(told.occasion))
}

fn not_told(channel: &str, occasions: &[String], facts: &Facts) -> String {
    match facts.told.first() {
        None => format!("nobody is told anything, so `{channel}` isn't either"),
        Some(it) if hears(occasions, it) => {
            format!("`{channel}` is told of {} only: {}", it.occasion.word(), it.summary)
        }
        Some(it) => format!(
            "there is news of {}, and no `notify {channel} on {}` passes it on",
            it.occasion.word(),
            it.occasion.word()
        ),
    }
}

/// `1:02:03`
fn clock(milliseconds: i64) -> String {
    let seconds = milliseconds / 1_000;
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
