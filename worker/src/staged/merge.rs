//! Several sorted sources as one.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, binary_heap::PeekMut},
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
};

use super::sorter::Row;

const BUFFER: usize = 64 * 1024;

/// Rows in order, one at a time.
pub(crate) struct Merge {
    heads: BinaryHeap<Reverse<Head>>,
    current: Record,
}

/// A row that is not borrowed.
#[derive(Default)]
struct Record {
    key: Vec<u8>,
    group: usize,
    payload: Vec<u8>,
}

/// A source's next row.
struct Head {
    record: Record,
    source: Source,
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        self.record.key.cmp(&other.record.key)
    }
}

impl Merge {
    pub(super) fn new(sources: Vec<Source>) -> io::Result<Self> {
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for mut source in sources {
            let mut record = Record::default();
            if source.next(&mut record)? {
                heads.push(Reverse(Head { record, source }));
            }
        }
        Ok(Self { heads, current: Record::default() })
    }

    /// Goes to the next row; false behind the last one.
    pub(crate) fn advance(&mut self) -> io::Result<bool> {
        let Some(mut least) = self.heads.peek_mut() else { return Ok(false) };
        let Reverse(head) = &mut *least;
        std::mem::swap(&mut self.current, &mut head.record);
        if !head.source.next(&mut head.record)? {
            drop(PeekMut::pop(least));
        }
        Ok(true)
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.current.key
    }

    /// The part of the key that all rows of a group have in common.
    pub(crate) fn group(&self) -> &[u8] {
        self.current.key.get(..self.current.group).unwrap_or_default()
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.current.payload
    }
}

/// Rows that are in order already.
pub(super) enum Source {
    File(BufReader<File>),
    Memory { bytes: Vec<u8>, rows: std::vec::IntoIter<Row> },
}

impl Source {
    pub(super) fn file(file: File) -> Self {
        Self::File(BufReader::with_capacity(BUFFER, file))
    }

    pub(super) fn memory(bytes: Vec<u8>, rows: Vec<Row>) -> Self {
        Self::Memory { bytes, rows: rows.into_iter() }
    }

    fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        record.key.clear();
        record.payload.clear();
        match self {
            Self::Memory { bytes, rows } => {
                let Some(row) = rows.next() else { return Ok(false) };
                let (key, group, payload) = row.parts(bytes);
                record.key.extend_from_slice(key);
                record.group = group;
                record.payload.extend_from_slice(payload);
            }
            Self::File(file) => {
                if file.fill_buf()?.is_empty() {
                    return Ok(false);
                }
                let key = length(file)?;
                record.group = length(file)?;
                let payload = length(file)?;
                record.key.resize(key, 0);
                file.read_exact(&mut record.key)?;
                record.payload.resize(payload, 0);
                file.read_exact(&mut record.payload)?;
            }
        }
        Ok(true)
    }
}

fn length(file: &mut BufReader<File>) -> io::Result<usize> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes) as usize)
}
