//! Holds the quotes of a CSV file against RFC 4180 while its bytes pass on to the reader of records, which itself
//! takes any text for something: a quote that opens a field closes in front of a comma or the end of the line.
//!
//! A quote inside a field that began without one is a character like any other (`5" disk`), as most programs that
//! write it mean it, and it can't hide a line end.

use std::{
    fmt,
    io::{self, Read},
};

/// What is wrong with a quote; the lines are from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StrayQuote {
    /// Where the field begins.
    pub(super) line: u64,
    /// Where it closes in front of more text; none where it never closes.
    closed: Option<u64>,
}

impl fmt::Display for StrayQuote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.closed {
            None => formatter.write_str("a quote is opened and never closed"),
            Some(line) if line == self.line => formatter.write_str("there is text behind a closing quote"),
            Some(line) => {
                write!(formatter, "a quote is opened that closes on line {line} only, with text behind it")
            }
        }
    }
}

impl std::error::Error for StrayQuote {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between quotes.
    Quoted,
    /// Behind a quote that closes the field, or is the first of two that stand for one.
    Closed,
    /// Anywhere else; whether the next byte begins a field.
    Plain(bool),
}

/// Passes on what is well-formed, and then fails.
pub(super) struct StrictQuotes<R> {
    inner: R,
    state: State,
    line: u64,
    opened: u64,
    /// Told once all before it has been passed on.
    stray: Option<StrayQuote>,
    /// Whether the file's first bytes have been seen.
    begun: bool,
}

/// What some programs put in front of UTF-8; it is no part of the first field.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl<R: Read> StrictQuotes<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, state: State::Plain(true), line: 1, opened: 1, stray: None, begun: false }
    }

    /// How many of the bytes are well-formed.
    fn scan(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        if !std::mem::replace(&mut self.begun, true) {
            rest = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        }
        while !rest.is_empty() {
            let next = rest.iter().position(|it| *it == b'"');
            let (before, after) = rest.split_at(next.unwrap_or(rest.len()));
            if self.state == State::Closed {
                let ends = before.first().map_or(next.is_some(), |it| is_end(*it));
                if !ends {
                    self.stray = Some(StrayQuote { line: self.opened, closed: Some(self.line) });
                    return bytes.len() - rest.len();
                }
            }
            self.line += before.iter().map(|it| u64::from(*it == b'\n')).sum::<u64>();
            self.state = match (self.state, before.last()) {
                (State::Closed | State::Plain(_), Some(last)) => State::Plain(is_end(*last)),
                (state, _) => state,
            };
            if next.is_some() {
                self.state = match self.state {
                    State::Plain(true) => {
                        self.opened = self.line;
                        State::Quoted
                    }
                    State::Plain(false) => State::Plain(false),
                    State::Quoted => State::Closed,
                    State::Closed => State::Quoted,
                };
            }
            rest = after.get(1..).unwrap_or_default();
        }
        bytes.len()
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b',' | b'\n' | b'\r')
}

impl<R: Read> Read for StrictQuotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stray.is_none() && !buffer.is_empty() {
            let read = self.inner.read(buffer)?;
            let sound = self.scan(buffer.get(..read).unwrap_or_default());
            if sound > 0 {
                return Ok(sound);
            }
            if read == 0 && self.state == State::Quoted {
                self.stray = Some(StrayQuote { line: self.opened, closed: None });
            }
        }
        self.stray.map_or(Ok(0), |stray| Err(io::Error::new(io::ErrorKind::InvalidData, stray)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes through, read so many bytes at a time, and what is wrong.
    fn read(text: &str, step: usize) -> (String, Option<String>) {
        let mut quotes = StrictQuotes::new(text.as_bytes());
        let (mut read, mut buffer) = (Vec::new(), vec![0; step]);
        let wrong = loop {
            match quotes.read(&mut buffer) {
                Ok(0) => break None,
                Ok(count) => read.extend_from_slice(&buffer[..count]),
                Err(error) => {
                    let stray = error.get_ref().unwrap().downcast_ref::<StrayQuote>().unwrap();
                    break Some(format!("{}: {stray}", stray.line));
                }
            }
        };
        (String::from_utf8(read).unwrap(), wrong)
    }

    #[test]
    fn what_is_well_formed_passes() {
        for text in [
            "",
            "a,b\r\n\"1\",\"\"\r\n\r\n\"x \"\"y\"\", z\",\"two\nlines\"\r\n",
            "5\" disk,6 \"\"x,7\"\n",
            "\"\"\"\"\r\"a\"",
            "a\n\n\n\"b\"",
        ] {
            for step in 1..9 {
                assert_eq!(read(text, step), (text.to_owned(), None));
            }
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_field() {
        let text = "\u{feff}\"a,\",b\n";
        assert_eq!(read(text, 64), (text.to_owned(), None));
    }

    #[test]
    fn what_is_not_is_told_with_its_line() {
        for (text, wrong) in [
            ("a,b\n1,\"x\" tail\n", "2: there is text behind a closing quote"),
            ("a,b\n1,\"x\" \n", "2: there is text behind a closing quote"),
            ("a,b\n1,\"He said \"hi\" there\"\n", "2: there is text behind a closing quote"),
            ("1,\"x\n2,\"y\n", "1: a quote is opened that closes on line 2 only, with text behind it"),
            ("1,5\" disk\n2,\"y\n3,q\n", "2: a quote is opened and never closed"),
            ("1,x\n2,\"trunca", "2: a quote is opened and never closed"),
            ("1,x\n2,\"", "2: a quote is opened and never closed"),
            ("1,x\n2,\"a\"\"", "2: a quote is opened and never closed"),
        ] {
            for step in 1..9 {
                assert_eq!(read(text, step).1.as_deref(), Some(wrong), "{text}");
            }
        }
    }

    proptest! {
        /// What comes through has the same records to a writer as to the reader: nothing was swallowed.
        #[test]
        fn records_that_pass_are_those_that_a_strict_reader_finds(text in "[ab\",\n\r]{0,24}", step in 1usize..5) {
            let (passed, wrong) = read(&text, step);
            prop_assert_eq!(wrong.is_none(), strict(&text).is_some());
            prop_assert!(text.starts_with(&passed));
            if let Some(records) = strict(&text) {
                let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                let found: Vec<Vec<String>> =
                    csv.records().map(|it| it.unwrap().iter().map(str::to_owned).collect()).collect();
                prop_assert_eq!(found, records);
            }
        }
    }

    /// The records of a text, one character at a time; none where its quotes are not as they should be.
    fn strict(text: &str) -> Option<Vec<Vec<String>>> {
        let (mut records, mut record, mut characters) = (Vec::new(), Vec::new(), text.chars().peekable());
        while characters.peek().is_some() {
            let mut field = String::new();
            if characters.next_if_eq(&'"').is_some() {
                loop {
                    match characters.next()? {
                        '"' if characters.next_if_eq(&'"').is_none() => break,
                        it => field.push(it),
                    }
                }
            } else {
                while let Some(it) = characters.next_if(|it| !matches!(it, ',' | '\n' | '\r')) {
                    field.push(it);
                }
                // A line with nothing on it is no record.
                if field.is_empty() && record.is_empty() && characters.peek().is_some_and(|it| *it != ',') {
                    let _ = characters.next();
                    continue;
                }
            }
            record.push(field);
            match characters.next() {
                Some(',') if characters.peek().is_none() => {
                    record.push(String::new());
                    records.push(std::mem::take(&mut record));
                }
                Some(',') => {}
                None | Some('\n' | '\r') => records.push(std::mem::take(&mut record)),
                Some(_) => return None,
            }
        }
        Some(records)
    }
}
