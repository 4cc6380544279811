//! AWS's list prices: the one table of them.
//!
//! For eu-west-1 (Ireland), in US dollars without tax. The services' own pages
//! (`https://aws.amazon.com/<service>/pricing/`) decide. What each figure was held against, and when, stands beside it:
//!
//! - *page*: the service's own page, in a stored copy, for Ireland itself.
//! - *table*: somebody else's table. Those are of us-east-1; that Ireland has the same price is taken from memory.
//! - *memory*: written down from memory of the page, held against nothing. The least certain is a stream's hour.
//!
//! Free tiers, savings plans and discounts are left out, so that an estimate is rather too high. To renew the table:
//! look each price up on the page of its service, and move [`AS_OF`] on.

/// When the table was made.
pub const AS_OF: &str = "2026-11";
/// The region that it is of.
pub const REGION: &str = "eu-west-1";

/// Step Functions, a transition of a standard machine.
/// Page, 2026-11: $0.0250 per 1,000.
pub(super) const TRANSITION: f64 = 0.000_025;
/// Fargate, on demand, Linux on x86: a vCPU for an hour.
/// Table, 2026-11: vantage.sh and wring.co (of 2026-03), x86 in us-east-1.
pub(super) const VCPU_HOUR: f64 = 0.040_48;
/// Fargate, on demand, Linux on x86: a GB of memory for an hour.
/// Table, 2026-11: vantage.sh and wring.co (of 2026-03), x86 in us-east-1.
pub(super) const GB_HOUR: f64 = 0.004_445;
/// S3 standard, a GB for a month.
/// Memory, 2026-11.
pub(super) const S3_GB_MONTH: f64 = 0.023;
/// S3 standard, a PUT.
/// Memory, 2026-11.
pub(super) const S3_PUT: f64 = 0.005 / 1000.0;
/// S3 standard, a GET.
/// Memory, 2026-11.
pub(super) const S3_GET: f64 = 0.000_4 / 1000.0;
/// `DynamoDB` on demand, a write of up to 1 KB.
/// Memory, 2026-11; airbyte.com (of 2025-07) has $0.625 a million for us-east-1, halved in November 2024.
pub(super) const WRITE: f64 = 0.705 / 1_000_000.0;
/// `DynamoDB` on demand, a consistent read of up to 4 KB.
/// Memory, 2026-11; airbyte.com (of 2025-07) has $0.125 a million for us-east-1, halved in November 2024.
pub(super) const READ: f64 = 0.141_5 / 1_000_000.0;
/// Lambda on arm64, a GB for a second.
/// Table, 2026-11: a price list of 2026-05 for arm64.
pub(super) const LAMBDA_GB_SECOND: f64 = 0.000_013_333_4;
/// Lambda, a call.
/// Table, 2026-11: the same list.
pub(super) const LAMBDA_CALL: f64 = 0.2 / 1_000_000.0;
/// SQS standard, a request.
/// Memory, 2026-11.
pub(super) const QUEUE_REQUEST: f64 = 0.4 / 1_000_000.0;
/// `EventBridge` Scheduler, a start.
/// Memory, 2026-11.
pub(super) const START: f64 = 1.0 / 1_000_000.0;
/// `CloudWatch` Logs, a GB taken in.
/// Memory, 2026-11.
pub(super) const LOG_GB: f64 = 0.57;
/// `CloudWatch`, an alarm on a metric for a month.
/// Memory, 2026-11.
pub(super) const ALARM: f64 = 0.10;
/// `CloudWatch`, a dashboard for a month.
/// Memory, 2026-11.
pub(super) const DASHBOARD: f64 = 3.0;
/// `CloudWatch`, a metric of one's own for a month.
/// Memory, 2026-11.
pub(super) const METRIC: f64 = 0.30;
/// Secrets Manager, a secret for a month.
/// Memory, 2026-11.
pub(super) const SECRET: f64 = 0.40;
/// KMS, a key for a month.
/// Memory, 2026-11.
pub(super) const KEY: f64 = 1.0;
/// Kinesis on demand, a stream for an hour.
/// Memory, 2026-11; the page says only that there is such a price.
pub(super) const STREAM_HOUR: f64 = 0.044;
/// Connect, a minute of voice.
/// Table, 2026-11: blog.serverworks.co.jp (of 2020-03), the same in all regions.
pub(super) const VOICE_MINUTE: f64 = 0.018;
