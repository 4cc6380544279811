//! The stores of an AWS account, for the worker in its container. Behind the feature `aws`, so that `sluice run`
//! needs none of it.

mod left_behind;
mod secrets;
mod translator;

use std::sync::Arc;

use object_store::ObjectStore;
use sluice_aws::{Bucket, DynamoItems, SecretStore, TextTranslation, aws_config::SdkConfig};
use sluice_contract::dynamodb::ItemStore;
use tokio::runtime::Runtime;

use self::{left_behind::LeftBehindParts, secrets::AccountSecrets, translator::AmazonTranslator};
use crate::{environment::EnvironmentError, servers::Secrets, translate::Translator};

/// An account and region, as the environment's credentials open them.
#[derive(Debug)]
pub struct Cloud {
    /// The platform's bucket.
    pub objects: Arc<dyn ObjectStore>,
    /// The account's tables.
    pub items: Arc<dyn ItemStore>,
    /// The account's secrets.
    pub secrets: Arc<dyn Secrets>,
    configuration: SdkConfig,
}

impl Cloud {
    /// Asks nothing yet; `endpoint` is that of S3 where it has one of its own.
    pub fn open(runtime: &Runtime, bucket: &str, endpoint: Option<&str>) -> Result<Self, EnvironmentError> {
        let configuration = runtime.block_on(sluice_aws::configuration());
        if configuration.region().is_none() {
            return Err(EnvironmentError::NoRegion);
        }
        let objects = Bucket::new(&configuration, bucket, endpoint, Arc::new(LeftBehindParts));
        let objects = objects.map_err(|error| EnvironmentError::Bucket {
            bucket: bucket.to_owned(),
            message: error.to_string(),
        })?;
        let items = DynamoItems::new(&configuration, runtime.handle().clone());
        let secrets = AccountSecrets(SecretStore::new(&configuration, runtime.handle().clone()));
        Ok(Self {
            objects: Arc::new(objects),
            items: Arc::new(items),
            secrets: Arc::new(secrets),
            configuration,
        })
    }

    /// Amazon Translate.
    pub fn translator(&self, runtime: &Runtime) -> Arc<dyn Translator> {
        Arc::new(AmazonTranslator(TextTranslation::new(&self.configuration, runtime.handle().clone())))
    }
}
