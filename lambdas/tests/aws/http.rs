//! As much of HTTP as the doubles in these tests need: one request a connection.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// By name, in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    /// None where the connection was closed without one.
    pub(crate) fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        let _ = reader.read_line(&mut first).ok()?;
        let mut words = first.split_whitespace().map(str::to_owned);
        let (method, path) = (words.next()?, words.next()?);
        let mut headers = BTreeMap::new();
        loop {
            let mut header = String::new();
            let _ = reader.read_line(&mut header).ok()?;
            let Some((name, value)) = header.trim().split_once(':') else { break };
            assert!(!name.eq_ignore_ascii_case("transfer-encoding"), "bodies come with their length here");
            drop(headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.get("content-length").map_or(0, |it| it.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self { method, path, headers, body: String::from_utf8(body).unwrap() })
    }
}

/// Answers, and ends the connection.
pub(crate) fn answer(mut stream: TcpStream, status: u16, headers: &[(&str, &str)], body: &str) {
    let own = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    let others = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let head: String = std::iter::once(own).chain(others).collect();
    // Whoever asked may be gone by now: a program that was ended waits for its next event.
    let _ = write!(stream, "{head}\r\n{body}");
}
