//! Translations across runs and pipelines: one object for a pair of languages, in the format of a part, with the
//! columns `source`, `translation` and `provider`.
//!
//! A provider uses its own translations only, so that a better one does not inherit those of a poorer one. When two
//! pipelines write at once the later one wins; what the other had to add is translated again some day.

use std::io;

use sluice_contract::object_key;

use crate::{
    csv_part::{PartReader, PartRow, PartWriter},
    error::WorkerError,
    objects::{ObjectWriter, io_failed},
    stage::Context,
    target::Target,
    translate::TranslateError,
};

const COLUMNS: [&str; 3] = ["source", "translation", "provider"];

pub(super) struct Cache<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) provider: &'a str,
}

impl Cache<'_> {
    /// Gives what is known to the target. What can't be read is set aside: it is made anew from the texts.
    pub(super) fn read(&self, target: &dyn Target) -> Result<(), WorkerError> {
        match self.give(target) {
            Err(WorkerError::Part { message, .. }) => self.set_aside(&message),
            given => given,
        }
    }

    /// Adds what is new.
    pub(super) fn write(&self, target: &dyn Target) -> Result<(), WorkerError> {
        let key = self.key();
        let failed = |error: io::Error| io_failed("write", &key, &error);
        let mut writer = None;
        target.fresh_texts(&mut |source, translation| {
            let writer = match &mut writer {
                Some(writer) => writer,
                none @ None => none.insert(self.copy(&key)?),
            };
            write_row(writer, [source, translation, self.provider]).map_err(failed)
        })?;
        // Nothing new leaves the object as it is.
        let Some(writer) = writer else { return Ok(()) };
        drop(writer.finish().map_err(failed)?.finish()?);
        target.settle_texts()
    }

    pub(super) fn failed(&self, error: &TranslateError) -> WorkerError {
        WorkerError::Translate {
            from: self.from.to_owned(),
            to: self.to.to_owned(),
            message: error.message.clone(),
            transient: error.transient,
        }
    }

    fn give(&self, target: &dyn Target) -> Result<(), WorkerError> {
        let key = self.key();
        let failed = |error: io::Error| broken("read", &key, &error);
        let Some(object) = self.context.objects.reader(&key)? else {
            return Ok(());
        };
        let (mut reader, _) = PartReader::new(object).map_err(failed)?;
        target.known_texts(&mut || {
            while let Some(row) = reader.next_row().map_err(failed)? {
                let [source, translation, provider] = fields(row).map_err(failed)?;
                if provider == self.provider {
                    return Ok(Some((source, translation)));
                }
            }
            Ok(None)
        })
    }

    /// The new object, with all that the old one has.
    fn copy(&self, key: &str) -> Result<PartWriter<ObjectWriter>, WorkerError> {
        match self.copied(key) {
            Err(WorkerError::Part { message, .. }) => {
                self.set_aside(&message)?;
                self.copied(key)
            }
            copied => copied,
        }
    }

    fn copied(&self, key: &str) -> Result<PartWriter<ObjectWriter>, WorkerError> {
        let failed = |error: io::Error| broken("write", key, &error);
        let mut writer = PartWriter::new(self.context.objects.writer(key)?, COLUMNS).map_err(failed)?;
        if let Some(object) = self.context.objects.reader(key)? {
            let (mut reader, _) = PartReader::new(object).map_err(failed)?;
            while let Some(row) = reader.next_row().map_err(failed)? {
                let row = fields(row).map_err(failed)?;
                write_row(&mut writer, row.each_ref().map(String::as_str)).map_err(failed)?;
            }
        }
        Ok(writer)
    }

    /// Keeps a damaged object under another key, and says so.
    fn set_aside(&self, damage: &str) -> Result<(), WorkerError> {
        let key = self.key();
        let aside = format!("{key}.damaged");
        self.context.objects.rename(&key, &aside)?;
        let note = format!(
            "the kept translations `{key}` are damaged ({damage}): they are now `{aside}`, and every text was \
             translated again"
        );
        self.context.progress.note(&self.context.stage.id, &note);
        Ok(())
    }

    fn key(&self) -> String {
        object_key::translations(self.from, self.to)
    }
}

fn fields(row: PartRow<'_>) -> io::Result<[String; 3]> {
    let text = |field: usize| {
        let bytes = row.value(field)?.unwrap_or_default();
        String::from_utf8(bytes.to_vec()).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    };
    Ok([text(0)?, text(1)?, text(2)?])
}

fn write_row(writer: &mut PartWriter<ObjectWriter>, fields: [&str; 3]) -> io::Result<()> {
    for field in fields {
        writer.field(Some(field.as_bytes()))?;
    }
    writer.end_row()
}

/// An object that is not what was written is another failure than one that can't be reached.
fn broken(action: &'static str, key: &str, error: &io::Error) -> WorkerError {
    use io::ErrorKind as Kind;
    if matches!(error.kind(), Kind::InvalidData | Kind::InvalidInput | Kind::UnexpectedEof) {
        return WorkerError::Part { key: key.to_owned(), message: error.to_string() };
    }
    io_failed(action, key, error)
}
