//! The program `sluice-samples`: hands over to the library.

use std::{io, process::ExitCode};

fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    sluice_samples::execute(std::env::args().skip(1), &mut out, &mut err).unwrap_or(ExitCode::FAILURE)
}
