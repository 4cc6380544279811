//! `sluice schedule`

use std::io;

use jiff::{Timestamp, tz::TimeZoneDatabase};
use serde::Serialize;

use super::{
    Exit, Output,
    arguments::{ScheduleArguments, Shared},
    program::{self, unknown},
    table,
};
use crate::{
    calendar::{self, Cron},
    diagnostics::{Code, words::counted},
    lower::{EnvironmentPlan, PipelinePlan},
};

/// The starts to come. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Listed {
    from: Timestamp,
    to: Timestamp,
    starts: Vec<Start>,
    crowds: Vec<Crowd>,
    /// Pipelines whose schedules are switched off.
    disabled: Vec<String>,
}

#[derive(Serialize)]
struct Start {
    pipeline: String,
    utc: Timestamp,
    /// On the zone's clocks, with its offset.
    local: String,
    zone: String,
    cron: String,
    /// Whether the clocks show this time twice that day.
    repeated: bool,
}

#[derive(Serialize)]
struct Crowd {
    from: Timestamp,
    to: Timestamp,
    starts: usize,
}

/// Lists the starts of one pipeline or of all.
pub(super) fn execute(
    shared: &Shared,
    arguments: &ScheduleArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let environment = match &shared.environment {
        Some(name) => match program::environment(&program.plan, name) {
            Ok(environment) => Some(environment),
            Err(failure) => return output.fail(failure),
        },
        // Schedules are the same everywhere.
        None => program.plan.environments.first(),
    };
    let all = environment.map_or(&[][..], |it: &EnvironmentPlan| &it.pipelines);
    let wanted: Vec<&PipelinePlan> = match &arguments.pipeline {
        None => all.iter().collect(),
        Some(name) => {
            let Some(pipeline) = all.iter().find(|it| it.name == *name) else {
                let names = all.iter().map(|it| it.name.as_str());
                return output.fail(unknown(Code::UnknownPipeline, "pipeline", name, names));
            };
            vec![pipeline]
        }
    };
    let from = arguments.from.unwrap_or_else(Timestamp::now);
    let hours = i64::from(arguments.days) * 24;
    let to = from.checked_add(jiff::Span::new().hours(hours)).unwrap_or(Timestamp::MAX);
    let starts = collect(&wanted, from, to, arguments.crowd);
    if output.is_json() {
        output.json(&starts)?;
    } else {
        tell(&starts, arguments, output)?;
    }
    Ok(Exit::Fine)
}

fn collect(pipelines: &[&PipelinePlan], from: Timestamp, to: Timestamp, limit: usize) -> Listed {
    let zones = TimeZoneDatabase::bundled();
    let mut all = Vec::new();
    for pipeline in pipelines.iter().filter(|it| it.enabled) {
        for schedule in &pipeline.schedules {
            // Both were checked with the program.
            let (Ok(cron), Ok(zone)) = (Cron::parse(&schedule.cron), zones.get(&schedule.zone)) else {
                continue;
            };
            all.extend(calendar::starts(&cron, &zone, from, to).into_iter().map(|it| Start {
                pipeline: pipeline.name.clone(),
                utc: it.at.timestamp(),
                local: it.at.strftime("%Y-%m-%dT%H:%M%:z").to_string(),
                zone: schedule.zone.clone(),
                cron: schedule.cron.clone(),
                repeated: it.repeated,
            }));
        }
    }
    all.sort_by(|left, right| (left.utc, &left.pipeline).cmp(&(right.utc, &right.pipeline)));
    let moments: Vec<Timestamp> = all.iter().map(|it| it.utc).collect();
    let crowds = calendar::crowds(&moments, limit);
    Listed {
        from,
        to,
        starts: all,
        crowds: crowds.into_iter().map(|it| Crowd { from: it.from, to: it.to, starts: it.count }).collect(),
        disabled: pipelines.iter().filter(|it| !it.enabled).map(|it| it.name.clone()).collect(),
    }
}

fn tell(starts: &Listed, arguments: &ScheduleArguments, output: &mut Output<'_>) -> io::Result<()> {
    let days = counted(usize::from(arguments.days), "day");
    if starts.starts.is_empty() {
        writeln!(output.out, "nothing starts by itself within {days}")?;
    } else {
        let mut table = table::plain(&["UTC", "local time", "zone", "pipeline", ""], 5);
        for start in &starts.starts {
            let note = if start.repeated { "shown twice that day; starts once" } else { "" };
            let local = start.local.replace('T', " ");
            let _ = table.add_row([&minute(start.utc), &local, &start.zone, &start.pipeline, note]);
        }
        writeln!(output.out, "{}", table.trim_fmt())?;
    }
    for crowd in &starts.crowds {
        writeln!(
            output.out,
            "crowd: {} from {} to {}: move some of them apart",
            counted(crowd.starts, "start"),
            minute(crowd.from),
            minute(crowd.to)
        )?;
    }
    if !starts.disabled.is_empty() {
        writeln!(output.out, "switched off: {}", starts.disabled.join(", "))?;
    }
    Ok(())
}

fn minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%MZ").to_string()
}
