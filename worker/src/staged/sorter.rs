//! Rows in order, however many: what memory holds is sorted and put away on disk as a run; runs are then merged.
//!
//! Runs are files without a name: whatever becomes of the process, the disk is free again. They are not kept for
//! another attempt, since only what is in the object store outlives a task.

use std::{
    fs::File,
    io::{self, BufWriter, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use super::merge::{Merge, Source};

/// Runs that are merged at once; more are first merged into fewer.
const FAN_IN: usize = if cfg!(test) { 4 } else { 128 };
/// Enough that a write is not a call.
const BUFFER: usize = 64 * 1024;

/// Takes rows in any order.
pub(crate) struct Sorter {
    limit: usize,
    scratch: PathBuf,
    bytes: Vec<u8>,
    rows: Vec<Row>,
    runs: Vec<File>,
    /// Bytes that memory held at most.
    #[cfg(test)]
    most: usize,
}

/// Where a row stands in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The key's first bytes behind those that all keys have in common, known when rows are sorted: nearly all
    /// comparisons need no more.
    prefix: u64,
    start: usize,
    key: u32,
    group: u32,
    payload: u32,
}

impl Row {
    /// The key, its part that is the same for a group, and the rest.
    pub(super) fn parts(self, bytes: &[u8]) -> (&[u8], usize, &[u8]) {
        let row = bytes.get(self.start..).unwrap_or_default();
        let (key, rest) = row.split_at_checked(self.key as usize).unwrap_or_default();
        (key, self.group as usize, rest.get(..self.payload as usize).unwrap_or_default())
    }
}

/// What several sorters have taken.
#[derive(Default)]
pub(crate) struct Sorted {
    runs: Vec<File>,
    memory: Vec<(Vec<u8>, Vec<Row>)>,
}

impl Sorter {
    /// Holds at most so many bytes of rows in memory, and puts the others into that folder.
    pub(crate) fn new(limit: usize, scratch: &Path) -> Self {
        Self {
            limit,
            scratch: scratch.to_owned(),
            // Growing would copy it each time; memory that no row comes to is not taken.
            bytes: Vec::with_capacity(limit),
            rows: Vec::new(),
            runs: Vec::new(),
            #[cfg(test)]
            most: 0,
        }
    }

    /// One row: its key, how much of the key makes a group, and what comes with it.
    pub(crate) fn push(&mut self, key: &[u8], group: usize, payload: &[u8]) -> io::Result<()> {
        let size = key.len() + payload.len() + size_of::<Row>();
        if !self.rows.is_empty() && self.held() + size > self.limit {
            self.put_away()?;
        }
        let small = |length: usize| u32::try_from(length).map_err(|_| io::Error::other("a row is too long"));
        self.rows.push(Row {
            prefix: 0,
            start: self.bytes.len(),
            key: small(key.len())?,
            group: small(group)?,
            payload: small(payload.len())?,
        });
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(payload);
        #[cfg(test)]
        {
            self.most = self.most.max(self.held());
        }
        Ok(())
    }

    /// No more rows come: what memory holds stays there.
    pub(crate) fn finish(mut self, into: &mut Sorted) {
        self.sort();
        into.runs.append(&mut self.runs);
        if !self.rows.is_empty() {
            into.memory.push((self.bytes, self.rows));
        }
    }

    fn held(&self) -> usize {
        self.bytes.len() + self.rows.len() * size_of::<Row>()
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let in_common = in_common(bytes, &self.rows);
        for row in &mut self.rows {
            row.prefix = prefix(row.parts(bytes).0.get(in_common..).unwrap_or_default());
        }
        self.rows.sort_unstable_by(|left, right| {
            left.prefix.cmp(&right.prefix).then_with(|| left.parts(bytes).0.cmp(right.parts(bytes).0))
        });
    }

    fn put_away(&mut self) -> io::Result<()> {
        self.sort();
        let mut run = RunWriter::new(&self.scratch)?;
        for row in &self.rows {
            let (key, group, payload) = row.parts(&self.bytes);
            run.write(key, group, payload)?;
        }
        self.runs.push(run.finish()?);
        self.rows.clear();
        self.bytes.clear();
        Ok(())
    }
}

impl Sorted {
    /// All rows in order.
    pub(crate) fn merge(mut self, scratch: &Path) -> io::Result<Merge> {
        while self.runs.len() > FAN_IN {
            let merged: Vec<Source> = self.runs.drain(..FAN_IN).map(Source::file).collect();
            let mut rows = Merge::new(merged)?;
            let mut run = RunWriter::new(scratch)?;
            while rows.advance()? {
                run.write(rows.key(), rows.group().len(), rows.payload())?;
            }
            self.runs.push(run.finish()?);
        }
        let files = self.runs.into_iter().map(Source::file);
        let memory = self.memory.into_iter().map(|(bytes, rows)| Source::memory(bytes, rows));
        Merge::new(files.chain(memory).collect())
    }
}

/// How many bytes all keys begin with: those of a country's rows, the country.
fn in_common(bytes: &[u8], rows: &[Row]) -> usize {
    let Some((first, others)) = rows.split_first() else { return 0 };
    let (first, ..) = first.parts(bytes);
    others.iter().fold(first.len(), |length, row| {
        let (key, ..) = row.parts(bytes);
        first.iter().zip(key).take(length).take_while(|(left, right)| left == right).count()
    })
}

fn prefix(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(key) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}

/// Writes one run: of each row the lengths of key, group and payload, the key and the payload.
struct RunWriter {
    file: BufWriter<File>,
}

impl RunWriter {
    fn new(scratch: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(scratch)?;
        Ok(Self { file: BufWriter::with_capacity(BUFFER, tempfile::tempfile_in(scratch)?) })
    }

    fn write(&mut self, key: &[u8], group: usize, payload: &[u8]) -> io::Result<()> {
        for length in [key.len(), group, payload.len()] {
            let length = u32::try_from(length).map_err(|_| io::Error::other("a row is too long"))?;
            self.file.write_all(&length.to_le_bytes())?;
        }
        self.file.write_all(key)?;
        self.file.write_all(payload)
    }

    /// The file, at its beginning.
    fn finish(self) -> io::Result<File> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Keys and what comes with them.
    type Rows = Vec<(Vec<u8>, Vec<u8>)>;

    fn sorted(rows: &[(Vec<u8>, Vec<u8>)], limit: usize, sorters: usize) -> (Rows, usize, usize) {
        let scratch = tempfile::tempdir().unwrap();
        let mut all = Sorted::default();
        let mut most = 0;
        for rows in rows.chunks(rows.len().div_ceil(sorters).max(1)) {
            let mut sorter = Sorter::new(limit, scratch.path());
            for (key, payload) in rows {
                sorter.push(key, key.len(), payload).unwrap();
            }
            most = most.max(sorter.most);
            sorter.finish(&mut all);
        }
        let runs = all.runs.len();
        let mut merge = all.merge(scratch.path()).unwrap();
        let mut result = Vec::new();
        while merge.advance().unwrap() {
            result.push((merge.key().to_vec(), merge.payload().to_vec()));
        }
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
        (result, most, runs)
    }

    #[test]
    fn many_more_rows_than_memory_holds_are_sorted_within_it() {
        const LIMIT: usize = 4096;
        let row = |it: u32| {
            let scattered = it.wrapping_mul(2_654_435_761);
            (scattered.to_be_bytes().to_vec(), format!("row {it}").into_bytes())
        };
        let rows: Vec<_> = (0..100_000).map(row).collect();
        let mut expected = rows.clone();
        expected.sort();
        let (result, most, runs) = sorted(&rows, LIMIT, 1);
        assert_eq!(result, expected);
        assert!(most <= LIMIT, "{most}");
        assert!(runs > FAN_IN * FAN_IN * FAN_IN, "{runs}");
    }

    #[test]
    fn nothing_is_in_order() {
        assert_eq!(sorted(&[], 10, 1).0, []);
    }

    proptest! {
        #[test]
        fn whatever_fits_into_memory_the_order_is_the_same(
            mut rows in proptest::collection::vec(
                (proptest::collection::vec(0u8..3, 0..12), proptest::collection::vec(any::<u8>(), 0..5)), 0..60),
            limit in 1usize..2000,
            sorters in 1usize..4,
        ) {
            // Keys are never the same: they end with the row's place.
            for (place, row) in rows.iter_mut().enumerate() {
                row.0.push(0);
                row.0.push(u8::try_from(place).unwrap());
            }
            let (result, ..) = sorted(&rows, limit, sorters);
            rows.sort();
            prop_assert_eq!(result, rows);
        }
    }
}
