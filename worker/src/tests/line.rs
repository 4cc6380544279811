//! A line to a server that breaks once, after so many bytes have gone one way.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    thread,
};

use super::harness::Lab;
use crate::{SecretError, SecretText, Secrets};

/// Which way bytes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    ToServer,
    FromServer,
}

/// Whoever speaks through it is cut off together with all others.
#[derive(Debug)]
pub(super) struct Line {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: u16,
    way: Way,
    left: AtomicI64,
    open: Mutex<Vec<TcpStream>>,
    is_over: AtomicBool,
}

impl Line {
    /// Lets the server of a lab's secret be reached through a line that breaks.
    pub(super) fn to(lab: &mut Lab, secret: &str, way: Way, after: i64) -> Self {
        let server = port_of(lab.site.servers.secrets.read(secret).unwrap().reveal());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            server,
            way,
            left: AtomicI64::new(after),
            open: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        drop(thread::spawn(move || {
            for caller in listener.incoming() {
                if accepting.is_over.load(Ordering::Relaxed) {
                    return;
                }
                connect(&accepting, caller.unwrap());
            }
        }));
        let inner = Arc::clone(&lab.site.servers.secrets);
        lab.site.servers.secrets = Arc::new(Through { inner, secret: secret.to_owned(), port });
        Self { port, shared }
    }

    pub(super) fn has_broken(&self) -> bool {
        self.shared.left.load(Ordering::Relaxed) <= 0
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn connect(shared: &Arc<Shared>, caller: TcpStream) {
    // A server that is gone is an end of the line, too.
    let Ok(server) = TcpStream::connect(("127.0.0.1", shared.server)) else { return };
    shared.open.lock().unwrap().extend([caller.try_clone().unwrap(), server.try_clone().unwrap()]);
    for (from, to, way) in [
        (caller.try_clone().unwrap(), server.try_clone().unwrap(), Way::ToServer),
        (server, caller, Way::FromServer),
    ] {
        let shared = Arc::clone(shared);
        drop(thread::spawn(move || pump(&shared, from, to, way)));
    }
}

fn pump(shared: &Shared, mut from: TcpStream, mut to: TcpStream, way: Way) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let mut chunk = &buffer[..read];
        if way == shared.way {
            let before = shared.left.fetch_sub(i64::try_from(read).unwrap(), Ordering::Relaxed);
            if before > 0 && before <= i64::try_from(read).unwrap() {
                // Some of it still arrives.
                chunk = &chunk[..read / 2];
                let _ = to.write_all(chunk);
                for stream in shared.open.lock().unwrap().drain(..) {
                    let _ = stream.shutdown(Shutdown::Both);
                }
                return;
            }
        }
        if to.write_all(chunk).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// Secrets, one of them with another port.
#[derive(Debug)]
struct Through {
    inner: Arc<dyn Secrets>,
    secret: String,
    port: u16,
}

impl Secrets for Through {
    fn read(&self, name: &str) -> Result<SecretText, SecretError> {
        let text = self.inner.read(name)?;
        if name != self.secret {
            return Ok(text);
        }
        let mut fields: serde_json::Value = serde_json::from_str(text.reveal()).unwrap();
        fields["port"] = self.port.into();
        Ok(SecretText::new(fields.to_string()))
    }
}

fn port_of(secret: &str) -> u16 {
    let fields: serde_json::Value = serde_json::from_str(secret).unwrap();
    u16::try_from(fields["port"].as_u64().unwrap()).unwrap()
}
