//! The format of a part: gzip CSV, RFC 4180, the first record its column names.
//!
//! CSV has no NULL. Here a null is the field `\N`, and a text that starts with a backslash gets one more backslash in
//! front, so that null and every text, the empty one and `\N` included, stay different. Values are bytes: what the
//! source holds comes through as it is, and it is `load` that asks whether it is text.

use std::{
    io::{self, BufReader, BufWriter, Read, Write},
    ops::Range,
};

use csv::{ByteRecord, Terminator};
use flate2::{Compression, bufread::MultiGzDecoder, write::GzEncoder};

use crate::column_value;

/// Level 1: the next levels cost more time than the bytes they save.
const LEVEL: Compression = Compression::fast();
const NULL: &[u8] = b"\\N";
/// Enough that the calls below it don't count.
const BUFFER: usize = 128 * 1024;

/// Writes one part.
pub(crate) struct PartWriter<W: Write> {
    csv: csv::Writer<GzEncoder<BufWriter<W>>>,
    escaped: Vec<u8>,
}

impl<W: Write> PartWriter<W> {
    /// Starts with the column names.
    pub(crate) fn new<'a>(inner: W, columns: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let gzip = GzEncoder::new(BufWriter::with_capacity(BUFFER, inner), LEVEL);
        let mut csv = csv::WriterBuilder::new()
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER)
            .flexible(false)
            .from_writer(gzip);
        csv.write_record(columns.into_iter().map(str::as_bytes)).map_err(into_io)?;
        Ok(Self { csv, escaped: Vec::new() })
    }

    /// The row's next field.
    pub(crate) fn field(&mut self, value: Option<&[u8]>) -> io::Result<()> {
        match value {
            None => self.csv.write_field(NULL),
            Some(text) if text.first() == Some(&b'\\') => {
                self.escaped.clear();
                self.escaped.push(b'\\');
                self.escaped.extend_from_slice(text);
                self.csv.write_field(&self.escaped)
            }
            Some(text) => self.csv.write_field(text),
        }
        .map_err(into_io)
    }

    /// The row is complete.
    pub(crate) fn end_row(&mut self) -> io::Result<()> {
        self.csv.write_record(None::<&[u8]>).map_err(into_io)
    }

    /// Everything is written; what it was written to.
    pub(crate) fn finish(self) -> io::Result<W> {
        let gzip = self.csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        gzip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// Reads one part.
pub(crate) struct PartReader<R: Read> {
    csv: csv::Reader<MultiGzDecoder<BufReader<R>>>,
    record: ByteRecord,
}

impl<R: Read> PartReader<R> {
    /// Reads the column names.
    pub(crate) fn new(inner: R) -> io::Result<(Self, Vec<String>)> {
        let gzip = MultiGzDecoder::new(BufReader::with_capacity(BUFFER, inner));
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .buffer_capacity(BUFFER)
            .flexible(false)
            .from_reader(gzip);
        let mut record = ByteRecord::new();
        let _ = csv.read_byte_record(&mut record).map_err(into_io)?;
        let columns = record.iter().map(|it| String::from_utf8_lossy(it).into_owned()).collect();
        Ok((Self { csv, record }, columns))
    }

    /// The next row; none at the end.
    pub(crate) fn next_row(&mut self) -> io::Result<Option<PartRow<'_>>> {
        let more = self.csv.read_byte_record(&mut self.record).map_err(into_io)?;
        Ok(more.then(|| PartRow::new(&self.record)))
    }

    /// What it was read from.
    pub(crate) fn into_inner(self) -> R {
        self.csv.into_inner().into_inner().into_inner()
    }
}

/// One row of a part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartRow<'a> {
    record: &'a ByteRecord,
    /// All fields end to end, where they are text.
    text: Option<&'a str>,
}

impl<'a> PartRow<'a> {
    fn new(record: &'a ByteRecord) -> Self {
        // Once for all fields, since each of them is short.
        Self { record, text: simdutf8::basic::from_utf8(record.as_slice()).ok() }
    }

    /// The line that the row starts on in the part, from 1, the column names being line 1.
    pub(crate) fn line(self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The field as the source had it.
    pub(crate) fn value(self, field: usize) -> io::Result<Option<&'a [u8]>> {
        let range = self.range(field)?;
        Ok(range.map(|it| self.record.as_slice().get(it).unwrap_or_default()))
    }

    /// The field as text; the reason where it is none.
    pub(crate) fn text(self, field: usize) -> io::Result<Option<Result<&'a str, String>>> {
        let Some(range) = self.range(field)? else { return Ok(None) };
        // Fields that are no text each can be one together.
        match self.text.and_then(|it| it.get(range)) {
            Some(text) => Ok(Some(Ok(text))),
            None => Ok(self.value(field)?.map(column_value::text)),
        }
    }

    /// Where the field's value stands in the record; none for a null.
    fn range(self, field: usize) -> io::Result<Option<Range<usize>>> {
        let damaged =
            || io::Error::new(io::ErrorKind::InvalidData, format!("field {field} has no such escape"));
        let range = self.record.range(field).ok_or_else(damaged)?;
        match self.record.as_slice().get(range.clone()) {
            Some(NULL) => Ok(None),
            Some([b'\\', b'\\', ..]) => Ok(Some(range.start + 1..range.end)),
            None | Some([b'\\', ..]) => Err(damaged()),
            Some(_) => Ok(Some(range)),
        }
    }
}

fn into_io(error: csv::Error) -> io::Error {
    let message = error.to_string();
    if let csv::ErrorKind::Io(error) = error.into_kind() {
        return error;
    }
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Rows = Vec<Vec<Option<String>>>;

    fn round_trip(width: usize, rows: &Rows) -> Rows {
        let names: Vec<String> = (0..width).map(|it| format!("c{it}")).collect();
        let mut writer = PartWriter::new(Vec::new(), names.iter().map(String::as_str)).unwrap();
        for row in rows {
            for value in row {
                writer.field(value.as_deref().map(str::as_bytes)).unwrap();
            }
            writer.end_row().unwrap();
        }
        let bytes = writer.finish().unwrap();
        let (mut reader, columns) = PartReader::new(bytes.as_slice()).unwrap();
        assert_eq!(columns, names);
        let mut read = Rows::new();
        while let Some(row) = reader.next_row().unwrap() {
            let values = (0..width).map(|it| row.value(it).unwrap());
            read.push(values.map(|it| it.map(|it| String::from_utf8(it.to_vec()).unwrap())).collect());
        }
        read
    }

    #[test]
    fn null_and_look_alikes_stay_different() {
        let texts =
            ["", "\\N", "\\\\N", "\\", "\"", "\n", "\r\n", ",", "é", "🦀", "NULL", " \\N", "\0", "\u{feff}x"];
        let mut rows: Rows = texts.iter().map(|it| vec![Some((*it).to_owned())]).collect();
        rows.push(vec![None]);
        assert_eq!(round_trip(1, &rows), rows);
    }

    fn value() -> impl Strategy<Value = Option<String>> {
        prop_oneof![
            Just(None),
            Just(Some(String::new())),
            "[\\\\N\",\r\n aé🦀\u{0}]{0,6}".prop_map(Some),
            any::<String>().prop_map(Some),
        ]
    }

    proptest! {
        #[test]
        fn every_row_comes_back(rows in (1usize..5).prop_flat_map(|width| {
            (Just(width), proptest::collection::vec(proptest::collection::vec(value(), width), 0..20))
        })) {
            prop_assert_eq!(&round_trip(rows.0, &rows.1), &rows.1);
        }
    }
}
