//! Who asks, and whose the platform is that is there.

use super::{
    Account,
    scope::{PLATFORM, PROGRAM, Tags},
    stack_values::pairs,
};
use crate::deploy::cloud::{CloudError, Problem};

impl Account<'_> {
    /// Whether the credentials are those of the environment's account.
    pub(super) fn check_identity(&self) -> Result<(), CloudError> {
        let answer = self.calls.query("sts", "2011-06-15", "GetCallerIdentity", &[])?;
        let account = answer.find("GetCallerIdentityResult").and_then(|it| it.text_of("Account"));
        let account = account.unwrap_or_default();
        if account == self.scope.account {
            return Ok(());
        }
        Err(CloudError {
            problem: Problem::WrongAccount,
            operation: "sts:GetCallerIdentity".to_owned(),
            message: format!(
                "the environment `{}` is account {}, and the credentials are those of account {account}",
                self.scope.environment, self.scope.account
            ),
            problems: Vec::new(),
        })
    }

    /// Whether the platform of that name is this program's: else all that is there is another one's, and nothing is to
    /// be looked at, let alone changed.
    pub(super) fn check_program(&self) -> Result<(), CloudError> {
        let Some(stack) = self.stack(&self.scope.stack)? else { return Ok(()) };
        self.check_tags(&pairs(&stack, "Tags", "Key", "Value").collect(), "cloudformation:DescribeStacks")
    }

    /// An error where tags say that another program has made what bears the platform's name.
    pub(super) fn check_tags(&self, tags: &Tags, operation: &str) -> Result<(), CloudError> {
        match (tags.get(PLATFORM), tags.get(PROGRAM)) {
            (Some(platform), Some(program))
                if *platform == self.scope.platform && *program != self.scope.program =>
            {
                Err(CloudError {
                    problem: Problem::OtherProgram,
                    operation: operation.to_owned(),
                    message: format!(
                        "the platform `{platform}` in account {} was deployed by another program: that one is known as \
                         `{program}`, this one as `{}`",
                        self.scope.account, self.scope.program
                    ),
                    problems: Vec::new(),
                })
            }
            _ => Ok(()),
        }
    }
}
