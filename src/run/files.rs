//! The generated files that an execution reads: from the compiler, or as an earlier execution left them.

use std::path::Path;

use super::failure;
use crate::{
    diagnostics::Diagnostic,
    emit::{self, Generated},
};

/// The generated files that an execution reads.
pub(super) struct Files {
    pub(super) state_machine: String,
    pub(super) job_definitions: String,
    pub(super) plan: String,
}

const STATE_MACHINE: &str = "state-machine.asl.json";
const JOB_DEFINITIONS: &str = "job-definitions.json";
const PLAN: &str = "plan.json";

impl Files {
    pub(super) fn of(generated: &Generated, pipeline: &str) -> Option<Self> {
        let file = |path: String| generated.files.get(&path).cloned();
        Some(Self {
            state_machine: file(emit::state_machine_path(pipeline))?,
            job_definitions: file(emit::job_definitions_path(pipeline))?,
            plan: file(emit::plan_path(pipeline))?,
        })
    }

    pub(super) fn read(folder: &Path) -> Result<Self, Diagnostic> {
        let file = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).map_err(|error| failure::state(&path, &error))
        };
        Ok(Self {
            state_machine: file(STATE_MACHINE)?,
            job_definitions: file(JOB_DEFINITIONS)?,
            plan: file(PLAN)?,
        })
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), Diagnostic> {
        for (name, text) in [
            (STATE_MACHINE, &self.state_machine),
            (JOB_DEFINITIONS, &self.job_definitions),
            (PLAN, &self.plan),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|error| failure::state(&path, &error))?;
        }
        Ok(())
    }
}
