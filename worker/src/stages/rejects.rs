//! Rejected rows: gzip CSV with the line in the part, the column and the reason, then the row's fields as they came.
//!
//! There is no object where there are no rejects.

use std::io;

use crate::{
    csv_part::{PartRow, PartWriter},
    error::WorkerError,
    objects::{ObjectWriter, Objects, io_failed},
};

pub(super) struct Rejects<'a> {
    objects: &'a Objects,
    key: &'a str,
    header: &'a [String],
    writer: Option<PartWriter<ObjectWriter>>,
}

impl<'a> Rejects<'a> {
    pub(super) fn new(objects: &'a Objects, key: &'a str, header: &'a [String]) -> Self {
        Self { objects, key, header, writer: None }
    }

    /// Keeps one row.
    pub(super) fn row(
        &mut self,
        row: PartRow<'_>,
        fields: usize,
        column: &str,
        reason: &str,
    ) -> Result<(), WorkerError> {
        let failed = |error: io::Error| io_failed("write", self.key, &error);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none @ None => {
                let header =
                    ["line", "column", "reason"].into_iter().chain(self.header.iter().map(String::as_str));
                none.insert(PartWriter::new(self.objects.writer(self.key)?, header).map_err(failed)?)
            }
        };
        let mut write = || {
            let line = row.line().to_string();
            for value in [line.as_str(), column, reason] {
                writer.field(Some(value.as_bytes()))?;
            }
            for field in 0..fields {
                writer.field(row.value(field)?)?;
            }
            writer.end_row()
        };
        write().map_err(failed)
    }

    /// Makes the object appear.
    pub(super) fn finish(self) -> Result<(), WorkerError> {
        match self.writer {
            None => Ok(()),
            Some(writer) => {
                let object = writer.finish().map_err(|error| io_failed("write", self.key, &error))?;
                object.finish().map(drop)
            }
        }
    }
}
