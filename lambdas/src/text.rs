//! A notification as a few plain lines, for a terminal, an e-mail or a channel that knows no cards.

use sluice_contract::notification::{Notification, Occasion};

/// The lines, each ended by a line feed.
pub fn render(notification: &Notification) -> String {
    let mut lines = vec![format!("{}: {}", notification.occasion.heading(), notification.summary)];
    for (label, value) in details(notification) {
        lines.push(format!("  {label:<6}{value}"));
    }
    lines.extend(notification.log.as_ref().map(|it| format!("  {:<6}{it}", "log")));
    lines.push(String::new());
    lines.join("\n")
}

/// What is known beside the summary, with its label; the link to the log is not among it, since channels show
/// links in their own way.
pub(crate) fn details(notification: &Notification) -> Vec<(&'static str, String)> {
    let origin = notification.origin.as_ref().map(|it| format!("{}:{}", it.file, it.line));
    [
        ("cause", notification.cause.clone()),
        (whose(notification.occasion), Some(notification.run.clone()).filter(|it| !it.is_empty())),
        ("line", origin),
        ("help", notification.help.clone()),
        ("next", notification.next_step.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

/// What the notification's `run` is.
fn whose(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Failure
        | Occasion::Recovery
        | Occasion::Overlap
        | Occasion::QualityGate
        | Occasion::Compute => "run",
        Occasion::SurveyAlert => "call",
    }
}

#[cfg(test)]
mod tests {
    use sluice_contract::plan::Origin;

    use super::*;

    #[test]
    fn a_failure_says_what_why_where_and_what_next() {
        let notification = Notification {
            occasion: Occasion::Failure,
            pipeline: "greece".into(),
            run: "r1".into(),
            stage: Some("companies.load".into()),
            summary: "`greece` failed in `companies.load`".into(),
            cause: Some("the disk is full".into()),
            help: Some("make room".into()),
            next_step: Some("sluice resume greece --run r1".into()),
            origin: Some(Origin { file: "greece.pipe".into(), line: 8 }),
            channel: None,
            log: Some("https://console/log".into()),
        };
        assert_eq!(
            render(&notification),
            "Failure: `greece` failed in `companies.load`\n  \
             cause the disk is full\n  \
             run   r1\n  \
             line  greece.pipe:8\n  \
             help  make room\n  \
             next  sluice resume greece --run r1\n  \
             log   https://console/log\n"
        );
    }

    #[test]
    fn what_is_unknown_takes_no_line() {
        let notification = Notification {
            occasion: Occasion::Recovery,
            pipeline: "greece".into(),
            run: "r2".into(),
            stage: None,
            summary: "`greece` has succeeded again".into(),
            cause: None,
            help: None,
            next_step: None,
            origin: None,
            channel: None,
            log: None,
        };
        assert_eq!(render(&notification), "Recovery: `greece` has succeeded again\n  run   r2\n");
    }
}
