//! Sorted parts: rows that are ready to be published, in the order of the table's key.
//!
//! A part is an LZ4 frame of rows as [`crate::record`] makes them, each behind its length, the columns' names in front:
//! nobody but the same run's `publish` reads it, so what counts is how quickly it is written and read. It is small
//! enough to be held in memory compressed, so that its checksum is known before any of its rows is used: no row of a
//! damaged part reaches a table.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, Write as _},
    sync::mpsc::Receiver,
};

use bytes::Bytes;
use lz4_flex::frame::{BlockMode, BlockSize, FrameDecoder, FrameEncoder, FrameInfo};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sluice_contract::{plan::Table, statistics::Statistics};

use super::Block;
use crate::{
    column_value::recycle,
    error::WorkerError,
    objects::{ObjectWriter, Objects, hexadecimal, io_failed},
    part_list::Part,
    record::{self, Values},
    target::{EachValues, MeasuredRows, StagedRows},
};

/// Bytes of values in a part, before they are compressed.
const PART: usize = if cfg!(test) { 64 * 1024 } else { 32 * 1024 * 1024 };

/// `sorted.json`: written when all parts are there and their rows are as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SortedList {
    pub(crate) parts: Vec<Part>,
    /// Of the stage that sorted them.
    pub(crate) statistics: Statistics,
    /// The least key that several rows have: they can't be published.
    pub(crate) repeated_key: Option<RepeatedKey>,
    /// Rows whose country is not the plan's, where the table has a column that tells it: they can't be published.
    pub(crate) of_other_countries: u64,
    /// Of each column of timestamps the rows whose moment needs one, two … six digits of a second.
    pub(crate) fractions: BTreeMap<String, [u64; 6]>,
    /// Rows with a text in their key that ends with a space.
    pub(crate) padded_keys: u64,
}

/// A key that several rows have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepeatedKey {
    /// The key's columns and values.
    pub(crate) key: String,
    pub(crate) rows: u64,
}

impl SortedList {
    /// The list of that key; none where there is none.
    pub(crate) fn read(objects: &Objects, key: &str) -> Result<Option<Self>, WorkerError> {
        let Some(bytes) = objects.get(key)? else { return Ok(None) };
        let damaged = |error: serde_json::Error| damaged(key, error.to_string());
        serde_json::from_slice(&bytes).map(Some).map_err(damaged)
    }

    /// Makes the list appear.
    pub(crate) fn write(&self, objects: &Objects, key: &str) -> Result<(), WorkerError> {
        let text = serde_json::to_vec_pretty(self).map_err(|error| damaged(key, error.to_string()))?;
        objects.put(key, text)
    }
}

/// Writes sorted parts.
pub(crate) struct SortedWriter<'a> {
    objects: &'a Objects,
    /// The key of the part of a number.
    key: Box<dyn Fn(u32) -> String + 'a>,
    table: &'a Table,
    parts: Vec<Part>,
    current: Option<Current>,
}

struct Current {
    key: String,
    writer: FrameEncoder<ObjectWriter>,
    rows: u64,
    size: usize,
}

impl<'a> SortedWriter<'a> {
    pub(crate) fn new(objects: &'a Objects, table: &'a Table, key: impl Fn(u32) -> String + 'a) -> Self {
        Self { objects, key: Box::new(key), table, parts: Vec::new(), current: None }
    }

    /// The next row.
    fn row(&mut self, row: &[u8]) -> Result<(), WorkerError> {
        let current = match &mut self.current {
            Some(current) => current,
            none @ None => {
                let key = (self.key)(number(&self.parts));
                let mut writer = FrameEncoder::with_frame_info(frame(), self.objects.writer(&key)?);
                write_row(&mut writer, &names(self.table))
                    .map_err(|error| io_failed("write", &key, &error))?;
                none.insert(Current { key, writer, rows: 0, size: 0 })
            }
        };
        let Current { key, writer, rows, size } = current;
        write_row(writer, row).map_err(|error| io_failed("write", key, &error))?;
        *size += row.len();
        *rows += 1;
        if *size >= PART { self.end_part() } else { Ok(()) }
    }

    /// Every row that comes, until no more do; the parts of them.
    pub(crate) fn write_all(mut self, blocks: Receiver<Block>) -> Result<Vec<Part>, WorkerError> {
        for block in blocks {
            block.rows().try_for_each(|it| self.row(it))?;
        }
        self.finish()
    }

    /// All parts, which are there now.
    fn finish(mut self) -> Result<Vec<Part>, WorkerError> {
        self.end_part()?;
        Ok(self.parts)
    }

    fn end_part(&mut self) -> Result<(), WorkerError> {
        let Some(Current { key, writer, rows, .. }) = self.current.take() else { return Ok(()) };
        let object = writer.finish().map_err(|error| io_failed("write", &key, &error.into()))?;
        let (bytes, sha256) = object.finish()?;
        self.parts.push(Part { number: number(&self.parts), key, rows, bytes, sha256 });
        Ok(())
    }
}

/// Blocks that stand by themselves, so that none waits for the one before it.
fn frame() -> FrameInfo {
    FrameInfo::new().block_size(BlockSize::Max256KB).block_mode(BlockMode::Independent)
}

fn names(table: &Table) -> Vec<u8> {
    let mut names = Vec::new();
    table.columns.iter().for_each(|it| record::push(&mut names, Some(it.name.as_bytes())));
    names
}

fn write_row(writer: &mut FrameEncoder<ObjectWriter>, row: &[u8]) -> io::Result<()> {
    let length = u32::try_from(row.len()).map_err(|_| io::Error::other("a row is too long"))?;
    writer.write_all(&length.to_le_bytes())?;
    writer.write_all(row)
}

/// Puts the next row in the place of another.
fn read_row(reader: &mut FrameDecoder<io::Cursor<Bytes>>, row: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    row.resize(u32::from_le_bytes(length) as usize, 0);
    reader.read_exact(row)
}

fn number(parts: &[Part]) -> u32 {
    u32::try_from(parts.len()).unwrap_or(u32::MAX)
}

/// Reads sorted parts one after the other.
pub(crate) struct SortedRows<'a> {
    objects: &'a Objects,
    table: &'a Table,
    list: &'a SortedList,
    parts: std::slice::Iter<'a, Part>,
    open: Option<Open<'a>>,
    row: Vec<u8>,
    left: u64,
}

struct Open<'a> {
    part: &'a Part,
    reader: FrameDecoder<io::Cursor<Bytes>>,
    left: u64,
}

impl<'a> SortedRows<'a> {
    pub(crate) fn new(objects: &'a Objects, table: &'a Table, list: &'a SortedList) -> Self {
        let left = list.parts.iter().map(|it| it.rows).sum();
        Self { objects, table, list, parts: list.parts.iter(), open: None, row: Vec::new(), left }
    }

    fn open(&self, part: &'a Part) -> Result<Open<'a>, WorkerError> {
        let damaged = |message: String| damaged(&part.key, message);
        let bytes = self.objects.get(&part.key)?.ok_or_else(|| damaged("it is not there".to_owned()))?;
        let sha256 = hexadecimal(&Sha256::digest(&bytes));
        if sha256 != part.sha256 {
            return Err(damaged(format!("its checksum is {sha256}, {} was written", part.sha256)));
        }
        let mut reader = FrameDecoder::new(io::Cursor::new(bytes));
        let mut header = Vec::new();
        read_row(&mut reader, &mut header).map_err(|error| damaged(error.to_string()))?;
        if header != names(self.table) {
            return Err(damaged("its columns are not the table's".to_owned()));
        }
        Ok(Open { part, reader, left: part.rows })
    }
}

impl StagedRows for SortedRows<'_> {
    fn left(&self) -> u64 {
        self.left
    }

    fn skip(&mut self, mut rows: u64) -> Result<(), WorkerError> {
        while rows > 0 {
            // Whole parts need not be fetched.
            if self.open.is_none()
                && let Some(part) = self.parts.as_slice().first().filter(|it| it.rows <= rows)
            {
                let _ = self.parts.next();
                rows -= part.rows;
                self.left -= part.rows;
                continue;
            }
            let skipped = self.take(rows, &mut |_| Ok(()))?;
            if skipped == 0 {
                return Ok(());
            }
            rows -= skipped;
        }
        Ok(())
    }

    fn take(&mut self, most: u64, each: &mut EachValues<'_>) -> Result<u64, WorkerError> {
        let mut taken = 0;
        let mut values: Vec<Option<&[u8]>> = Vec::with_capacity(self.table.columns.len());
        while taken < most {
            let mut open = match self.open.take() {
                Some(open) => open,
                None => match self.parts.next() {
                    Some(part) => self.open(part)?,
                    None => break,
                },
            };
            while taken < most && open.left > 0 {
                let damaged = |error: io::Error| damaged(&open.part.key, error.to_string());
                read_row(&mut open.reader, &mut self.row).map_err(damaged)?;
                let mut read = recycle(std::mem::take(&mut values));
                for value in Values::new(&self.row) {
                    read.push(value.map_err(damaged)?);
                }
                each(&read)?;
                values = recycle(read);
                taken += 1;
                open.left -= 1;
                self.left -= 1;
            }
            if open.left > 0 {
                self.open = Some(open);
            }
        }
        Ok(taken)
    }
}

impl MeasuredRows for SortedRows<'_> {
    fn finer_than(&self, column: &str, digits: u32) -> u64 {
        let fractions = self.list.fractions.get(column);
        fractions.map_or(0, |it| it.iter().skip(digits as usize).sum())
    }

    fn has_padded_keys(&self) -> bool {
        self.list.padded_keys > 0
    }

    fn again(&self) -> Box<dyn StagedRows + '_> {
        Box::new(Self::new(self.objects, self.table, self.list))
    }
}

fn damaged(key: &str, message: String) -> WorkerError {
    WorkerError::Part { key: key.to_owned(), message }
}
