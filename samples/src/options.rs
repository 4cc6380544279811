//! The command line.

use std::path::PathBuf;

use crate::COUNTRIES;

/// What there is to say about the command line when it was wrong.
pub(crate) const USAGE: &str = "Usage: sluice-samples OUT_DIR [--rows N] [--only COUNTRY]";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Made where it is missing.
    pub(crate) out_dir: PathBuf,
    /// Companies of each country; each its own number where none is given.
    pub(crate) rows: Option<u64>,
    /// Just this country.
    pub(crate) only: Option<String>,
}

impl Options {
    /// From the arguments after the program's name; a sentence where they are wrong.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut out_dir = None;
        let mut options = Self { out_dir: PathBuf::new(), rows: None, only: None };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--rows" => options.rows = Some(rows(arguments.next())?),
                "--only" => options.only = Some(country(arguments.next())?),
                _ if argument.starts_with('-') => return Err(format!("`{argument}` is not a flag")),
                _ if out_dir.is_some() => return Err(format!("`{argument}` is one argument too many")),
                _ => out_dir = Some(PathBuf::from(argument)),
            }
        }
        options.out_dir = out_dir.ok_or("the folder to write to is missing")?;
        Ok(options)
    }

    /// Whether that country is asked for.
    pub(crate) fn wants(&self, country: &str) -> bool {
        self.only.as_deref().is_none_or(|it| it == country)
    }
}

fn rows(value: Option<String>) -> Result<u64, String> {
    let value = value.ok_or("`--rows` needs a number")?;
    value.replace('_', "").parse().map_err(|_| format!("`{value}` is not a number of rows"))
}

fn country(value: Option<String>) -> Result<String, String> {
    let value = value.ok_or("`--only` needs a country")?;
    let known = COUNTRIES.map(|it| it.name);
    if known.contains(&value.as_str()) {
        return Ok(value);
    }
    Err(format!("there is no sample of `{value}`, only of {}", known.join(", ")))
}
