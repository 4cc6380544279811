//! `sluice-worker`: one stage of one plan, on the stores of one machine.

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sluice_contract::{
    job::{ARRAY_INDEX, EXIT_DONE, EXIT_FAILED, EXIT_TRY_AGAIN},
    statistics::Statistics,
};
use sluice_worker::{
    Arguments, OfflineTranslator, Progress, Servers, Site, SystemClock, USAGE, Variables, WorkerError,
    embedded, run_stage,
};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
};

#[expect(
    clippy::disallowed_methods,
    reason = "only the environment tells the children of an array apart, and what their databases ask for"
)]
fn main() -> ExitCode {
    let index = std::env::var(ARRAY_INDEX).ok();
    let variables = Variables::new(|name| std::env::var(name).ok());
    let words = std::env::args().skip(1);
    let code = run(words, index.as_deref(), &variables, &mut io::stdout().lock(), &mut io::stderr().lock());
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

fn run(
    words: impl Iterator<Item = String>,
    index: Option<&str>,
    variables: &Variables,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> i32 {
    let told = match Arguments::parse(words) {
        Err(error) => (EXIT_FAILED, writeln!(errors, "error: {error}\n{USAGE}")),
        Ok(arguments) => match work(&arguments, index, variables) {
            Ok(statistics) => (EXIT_DONE, tell(out, &statistics)),
            Err(Failure::Setup(message)) => (EXIT_FAILED, writeln!(errors, "error: {message}")),
            Err(Failure::Stage(error)) => {
                let code = if error.transient() { EXIT_TRY_AGAIN } else { EXIT_FAILED };
                (code, writeln!(errors, "error[{}]: {error}\nhelp: {}", error.code(), error.help()))
            }
        },
    };
    // The stage is recorded by now; that nobody reads what is told does not undo it.
    told.0
}

enum Failure {
    Setup(String),
    Stage(WorkerError),
}

fn work(arguments: &Arguments, index: Option<&str>, variables: &Variables) -> Result<Statistics, Failure> {
    let setup = |error: &dyn std::fmt::Display| Failure::Setup(error.to_string());
    let no_index =
        |it: &str| Failure::Setup(format!("`{ARRAY_INDEX}` is `{it}`, which is no number of a part"));
    let part = index.map(|it| it.parse().map_err(|_| no_index(it))).transpose()?;
    let runtime: Runtime =
        Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|it| setup(&it))?;
    let cancelled = Arc::new(AtomicBool::new(false));
    stop_on_signal(&runtime, &cancelled).map_err(|it| setup(&it))?;
    let stores = embedded::open(&arguments.state_dir).map_err(|it| setup(&it))?;
    let site = Site {
        objects: stores.objects,
        runtime: runtime.handle().clone(),
        items: stores.items,
        runs_table: arguments.runs_table.clone(),
        program_dir: arguments.program_dir.clone(),
        state_dir: arguments.state_dir.clone(),
        translator: Arc::new(OfflineTranslator),
        servers: Servers::of_machine(&arguments.state_dir, variables),
        clock: Arc::new(SystemClock),
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        part,
        cancelled: Arc::clone(&cancelled),
    };
    run_stage(&arguments.job, &site, &Notes).map_err(Failure::Stage)
}

/// The job's log has no use for every batch, but for what should be known.
struct Notes;

impl Progress for Notes {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {}

    fn total(&self, _stage: &str, _rows: u64) {}

    fn note(&self, stage: &str, note: &str) {
        // A note that can't be written is no reason to fail the stage.
        let _ = writeln!(io::stderr(), "note: {stage}: {note}");
    }
}

/// SIGTERM comes two minutes before a Spot host goes, and when a job is terminated; SIGINT from a keyboard.
fn stop_on_signal(runtime: &Runtime, cancelled: &Arc<AtomicBool>) -> io::Result<()> {
    let _entered = runtime.enter();
    for kind in [SignalKind::terminate(), SignalKind::interrupt()] {
        let mut signals = signal(kind)?;
        let cancelled = Arc::clone(cancelled);
        drop(runtime.spawn(async move {
            while signals.recv().await.is_some() {
                cancelled.store(true, Ordering::Relaxed);
            }
        }));
    }
    Ok(())
}

fn tell(out: &mut dyn Write, statistics: &Statistics) -> io::Result<()> {
    serde_json::to_writer(&mut *out, statistics)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str, index: Option<&str>) -> (i32, String, String) {
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let code =
            run(line.split_whitespace().map(str::to_owned), index, &Variables::none(), &mut out, &mut errors);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap())
    }

    #[test]
    fn a_wrong_command_line_shows_the_usage() {
        let (code, out, errors) = told("--plan", None);
        assert_eq!((code, out.as_str()), (EXIT_FAILED, ""));
        assert_eq!(errors, format!("error: flag `--plan` has no value\n{USAGE}\n"));
    }

    #[test]
    fn a_stage_that_fails_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().display();
        let (code, out, errors) = told(
            &format!("--plan plans/p.json --stage s --run r --fence 1 --execution e --state {state}"),
            None,
        );
        assert_eq!((code, out.as_str()), (EXIT_FAILED, ""));
        assert_eq!(
            errors,
            "error[P0611]: plan `plans/p.json` can't be used: there is no such object\n\
             help: build the program again with the compiler of this worker's version\n"
        );
    }

    #[test]
    fn a_child_of_an_array_needs_a_number() {
        let line = "--plan plans/p.json --stage s --run r --fence 1 --execution e";
        let (code, _, errors) = told(line, Some("first"));
        assert_eq!(code, EXIT_FAILED);
        assert_eq!(errors, "error: `AWS_BATCH_JOB_ARRAY_INDEX` is `first`, which is no number of a part\n");
    }
}
