//! Writes a country's registry as an SQLite file, and its counts beside it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ToSql, Transaction, params};

use crate::{
    company::{self, Company},
    country::Country,
    expected::{Counter, Expected},
    schema::{OfficersSchema, Schema},
};

/// A sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The file system refused.
    #[error("the files could not be written: {0}")]
    File(#[from] io::Error),
    /// SQLite refused.
    #[error("the database could not be written: {0}")]
    Database(#[from] rusqlite::Error),
    /// The counts are no JSON.
    #[error("the counts could not be written: {0}")]
    Counts(#[from] serde_json::Error),
}

/// Writes `OUT_DIR/COUNTRY.db` and `OUT_DIR/COUNTRY.expected.json`, and `OUT_DIR/COUNTRY_officers.db` where officers
/// are in a database of their own; each appears whole or not at all.
pub(crate) fn write(country: &Country, rows: u64, out_dir: &Path) -> Result<Expected, SampleError> {
    fs::create_dir_all(out_dir)?;
    let name = country.name;
    let apart = country.schema.officers.filter(|it| it.apart);
    let mut companies = Unfinished::open(out_dir.join(format!("{name}.db")))?;
    let mut officers =
        apart.map(|_| Unfinished::open(out_dir.join(format!("{name}_officers.db")))).transpose()?;
    let expected = {
        let companies = companies.connection.transaction()?;
        let officers = officers.as_mut().map(|it| it.connection.transaction()).transpose()?;
        let expected = fill(country, rows, &companies, officers.as_ref().unwrap_or(&companies))?;
        companies.commit()?;
        officers.map_or(Ok(()), Transaction::commit)?;
        expected
    };
    let counts = serde_json::to_string_pretty(&expected)?;
    fs::write(out_dir.join(format!("{name}.expected.json")), counts + "\n")?;
    companies.finish()?;
    officers.map_or(Ok(()), Unfinished::finish)?;
    Ok(expected)
}

/// A database that nobody sees yet.
struct Unfinished {
    connection: Connection,
    path: PathBuf,
}

impl Unfinished {
    fn open(path: PathBuf) -> Result<Self, SampleError> {
        let draft = path.with_extension("db.part");
        if draft.exists() {
            fs::remove_file(&draft)?;
        }
        let connection = Connection::open(draft)?;
        // A file that is renamed when it is whole needs no journal.
        connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        Ok(Self { connection, path })
    }

    fn finish(self) -> Result<(), SampleError> {
        self.connection.close().map_err(|(_, error)| error)?;
        fs::rename(self.path.with_extension("db.part"), self.path)?;
        Ok(())
    }
}

fn fill(
    country: &Country,
    rows: u64,
    companies: &Transaction<'_>,
    officers: &Transaction<'_>,
) -> Result<Expected, SampleError> {
    companies.execute_batch(&country.schema.create_companies())?;
    if let Some(schema) = country.schema.officers {
        officers.execute_batch(&schema.create())?;
    }
    let mut counter = Counter::default();
    for place in 0..rows {
        let company = company::at(country, place);
        insert_company(&country.schema, companies, &company)?;
        if let Some(schema) = country.schema.officers {
            insert_officers(&schema, officers, &company)?;
        }
        counter.count(&company);
    }
    Ok(counter.finish())
}

fn insert_company(
    schema: &Schema,
    companies: &Transaction<'_>,
    company: &Company,
) -> Result<(), SampleError> {
    let moment = schema.moments.written(&company.updated_at);
    let mut row: Vec<&dyn ToSql> =
        vec![&company.registration_no, &company.name, &company.address, &company.city, &company.status];
    row.extend(moment.iter().map(|it| it as &dyn ToSql));
    let _ = companies.prepare_cached(&schema.insert_company())?.execute(row.as_slice())?;
    Ok(())
}

fn insert_officers(
    schema: &OfficersSchema,
    officers: &Transaction<'_>,
    company: &Company,
) -> Result<(), SampleError> {
    let mut statement = officers.prepare_cached(&schema.insert())?;
    for (officer, number) in company.officers.iter().zip(1_u32..) {
        let row = params![company.registration_no, number, officer.name, officer.role, officer.since];
        let _ = statement.execute(row)?;
    }
    Ok(())
}
