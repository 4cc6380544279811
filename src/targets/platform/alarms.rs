//! What rings, and after how much.
//!
//! Alarms go to a topic of their own: they also tell when what tells of runs is broken. `docs/platform.md` says for
//! each what to do.

use serde::Serialize;
use sluice_contract::metric;

use super::{
    Context,
    model::{Stack, Value},
    program::Program,
};

/// `AWS::CloudWatch::Alarm`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Alarm {
    alarm_name: String,
    alarm_description: String,
    namespace: &'static str,
    metric_name: &'static str,
    dimensions: Vec<Dimension>,
    statistic: &'static str,
    period: u32,
    evaluation_periods: u32,
    threshold: u32,
    comparison_operator: &'static str,
    treat_missing_data: &'static str,
    alarm_actions: Vec<Value>,
    #[serde(rename = "OKActions")]
    ok_actions: Vec<Value>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension {
    name: &'static str,
    value: String,
}

/// A metric, and how much of it in how many periods is too much.
#[derive(Debug, Clone)]
struct Watched {
    namespace: &'static str,
    metric: &'static str,
    dimension: (&'static str, String),
    statistic: &'static str,
    seconds: u32,
    periods: u32,
    /// It rings at this value.
    at: u32,
}

const FIVE_MINUTES: u32 = 5 * 60;
const A_QUARTER: u32 = 15 * 60;
const A_DAY_IN_MINUTES: u32 = 24 * 60;

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    let names = ctx.resources;
    let ours = |name| Watched {
        namespace: metric::NAMESPACE,
        metric: name,
        dimension: (metric::DIMENSION, names.name(Program::Watch.name())),
        statistic: "Sum",
        seconds: FIVE_MINUTES,
        periods: 1,
        at: 1,
    };
    let alarm = |name: &str, why: &str, it: Watched| alarm(ctx, name, why, it);
    stack.add(
        "RunsFailedAlarm",
        alarm("runs-failed", "A run failed, timed out or was aborted", ours(metric::RUNS_FAILED)),
    );
    stack.add(
        "JobsStuckAlarm",
        alarm(
            "jobs-stuck",
            "A job is RUNNABLE and can't be placed: it holds up the queue",
            ours(metric::JOBS_STUCK),
        ),
    );
    stack.add(
        "LockHeldAlarm",
        alarm(
            "lock-held",
            "A run held its pipeline's lock for a day or longer",
            Watched { statistic: "Maximum", at: A_DAY_IN_MINUTES, ..ours(metric::LOCK_HELD_MINUTES) },
        ),
    );
    let dead = [
        ("EventsDeadLettersAlarm", "events", "Events could not be dealt with"),
        ("NotifyDeadLettersAlarm", "notify", "Notifications could not be handed on"),
        ("ContactsDeadLettersAlarm", "contacts", "Contact records could not be dealt with"),
    ];
    for (id, queue, why) in dead.into_iter().filter(|it| ctx.surveys || it.1 != "contacts") {
        let depth = in_queue(names.dead_letters(queue), "ApproximateNumberOfMessagesVisible", 1);
        stack.add(id, alarm(&format!("{queue}-dead-letters"), why, depth));
    }
    let age =
        Watched { periods: 2, ..in_queue(names.events_queue(), "ApproximateAgeOfOldestMessage", A_QUARTER) };
    stack.add(
        "EventsLateAlarm",
        alarm("events-late", "Events wait for watch for more than a quarter of an hour", age),
    );
    for program in Program::of(ctx.surveys) {
        let errors = of_function(ctx, *program, "Errors");
        let why = format!("Calls of {} failed", names.name(program.name()));
        stack.add(
            errors_id(*program),
            program.only_then(alarm(&format!("{}-errors", program.name()), &why, errors)),
        );
    }
    if ctx.surveys {
        let age = Watched {
            statistic: "Maximum",
            at: A_QUARTER * 1000,
            ..of_function(ctx, Program::SurveyDispatch, "IteratorAge")
        };
        let why = "Contact records wait for more than a quarter of an hour";
        stack.add("ContactsLateAlarm", Program::SurveyDispatch.only_then(alarm("contacts-late", why, age)));
    }
    let dropped = Watched {
        namespace: "AWS/Scheduler",
        metric: "InvocationDroppedCount",
        dimension: ("ScheduleGroup", names.schedule_group()),
        ..ours("")
    };
    stack.add(
        "StartsDroppedAlarm",
        alarm("starts-dropped", "A schedule could not start its machine", dropped),
    );
    let untold = Watched {
        namespace: "AWS/SNS",
        metric: "NumberOfNotificationsFailed",
        dimension: ("TopicName", names.name("notifications")),
        ..ours("")
    };
    stack.add(
        "NotificationsFailedAlarm",
        alarm("notifications-failed", "Notifications do not get out", untold),
    );
}

fn in_queue(queue: String, metric: &'static str, at: u32) -> Watched {
    Watched {
        namespace: "AWS/SQS",
        metric,
        dimension: ("QueueName", queue),
        statistic: "Maximum",
        seconds: FIVE_MINUTES,
        periods: 1,
        at,
    }
}

fn of_function(ctx: Context<'_>, program: Program, metric: &'static str) -> Watched {
    Watched {
        namespace: "AWS/Lambda",
        metric,
        dimension: ("FunctionName", ctx.resources.name(program.name())),
        statistic: "Sum",
        seconds: FIVE_MINUTES,
        periods: 1,
        at: 1,
    }
}

fn errors_id(program: Program) -> &'static str {
    match program {
        Program::Watch => "WatchErrorsAlarm",
        Program::Notify => "NotifyErrorsAlarm",
        Program::SurveyDispatch => "SurveyDispatchErrorsAlarm",
        Program::SurveyResult => "SurveyResultErrorsAlarm",
    }
}

fn alarm(ctx: Context<'_>, name: &str, why: &str, it: Watched) -> Alarm {
    let (dimension, value) = it.dimension;
    Alarm {
        alarm_name: ctx.resources.name(name),
        alarm_description: format!("{why}. What to do: docs/platform.md, {name}"),
        namespace: it.namespace,
        metric_name: it.metric,
        dimensions: vec![Dimension { name: dimension, value }],
        statistic: it.statistic,
        period: it.seconds,
        evaluation_periods: it.periods,
        threshold: it.at,
        comparison_operator: "GreaterThanOrEqualToThreshold",
        treat_missing_data: "notBreaching",
        alarm_actions: vec![Value::of("AlarmsTopic")],
        ok_actions: vec![Value::of("AlarmsTopic")],
    }
}
