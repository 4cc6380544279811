//! The real cloud, behind [`Cloud`].

use sluice_aws::{CallError, DynamoItems, Executions, Logs};
use tokio::runtime::Runtime;

use super::{Cloud, CloudError, Known, LogPage, failure};
use crate::diagnostics::Diagnostic;

/// An account and region, with the credentials that the environment gives.
#[derive(Debug)]
pub struct Aws {
    /// The tables.
    pub items: DynamoItems,
    executions: Executions,
    logs: Logs,
    // What the clients wait on: dropped last.
    _runtime: Runtime,
}

impl Aws {
    /// Nothing is asked yet.
    pub fn new(region: &str) -> Result<Self, Diagnostic> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(failure::internal)?;
        let configuration = runtime.block_on(sluice_aws::configuration_in(region));
        let handle = || runtime.handle().clone();
        Ok(Self {
            items: DynamoItems::new(&configuration, handle()),
            executions: Executions::new(&configuration, handle()),
            logs: Logs::new(&configuration, handle()),
            _runtime: runtime,
        })
    }
}

impl From<CallError> for CloudError {
    fn from(error: CallError) -> Self {
        Self { code: error.code, message: error.message }
    }
}

impl Cloud for Aws {
    fn start(&self, machine: &str, name: &str, input: &str) -> Result<String, CloudError> {
        Ok(self.executions.start(machine, name, input)?)
    }

    fn redrive(&self, execution: &str) -> Result<(), CloudError> {
        Ok(self.executions.redrive(execution)?)
    }

    fn stop(&self, execution: &str, cause: &str) -> Result<(), CloudError> {
        Ok(self.executions.stop(execution, cause)?)
    }

    fn known(&self, execution: &str) -> Result<Option<Known>, CloudError> {
        let known = self.executions.known(execution)?;
        Ok(known.map(|it| Known { detail: it.detail, is_redrivable: it.is_redrivable }))
    }

    fn running(&self, machine: &str) -> Result<Vec<String>, CloudError> {
        Ok(self.executions.running(machine)?)
    }

    fn log(&self, group: &str, stream: &str, from: Option<&str>) -> Result<LogPage, CloudError> {
        let page = self.logs.page(group, stream, from)?;
        let lines = page.lines.into_iter().map(|it| (it.at, it.text)).collect();
        Ok(LogPage { lines, next: page.next })
    }
}
