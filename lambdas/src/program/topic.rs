//! The topic of notifications.

use aws_sdk_sns::{Client, error::DisplayErrorContext, types::MessageAttributeValue};
use sluice_aws::aws_config::SdkConfig;
use sluice_contract::notification::Notification;
use tokio::runtime::Handle;

use crate::{
    announce::{AnnounceError, Announcer},
    redact::redact,
    topic,
};

/// Publishes to one topic.
#[derive(Debug)]
pub struct Topic {
    client: Client,
    runtime: Handle,
    arn: String,
}

impl Topic {
    /// With that configuration, on that runtime.
    pub fn new(configuration: &SdkConfig, runtime: Handle, arn: String) -> Self {
        Self { client: Client::new(configuration), runtime, arn }
    }
}

impl Announcer for Topic {
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError> {
        let failed = |reason: String| AnnounceError { reason: redact(&reason) };
        let message = topic::message(notification).map_err(|it| failed(it.to_string()))?;
        let occasion = MessageAttributeValue::builder()
            .data_type("String")
            .string_value(message.occasion)
            .build()
            .map_err(|it| failed(it.to_string()))?;
        let call = self
            .client
            .publish()
            .topic_arn(&self.arn)
            .subject(message.subject)
            .message_structure("json")
            .message(message.body)
            .message_attributes(topic::OCCASION, occasion);
        let sent = self.runtime.block_on(call.send());
        sent.map(drop).map_err(|it| failed(DisplayErrorContext(it).to_string()))
    }
}
