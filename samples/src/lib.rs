//! Makes the sample databases of the shipped program: the same bytes of data from the same seed, every time.
//!
//! Owns the made-up registries and the exact count of what was planted in them. Knows nothing of Sluice: tests
//! hold what Sluice makes of the data against the counts, so the two must not share code.

mod company;
mod countries;
mod country;
mod database;
mod expected;
mod options;
mod schema;

#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use countries::COUNTRIES;
pub use database::SampleError;
use options::{Options, USAGE};

/// Carries out a command line, given without the program's name.
pub fn execute(
    arguments: impl Iterator<Item = String>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<ExitCode> {
    match Options::parse(arguments) {
        Err(wrong) => writeln!(err, "error: {wrong}\n\n{USAGE}").map(|()| ExitCode::from(2)),
        Ok(options) => match make(&options, out) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => writeln!(err, "error: {error}").map(|()| ExitCode::FAILURE),
        },
    }
}

/// Writes the samples of every country with that many companies each; the countries' names.
pub fn write_all(out_dir: &Path, rows: u64) -> Result<Vec<&'static str>, SampleError> {
    COUNTRIES.into_iter().map(|it| database::write(it, rows, out_dir).map(|_| it.name)).collect()
}

fn make(options: &Options, out: &mut dyn Write) -> Result<(), SampleError> {
    for country in COUNTRIES.into_iter().filter(|it| options.wants(it.name)) {
        let rows = options.rows.unwrap_or(country.rows);
        let expected = database::write(country, rows, &options.out_dir)?;
        let path = options.out_dir.join(format!("{}.db", country.name));
        writeln!(
            out,
            "{}: {} companies and {} officers, of which {} and {} are fit to publish",
            path.display(),
            expected.companies.rows,
            expected.officers.rows,
            expected.companies.published,
            expected.officers.published,
        )?;
    }
    Ok(())
}
