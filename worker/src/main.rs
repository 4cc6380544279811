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
    job::{EXIT_DONE, EXIT_FAILED, EXIT_TRY_AGAIN},
    statistics::Statistics,
};
use sluice_worker::{
    Arguments, OfflineTranslator, Silent, Site, SystemClock, USAGE, WorkerError, embedded, run_stage,
};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
};

fn main() -> ExitCode {
    let code = run(std::env::args().skip(1), &mut io::stdout().lock(), &mut io::stderr().lock());
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

fn run(words: impl Iterator<Item = String>, out: &mut dyn Write, errors: &mut dyn Write) -> i32 {
    let told = match Arguments::parse(words) {
        Err(error) => (EXIT_FAILED, writeln!(errors, "error: {error}\n{USAGE}")),
        Ok(arguments) => match work(&arguments) {
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

fn work(arguments: &Arguments) -> Result<Statistics, Failure> {
    let setup = |error: &dyn std::fmt::Display| Failure::Setup(error.to_string());
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
        clock: Arc::new(SystemClock),
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        cancelled: Arc::clone(&cancelled),
    };
    run_stage(&arguments.job, &site, &Silent).map_err(Failure::Stage)
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
