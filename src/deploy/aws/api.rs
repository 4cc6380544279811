//! Requests and answers, as they go over the wire. Who signs and sends them is not known here.

/// A request that is still to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What its host and its signature name: `states`.
    pub service: &'static str,
    /// `GET`, `PUT`.
    pub method: &'static str,
    /// From `/` on, encoded.
    pub path: String,
    /// Not encoded.
    pub query: Vec<(String, String)>,
    /// Without host and signature.
    pub headers: Vec<(&'static str, String)>,
    /// May be empty.
    pub body: Vec<u8>,
}

/// What a service answered, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// 200, 400.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its text.
    pub body: String,
}

impl Response {
    /// The header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// There was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// There is nothing to sign with.
    #[error("{0}")]
    Credentials(String),
    /// The service can't be reached.
    #[error("{0}")]
    Unreachable(String),
}

/// Signs and sends.
pub trait Api: Sync {
    /// Asks once.
    fn send(&self, request: &Request) -> Result<Response, NoAnswer>;
}
