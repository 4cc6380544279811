//! The program of the function `notify`: messages of the topic in, cards and blocks out to the channels.
//!
//! Its environment: `SLUICE_CHANNELS`, a JSON list of [`Channel`].

mod web;

use std::sync::Arc;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;
use sluice_aws::SecretStore;
use sluice_lambdas::{
    log::Log,
    notify::{Channel, Notifier, Pause, Secrets, TopicEvent},
    program::{FUNCTION_NAME, Failure, blocking, now, variable},
};
use tokio::runtime::Handle;

use web::Client;

#[derive(Debug)]
struct Function {
    name: String,
    channels: Vec<Channel>,
    secrets: Vault,
    web: Client,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let configuration = sluice_aws::configuration().await;
    let function = Arc::new(Function {
        name: variable(FUNCTION_NAME)?,
        channels: serde_json::from_str(&variable(CHANNELS)?)
            .map_err(|error| Failure::set_up(CHANNELS, &error))?,
        secrets: Vault(SecretStore::new(&configuration, Handle::current())),
        web: Client::new(),
    });
    run(service_fn(|event: LambdaEvent<Value>| {
        let function = Arc::clone(&function);
        blocking(move || function.handle(event.payload))
    }))
    .await
}

const CHANNELS: &str = "SLUICE_CHANNELS";

impl Function {
    fn handle(&self, payload: Value) -> Result<(), Failure> {
        let event: TopicEvent =
            serde_json::from_value(payload).map_err(|error| Failure::event(&error.to_string()))?;
        let notifier = Notifier {
            channels: &self.channels,
            secrets: &self.secrets,
            web: &self.web,
            pause: &Sleep,
            now: now(),
        };
        let told = notifier.event(&event, &mut Log::new(&mut std::io::stdout().lock(), &self.name));
        told.map_err(|error| Failure::notify(&error))
    }
}

#[derive(Debug)]
struct Vault(SecretStore);

impl Secrets for Vault {
    fn read(&self, name: &str) -> Result<String, String> {
        self.0.read(name).map_err(|error| error.reason)
    }
}

#[derive(Debug)]
struct Sleep;

impl Pause for Sleep {
    fn pause(&self, seconds: u64) {
        std::thread::sleep(std::time::Duration::from_secs(seconds));
    }
}
