//! Makes the sample databases of the shipped program: the same bytes of data from the same seed, every time.
//!
//! Owns the made-up registries and the exact count of what was planted in them. Knows nothing of Sluice: tests
//! hold what Sluice makes of the data against the counts, so the two must not share code.

mod company;
mod country;
mod database;
mod expected;
mod greece;
mod ireland;
mod options;

#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use country::Country;
use options::{Options, USAGE};

/// Every country there is a sample of.
const COUNTRIES: [&Country; 2] = [&greece::GREECE, &ireland::IRELAND];

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let mut err = io::stderr().lock();
    let told = match Options::parse(std::env::args().skip(1)) {
        Err(wrong) => writeln!(err, "error: {wrong}\n\n{USAGE}").map(|()| ExitCode::from(2)),
        Ok(options) => match make(&options, &mut out) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => writeln!(err, "error: {error}").map(|()| ExitCode::FAILURE),
        },
    };
    told.unwrap_or(ExitCode::FAILURE)
}

fn make(options: &Options, out: &mut dyn Write) -> Result<(), database::SampleError> {
    for country in COUNTRIES.into_iter().filter(|it| options.wants(it.name)) {
        let expected = database::write(country, options.rows, &options.out_dir)?;
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
