//! `retry`, `timeout`, `compute` and `overlap`, with what AWS can take of them.

use sluice_contract::plan::Retry;

use super::{
    program::{Compute, Effort, Overlap},
    settings::Seen,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words::counted},
    source::Span,
    syntax::ast,
};

/// What holds where nobody says otherwise.
pub const DEFAULT: Effort = Effort {
    retry: Retry { times: 3, from_seconds: 30, factor: 2 },
    timeout_seconds: 6 * 60 * 60,
    compute: Compute { vcpus: 1, memory_mib: 2048 },
};

/// What a second run does where nobody says otherwise.
pub const DEFAULT_OVERLAP: Overlap = Overlap::Skip;

/// Batch makes at most ten attempts.
const MOST_RETRIES: u64 = 9;
/// Batch gives an attempt at least a minute [Batch API, `JobTimeout`].
const LEAST_TIMEOUT: u64 = 60;
/// Fargate stops a task after fourteen days.
const MOST_TIMEOUT: u64 = 14 * 24 * 60 * 60;
/// vCPUs, and the least, the most and the step of memory in GB [Batch, Fargate resource requirements].
const FARGATE: [(u64, u64, u64, u64); 5] =
    [(1, 2, 8, 1), (2, 4, 16, 1), (4, 8, 30, 1), (8, 16, 60, 4), (16, 32, 120, 8)];

/// Puts one setting of a block into `effort`.
pub(super) fn apply(
    effort: &mut Effort,
    setting: &ast::Effort,
    keyword: Span,
    seen: &mut Seen,
    diagnostics: &mut Diagnostics,
) {
    match setting {
        ast::Effort::Retry(it) => {
            if seen.first("retry", keyword, diagnostics) {
                effort.retry = retry(it, diagnostics);
            }
        }
        ast::Effort::Timeout(it) => {
            if seen.first("timeout", keyword, diagnostics) {
                effort.timeout_seconds =
                    seconds(it, LEAST_TIMEOUT, MOST_TIMEOUT, "a stage's timeout", diagnostics).max(60);
            }
        }
        ast::Effort::Compute(it) => {
            if seen.first("compute", keyword, diagnostics) {
                effort.compute = compute(it, diagnostics);
            }
        }
    }
}

/// The setting in the model's words.
pub(super) fn overlap(setting: ast::Overlap) -> Overlap {
    match setting {
        ast::Overlap::Skip => Overlap::Skip,
        ast::Overlap::Wait => Overlap::Wait,
        ast::Overlap::Fail => Overlap::Fail,
    }
}

fn retry(setting: &ast::Retry, diagnostics: &mut Diagnostics) -> Retry {
    let times = within(&setting.times, 0, MOST_RETRIES, "the number of retries", diagnostics);
    Retry {
        times,
        from_seconds: seconds(&setting.from, 1, 60 * 60, "the first wait", diagnostics),
        factor: if setting.doubling { 2 } else { 1 },
    }
}

fn compute(setting: &ast::Compute, diagnostics: &mut Diagnostics) -> Compute {
    let (vcpus, memory) = (setting.vcpu.value, setting.memory.value);
    let sizes = || FARGATE.iter().map(|(vcpus, ..)| vcpus.to_string()).collect::<Vec<_>>().join(", ");
    let Some((_, least, most, step)) = FARGATE.iter().find(|it| it.0 == vcpus) else {
        diagnostics.push(
            Diagnostic::new(Code::OverLimit, format!("Fargate has no size of {vcpus} vCPUs"))
                .label(setting.vcpu.span, "not a size")
                .help(format!("the sizes are {} vCPUs", sizes())),
        );
        return DEFAULT.compute;
    };
    if !(*least..=*most).contains(&memory) || !(memory - least).is_multiple_of(*step) {
        let steps = if *step == 1 { String::new() } else { format!(" in steps of {step}") };
        diagnostics.push(
            Diagnostic::new(
                Code::OverLimit,
                format!("Fargate has no size of {vcpus} vCPUs with {memory} GB"),
            )
            .label(setting.memory.span, "not a size")
            .help(format!("with {vcpus} vCPUs a job can have {least} to {most} GB{steps}")),
        );
        return DEFAULT.compute;
    }
    let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    Compute { vcpus: small(vcpus), memory_mib: small(memory * 1024) }
}

/// The duration in seconds, or the nearest that fits; tells if it doesn't.
pub(super) fn seconds(
    duration: &ast::Spanned<ast::Duration>,
    least: u64,
    most: u64,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> u32 {
    let seconds = ast::Spanned::new(duration.value.seconds().unwrap_or(u64::MAX), duration.span);
    if !(least..=most).contains(&seconds.value) {
        diagnostics.push(
            Diagnostic::new(Code::OutOfRange, format!("{what} is out of range"))
                .label(duration.span, "out of range")
                .help(format!("it can be {} to {}", words(least), words(most))),
        );
    }
    u32::try_from(seconds.value.clamp(least, most)).unwrap_or(u32::MAX)
}

/// The number, or the nearest that fits; tells if it doesn't.
pub(super) fn within(
    number: &ast::Spanned<u64>,
    least: u64,
    most: u64,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> u32 {
    if !(least..=most).contains(&number.value) {
        diagnostics.push(
            Diagnostic::new(Code::OutOfRange, format!("{what} is out of range"))
                .label(number.span, "out of range")
                .help(format!("it can be {least} to {most}")),
        );
    }
    u32::try_from(number.value.clamp(least, most)).unwrap_or(u32::MAX)
}

fn words(seconds: u64) -> String {
    [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute")]
        .into_iter()
        .find(|(unit, _)| seconds.is_multiple_of(*unit))
        .map_or_else(|| counted(seconds, "second"), |(unit, word)| counted(seconds / unit, word))
}
