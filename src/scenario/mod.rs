//! `sluice test`: scenarios on a pipeline's own state machine, in virtual time.
//!
//! ```text
//! greece.test.pipe -> syntax -> Scenario -> world: engine + mocked Batch + item store + watch -> expectations
//! ```
//!
//! Owns what happens in a scenario's world and what is said about it afterwards. The machine is the generated one,
//! the job definitions' own retry strategy decides about lost hosts, and `watch` is the Lambda's own code; only the
//! work of the stages is made up. Must not know the command line.

mod batch;
mod check;
mod cloud;
mod play;
mod retry;
mod world;

#[cfg(test)]
mod tests;

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    emit::{self, Generated},
    engine::Event,
    lower::{EnvironmentPlan, Plan},
    source::{self, Files, Sources},
    syntax::{
        self,
        ast::{Item, Scenario, ScenarioFile},
    },
};

/// A program whose scenarios can be played.
#[derive(Debug)]
pub struct Scene<'a> {
    plan: &'a Plan,
    environment: &'a EnvironmentPlan,
    generated: Generated,
    /// Each channel with the occasions that it is told of.
    channels: Vec<(String, Vec<String>)>,
}

/// How a scenario went.
#[derive(Debug)]
pub struct Played {
    /// Whose.
    pub pipeline: String,
    /// Its title.
    pub title: String,
    /// What came about otherwise than it says. Empty where it holds.
    pub unmet: Vec<Unmet>,
    /// The virtual time of all its runs, in milliseconds.
    pub milliseconds: i64,
    /// What AWS would bill for them.
    pub transitions: u64,
}

/// An expectation that was not met.
#[derive(Debug)]
pub struct Unmet {
    /// What was expected, where, and what happened instead.
    pub diagnostic: Diagnostic,
    /// The run's name.
    pub run: String,
    /// The run's last events, those left out that only tell that things go their way.
    pub history: Vec<Event>,
    /// When the run started.
    pub start: jiff::Timestamp,
}

/// Every scenario file below the folder. What can't be read is reported and left out.
pub fn load(files: &dyn Files, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Vec<ScenarioFile> {
    let paths = match files.list_scenarios() {
        Ok(paths) => paths,
        Err(error) => {
            source::report_file_error(&error, source::From::Program, diagnostics);
            return Vec::new();
        }
    };
    let mut all = Vec::new();
    for path in paths {
        match files.read(&path) {
            Ok(text) => {
                let file = sources.add(path, text);
                all.push(syntax::scenarios(sources, file, diagnostics));
            }
            Err(error) => source::report_file_error(&error, source::From::Program, diagnostics),
        }
    }
    all
}

impl<'a> Scene<'a> {
    /// The program in that environment.
    pub fn new(
        plan: &'a Plan,
        environment: &'a EnvironmentPlan,
        sources: &Sources,
    ) -> Result<Self, Diagnostic> {
        let generated = emit::emit_environment(plan, environment, sources)
            .map_err(|error| Diagnostic::new(Code::PlanUnusable, error.to_string()))?;
        Ok(Self { plan, environment, generated, channels: channels(sources) })
    }

    /// Plays one scenario.
    pub fn play(&self, scenario: &Scenario) -> Result<Played, Box<Diagnostic>> {
        play::play(self, scenario)
    }
}

/// From the declarations, since nothing that is generated says who is told.
fn channels(sources: &Sources) -> Vec<(String, Vec<String>)> {
    let mut channels: Vec<(String, Vec<String>)> = Vec::new();
    let mut unheard = Diagnostics::default();
    for file in sources.ids().filter(|it| source::is_program(sources.path(*it))) {
        for item in syntax::parse(sources, file, &mut unheard).items {
            let Item::Platform(platform) = item else { continue };
            channels.extend(platform.channels.iter().map(|it| (it.value.name.value.clone(), Vec::new())));
            for notify in &platform.notifies {
                let events = || notify.value.events.iter().map(|it| it.value.clone());
                for told in &notify.value.channels {
                    if let Some((_, all)) = channels.iter_mut().find(|(name, _)| *name == told.value) {
                        all.extend(events());
                    }
                }
            }
        }
    }
    channels
}
