//! Secrets Manager, where connections' secrets are in an account.

use sluice_aws::SecretStore;

use crate::servers::{SecretError, SecretText, Secrets};

/// The account's secrets.
#[derive(Debug)]
pub(super) struct AccountSecrets(pub(super) SecretStore);

impl Secrets for AccountSecrets {
    fn read(&self, name: &str) -> Result<SecretText, SecretError> {
        let text = self.0.read(name).map_err(|error| SecretError {
            message: format!("Secrets Manager does not give it: {}", error.reason),
            help: "check that the secret is there and that the role of the job may read it, then resume"
                .to_owned(),
            transient: error.transient,
        })?;
        Ok(SecretText::new(text))
    }
}
