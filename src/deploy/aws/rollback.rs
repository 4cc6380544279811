//! Back to the version before.

use super::{
    Account,
    batch::text,
    states::{ALIAS, fields, version_number},
};
use crate::deploy::{
    cloud::{Cloud, CloudError, Knowledge, Locked, Owner},
    resource::{Key, Kind, Unit},
};

/// What became of going back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rollback {
    /// From which version to which.
    Done {
        /// The version that ran.
        from: u64,
        /// The version that runs now.
        to: u64,
    },
    /// There is no earlier version.
    Nothing,
    /// The version before names a job definition that somebody has put away.
    PutAway {
        /// The version before.
        to: u64,
        /// `credit-reports-greece:3`
        definition: String,
    },
    /// The machine is not there, or not ours.
    NoMachine,
}

impl Account<'_> {
    /// Makes the pipeline's machine what it was in the version before the one that runs; the revisions of job
    /// definitions that it names come back with it. The next plan shows what the program then wants otherwise.
    pub fn roll_back(&self, pipeline: &str) -> Result<Rollback, CloudError> {
        self.check()?;
        if let Locked::Held(holder) = self.take_lock()? {
            return Err(CloudError::locked(&holder));
        }
        let ended = self.roll_back_under_lock(pipeline);
        // A lock that can't be let go of runs out by itself; what was done is more important to tell.
        let _ = self.let_go();
        ended
    }

    fn roll_back_under_lock(&self, pipeline: &str) -> Result<Rollback, CloudError> {
        let name = self.scope.name(pipeline);
        match self.read(&Key::new(Kind::StateMachine, name.as_str()))? {
            Some(found)
                if matches!(found.owner, Owner::Ours(_)) && matches!(found.knowledge, Knowledge::Full(_)) => {
            }
            Some(_) | None => return Ok(Rollback::NoMachine),
        }
        let alias = fields([("stateMachineAliasArn", format!("{}:{ALIAS}", self.machine_arn(&name)).into())]);
        let alias = self.states("DescribeStateMachineAlias", &alias)?;
        let routes = super::states::entries(&alias, "routingConfiguration");
        let live = routes.first().and_then(|it| version_number(text(it, "stateMachineVersionArn")));
        let live = live.unwrap_or(u64::MAX);
        let versions = self.versions(&name)?;
        let Some((arn, to)) = versions.into_iter().find(|(_, number)| *number < live) else {
            return Ok(Rollback::Nothing);
        };
        let (earlier, definitions) = self.revisions_of(&arn)?;
        for (definition, revision) in definitions {
            if let Some(number) = revision
                && !self.is_active(&definition, number)?
            {
                return Ok(Rollback::PutAway { to, definition: format!("{definition}:{number}") });
            }
        }
        self.mark(&Unit::Pipeline(pipeline.to_owned()), None)?;
        let input = fields([
            ("stateMachineArn", self.machine_arn(&name).into()),
            ("definition", text(&earlier, "definition").into()),
            ("roleArn", text(&earlier, "roleArn").into()),
        ]);
        drop(self.states("UpdateStateMachine", &input)?);
        self.point_alias(&name, &arn)?;
        Ok(Rollback::Done { from: live, to })
    }
}
