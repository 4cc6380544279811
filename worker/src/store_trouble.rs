//! What stands between the worker and its object store, where that can be told: each has a code and a way out.

use std::io::ErrorKind;

/// Why the store refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreTrouble {
    /// There is no such bucket.
    NoBucket,
    /// These credentials may not.
    Denied,
    /// Nobody knows these credentials, or they have ended.
    Credentials,
    /// There is no room.
    Full,
}

/// The store's words for credentials that are none.
const UNKNOWN_CREDENTIALS: [&str; 6] = [
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "InvalidToken",
    "InvalidClientTokenId",
    "there are no credentials",
];

impl StoreTrouble {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoBucket => "P0640",
            Self::Denied => "P0641",
            Self::Credentials => "P0642",
            Self::Full => "P0643",
        }
    }

    /// What to do about it.
    pub fn help(self) -> &'static str {
        match self {
            Self::NoBucket => {
                "deploy the platform, or set `SLUICE_BUCKET` and the region to those of its bucket, then resume"
            }
            Self::Denied => {
                "give the job's role the object's action (`sluice build` writes its policy), then resume"
            }
            Self::Credentials => "give the job its role, or log in again on this machine, then resume",
            Self::Full => "make room where the objects are, then resume",
        }
    }

    /// From the store's error; none where it is something else.
    pub(crate) fn of(error: &object_store::Error) -> Option<Self> {
        let words = error.to_string();
        if words.contains("<Code>NoSuchBucket</Code>") {
            return Some(Self::NoBucket);
        }
        if UNKNOWN_CREDENTIALS.iter().any(|it| words.contains(it)) {
            return Some(Self::Credentials);
        }
        if let object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } =
            error
        {
            return Some(Self::Denied);
        }
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            if let Some(io) = cause.downcast_ref::<std::io::Error>() {
                return Self::of_io(io);
            }
            source = cause.source();
        }
        None
    }

    pub(crate) fn of_io(error: &std::io::Error) -> Option<Self> {
        let kind = error.kind();
        if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            Some(Self::Full)
        } else if matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) {
            Some(Self::Denied)
        } else {
            None
        }
    }
}

/// The store's own words; of an answer of S3, its code and message only.
pub(crate) fn words(error: &object_store::Error) -> String {
    let words = error.to_string();
    let inside = |name: &str| {
        let (_, rest) = words.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(it, _)| it)
    };
    match (inside("Code"), inside("Message"), inside("BucketName")) {
        (Some(code), Some(message), Some(bucket)) => {
            format!("S3 answers {code} for bucket `{bucket}`: {message}")
        }
        (Some(code), Some(message), None) => format!("S3 answers {code}: {message}"),
        (None, _, _) | (_, None, _) => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: &str) -> object_store::Error {
        let text = format!(
            "Error performing GET http://s3/b/k: 404: <Error><Code>{code}</Code><Message>It is so.</Message>\
             <BucketName>b</BucketName></Error>"
        );
        object_store::Error::NotFound { path: "k".to_owned(), source: text.into() }
    }

    #[test]
    fn an_answer_of_s3_is_told_by_its_code() {
        assert_eq!(StoreTrouble::of(&answer("NoSuchBucket")), Some(StoreTrouble::NoBucket));
        assert_eq!(StoreTrouble::of(&answer("ExpiredToken")), Some(StoreTrouble::Credentials));
        assert_eq!(StoreTrouble::of(&answer("NoSuchKey")), None);
        assert_eq!(words(&answer("NoSuchBucket")), "S3 answers NoSuchBucket for bucket `b`: It is so.");
    }

    #[test]
    fn what_the_disk_says_is_told_by_its_kind() {
        let full = || std::io::Error::from(ErrorKind::StorageFull);
        let error = object_store::Error::Generic { store: "LocalFileSystem", source: Box::new(full()) };
        assert_eq!(StoreTrouble::of(&error), Some(StoreTrouble::Full));
        assert_eq!(StoreTrouble::of_io(&std::io::Error::from(ErrorKind::TimedOut)), None);
    }
}
