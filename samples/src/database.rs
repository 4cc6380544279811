//! Writes a country's registry as an SQLite file, and its counts beside it.

use std::{fs, io, path::Path};

use rusqlite::{Connection, Transaction, params};

use crate::{
    company::{self, Company},
    country::Country,
    expected::{Counter, Expected},
};

/// A sample could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SampleError {
    #[error("the files could not be written: {0}")]
    File(#[from] io::Error),
    #[error("the database could not be written: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the counts could not be written: {0}")]
    Counts(#[from] serde_json::Error),
}

const TABLES: &str = "
    CREATE TABLE companies (
        id integer PRIMARY KEY, registration_no text, name text, address text, city text, updated_at text, status text
    );
    CREATE TABLE officers (
        id integer PRIMARY KEY, registration_no text, officer_no integer, name text, role text, since text
    );
";

/// Writes `OUT_DIR/COUNTRY.db` and `OUT_DIR/COUNTRY.expected.json`; both appear whole or not at all.
pub(crate) fn write(country: &Country, rows: u64, out_dir: &Path) -> Result<Expected, SampleError> {
    fs::create_dir_all(out_dir)?;
    let unfinished = out_dir.join(format!("{}.db.part", country.name));
    if unfinished.exists() {
        fs::remove_file(&unfinished)?;
    }
    let expected = fill(country, rows, &unfinished)?;
    let counts = serde_json::to_string_pretty(&expected)?;
    fs::write(out_dir.join(format!("{}.expected.json", country.name)), counts + "\n")?;
    fs::rename(unfinished, out_dir.join(format!("{}.db", country.name)))?;
    Ok(expected)
}

fn fill(country: &Country, rows: u64, path: &Path) -> Result<Expected, SampleError> {
    let mut connection = Connection::open(path)?;
    // A file that is renamed when it is whole needs no journal.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    let mut counter = Counter::default();
    for place in 0..rows {
        let company = company::at(country, place);
        insert(&transaction, &company)?;
        counter.count(&company);
    }
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(counter.finish())
}

fn insert(transaction: &Transaction<'_>, company: &Company) -> Result<(), SampleError> {
    let mut companies = transaction.prepare_cached(
        "INSERT INTO companies (registration_no, name, address, city, updated_at, status) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    let _ = companies.execute(params![
        company.registration_no,
        company.name,
        company.address,
        company.city,
        company.updated_at,
        company.status,
    ])?;
    let mut officers = transaction.prepare_cached(
        "INSERT INTO officers (registration_no, officer_no, name, role, since) VALUES (?, ?, ?, ?, ?)",
    )?;
    for (officer, number) in company.officers.iter().zip(1_u32..) {
        let row = params![company.registration_no, number, officer.name, officer.role, officer.since];
        let _ = officers.execute(row)?;
    }
    Ok(())
}
