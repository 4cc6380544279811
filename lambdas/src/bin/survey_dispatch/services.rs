//! Connect and the scheduler, behind the function's traits.

use sluice_aws::RestService;
use sluice_lambdas::survey_dispatch::{
    CallError, DueCall, REQUEST, Schedules, Telephone, VoiceContact, Wake, WakeError, call_outcome,
    wake_outcome,
};

/// Connect.
#[derive(Debug)]
pub(crate) struct Connect(pub(crate) RestService);

impl Telephone for Connect {
    fn call(&self, request: &VoiceContact) -> Result<String, CallError> {
        let json = serde_json::to_string(request).map_err(|it| CallError::Failed(it.to_string()))?;
        let (method, path) = REQUEST;
        let answer = self.0.call(method, path, &json).map_err(|it| CallError::Failed(it.to_string()))?;
        call_outcome(answer.status, answer.error.as_deref(), &answer.body)
    }
}

/// `EventBridge`'s scheduler.
#[derive(Debug)]
pub(crate) struct Scheduler<'a> {
    pub(crate) service: &'a RestService,
    pub(crate) schedules: Schedules,
}

impl Wake for Scheduler<'_> {
    fn wake(&self, at: i64, call: &DueCall) -> Result<(), WakeError> {
        let (path, request) = self.schedules.request(at, call).map_err(|it| WakeError(it.to_string()))?;
        let json = serde_json::to_string(&request).map_err(|it| WakeError(it.to_string()))?;
        let answer = self.service.call("POST", &path, &json).map_err(|it| WakeError(it.to_string()))?;
        wake_outcome(answer.status, answer.error.as_deref(), &answer.body)
    }
}
