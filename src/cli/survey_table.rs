//! The table of answers itself, where this build can ask for it.

use crate::diagnostics::{Code, Diagnostic};

/// Every item, as a scan answers.
#[cfg(feature = "aws")]
pub(super) fn read(table: &str) -> Result<String, Diagnostic> {
    let unavailable = |error: String| {
        Diagnostic::new(Code::TableUnavailable, format!("table `{table}` can't be read: {error}"))
            .help("`--environment` does not choose an account: the AWS profile and region of this shell do")
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| unavailable(error.to_string()))?;
    let configuration = runtime.block_on(sluice_aws::configuration());
    let items = sluice_aws::DynamoItems::new(&configuration, runtime.handle().clone()).scan(table);
    let items = items.map_err(|error| unavailable(error.to_string()))?;
    serde_json::to_string(&items).map_err(|error| unavailable(error.to_string()))
}

/// There is nobody to ask.
#[cfg(not(feature = "aws"))]
pub(super) fn read(table: &str) -> Result<String, Diagnostic> {
    let message = format!("table `{table}` can't be read: this build has no AWS in it");
    Err(Diagnostic::new(Code::TableUnavailable, message)
        .help("give exported items with `--items FILE`, or build Sluice with `--features aws`"))
}
