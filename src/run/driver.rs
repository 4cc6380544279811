//! One execution from its start to its report.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use jiff::Timestamp;
use object_store::{ObjectStoreExt as _, PutPayload, path::Path as ObjectPath};
use serde::Serialize;
use sluice_contract::{
    event::{ExecutionDetail, ExecutionStatus},
    notification::Notification,
    object_key,
    plan::PlanDocument,
    runs::{RunsTable, table_name},
};
use sluice_worker::{
    Imports, OfflineTranslator, Servers, Site, SystemClock, Variables, embedded::EmbeddedItems,
};

use super::{
    cancel::CANCELLED,
    executions::{Alive, Executions, Record},
    failure,
    files::Files,
    flags::Flags,
    history::Recorder,
    notes::Notes,
    rejects::Rejects,
    report::Report,
    services::{Jobs, LocalServices},
    state::StateDir,
    stop::Stop,
    view::View,
    watch::Watcher,
};
use crate::{
    diagnostics::Diagnostic,
    emit::{self, Generated},
    engine::{self, Ended, Execution, Machine, Time},
};

/// What every execution needs to know.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The prefix of resource names: `credit-reports`.
    pub platform: &'a str,
    /// The environment's name.
    pub environment: &'a str,
    /// The pipeline's name.
    pub pipeline: &'a str,
    /// The folder of the `.pipe` files.
    pub program_dir: PathBuf,
    /// The pipelines that start when it has published.
    pub starts_next: Vec<String>,
    /// Now: when it starts.
    pub now: Timestamp,
    /// The flags of commands that are told.
    pub flags: Flags,
    /// The environment, as far as connections to servers ask for it.
    pub variables: Variables,
}

/// Starts a new run of the pipeline from these generated files, and returns when it has ended.
pub fn run(
    request: &Request<'_>,
    generated: &Generated,
    state: &StateDir,
    view: &Arc<dyn View>,
) -> Result<Report, Diagnostic> {
    run_until(request, generated, state, view, &Stop::on_ctrl_c()?)
}

/// [`run`], aborted once it is stopped.
pub(super) fn run_until(
    request: &Request<'_>,
    generated: &Generated,
    state: &StateDir,
    view: &Arc<dyn View>,
    stop: &Stop,
) -> Result<Report, Diagnostic> {
    let files =
        Files::of(generated, request.pipeline).ok_or_else(|| failure::internal("a file is missing"))?;
    Driver::new(request, state, stop).execute(&files, None, view)
}

/// Goes on with a run that did not succeed, with the files that it was started with. Without a name, with the last
/// that did anything.
///
/// `generated` is what the program has become since: where the plan differs, the report says so.
pub fn resume(
    request: &Request<'_>,
    run: Option<&str>,
    generated: &Generated,
    state: &StateDir,
    view: &Arc<dyn View>,
) -> Result<Report, Diagnostic> {
    let stop = Stop::on_ctrl_c()?;
    let driver = Driver::new(request, state, &stop);
    let records = driver.executions.of(request.pipeline)?;
    let unfinished = |it: &&Record| {
        run.is_none_or(|run| it.run == run) && it.environment == request.environment && !it.overlapped()
    };
    let record = records
        .iter()
        .rev()
        .find(unfinished)
        .filter(|it| run.is_some() || it.detail.status != ExecutionStatus::Succeeded)
        .ok_or_else(|| failure::no_such_run(request.pipeline, run, &request.flags))?;
    let files = Files::read(&driver.executions.folder(&record.detail.name))?;
    let outdated = Files::of(generated, request.pipeline).is_none_or(|it| it.plan != files.plan);
    Ok(Report { outdated, ..driver.execute(&files, Some(&record.run), view)? })
}

struct Driver<'a> {
    request: &'a Request<'a>,
    state: &'a StateDir,
    executions: Executions,
    stop: &'a Stop,
}

impl<'a> Driver<'a> {
    fn new(request: &'a Request<'a>, state: &'a StateDir, stop: &'a Stop) -> Self {
        Self { request, state, executions: Executions::new(state.executions()), stop }
    }

    fn execute(
        &self,
        files: &Files,
        resumed: Option<&str>,
        view: &Arc<dyn View>,
    ) -> Result<Report, Diagnostic> {
        let mut told = self.watcher(self.request.now).sweep(&self.executions, self.request.pipeline)?;
        let plan: PlanDocument = serde_json::from_str(&files.plan).map_err(failure::internal)?;
        let (mut record, alive) = self.start(files, resumed)?;
        let folder = self.executions.folder(&record.detail.name);
        view.begins(&plan, &record.run);
        // What is executed is the file, as it would be deployed.
        let machine = Files::read(&folder)?.state_machine;
        let machine = Machine::parse(&machine).map_err(failure::internal)?;
        let notes = Arc::new(Notes::new(view));
        let ended = self.interpret(&machine, &record, files, view, &notes);
        view.ends();
        let ended = ended?;
        told.extend(self.finish(&mut record, &ended)?);
        drop(alive);
        let report = self.report(record, &ended, &plan, told, &folder)?;
        Ok(Report { notes: notes.kept(), ..report })
    }

    /// Makes the execution's folder and record, and puts the plan where its jobs look for it.
    fn start(&self, files: &Files, resumed: Option<&str>) -> Result<(Record, Alive), Diagnostic> {
        let Request { platform, environment, pipeline, now, .. } = *self.request;
        self.begin_fences()?;
        let (name, alive) =
            self.executions.claim(&format!("{pipeline}-{}", now.strftime("%Y%m%d-%H%M%S")))?;
        files.write(&self.executions.folder(&name))?;
        let run = resumed.unwrap_or(&name).to_owned();
        let machine = format!("{platform}-{pipeline}");
        let arn = |kind: &str, of: &str| format!("arn:aws:states:local:000000000000:{kind}:{of}");
        let input = resumed.map_or_else(|| Ok("{}".to_owned()), |run| serde_json::to_string(&Input { run }));
        let record = Record {
            pipeline: pipeline.to_owned(),
            environment: environment.to_owned(),
            run,
            detail: ExecutionDetail {
                execution_arn: arn("execution", &format!("{machine}:{name}")),
                state_machine_arn: arn("stateMachine", &machine),
                name,
                status: ExecutionStatus::Running,
                start_date: now.as_millisecond(),
                stop_date: None,
                input: Some(input.map_err(failure::internal)?),
                output: None,
                error: None,
                cause: None,
            },
        };
        self.executions.write(&record)?;
        Ok((record, alive))
    }

    /// Where the runs table is lost, fences go on above all that were given before: seconds pass faster than runs.
    fn begin_fences(&self) -> Result<(), Diagnostic> {
        let Request { platform, pipeline, now, .. } = *self.request;
        let table = table_name(platform);
        let runs = RunsTable::new(&*self.state.stores().items, &table);
        let failed = |error| failure::items(&error);
        let ended = |it: &Record| it.detail.status != ExecutionStatus::Running;
        if runs.lock(pipeline).map_err(failed)?.is_none() && self.executions.of(pipeline)?.iter().any(ended) {
            runs.begin_fences(pipeline, now.as_second()).map_err(failed)?;
        }
        Ok(())
    }

    fn interpret(
        &self,
        machine: &Machine,
        record: &Record,
        files: &Files,
        view: &Arc<dyn View>,
        notes: &Arc<Notes>,
    ) -> Result<Ended, Diagnostic> {
        let stores = self.state.stores();
        let broken = |error: std::io::Error| failure::state(self.state.root(), &error);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(broken)?;
        let plan_key = ObjectPath::from(object_key::plan(self.request.pipeline, &emit::sha256(&files.plan)));
        let _ = runtime
            .block_on(stores.objects.put(&plan_key, PutPayload::from(files.plan.clone())))
            .map_err(|error| broken(std::io::Error::other(error)))?;
        let site = Site {
            objects: Arc::clone(&stores.objects),
            runtime: runtime.handle().clone(),
            items: Arc::<EmbeddedItems>::clone(&stores.items),
            runs_table: table_name(self.request.platform),
            program_dir: self.request.program_dir.clone(),
            state_dir: self.state.root().to_owned(),
            translator: Arc::new(OfflineTranslator),
            servers: Servers::of_machine(self.state.root(), &self.request.variables),
            clock: Arc::new(SystemClock),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            part: None,
            imports: Imports::default(),
            cancelled: Arc::new(AtomicBool::new(false)),
        };
        let services = LocalServices {
            items: Arc::<EmbeddedItems>::clone(&stores.items),
            executions: self.executions.clone(),
            jobs: Jobs {
                definitions: serde_json::from_str(&files.job_definitions).map_err(failure::internal)?,
                site,
                progress: Arc::<Notes>::clone(notes),
            },
        };
        let detail = &record.detail;
        let execution = Execution {
            id: detail.execution_arn.clone(),
            name: detail.name.clone(),
            machine_id: detail.state_machine_arn.clone(),
            machine_name: format!("{}-{}", self.request.platform, self.request.pipeline),
            role_arn: "arn:aws:iam::000000000000:role/local".to_owned(),
            input: serde_json::from_str(detail.input.as_deref().unwrap_or("{}"))
                .map_err(failure::internal)?,
            start: self.request.now,
            seed: u64::try_from(detail.start_date).unwrap_or_default(),
        };
        let observer = Recorder::new(&self.executions.folder(&detail.name), view.as_ref())?;
        let request = self.executions.stop_request(&detail.name);
        let stop = self.stop.raised_or(&request);
        engine::run_blocking(machine, execution, &services, &observer, Time::Real, stop).map_err(broken)
    }

    /// Writes down how it ended, and tells `watch`.
    fn finish(&self, record: &mut Record, ended: &Ended) -> Result<Vec<Notification>, Diagnostic> {
        // Ended from outside, it has been told already; its run may be going on in another execution.
        if let Some(written) = self.executions.written(&record.detail.name)?
            && written.detail.status != ExecutionStatus::Running
        {
            *record = written;
            return Ok(Vec::new());
        }
        let now = Timestamp::now();
        record.detail = ended.detail(record.detail.clone(), now);
        if ended.status == ExecutionStatus::Aborted {
            let asked = self.executions.stop_request(&record.detail.name).exists();
            let cause = if asked { CANCELLED } else { "it was interrupted" };
            record.detail.cause = Some(cause.to_owned());
        }
        if record.overlapped() {
            // It did nothing for the run that it was to go on with.
            record.run.clone_from(&record.detail.name);
        }
        let told = self.watcher(now).ended(record)?;
        self.executions.write(record)?;
        Ok(told)
    }

    fn report(
        &self,
        record: Record,
        ended: &Ended,
        plan: &PlanDocument,
        notifications: Vec<Notification>,
        folder: &Path,
    ) -> Result<Report, Diagnostic> {
        let table = table_name(self.request.platform);
        let runs = RunsTable::new(&*self.state.stores().items, &table);
        let mut stages =
            runs.stages(self.request.pipeline, &record.run).map_err(|error| failure::items(&error))?;
        stages.sort_by_key(|it| plan.stages.iter().position(|stage| stage.id == it.stage));
        let rejects = Rejects::of_run(self.state.root(), self.request.pipeline, &record.run, &stages);
        let report = Report {
            pipeline: record.pipeline,
            environment: record.environment,
            run: record.run,
            execution: record.detail.execution_arn,
            status: record.detail.status,
            outcome: ended.output.as_ref().and_then(|it| it.get("outcome")?.as_str().map(str::to_owned)),
            transitions: ended.transitions,
            started_at: record.detail.start_date,
            ended_at: record.detail.stop_date.unwrap_or(record.detail.start_date),
            stages,
            rejects,
            notes: Vec::new(),
            notifications,
            folder: folder.display().to_string(),
            outdated: false,
            starts_next: Vec::new(),
        };
        let starts_next = if report.published() { self.request.starts_next.clone() } else { Vec::new() };
        Ok(Report { starts_next, ..report })
    }

    fn watcher(&self, now: Timestamp) -> Watcher<'_> {
        Watcher {
            items: &*self.state.stores().items,
            platform: self.request.platform,
            now: now.as_millisecond(),
            flags: &self.request.flags,
        }
    }
}

/// The input of an execution that goes on with a run.
#[derive(Serialize)]
struct Input<'a> {
    run: &'a str,
}
