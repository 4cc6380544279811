//! One page for operators: runs, what waits, the functions, the tables.
//!
//! Machines come and go with pipelines, so their metrics are searched for and not listed.
//!
//! Source: "Dashboard body structure and syntax", CloudWatch API reference; "Search expressions", its user guide.

use serde::Serialize;
use sluice_contract::metric;

use super::{Context, model::Stack, program::Program};

/// `AWS::CloudWatch::Dashboard`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Dashboard {
    dashboard_name: String,
    /// A [`Body`], as text.
    dashboard_body: String,
}

#[derive(Serialize)]
struct Body {
    widgets: Vec<Widget>,
}

#[derive(Serialize)]
struct Widget {
    r#type: &'static str,
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    properties: Graph,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Graph {
    title: &'static str,
    region: String,
    view: &'static str,
    stat: &'static str,
    period: u32,
    metrics: Vec<Line>,
}

/// A line of a graph.
#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Metric([String; 4]),
    Search([Search; 1]),
}

#[derive(Serialize)]
struct Search {
    expression: String,
    id: String,
    label: String,
}

/// Two graphs side by side: a page is 24 wide.
const COLUMNS: usize = 2;
const WIDTH: usize = 12;
const HEIGHT: usize = 6;
const FIVE_MINUTES: u32 = 5 * 60;

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) -> Result<(), serde_json::Error> {
    let widgets = graphs(ctx).into_iter().enumerate().map(|(index, properties)| Widget {
        r#type: "metric",
        x: index % COLUMNS * WIDTH,
        y: index / COLUMNS * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties,
    });
    let body = Body { widgets: widgets.collect() };
    stack.add(
        "Dashboard",
        Dashboard {
            dashboard_name: ctx.resources.dashboard(),
            dashboard_body: serde_json::to_string(&body)?,
        },
    );
    Ok(())
}

fn graphs(ctx: Context<'_>) -> Vec<Graph> {
    let names = ctx.resources;
    let graph = |title, stat, metrics| Graph {
        title,
        region: names.region().to_owned(),
        view: "timeSeries",
        stat,
        period: FIVE_MINUTES,
        metrics,
    };
    let functions = |metric: &str| -> Vec<Line> {
        Program::of(ctx.surveys)
            .iter()
            .map(|it| line("AWS/Lambda", metric, "FunctionName", names.name(it.name())))
            .collect()
    };
    let watch = |it: &str| line(metric::NAMESPACE, it, metric::DIMENSION, names.name(Program::Watch.name()));
    let mut dead = vec!["events", "notify"];
    if ctx.surveys {
        dead.push("contacts");
    }
    let dead = dead.into_iter().map(|it| names.dead_letters(it));
    let visible = "ApproximateNumberOfMessagesVisible";
    let mut graphs = vec![
        graph(
            "Runs",
            "Sum",
            vec![
                watch(metric::RUNS_SUCCEEDED),
                watch(metric::RUNS_FAILED),
                watch(metric::RUNS_SKIPPED),
                watch(metric::OVERLAPS),
            ],
        ),
        graph("Jobs", "Sum", vec![watch(metric::HOSTS_LOST), watch(metric::JOBS_STUCK)]),
        graph(
            "How long machines run",
            "Maximum",
            vec![searched("AWS/States", "StateMachineArn", "ExecutionTime", &names.name(""), "time")],
        ),
        graph("Dead letters", "Maximum", dead.map(|it| line("AWS/SQS", visible, "QueueName", it)).collect()),
        graph(
            "How old events are, in seconds",
            "Maximum",
            vec![line("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", names.events_queue())],
        ),
        graph("Calls of functions", "Sum", functions("Invocations")),
        graph("Errors of functions", "Sum", functions("Errors")),
        graph("How long functions take, in milliseconds", "p99", functions("Duration")),
        graph(
            "The runs table",
            "Sum",
            vec![
                line("AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", names.runs_table()),
                line("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", names.runs_table()),
            ],
        ),
    ];
    if ctx.surveys {
        let dispatch = names.name(Program::SurveyDispatch.name());
        graphs.push(graph(
            "How old contact records are, in milliseconds",
            "Maximum",
            vec![line("AWS/Lambda", "IteratorAge", "FunctionName", dispatch)],
        ));
        graphs.push(graph(
            "Contact records",
            "Sum",
            vec![line("AWS/Kinesis", "IncomingRecords", "StreamName", names.contacts_stream())],
        ));
    }
    graphs
}

fn line(namespace: &str, metric: &str, dimension: &str, value: String) -> Line {
    Line::Metric([namespace.to_owned(), metric.to_owned(), dimension.to_owned(), value])
}

/// The metric of each that is called so.
fn searched(namespace: &str, dimension: &str, metric: &str, called: &str, id: &str) -> Line {
    Line::Search([Search {
        expression: format!(
            "SEARCH('{{{namespace},{dimension}}} MetricName=\"{metric}\" \"{called}\"', 'Maximum', {FIVE_MINUTES})"
        ),
        id: id.to_owned(),
        label: String::new(),
    }])
}
