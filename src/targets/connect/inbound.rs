//! The flow of a caller who comes in: offered the survey, marked, and put into the queue.
//!
//! Whatever goes wrong with the survey, the caller still reaches the queue; whoever can't be put into the queue is
//! told so.

use sluice_contract::survey::attribute;

use super::{
    actions::{language_attribute, menu},
    draft::{BuiltFlow, Draft, Heading},
    flow::{ActionKind, ErrorType, EventHooks, HoursOfOperation, Nothing, TargetQueue, Transitions},
    lane::{self, Lane},
    name::ActionId,
};
use crate::{
    model::survey::{Key, Mode, Survey},
    targets::resources::Resources,
};

/// Said where the survey does not say what is.
const SORRY: &str = "We are sorry, we can't put you through now. Please call again later. Goodbye.";

/// The flow; none where somebody else has it.
pub fn inbound(survey: &Survey, resources: Resources<'_>) -> Option<BuiltFlow> {
    if survey.mode == Mode::External {
        return None;
    }
    let mut draft = Draft::default();
    let entries: Vec<(Lane<'_>, ActionId)> = Lane::all(survey)
        .into_iter()
        .map(|lane| (lane, Inbound { draft: &mut draft, lane, resources }.build()))
        .collect();
    let start = draft.choose_language(survey, &entries, false)?;
    let heading = Heading {
        name: resources.inbound_flow(&survey.name),
        description: format!("{}: offered, marked and put into the queue", survey.title),
        flow_type: "contactFlow",
    };
    Some(draft.finish(&start, heading))
}

struct Inbound<'d, 'a> {
    draft: &'d mut Draft,
    lane: Lane<'a>,
    resources: Resources<'a>,
}

impl Inbound<'_, '_> {
    fn build(&mut self) -> ActionId {
        let queue = self.queue();
        let offer = self.offer(&queue);
        let hours = self.hours(&offer, &queue);
        self.draft.voice(self.lane, &hours)
    }

    fn id(&mut self, name: &str) -> ActionId {
        self.draft.id(name, self.lane.suffix())
    }

    /// Into the queue, from here on.
    fn queue(&mut self) -> ActionId {
        let survey = self.lane.survey;
        let [choose, put] = ["Choose queue", "Put into queue"].map(|it| self.id(it));
        let span = survey.queue.span;
        let end = self.draft.hang_up(span, self.lane.suffix());
        let sorry = self.sorry(&end);
        let arn = self.resources.connect_queue(&survey.queue.name).as_str().to_owned();
        let kind = ActionKind::UpdateContactTargetQueue(TargetQueue { queue_id: arn });
        let wait = self.wait_flow(&put);
        self.draft.add(&choose, span, kind, Transitions::to(&wait).on_any_error(&sorry));
        self.draft.show(&choose, "QueueId", "displayName", &survey.queue.name);
        let transitions =
            Transitions::to(&end).on_error(ErrorType::QueueAtCapacity, &sorry).on_any_error(&sorry);
        self.draft.add(&put, span, ActionKind::TransferContactToQueue(Nothing {}), transitions);
        choose
    }

    /// Tells those who can't be put into the queue; hangs up at once where nobody knows the words.
    fn sorry(&mut self, end: &ActionId) -> ActionId {
        let text = match &self.lane.words.sorry {
            Some(prompt) => lane::text(prompt),
            None if self.lane.language().starts_with("en") => SORRY.to_owned(),
            None => return end.clone(),
        };
        let id = self.id("Say sorry");
        self.draft.say_text(&id, self.lane.words.span, text, end);
        id
    }

    /// What callers hear in the queue, where the survey says it.
    fn wait_flow(&mut self, next: &ActionId) -> ActionId {
        let survey = self.lane.survey;
        if survey.words.wait.is_none() {
            return next.clone();
        }
        let name = self.resources.queue_flow(&survey.name);
        self.hook("Set queue flow", "CustomerQueue", &name, next)
    }

    fn hook(&mut self, id: &str, event: &str, flow: &str, next: &ActionId) -> ActionId {
        let id = self.id(id);
        let arn = self.resources.connect_flow(flow).as_str().to_owned();
        let kind =
            ActionKind::UpdateContactEventHooks(EventHooks { event_hooks: [(event.to_owned(), arn)].into() });
        self.draft.add(&id, self.lane.words.span, kind, Transitions::to(next).on_any_error(next));
        self.draft.show(&id, event, "displayName", flow);
        id
    }

    fn hours(&mut self, open: &ActionId, closed: &ActionId) -> ActionId {
        let Some(hours) = &self.lane.survey.hours else { return open.clone() };
        let id = self.id("Check hours");
        let arn = self.resources.connect_hours(&hours.name).as_str().to_owned();
        let kind = ActionKind::CheckHoursOfOperation(HoursOfOperation { hours_of_operation_id: arn });
        let transitions =
            Transitions::to(closed).on_any_error(closed).on_equal("True", open).on_equal("False", closed);
        self.draft.add(&id, hours.span, kind, transitions);
        self.draft.show(&id, "HoursOfOperationId", "displayName", &hours.name);
        id
    }

    /// Offers it, and marks those who do not decline.
    fn offer(&mut self, queue: &ActionId) -> ActionId {
        let marked = self.mark(queue);
        let Some(offer) = &self.lane.words.offer else { return marked };
        let id = self.id("Offer survey");
        let span = self.lane.words.offer_span;
        match self.lane.survey.offer_decline {
            None => self.draft.say(&id, span, offer, &marked),
            Some(key) => {
                let transitions = Transitions::to(&marked)
                    .on_error(ErrorType::InputTimeLimitExceeded, &marked)
                    .on_error(ErrorType::NoMatchingCondition, &marked)
                    .on_any_error(queue)
                    .on_equal(key_text(key), queue);
                self.draft.add(&id, span, menu(lane::text(offer)), transitions);
            }
        }
        id
    }

    /// A survey that can't be marked is lost; the call is not.
    fn mark(&mut self, queue: &ActionId) -> ActionId {
        let survey = self.lane.survey;
        let id = self.id("Mark contact");
        let mut attributes = vec![(attribute::SURVEY, survey.name.as_str())];
        let next = if survey.mode == Mode::PostCall {
            attributes.push((attribute::ASKED, "No"));
            let flow = self.resources.survey_flow(&survey.name, survey.mode);
            self.hook("Set survey flow", "CustomerRemaining", &flow, queue)
        } else {
            attributes.push((attribute::CANDIDATE, "True"));
            queue.clone()
        };
        if language_attribute(survey, true).is_some() {
            attributes.push((attribute::LANGUAGE, self.lane.language()));
        }
        self.draft.set(&id, survey.span, &attributes, &next, queue);
        id
    }
}

/// The key as the Flow language writes it.
pub(super) fn key_text(key: Key) -> String {
    match key {
        Key::Digit(digit) => digit.to_string(),
        Key::Star => "*".to_owned(),
    }
}
