//! `sluice-worker`: one stage of one plan, on the stores of an AWS account or of one machine.

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use object_store::ObjectStore;
use sluice_contract::{
    dynamodb::ItemStore,
    job::{EXIT_DONE, EXIT_FAILED, EXIT_TRY_AGAIN},
    statistics::Statistics,
};
use sluice_worker::{
    Arguments, Environment, EnvironmentError, Imports, JobLog, OfflineTranslator, Servers, Site, SystemClock,
    Translator, USAGE, Variables, WorkerError, embedded, run_stage,
};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
};

#[expect(clippy::disallowed_methods, reason = "the environment is read here, once, and handed in")]
fn main() -> ExitCode {
    let environment = Environment::read(|name| std::env::var(name).ok());
    let variables = Variables::new(|name| std::env::var(name).ok());
    let words = std::env::args().skip(1);
    // Not locked: other threads write to the log, too.
    let code = run(words, environment, &variables, &mut io::stdout(), &mut io::stderr());
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

fn run(
    words: impl Iterator<Item = String>,
    environment: Result<Environment, EnvironmentError>,
    variables: &Variables,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> i32 {
    let told = match Arguments::parse(words) {
        Err(error) => (EXIT_FAILED, writeln!(errors, "error: {error}\n{USAGE}")),
        Ok(arguments) => {
            match environment.map_err(Failure::from).and_then(|it| work(&arguments, &it, variables)) {
                Ok(statistics) => (EXIT_DONE, tell(out, &statistics)),
                Err(Failure::Setup(message)) => (EXIT_FAILED, writeln!(errors, "error: {message}")),
                Err(Failure::Environment(error)) => (
                    EXIT_FAILED,
                    writeln!(errors, "error[P0644]: {error}\nhelp: docs/worker.md has the variables"),
                ),
                Err(Failure::Stage(error)) => {
                    let code = if error.transient() { EXIT_TRY_AGAIN } else { EXIT_FAILED };
                    (code, writeln!(errors, "error[{}]: {error}\nhelp: {}", error.code(), error.help()))
                }
            }
        }
    };
    // The stage is recorded by now; that nobody reads what is told does not undo it.
    told.0
}

enum Failure {
    Setup(String),
    Environment(EnvironmentError),
    Stage(WorkerError),
}

impl From<EnvironmentError> for Failure {
    fn from(error: EnvironmentError) -> Self {
        Self::Environment(error)
    }
}

fn work(
    arguments: &Arguments,
    environment: &Environment,
    variables: &Variables,
) -> Result<Statistics, Failure> {
    let setup = |error: &dyn std::fmt::Display| Failure::Setup(error.to_string());
    let runtime: Runtime =
        Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(|it| setup(&it))?;
    let cancelled = Arc::new(AtomicBool::new(false));
    stop_on_signal(&runtime, &cancelled).map_err(|it| setup(&it))?;
    let stores = open(&runtime, arguments, environment, variables)?;
    let table = arguments.runs_table.as_ref().or(environment.runs_table.as_ref());
    let site = Site {
        objects: stores.objects,
        runtime: runtime.handle().clone(),
        items: stores.items,
        runs_table: table.map_or("sluice-runs", String::as_str).to_owned(),
        program_dir: arguments.program_dir.clone(),
        state_dir: arguments.state_dir.clone(),
        translator: stores.translator,
        servers: stores.servers,
        clock: Arc::new(SystemClock),
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        part: environment.part,
        imports: Imports::default(),
        cancelled: Arc::clone(&cancelled),
    };
    let log = job_log(arguments, environment);
    run_stage(&arguments.job, &site, &log).map_err(Failure::Stage)
}

/// What differs between an account and one machine.
struct Stores {
    objects: Arc<dyn ObjectStore>,
    items: Arc<dyn ItemStore>,
    translator: Arc<dyn Translator>,
    servers: Servers,
}

fn open(
    runtime: &Runtime,
    arguments: &Arguments,
    environment: &Environment,
    variables: &Variables,
) -> Result<Stores, Failure> {
    if let Some(bucket) = &environment.bucket {
        return in_account(runtime, bucket, environment, variables);
    }
    let stores = embedded::open(&arguments.state_dir).map_err(|it| Failure::Setup(it.to_string()))?;
    let translator = Arc::new(OfflineTranslator);
    let servers = Servers::of_machine(&arguments.state_dir, variables);
    Ok(Stores { objects: stores.objects, items: stores.items, translator, servers })
}

#[cfg(feature = "aws")]
fn in_account(
    runtime: &Runtime,
    bucket: &str,
    environment: &Environment,
    variables: &Variables,
) -> Result<Stores, Failure> {
    use sluice_worker::{Provider, Tls, cloud::Cloud};

    let cloud = Cloud::open(runtime, bucket, environment.s3_endpoint.as_deref())?;
    let translator: Arc<dyn Translator> = match environment.provider {
        Some(Provider::Offline) => Arc::new(OfflineTranslator),
        Some(Provider::Amazon) | None => cloud.translator(runtime),
    };
    let servers = Servers { secrets: cloud.secrets, tls: Tls::from_variables(variables) };
    Ok(Stores { objects: cloud.objects, items: cloud.items, translator, servers })
}

#[cfg(not(feature = "aws"))]
fn in_account(
    _runtime: &Runtime,
    _bucket: &str,
    _environment: &Environment,
    _variables: &Variables,
) -> Result<Stores, Failure> {
    Err(EnvironmentError::BuiltWithoutAws.into())
}

/// Where the bucket is an account's, so is the log, and its figures are counted there.
fn job_log(arguments: &Arguments, environment: &Environment) -> JobLog {
    // `plans/greece/0a1b….json`
    let pipeline = arguments.job.plan.split('/').nth(1).map(str::to_owned);
    let metrics_of = pipeline.filter(|_| environment.bucket.is_some());
    let mut lines = io::stderr();
    if let (Some(job), attempt) = (&environment.job, environment.attempt.as_deref().unwrap_or("1")) {
        // A line that can't be written is no reason to fail the stage.
        let _ = writeln!(
            lines,
            "note: {}: run {}, job {job}, attempt {attempt}",
            arguments.job.stage, arguments.job.run
        );
    }
    JobLog::new(Arc::new(SystemClock), Box::new(lines), metrics_of, environment.part)
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

    fn told(line: &str, variables: &[(&str, &str)]) -> (i32, String, String) {
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let variable = |name: &str| variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        let words = line.split_whitespace().map(str::to_owned);
        let code = run(words, Environment::read(variable), &Variables::none(), &mut out, &mut errors);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap())
    }

    #[test]
    fn a_wrong_command_line_shows_the_usage() {
        let (code, out, errors) = told("--plan", &[]);
        assert_eq!((code, out.as_str()), (EXIT_FAILED, ""));
        assert_eq!(errors, format!("error: flag `--plan` has no value\n{USAGE}\n"));
    }

    #[test]
    fn a_stage_that_fails_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().display();
        let (code, out, errors) = told(
            &format!("--plan plans/p.json --stage s --run r --fence 1 --execution e --state {state}"),
            &[],
        );
        assert_eq!((code, out.as_str()), (EXIT_FAILED, ""));
        assert_eq!(
            errors,
            "error[P0611]: plan `plans/p.json` can't be used: there is no such object\n\
             help: build the program again with the compiler of this worker's version\n"
        );
    }

    #[test]
    fn an_environment_that_is_wrong_is_told() {
        let line = "--plan plans/p.json --stage s --run r --fence 1 --execution e";
        let (code, _, errors) = told(line, &[("AWS_BATCH_JOB_ARRAY_INDEX", "first")]);
        assert_eq!(code, EXIT_FAILED);
        assert_eq!(
            errors,
            "error[P0644]: `AWS_BATCH_JOB_ARRAY_INDEX` is `first`, which is no number of a part\n\
             help: docs/worker.md has the variables\n"
        );
    }

    #[cfg(not(feature = "aws"))]
    #[test]
    fn the_default_build_knows_no_bucket() {
        let line = "--plan plans/p.json --stage s --run r --fence 1 --execution e";
        let (code, _, errors) = told(line, &[("SLUICE_BUCKET", "b")]);
        assert_eq!(code, EXIT_FAILED);
        assert!(
            errors.starts_with("error[P0644]: `SLUICE_BUCKET` is set, but this worker was built"),
            "{errors}"
        );
    }
}
