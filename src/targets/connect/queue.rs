//! The flow of a caller who waits in the queue: the same words over and over, with silence between them.

use super::{
    draft::{BuiltFlow, Draft, Heading},
    flow::{ActionKind, Message, Messages, Nothing, Transitions},
    lane::{self, Lane},
    name::ActionId,
};
use crate::{model::survey::Survey, targets::resources::Resources};

/// The longest break that speech can have is ten seconds.
const BREAK: &str = "<break time=\"10s\"/>";

/// The flow; none where the survey does not say what callers hear.
pub fn queue(survey: &Survey, resources: Resources<'_>) -> Option<BuiltFlow> {
    let _ = survey.words.wait.as_ref()?;
    let mut draft = Draft::default();
    let end = draft.id("End", "");
    draft.add(&end, survey.span, ActionKind::EndFlowExecution(Nothing {}), Transitions::default());
    let entries: Vec<(Lane<'_>, ActionId)> =
        Lane::all(survey).into_iter().map(|lane| (lane, wait(&mut draft, lane, &end))).collect();
    let start = draft.choose_language(survey, &entries, true)?;
    let heading = Heading {
        name: resources.queue_flow(&survey.name),
        description: format!("{}: what callers hear while they wait", survey.title),
        flow_type: "customerQueue",
    };
    Some(draft.finish(&start, heading))
}

fn wait(draft: &mut Draft, lane: Lane<'_>, end: &ActionId) -> ActionId {
    let id = draft.id("Ask to wait", lane.suffix());
    let words = lane.words.wait.as_ref().map(lane::text).unwrap_or_default();
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let ssml = format!("<speak>{words}{BREAK}{BREAK}</speak>");
    let kind = ActionKind::MessageParticipantIteratively(Messages { messages: vec![Message::Ssml(ssml)] });
    draft.add(&id, lane.words.span, kind, Transitions::to(end).on_any_error(end));
    draft.voice(lane, &id)
}
