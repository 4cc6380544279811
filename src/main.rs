//! The program `sluice`: reads what is around it, and hands over to the library.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
    thread,
};

use clap::Parser;
use sluice::{
    cli::{self, Cli, Exit, Output, Surroundings},
    run::Variables,
};

/// A build makes and drops many small texts on all processors: a fifth of its time with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reading SQL goes as deep as its longest chain of operators; a megabyte of them must not end the process.
/// Only what is used of it takes memory.
const STACK: usize = 1 << 30;

fn main() -> ExitCode {
    let ended = thread::Builder::new().stack_size(STACK).spawn(run).map(thread::JoinHandle::join);
    match ended {
        Ok(Ok(code)) => code,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

fn run() -> ExitCode {
    let cli = Cli::parse();
    if let Some(error) = cli.wrong_usage() {
        error.exit();
    }
    let stderr = io::stderr();
    let around = Surroundings {
        terminal: stderr.is_terminal(),
        no_color: std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty()),
        width: None,
        directory: std::env::current_dir().ok(),
        variables: Variables::new(|name| std::env::var_os(name)?.into_string().ok()),
    };
    let mut out = io::BufWriter::new(io::stdout());
    let mut err = stderr;
    let mut output = Output::new(&cli, &around, &mut out, &mut err);
    let ended = cli::execute(&cli, &mut output);
    match ended.and_then(|exit| out.flush().map(|()| exit)) {
        Ok(Exit::Fine) => ExitCode::SUCCESS,
        Ok(Exit::Problems) => ExitCode::FAILURE,
        // Whoever read the output has read enough: `sluice explain | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(err, "error: the output can't be written: {error}");
            ExitCode::FAILURE
        }
    }
}
