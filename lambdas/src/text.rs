//! A notification as a few plain lines, for a terminal or a channel that knows no cards.

use sluice_contract::notification::{Notification, Occasion};

/// The lines, each ended by a line feed.
pub fn render(notification: &Notification) -> String {
    let mut lines = vec![format!("{}: {}", heading(notification.occasion), notification.summary)];
    let mut detail = |label: &str, value: Option<&str>| {
        lines.extend(value.map(|it| format!("  {label:<6}{it}")));
    };
    detail("cause", notification.cause.as_deref());
    detail("run", Some(&notification.run));
    let origin = notification.origin.as_ref().map(|it| format!("{}:{}", it.file, it.line));
    detail("line", origin.as_deref());
    detail("help", notification.help.as_deref());
    detail("next", notification.next_step.as_deref());
    lines.push(String::new());
    lines.join("\n")
}

fn heading(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Failure => "Failure",
        Occasion::Recovery => "Recovery",
        Occasion::Overlap => "Overlap",
        Occasion::QualityGate => "Quality gate",
        Occasion::Compute => "Compute environment",
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
        };
        assert_eq!(
            render(&notification),
            "Failure: `greece` failed in `companies.load`\n  \
             cause the disk is full\n  \
             run   r1\n  \
             line  greece.pipe:8\n  \
             help  make room\n  \
             next  sluice resume greece --run r1\n"
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
        };
        assert_eq!(render(&notification), "Recovery: `greece` has succeeded again\n  run   r2\n");
    }
}
