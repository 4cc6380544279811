//! What became of a Batch job: its record, and the troubles of the compute environment.

use sluice_contract::{
    event::{JobAttempt, JobDetail, JobEvent, JobStatus},
    job::{JobParameters, Trouble},
    notification::{Notification, Occasion},
    runs::JobRecord,
};

use super::{Outcome, Watch, WatchError, ending::sentence, link};

/// Records where the job stands, and tells a trouble once for each job. A lost host that Batch has made good
/// by another attempt is recorded and counted only.
pub(super) fn hear(watch: &Watch<'_>, event: &JobEvent, blocked: bool) -> Result<Outcome, WatchError> {
    let Some(pipeline) = pipeline(&event.detail, watch.platform) else { return Ok(Outcome::Ignored) };
    let job = record(event, blocked)?;
    let news = watch.runs.job_changed(pipeline, &job)?;
    let worth_telling = blocked || event.detail.status == JobStatus::Failed;
    let told = match job.trouble.filter(|_| worth_telling) {
        Some(trouble) if tell(watch, event, pipeline, &job, trouble)? => Some(trouble),
        Some(_) | None => None,
    };
    if !news && told.is_none() {
        return Ok(Outcome::Redelivered);
    }
    let ended = matches!(job.status, JobStatus::Succeeded | JobStatus::Failed);
    let hosts_lost = if news && ended { job.hosts_lost } else { 0 };
    Ok(Outcome::Recorded { job: job.job, hosts_lost: u64::try_from(hosts_lost).unwrap_or_default(), told })
}

/// The definition's name is the platform's and the pipeline's; none where the job is not ours.
fn pipeline<'a>(job: &'a JobDetail, platform: &str) -> Option<&'a str> {
    let (_, name) = job.job_definition.rsplit_once('/')?;
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    name.strip_prefix(platform)?.strip_prefix('-').filter(|it| !it.is_empty())
}

fn record(event: &JobEvent, blocked: bool) -> Result<JobRecord, WatchError> {
    let job = &event.detail;
    let parameters = parameters(event)?;
    let last = job.attempts.last();
    let trouble = match job.status {
        JobStatus::Succeeded => None,
        _ if blocked => Some(Trouble::Stuck),
        JobStatus::Submitted
        | JobStatus::Pending
        | JobStatus::Runnable
        | JobStatus::Starting
        | JobStatus::Running
        | JobStatus::Failed => last.map_or_else(|| trouble_of(&as_attempt(job)), trouble_of),
    };
    let hosts_lost = job.attempts.iter().filter(|it| trouble_of(it) == Some(Trouble::HostLost)).count();
    Ok(JobRecord {
        run: parameters.run,
        job: job.job_id.clone(),
        stage: parameters.stage,
        status: job.status,
        reason: reason(job),
        trouble,
        attempts: i64::try_from(job.attempts.len()).unwrap_or(i64::MAX),
        hosts_lost: i64::try_from(hosts_lost).unwrap_or(i64::MAX),
        log_stream: log_stream(job),
        created_at: job.created_at,
        started_at: job.started_at,
        ended_at: job.stopped_at,
        version: version(event, blocked),
    })
}

fn parameters(event: &JobEvent) -> Result<JobParameters, WatchError> {
    let parameter = |name: &'static str| {
        let value = event.detail.parameters.get(name).filter(|it| !it.is_empty()).cloned();
        value.ok_or_else(|| WatchError::NoParameter { id: event.id.clone(), parameter: name })
    };
    Ok(JobParameters {
        plan: parameter("plan")?,
        stage: parameter("stage")?,
        run: parameter("run")?,
        fence: parameter("fence")?,
        execution: parameter("execution")?,
    })
}

/// Events come to the second, and a job goes through several states in one: what follows the moment orders them.
fn version(event: &JobEvent, blocked: bool) -> String {
    let job = &event.detail;
    let place = job.status as u8;
    format!("{}#{:02}#{place}{}", event.time, job.attempts.len(), u8::from(blocked))
}

fn trouble_of(attempt: &JobAttempt) -> Option<Trouble> {
    let reasons = [attempt.status_reason.as_deref(), attempt.container.reason.as_deref()];
    reasons.into_iter().flatten().find_map(Trouble::of_reason)
}

/// A job that ended before its first attempt says why in its own place.
fn as_attempt(job: &JobDetail) -> JobAttempt {
    JobAttempt {
        container: job.container.clone().unwrap_or_default(),
        status_reason: job.status_reason.clone(),
    }
}

/// The container's own reason says more than the job's, which is often that the container has ended.
fn reason(job: &JobDetail) -> Option<String> {
    let last = job.attempts.last();
    let of_host = last.and_then(|it| it.status_reason.as_deref());
    let of_container = last
        .and_then(|it| it.container.reason.as_deref())
        .or_else(|| job.container.as_ref().and_then(|it| it.reason.as_deref()));
    let told_by_host = of_host.filter(|it| Trouble::of_reason(it).is_some());
    told_by_host.or(of_container).or(job.status_reason.as_deref()).or(of_host).and_then(sentence)
}

fn log_stream(job: &JobDetail) -> Option<String> {
    let attempts = job.attempts.iter().rev().map(|it| it.container.log_stream_name.as_ref());
    let own = job.container.as_ref().and_then(|it| it.log_stream_name.as_ref());
    std::iter::once(own).chain(attempts).flatten().next().cloned()
}

/// Whether it was told now.
fn tell(
    watch: &Watch<'_>,
    event: &JobEvent,
    pipeline: &str,
    job: &JobRecord,
    trouble: Trouble,
) -> Result<bool, WatchError> {
    if !watch.runs.tell_trouble(pipeline, job, trouble)? {
        return Ok(false);
    }
    let origin = watch.runs.stage(pipeline, &job.run, &job.stage)?.and_then(|it| it.origin);
    let definition = &event.detail.job_definition;
    let stream = job.log_stream.as_deref();
    let notification = Notification {
        occasion: Occasion::Compute,
        pipeline: pipeline.to_owned(),
        run: job.run.clone(),
        stage: Some(job.stage.clone()),
        summary: summary(pipeline, &job.stage, trouble),
        cause: job.reason.clone(),
        help: None,
        next_step: Some(next_step(watch, pipeline, job, trouble)),
        origin,
        channel: None,
        log: stream.and_then(|it| link::log(definition, watch.platform, it)),
    };
    if let Err(error) = watch.announcer.announce(&notification) {
        watch.runs.untell_trouble(pipeline, job, trouble)?;
        return Err(error.into());
    }
    Ok(true)
}

fn summary(pipeline: &str, stage: &str, trouble: Trouble) -> String {
    match trouble {
        Trouble::HostLost => format!("`{pipeline}` lost the host of `{stage}` too often"),
        Trouble::Image => format!("the image for `{stage}` of `{pipeline}` can't be fetched"),
        Trouble::Resources => format!("the container for `{stage}` of `{pipeline}` can't be prepared"),
        Trouble::Memory => format!("`{stage}` of `{pipeline}` ran out of memory"),
        Trouble::Stuck => {
            format!("no host is found for `{stage}` of `{pipeline}`, and other jobs wait behind it")
        }
    }
}

fn next_step(watch: &Watch<'_>, pipeline: &str, job: &JobRecord, trouble: Trouble) -> String {
    match trouble {
        Trouble::HostLost | Trouble::Image | Trouble::Resources | Trouble::Memory => {
            watch.commands.typed(&format!("resume {pipeline} --run {}", job.run))
        }
        // The run goes on by itself once there is a host.
        Trouble::Stuck => format!("aws batch describe-jobs --jobs {}", job.job),
    }
}
