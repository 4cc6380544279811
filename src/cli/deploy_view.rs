//! What a deployment tells while it goes on, and the question that it asks.
//!
//! The calls are made on threads of their own; what they tell is written by the thread that has the output.

use std::{
    io::{self, BufRead},
    sync::mpsc::{Receiver, Sender, channel},
};

use serde::Serialize;

use super::Output;
use crate::{
    deploy::{self, Ending, Key, Operator, Plan, Progress, Shown, Step, Trouble},
    diagnostics::{Diagnostic, words::counted},
};

/// What a deployment did. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Deployed {
    plan: Option<Shown>,
    /// Resources that were made, changed or removed.
    done: usize,
}

/// What is told while a deployment goes on.
pub(super) enum Told {
    /// What would be done, and where to say whether it is to be.
    Plan(Box<Plan>, Sender<bool>),
    /// What stays otherwise than the program needs it.
    Warning(Diagnostic),
    /// A resource is done.
    Done(Key, Step),
}

/// Where the deploying threads tell it.
pub(super) struct Desk<'a> {
    /// The environment's name.
    pub(super) environment: &'a str,
    /// To whoever listens.
    pub(super) told: Sender<Told>,
}

impl Progress for Desk<'_> {
    fn done(&self, key: &Key, step: Step) {
        // Nobody listens any longer: what is being done is finished all the same.
        let _ = self.told.send(Told::Done(key.clone(), step));
    }
}

impl Operator for Desk<'_> {
    fn hears(&self, warning: &Trouble) {
        // As above.
        let _ = self.told.send(Told::Warning(warning.diagnostic(self.environment)));
    }

    fn agrees(&self, plan: &Plan) -> bool {
        let (answer, answered) = channel();
        let told = self.told.send(Told::Plan(Box::new(plan.clone()), answer));
        told.is_ok() && answered.recv().unwrap_or(false)
    }
}

/// Writes what is told.
pub(super) struct Teller {
    plan: Option<Plan>,
    done: usize,
    asked: bool,
    approved: bool,
}

impl Teller {
    /// Asks nobody where that is what was said.
    pub(super) fn new(approved: bool) -> Self {
        Self { plan: None, done: 0, asked: false, approved }
    }

    /// Whether somebody was asked.
    pub(super) fn has_asked(&self) -> bool {
        self.asked
    }

    /// Until nobody tells anything any longer.
    pub(super) fn listen(&mut self, told: &Receiver<Told>, output: &mut Output<'_>) -> io::Result<()> {
        for it in told {
            match it {
                Told::Plan(plan, answer) => {
                    if output.is_human() {
                        write!(output.out, "{}", deploy::show(&plan))?;
                        output.out.flush()?;
                    }
                    let agreed = self.approved || self.ask(output)?;
                    self.plan = Some(*plan);
                    // Whoever asked has gone: there is nothing to agree to.
                    let _ = answer.send(agreed);
                }
                Told::Warning(warning) if output.is_human() => output.tell_one(&warning)?,
                Told::Warning(_) => {}
                Told::Done(key, step) => {
                    self.done += 1;
                    if output.is_human() {
                        let all = self.plan.as_ref().map_or(0, |it| it.changes.len());
                        let word = match step {
                            Step::Create | Step::Replace => "made",
                            Step::Update => "changed",
                            Step::Delete => "removed",
                        };
                        writeln!(output.err, "[{}/{all}] {word} {key}", self.done)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn ask(&mut self, output: &mut Output<'_>) -> io::Result<bool> {
        if !output.is_live() {
            return Ok(false);
        }
        self.asked = true;
        write!(output.err, "do this? Only `yes` will: ")?;
        output.err.flush()?;
        let mut answer = String::new();
        let _ = io::stdin().lock().read_line(&mut answer)?;
        Ok(answer.trim() == "yes")
    }

    /// How it ended.
    pub(super) fn end(&self, ending: &Ending, output: &mut Output<'_>) -> io::Result<()> {
        let done = match ending {
            Ending::Done(applied) => applied.done,
            Ending::Nothing | Ending::Declined => 0,
        };
        if output.is_json() {
            return output.json(&Deployed { plan: self.plan.as_ref().map(Shown::new), done });
        }
        match ending {
            Ending::Nothing => writeln!(output.out, "no changes: everything is as it should be"),
            Ending::Done(_) | Ending::Declined => writeln!(output.out, "done: {}", counted(done, "resource")),
        }
    }
}
