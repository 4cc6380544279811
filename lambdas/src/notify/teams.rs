//! A notification as an Adaptive Card, in the envelope that workflows and incoming webhooks of Teams take.
//!
//! Sources: Adaptive Cards 1.5 schema; "Create and send messages", incoming webhooks, Microsoft Teams. All text
//! stands in text runs: those know no Markdown, so nothing in a name or a cause has to be escaped.

use serde::Serialize;
use sluice_contract::notification::{Notification, Occasion};

use crate::text;

/// The JSON text to post.
pub(super) fn render(notification: &Notification) -> Result<String, serde_json::Error> {
    let heading = TextRun {
        size: Some("Medium"),
        weight: Some("Bolder"),
        color: Some(color(notification.occasion)),
        ..TextRun::plain(notification.occasion.heading())
    };
    let summary = notification.summary.replace('`', "");
    let mut body = vec![
        RichTextBlock::of(vec![heading]),
        RichTextBlock::of(vec![TextRun { weight: Some("Bolder"), ..TextRun::plain(&summary) }]),
    ];
    let details = text::details(notification);
    body.extend(details.iter().map(|(label, value)| {
        let label = TextRun { subtle: Some(true), ..TextRun::plain(&format!("{label}  ")) };
        RichTextBlock::of(vec![label, TextRun { font: Some("Monospace"), ..TextRun::plain(value) }])
    }));
    let actions = notification.log.iter().map(|url| Action { r#type: "Action.OpenUrl", title: "Log", url });
    let card = Card {
        schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        r#type: "AdaptiveCard",
        version: "1.5",
        fallback_text: &summary,
        body,
        actions: actions.collect(),
        msteams: Width { width: "Full" },
    };
    let attachment = Attachment { content_type: "application/vnd.microsoft.card.adaptive", content: card };
    serde_json::to_string(&Message { r#type: "message", attachments: [attachment] })
}

fn color(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Failure | Occasion::QualityGate => "Attention",
        Occasion::Recovery => "Good",
        Occasion::Overlap | Occasion::Compute | Occasion::SurveyAlert => "Warning",
    }
}

#[derive(Serialize)]
struct Message<'a> {
    r#type: &'static str,
    attachments: [Attachment<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment<'a> {
    content_type: &'static str,
    content: Card<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Card<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    r#type: &'static str,
    version: &'static str,
    fallback_text: &'a str,
    body: Vec<RichTextBlock>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<Action<'a>>,
    msteams: Width,
}

#[derive(Serialize)]
struct Width {
    width: &'static str,
}

#[derive(Serialize)]
struct Action<'a> {
    r#type: &'static str,
    title: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct RichTextBlock {
    r#type: &'static str,
    inlines: Vec<TextRun>,
}

impl RichTextBlock {
    fn of(inlines: Vec<TextRun>) -> Self {
        Self { r#type: "RichTextBlock", inlines }
    }
}

#[derive(Serialize)]
struct TextRun {
    r#type: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<&'static str>,
    #[serde(rename = "isSubtle", skip_serializing_if = "Option::is_none")]
    subtle: Option<bool>,
    #[serde(rename = "fontType", skip_serializing_if = "Option::is_none")]
    font: Option<&'static str>,
}

impl TextRun {
    fn plain(text: &str) -> Self {
        Self {
            r#type: "TextRun",
            text: text.to_owned(),
            size: None,
            weight: None,
            color: None,
            subtle: None,
            font: None,
        }
    }
}
