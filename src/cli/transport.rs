//! The way to an account, where this program was built with one.

use crate::{
    deploy::aws::Api,
    diagnostics::{Code, Diagnostic},
};

/// Signs and sends for that region.
#[cfg(feature = "aws")]
pub(super) fn api(region: &str) -> Result<Box<dyn Api>, Diagnostic> {
    signed::Signed::new(region).map(|it| Box::new(it) as Box<dyn Api>)
}

/// There is no way.
#[cfg(not(feature = "aws"))]
pub(super) fn api(_region: &str) -> Result<Box<dyn Api>, Diagnostic> {
    Err(out_of_reach())
}

/// What is told where there is no way.
#[cfg(not(feature = "aws"))]
pub(super) fn out_of_reach() -> Diagnostic {
    Diagnostic::new(Code::BuiltWithoutAws, "this sluice was built without AWS, so it reaches no account")
        .help("install it with `cargo install --path . --features aws`, or take the program of a release")
}

#[cfg(feature = "aws")]
mod signed {
    use sluice_aws::{SignedError, SignedRequest, Signer, configuration};
    use tokio::runtime::{Builder, Runtime};

    use super::{Api, Code, Diagnostic};
    use crate::deploy::aws::{NoAnswer, Request, Response};

    /// Keeps the runtime that credentials are fetched on.
    pub(super) struct Signed {
        signer: Signer,
        _runtime: Runtime,
    }

    impl Signed {
        pub(super) fn new(region: &str) -> Result<Self, Diagnostic> {
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
            let runtime = runtime.map_err(|error| {
                Diagnostic::new(Code::CallFailed, format!("no thread can be started: {error}"))
            })?;
            let configuration = runtime.block_on(configuration());
            let signer = Signer::new(&configuration, region, runtime.handle().clone());
            Ok(Self { signer, _runtime: runtime })
        }
    }

    impl Api for Signed {
        fn send(&self, request: &Request) -> Result<Response, NoAnswer> {
            let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let signed = SignedRequest {
                service: request.service,
                method: request.method,
                path: &request.path,
                query: &request.query,
                headers,
                body: &request.body,
            };
            match self.signer.send(&signed) {
                Ok(it) => Ok(Response { status: it.status, headers: it.headers, body: it.body }),
                Err(SignedError::Credentials(words)) => Err(NoAnswer::Credentials(words)),
                Err(SignedError::Unreachable(words)) => Err(NoAnswer::Unreachable(words)),
            }
        }
    }
}
