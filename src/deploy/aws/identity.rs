//! Who asks.

use super::Account;
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
}
