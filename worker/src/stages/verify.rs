//! Verify: the run ends here unless the staging rows are as expected. All that is wrong is told at once.

use sluice_contract::{plan::Expectation, statistics::Statistics};

use crate::{
    error::{WorkerError, line_of},
    stage::Context,
    target::{Repeated, Target},
};

/// What is known of the rows that expectations are about, wherever they are staged.
pub(super) trait Measures {
    /// How many there are.
    fn rows(&self) -> Result<u64, WorkerError>;

    /// How many have a null in that column.
    fn nulls(&self, column: &str) -> Result<u64, WorkerError>;

    /// Those that agree in all of some columns, none of them null.
    fn repeated(&self, columns: &[String]) -> Result<Option<Repeated>, WorkerError>;

    /// What was read and rejected on the way to staging.
    fn loaded(&self) -> Result<Statistics, WorkerError>;
}

pub(super) fn verify(
    context: &Context<'_>,
    name: &str,
    expectations: &[Expectation],
) -> Result<Statistics, WorkerError> {
    let measures = InDatabase { context, target: &*context.open_target()?, name };
    hold(context, name, expectations, &measures)?;
    let rows = measures.rows()?;
    context.progress.total(&context.stage.id, rows);
    context.progress.advance(&context.stage.id, rows, 0);
    Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
}

/// Rows in a staging table.
struct InDatabase<'a> {
    context: &'a Context<'a>,
    target: &'a dyn Target,
    name: &'a str,
}

impl Measures for InDatabase<'_> {
    fn rows(&self) -> Result<u64, WorkerError> {
        self.target.count(self.name)
    }

    fn nulls(&self, column: &str) -> Result<u64, WorkerError> {
        self.target.count_nulls(self.name, column)
    }

    fn repeated(&self, columns: &[String]) -> Result<Option<Repeated>, WorkerError> {
        self.target.repeated(self.name, columns)
    }

    fn loaded(&self) -> Result<Statistics, WorkerError> {
        let load = self.context.figures(self.context.run, &format!("{}.load", self.name))?;
        Ok(load.unwrap_or_default())
    }
}

/// An error that tells every expectation that does not hold.
pub(super) fn hold(
    context: &Context<'_>,
    name: &str,
    expectations: &[Expectation],
    measures: &dyn Measures,
) -> Result<(), WorkerError> {
    let rows = measures.rows()?;
    let mut findings = Vec::new();
    for expectation in expectations {
        match expectation {
            Expectation::Rows { least, most, origin } => {
                if !(*least..=*most).contains(&rows) {
                    findings.push(format!(
                        "{}: expected between {} and {} rows in `{name}`, found {}",
                        line_of(origin),
                        grouped(*least),
                        grouped(*most),
                        grouped(rows)
                    ));
                }
            }
            Expectation::NoNulls { columns, origin } => {
                for column in columns {
                    let nulls = measures.nulls(column)?;
                    if nulls > 0 {
                        let rows = if nulls == 1 {
                            "1 row has".to_owned()
                        } else {
                            format!("{} rows have", grouped(nulls))
                        };
                        findings.push(format!(
                            "{}: expected no nulls in `{name}.{column}`, {rows} one",
                            line_of(origin)
                        ));
                    }
                }
            }
            Expectation::Unique { columns, origin } => {
                if let Some(repeated) = measures.repeated(columns)? {
                    let (stand, more) = if repeated.values == 1 {
                        ("1 value stands".to_owned(), "")
                    } else {
                        (format!("{} values stand", grouped(repeated.values)), "such as ")
                    };
                    let columns: Vec<_> = columns.iter().map(|it| format!("`{it}`")).collect();
                    findings.push(format!(
                        "{}: expected unique {} in `{name}`, {stand} in several rows: {more}{}",
                        line_of(origin),
                        columns.join(", "),
                        repeated.example
                    ));
                }
            }
            Expectation::Rejected { below_percent, origin } => {
                let load = measures.loaded()?;
                if is_share(load.rows_rejected, load.rows_read, *below_percent) {
                    findings.push(format!(
                        "{}: expected below {below_percent}% of the rows of `{name}` rejected, {} of {} were ({})",
                        line_of(origin),
                        grouped(load.rows_rejected),
                        grouped(load.rows_read),
                        share(load.rows_rejected, load.rows_read)
                    ));
                }
            }
            Expectation::Change { within_percent, origin } => {
                let Some((run, before)) = last_count(context, name)? else {
                    let note = format!("{}: no earlier run to compare with", line_of(origin));
                    context.progress.note(&context.stage.id, &note);
                    continue;
                };
                let change = rows.abs_diff(before);
                if u128::from(change) * 100 > u128::from(before) * u128::from(*within_percent) {
                    let word = if rows < before { "fewer" } else { "more" };
                    findings.push(format!(
                        "{}: expected rows of `{name}` within {within_percent}% of the last run, found {}, \
                         {} {word} than the {} of run `{run}`",
                        line_of(origin),
                        grouped(rows),
                        share(change, before),
                        grouped(before)
                    ));
                }
            }
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(WorkerError::Expectation { findings: findings.join("; ") })
}

/// The rows of the table that the last run that succeeded published, and that run.
fn last_count(context: &Context<'_>, name: &str) -> Result<Option<(String, u64)>, WorkerError> {
    let Some(last) = context.last_success()? else { return Ok(None) };
    // A run whose plan had no such stage tells nothing; what is loaded and not deduped is published.
    for stage in ["sort", "dedupe", "load"] {
        if let Some(figures) = context.figures(&last.run, &format!("{name}.{stage}"))? {
            return Ok(Some((last.run, figures.rows_written)));
        }
    }
    Ok(None)
}

/// Whether `part` of `whole` is that share or more; nothing is no share of nothing.
fn is_share(part: u64, whole: u64, percent: u32) -> bool {
    part > 0 && u128::from(part) * 100 >= u128::from(whole) * u128::from(percent)
}

/// `2.5%`, cut to one digit behind the point.
fn share(part: u64, whole: u64) -> String {
    let tenths = (u128::from(part) * 1000).checked_div(u128::from(whole));
    tenths.map_or_else(
        || "no share of nothing".to_owned(),
        |it| if it % 10 == 0 { format!("{}%", it / 10) } else { format!("{}.{}%", it / 10, it % 10) },
    )
}

/// `10,000`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, is_share, share};

    #[test]
    fn shares_are_exact_at_their_limit() {
        assert!(
            is_share(2, 100, 2) && !is_share(199, 10_000, 2) && !is_share(0, 0, 1) && is_share(1, 1, 100)
        );
        assert_eq!(
            [share(1, 3), share(1, 50), share(3, 1), share(1, 0)],
            ["33.3%", "2%", "300%", "no share of nothing"]
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 12, 999, 1000, 10_000, 5_000_000].map(grouped),
            ["0", "12", "999", "1,000", "10,000", "5,000,000"]
        );
    }
}
