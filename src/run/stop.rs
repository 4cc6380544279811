//! Ctrl-C, as something that any number of executions can wait for, and that none of them can miss.

use std::{path::Path, time::Duration};

use tokio::sync::watch;

use super::failure;
use crate::diagnostics::Diagnostic;

/// How often a request to stop is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Whether everything is to end.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Raised by Ctrl-C from now on, for as long as the process lives.
    pub(super) fn on_ctrl_c() -> Result<Self, Diagnostic> {
        let (raise, raised) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failure::internal(format!("Ctrl-C can't be listened for: {error}")))?;
        // Ended by the end of the process: there is nothing to wait for after that.
        drop(std::thread::spawn(move || {
            runtime.block_on(async {
                if tokio::signal::ctrl_c().await.is_ok() {
                    let _ = raise.send(true);
                }
                raise.closed().await;
            });
        }));
        Ok(Self(raised))
    }

    /// Whether it has been raised.
    pub(super) fn is_raised(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is raised, or that file is there.
    pub(super) async fn raised_or(&self, request: &Path) {
        let requested = async {
            while !request.exists() {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = self.raised() => {}
            () = requested => {}
        }
    }

    /// Returns once it is raised.
    async fn raised(&self) {
        if self.0.clone().wait_for(|it| *it).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
