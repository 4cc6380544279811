//! Verify: the run ends here unless the staging rows are as expected. All that is wrong is told at once.

use sluice_contract::{plan::Expectation, statistics::Statistics};

use crate::{
    error::{WorkerError, line_of},
    stage::Context,
};

pub(super) fn verify(
    context: &Context<'_>,
    name: &str,
    expectations: &[Expectation],
) -> Result<Statistics, WorkerError> {
    let target = context.open_target()?;
    let rows = target.count(name)?;
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
                    let nulls = target.count_nulls(name, column)?;
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
        }
    }
    if !findings.is_empty() {
        return Err(WorkerError::Expectation { findings: findings.join("; ") });
    }
    context.progress.total(&context.stage.id, rows);
    context.progress.advance(&context.stage.id, rows, 0);
    Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
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
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 12, 999, 1000, 10_000, 5_000_000].map(grouped),
            ["0", "12", "999", "1,000", "10,000", "5,000,000"]
        );
    }
}
