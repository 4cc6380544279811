//! `sluice exec`

use std::{
    io::{self, Read},
    path::Path,
};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    Exit, Output,
    arguments::{ExecArguments, ExecInput},
    file, table,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    engine::{self, Ended, Event, Execution, Machine, MachineError, MapRun, Time},
    exec::{Missing, MockFile, MockProblem, Mocked, ObjectFolder, Record},
};

/// Executes the machine and tells how it ended.
pub(super) fn execute(arguments: &ExecArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    match carry_out(arguments) {
        Ok(executed) => tell(&executed, output),
        Err(failure) => output.fail(failure),
    }
}

struct Executed {
    execution: Execution,
    ended: Ended,
    record: Record,
    missing: Option<Missing>,
}

fn carry_out(arguments: &ExecArguments) -> Result<Executed, Diagnostic> {
    let machine = Machine::parse(&read(&arguments.file)?).map_err(|error| refused(&error))?;
    let file_name = arguments.file.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let stem = file_name.split('.').next().unwrap_or_default();
    let name = arguments.machine.as_deref().unwrap_or(stem);
    let mocked = match &arguments.mocks {
        None => Mocked::default(),
        Some(path) => MockFile::parse(&read(path)?)
            .and_then(|file| file.case(name, arguments.machine.is_some(), arguments.case.as_deref()))
            .map_err(|problem| unusable(path, &problem))?,
    };
    let services = mocked.with_objects(arguments.objects.as_deref().map(ObjectFolder::new));
    let arn = |kind: &str, of: &str| format!("arn:aws:states:local:000000000000:{kind}:{of}");
    let execution = Execution {
        id: arn("execution", &format!("{name}:{}", arguments.name)),
        name: arguments.name.clone(),
        machine_id: arn("stateMachine", name),
        machine_name: name.to_owned(),
        role_arn: "arn:aws:iam::000000000000:role/local".to_owned(),
        input: input(&arguments.input)?,
        start: arguments.start.unwrap_or_else(Timestamp::now),
        seed: arguments.seed,
    };
    let record = Record::default();
    let time = if arguments.real_time { Time::Real } else { Time::Virtual };
    let stop = std::future::pending();
    let ended = engine::run_blocking(&machine, execution.clone(), &services, &record, time, stop)
        .map_err(|error| Diagnostic::new(Code::MachineUnusable, error.to_string()))?;
    Ok(Executed { execution, ended, record, missing: services.missing() })
}

fn input(input: &ExecInput) -> Result<Value, Diagnostic> {
    let (text, from) = match input {
        ExecInput::Given(value) => return Ok(value.clone()),
        ExecInput::File(path) => (read(path)?, path.display().to_string()),
        ExecInput::Standard => {
            let mut text = String::new();
            let _ = io::stdin().read_to_string(&mut text).map_err(|error| {
                Diagnostic::new(Code::FileUnreadable, format!("the standard input can't be read: {error}"))
            })?;
            (text, "the standard input".to_owned())
        }
    };
    serde_json::from_str(&text).map_err(|problem| {
        Diagnostic::new(Code::FileUnreadable, format!("`{from}` is not JSON: {problem}"))
            .help("the input of an execution is one JSON value")
    })
}

fn read(path: &Path) -> Result<String, Diagnostic> {
    file::text(path, "check the path; it starts at the folder that the command runs in")
}

fn refused(error: &MachineError) -> Diagnostic {
    match error {
        MachineError::JsonPath { .. } => Diagnostic::new(Code::JsonPathMachine, error.to_string())
            .help("`sluice explain P0921` tells how a machine is rewritten"),
        MachineError::NotJson { .. }
        | MachineError::Missing { .. }
        | MachineError::UnknownField { .. }
        | MachineError::Unexpected { .. }
        | MachineError::UnknownType { .. }
        | MachineError::NotSupported { .. }
        | MachineError::NotExactlyOne { .. }
        | MachineError::NoSuchState { .. }
        | MachineError::DuplicateState { .. }
        | MachineError::OuterVariable { .. }
        | MachineError::Expression { .. } => Diagnostic::new(Code::MachineUnusable, error.to_string())
            .help("the place is a JSON pointer into the file"),
    }
}

fn unusable(path: &Path, problem: &MockProblem) -> Diagnostic {
    let help = match problem {
        MockProblem::NoMachine { .. } => "name one with `--machine NAME`",
        MockProblem::NoCase { .. } => "name one with `--case NAME`",
        MockProblem::Unreadable { .. }
        | MockProblem::NoResponse { .. }
        | MockProblem::BadKey { .. }
        | MockProblem::NotOneAnswer { .. } => "`sluice explain P0922` shows the form",
    };
    Diagnostic::new(Code::MocksUnusable, format!("`{}`: {problem}", path.display())).help(help)
}

fn unanswered(missing: &Missing, machine: &str) -> Diagnostic {
    let Missing { state, resource, call } = missing;
    let message = format!("no mock answers call {call} of the state `{state}` (`{resource}`)");
    let json = |text: &str| Value::from(text).to_string();
    Diagnostic::new(Code::MockMissing, message).help(format!(
        "write it into the file of `--mocks`: {{\"StateMachines\": {{{}: {{\"TestCases\": {{\"Case\": {{{}: \
         \"Answer\"}}}}}}}}, \"MockedResponses\": {{\"Answer\": {{\"{call}\": {{\"Return\": {{}}}}}}}}}}",
        json(machine),
        json(state)
    ))
}

/// How an execution ended. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    execution_arn: &'a str,
    state_machine_arn: &'a str,
    name: &'a str,
    status: &'static str,
    start_date: String,
    stop_date: String,
    input: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    /// What AWS bills.
    transitions: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    unanswered: Option<&'a str>,
    /// As `GetExecutionHistory` has them.
    events: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    map_runs: Vec<MapRunReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MapRunReport {
    map_run_arn: String,
    state: String,
    executions: Vec<ChildReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChildReport {
    execution_arn: String,
    items: usize,
    status: &'static str,
    input: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
}

fn map_run(run: MapRun) -> MapRunReport {
    let executions = run.children.into_iter().map(|child| {
        let status = child.ended.as_ref().map_or("ABORTED", |it| it.status.as_str());
        let (output, error, cause) =
            child.ended.map_or((None, None, None), |it| (it.output, it.error, it.cause));
        ChildReport {
            execution_arn: child.execution.id.clone(),
            items: child.items,
            status,
            input: child.execution.input.clone(),
            output,
            error,
            cause,
        }
    });
    MapRunReport { map_run_arn: run.arn, state: run.state, executions: executions.collect() }
}

fn tell(executed: &Executed, output: &mut Output<'_>) -> io::Result<Exit> {
    let Executed { execution, ended, record, missing } = executed;
    let events = record.events();
    let exit = if ended.status.as_str() == "SUCCEEDED" { Exit::Fine } else { Exit::Problems };
    if output.is_json() {
        let stop = events.last().map_or(execution.start, |it| it.timestamp);
        output.json(&Report {
            execution_arn: &execution.id,
            state_machine_arn: &execution.machine_id,
            name: &execution.name,
            status: ended.status.as_str(),
            start_date: execution.start.to_string(),
            stop_date: stop.to_string(),
            input: &execution.input,
            output: ended.output.as_ref(),
            error: ended.error.as_deref(),
            cause: ended.cause.as_deref(),
            transitions: ended.transitions,
            unanswered: missing.as_ref().map(|it| it.state.as_str()),
            events: events.iter().map(|it| engine::service_shape(it, execution)).collect(),
            map_runs: record.map_runs().into_iter().map(map_run).collect(),
        })?;
        return Ok(exit);
    }
    writeln!(output.out, "{}\n", table::history(&events, execution.start, &record.retries()))?;
    for run in record.map_runs().into_iter().map(map_run) {
        let done = run.executions.iter().filter(|it| it.status == "SUCCEEDED").count();
        writeln!(output.out, "{}: {done} of {} executions succeeded", run.state, run.executions.len())?;
    }
    let seconds = elapsed(&events, execution.start);
    writeln!(
        output.out,
        "{} after {seconds}, {} state transitions",
        ended.status.as_str().to_lowercase().replace('_', " "),
        ended.transitions
    )?;
    if let Some(value) = &ended.output {
        writeln!(output.out, "output: {value}")?;
    }
    if let Some(error) = &ended.error {
        writeln!(output.out, "error: {error}")?;
    }
    if let Some(cause) = &ended.cause {
        writeln!(output.out, "cause: {cause}")?;
    }
    if let Some(missing) = missing {
        output.tell_one(&unanswered(missing, &execution.machine_name))?;
    }
    Ok(exit)
}

fn elapsed(events: &[Event], start: Timestamp) -> String {
    table::offset(events.last().map_or(start, |it| it.timestamp), start)
}
