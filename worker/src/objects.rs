//! The object store for blocking code: whole small objects, and streams of large ones in bounded memory.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, buffered::BufWriter, path::Path};
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::{
    error::WorkerError,
    store_trouble::{StoreTrouble, words},
};

/// S3 takes no smaller pieces of a multipart upload.
const PIECE: usize = 5 * 1024 * 1024;
/// Pieces on their way at once, for each object being written.
const PIECES_AT_ONCE: usize = 2;

/// The object store, and what drives it.
#[derive(Debug, Clone)]
pub(crate) struct Objects {
    store: Arc<dyn ObjectStore>,
    runtime: Handle,
}

impl Objects {
    pub(crate) fn new(store: Arc<dyn ObjectStore>, runtime: Handle) -> Self {
        Self { store, runtime }
    }

    /// A small object whole; none where there is none.
    pub(crate) fn get(&self, key: &str) -> Result<Option<Bytes>, WorkerError> {
        let path = path(key)?;
        let got = self.runtime.block_on(async { self.store.get(&path).await?.bytes().await });
        match got {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if absent(&error) => Ok(None),
            Err(error) => Err(failed("read", key, &error)),
        }
    }

    /// Writes a small object whole.
    pub(crate) fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), WorkerError> {
        let path = path(key)?;
        let put = self.runtime.block_on(self.store.put(&path, PutPayload::from(bytes)));
        put.map(drop).map_err(|error| failed("write", key, &error))
    }

    /// Gives an object another key, where it is there.
    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), WorkerError> {
        let (source, destination) = (path(from)?, path(to)?);
        match self.runtime.block_on(self.store.rename(&source, &destination)) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("rename", from, &error)),
        }
    }

    /// An object's bytes as they come; none where there is none.
    pub(crate) fn reader(&self, key: &str) -> Result<Option<Box<dyn Read + Send>>, WorkerError> {
        let path = path(key)?;
        match self.runtime.block_on(self.store.get(&path)) {
            Ok(got) => {
                let stream = StreamReader::new(got.into_stream().map_err(io::Error::other));
                Ok(Some(Box::new(SyncIoBridge::new_with_handle(stream, self.runtime.clone()))))
            }
            Err(error) if absent(&error) => Ok(None),
            Err(error) => Err(failed("read", key, &error)),
        }
    }

    /// An object that appears when it is finished, and never half.
    pub(crate) fn writer(&self, key: &str) -> Result<ObjectWriter, WorkerError> {
        let writer = BufWriter::with_capacity(Arc::clone(&self.store), path(key)?, PIECE)
            .with_max_concurrency(PIECES_AT_ONCE);
        Ok(ObjectWriter {
            bridge: SyncIoBridge::new_with_handle(writer, self.runtime.clone()),
            runtime: self.runtime.clone(),
            finished: false,
            key: key.to_owned(),
            hash: Sha256::new(),
            bytes: 0,
        })
    }
}

/// An object on its way into the store. Dropped without [`ObjectWriter::finish`] it never appears.
pub(crate) struct ObjectWriter {
    bridge: SyncIoBridge<BufWriter>,
    runtime: Handle,
    finished: bool,
    key: String,
    hash: Sha256,
    bytes: u64,
}

impl ObjectWriter {
    /// Makes the object appear; its length and the SHA-256 of its bytes in hexadecimal.
    pub(crate) fn finish(mut self) -> Result<(u64, String), WorkerError> {
        // From here on the writer ends its upload itself: it aborts what it can't complete.
        self.finished = true;
        self.bridge.shutdown().map_err(|error| io_failed("write", &self.key, &error))?;
        let hash = std::mem::take(&mut self.hash);
        Ok((self.bytes, hexadecimal(&hash.finalize())))
    }
}

impl Drop for ObjectWriter {
    /// Pieces that were sent and will not be put together would stay, and be paid for.
    fn drop(&mut self) {
        if !self.finished {
            let _ = self.runtime.block_on(self.bridge.as_mut().abort());
        }
    }
}

impl Write for ObjectWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.bridge.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts and hashes what is read through it.
pub(crate) struct HashingReader<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> HashingReader<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// Reads to the end; all bytes and their SHA-256 in hexadecimal.
    pub(crate) fn finish(mut self) -> io::Result<(u64, String)> {
        let _ = io::copy(&mut self, &mut io::sink())?;
        Ok((self.bytes, hexadecimal(&self.hash.finalize())))
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

/// An input or output error on an object, as it is told.
pub(crate) fn io_failed(action: &'static str, key: &str, error: &io::Error) -> WorkerError {
    let store = error.get_ref().and_then(|it| it.downcast_ref::<object_store::Error>());
    if let Some(error) = store {
        return failed(action, key, error);
    }
    let (key, message) = (key.to_owned(), error.to_string());
    match StoreTrouble::of_io(error) {
        Some(trouble) => WorkerError::Store { action, key, trouble, message },
        None => WorkerError::Objects { action, key, message, transient: transient_io(error) },
    }
}

/// A bucket that is not there is not an object that is not there.
fn absent(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::NotFound { .. }) && StoreTrouble::of(error).is_none()
}

fn failed(action: &'static str, key: &str, error: &object_store::Error) -> WorkerError {
    let (key, message) = (key.to_owned(), words(error));
    match StoreTrouble::of(error) {
        Some(trouble) => WorkerError::Store { action, key, trouble, message },
        None => WorkerError::Objects { action, key, message, transient: transient(error) },
    }
}

/// Whatever the network or the service may do better next time. What the local disk refuses it will refuse again.
fn transient(error: &object_store::Error) -> bool {
    if !matches!(error, object_store::Error::Generic { store, .. } if *store != "LocalFileSystem") {
        return false;
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            return transient_io(io);
        }
        source = cause.source();
    }
    true
}

fn transient_io(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::Interrupted
            | Kind::TimedOut
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::ConnectionRefused
            | Kind::BrokenPipe
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
    )
}

fn path(key: &str) -> Result<Path, WorkerError> {
    Path::parse(key).map_err(|error| WorkerError::Objects {
        action: "name",
        key: key.to_owned(),
        message: error.to_string(),
        transient: false,
    })
}

/// As checksums are written.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
