//! What a month of a platform costs without a single run, and what its surveys do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sluice_contract::plan::Connection;

use super::{
    Assumptions, assumptions as assumed, prices,
    sum::{Dollars, real},
};
use crate::{
    lower::{EnvironmentPlan, Plan},
    model::ChannelKind,
};

/// Something that is paid for each month, in dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SharedCost {
    /// What it is.
    pub what: String,
    /// How many.
    pub count: u64,
    /// All of them.
    pub total: Dollars,
}

/// A month of a survey, in dollars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SurveyCost {
    /// Its name.
    pub survey: String,
    /// Calls in a month.
    pub calls: u32,
    /// Connect's minutes and those of telephony.
    pub telephone: Dollars,
    /// Lambda and `DynamoDB`.
    pub answers: Dollars,
    /// All of it.
    pub total: Dollars,
}

/// Metrics that functions count.
const METRICS: u64 = 6;

/// What the platform's resources cost, of which `count` tells how many there are of a type.
pub(super) fn platform(
    plan: &Plan,
    environment: &EnvironmentPlan,
    count: impl Fn(&str) -> u64,
) -> Vec<SharedCost> {
    let of = |what: &str, count: u64, each: f64| SharedCost {
        what: what.to_owned(),
        count,
        total: (real(count) * each).into(),
    };
    let all = vec![
        of("alarms", count("AWS::CloudWatch::Alarm"), prices::ALARM),
        of("dashboards", count("AWS::CloudWatch::Dashboard"), prices::DASHBOARD),
        of("metrics of our own", METRICS, prices::METRIC),
        of("secrets", secrets(plan, environment), prices::SECRET),
        of("keys", count("AWS::KMS::Key"), prices::KEY),
        of("streams", count("AWS::Kinesis::Stream"), assumed::HOURS_OF_A_MONTH * prices::STREAM_HOUR),
        of("queues that are read while empty", 1, assumed::EMPTY_REQUESTS * prices::QUEUE_REQUEST),
    ];
    all.into_iter().filter(|it| it.count > 0).collect()
}

fn secrets(plan: &Plan, environment: &EnvironmentPlan) -> u64 {
    let connections = environment.pipelines.iter().flat_map(|it| it.connections.values());
    let of_connections = connections.filter_map(|it| match it {
        Connection::Mysql { secret } | Connection::Postgres { secret } => Some(secret.as_str()),
        Connection::Sqlite { .. } | Connection::Csv { .. } => None,
    });
    let of_channels = plan.channels.iter().filter_map(|it| match &it.kind {
        ChannelKind::Teams { secret } | ChannelKind::Slack { secret } => Some(secret.as_str()),
        ChannelKind::Email { .. } => None,
    });
    of_connections.chain(of_channels).collect::<BTreeSet<_>>().len() as u64
}

pub(super) fn surveys(plan: &Plan, assumptions: &Assumptions) -> Vec<SurveyCost> {
    plan.surveys.iter().map(|it| survey(&it.name, it.steps.len() as u64, assumptions)).collect()
}

/// A survey of that many questions.
pub(super) fn survey(name: &str, questions: u64, assumptions: &Assumptions) -> SurveyCost {
    let calls = f64::from(assumptions.calls);
    let telephone = calls * assumed::CALL_MINUTES * (prices::VOICE_MINUTE + assumed::TELEPHONY_MINUTE);
    let call = prices::LAMBDA_CALL + assumed::CALL_SECONDS * assumed::CALL_GB * prices::LAMBDA_GB_SECOND;
    // Each answer, the end, the call and its record.
    let answers = calls * (real(questions) + 3.0) * (call + prices::WRITE + prices::READ);
    SurveyCost {
        survey: name.to_owned(),
        calls: assumptions.calls,
        telephone: telephone.into(),
        answers: answers.into(),
        total: (telephone + answers).into(),
    }
}
