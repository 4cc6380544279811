//! The flow that asks: on the call back, or when the agent has hung up.
//!
//! ```text
//! Ask -> Check -> Keep -> Save -> next question ... -> Save completed -> Thank -> Hang up
//!  ^       |\-> Count silence -> Sorry --\
//!  |       \--> Count wrong ---> Sorry --+   (too often: Save silent, Save invalid -> Say goodbye -> Hang up)
//!  \-------------------------------------/
//! ```
//!
//! Each answer is kept in an attribute of the contact and saved by the result function as it is given, so a caller
//! who hangs up loses nothing that was answered. A function that fails holds nobody up: the attribute is still in
//! the contact record.

use std::collections::BTreeMap;

use sluice_contract::survey::{Progress, attribute, parameter};

use super::{
    draft::{BuiltFlow, Draft, Heading},
    flow::{ActionKind, Comparison, ErrorType, LambdaFunction, Nothing, ResponseValidation, Transitions},
    lane::{self, Lane},
    name::ActionId,
};
use crate::{
    model::survey::{Choose, Machine, Mode, Survey},
    source::Span,
    targets::resources::Resources,
};

/// The flow of the call back, or of the caller who stays on the line.
pub fn asking(survey: &Survey, resources: Resources<'_>) -> Option<BuiltFlow> {
    let mut draft = Draft::default();
    let entries: Vec<(Lane<'_>, ActionId)> = Lane::all(survey)
        .into_iter()
        .map(|lane| (lane, Asking::new(&mut draft, lane, resources).build()))
        .collect();
    // Only a caller whom no flow of this survey has met is asked for a language.
    let is_known = survey.mode != Mode::External;
    let asked = draft.choose_language(survey, &entries, is_known)?;
    let start = match survey.mode {
        Mode::PostCall => once(&mut draft, survey, &asked),
        Mode::InCall | Mode::External => {
            let _ = draft.given.insert(attribute::ORIGINAL_CONTACT.to_owned());
            machine(&mut draft, survey, &asked)
        }
    };
    let heading = Heading {
        name: resources.survey_flow(&survey.name, survey.mode),
        description: format!("{}: asks, keeps the answers and thanks", survey.title),
        flow_type: "contactFlow",
    };
    Some(draft.finish(&start, heading))
}

/// The hook may run again when this flow ends: a caller is asked once.
fn once(draft: &mut Draft, survey: &Survey, asked: &ActionId) -> ActionId {
    let [check, note] = ["Check if asked", "Note as asked"].map(|it| draft.id(it, ""));
    let end = draft.hang_up(survey.span, "");
    let kind = ActionKind::Compare(Comparison { comparison_value: lane::attribute(attribute::ASKED) });
    let transitions =
        Transitions::to(&note).on_error(ErrorType::NoMatchingCondition, &note).on_equal("Yes", &end);
    draft.add(&check, survey.span, kind, transitions);
    draft.set(&note, survey.span, &[(attribute::ASKED, "Yes")], asked, &end);
    let _ = draft.given.insert(attribute::ASKED.to_owned());
    check
}

/// What is done about answering machines, before anybody is asked.
fn machine(draft: &mut Draft, survey: &Survey, asked: &ActionId) -> ActionId {
    let Some(machine) = survey.calls.as_ref().and_then(|it| it.machine.as_ref()) else {
        return asked.clone();
    };
    let id = draft.id("Check who answered", "");
    let end = draft.hang_up(survey.span, "");
    let taken = match machine {
        Machine::HangUp => end,
        Machine::Leave(prompt) => {
            let say = draft.id("Leave message", "");
            draft.say(&say, survey.span, prompt, &end);
            match Lane::all(survey).into_iter().next() {
                Some(own) => draft.voice(own, &say),
                None => say,
            }
        }
    };
    let transitions = Transitions::to(asked)
        .on_any_error(asked)
        .on_equal("CallAnswered", asked)
        .on_equal("VoicemailBeep", &taken)
        .on_equal("VoicemailNoBeep", &taken)
        .on_equal("NotDetected", asked);
    draft.add(&id, survey.span, ActionKind::CheckOutboundCallStatus(Nothing {}), transitions);
    id
}

/// One language of the flow.
pub(super) struct Asking<'d, 'a> {
    pub(super) draft: &'d mut Draft,
    pub(super) lane: Lane<'a>,
    resources: Resources<'a>,
    pub(super) ends: Ends,
}

/// Where those go who are not asked any further.
#[derive(Debug, Clone)]
pub(super) struct Ends {
    pub(super) declined: ActionId,
    pub(super) silent: ActionId,
    pub(super) invalid: ActionId,
    pub(super) failed: ActionId,
}

impl<'d, 'a> Asking<'d, 'a> {
    fn new(draft: &'d mut Draft, lane: Lane<'a>, resources: Resources<'a>) -> Self {
        let mut id = |progress: Progress| draft.id(&format!("Save {}", progress.word()), lane.suffix());
        let ends = Ends {
            declined: id(Progress::Declined),
            silent: id(Progress::Silent),
            invalid: id(Progress::Invalid),
            failed: id(Progress::Failed),
        };
        Self { draft, lane, resources, ends }
    }

    fn build(&mut self) -> ActionId {
        let survey = self.lane.survey;
        let completed = self.id("Save completed");
        let thank = self.id("Thank");
        let end = self.draft.hang_up(survey.span, self.lane.suffix());
        self.draft.say(&thank, self.lane.words.thank_span, &self.lane.words.thank, &end);
        self.save(&completed, self.lane.words.thank_span, Progress::Completed, None, &thank);
        let leave = match &self.lane.words.goodbye {
            None => end,
            Some(goodbye) => {
                let id = self.id("Say goodbye");
                self.draft.say(&id, self.lane.words.span, goodbye, &end);
                id
            }
        };
        let Ends { declined, silent, invalid, failed } = self.ends.clone();
        for (id, progress) in [
            (declined, Progress::Declined),
            (silent, Progress::Silent),
            (invalid, Progress::Invalid),
            (failed, Progress::Failed),
        ] {
            self.save(&id, survey.span, progress, None, &leave);
        }
        let first = self.steps(&survey.steps, &completed);
        self.draft.voice(self.lane, &first)
    }

    pub(super) fn id(&mut self, name: &str) -> ActionId {
        self.draft.id(name, self.lane.suffix())
    }

    /// Tells the result function, and goes on whatever it says.
    pub(super) fn save(
        &mut self,
        id: &ActionId,
        span: Span,
        progress: Progress,
        question: Option<&str>,
        next: &ActionId,
    ) {
        let survey = self.lane.survey;
        let contact = match survey.mode {
            Mode::PostCall => "$.InitialContactId".to_owned(),
            Mode::InCall | Mode::External => lane::attribute(attribute::ORIGINAL_CONTACT),
        };
        let mut attributes: BTreeMap<String, String> = [
            (parameter::SURVEY, survey.name.clone()),
            (parameter::CONTACT, contact),
            (parameter::PHONE_NUMBER, "$.CustomerEndpoint.Address".to_owned()),
            (parameter::STATUS, progress.word().to_owned()),
            (parameter::LANGUAGE, self.lane.language().to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        if let Some(question) = question {
            attributes.extend([
                (parameter::QUESTION.to_owned(), question.to_owned()),
                (parameter::ANSWER.to_owned(), lane::attribute(question)),
            ]);
        }
        let kind = ActionKind::InvokeLambdaFunction(LambdaFunction {
            lambda_function_arn: self.resources.survey_result_function().as_str().to_owned(),
            invocation_time_limit_seconds: "8".to_owned(),
            lambda_invocation_attributes: attributes,
            response_validation: Some(ResponseValidation { response_type: "STRING_MAP".to_owned() }),
        });
        self.draft.add(id, span, kind, Transitions::to(next).on_any_error(next));
        let name = self.resources.survey_result_name();
        self.draft.show(id, "LambdaFunctionARN", "displayName", &name);
    }
}

/// The attribute that whoever calls back copies as the language; none where none is needed.
pub(super) fn copied_language(survey: &Survey) -> Option<&str> {
    match (&survey.choose.as_ref()?.by, survey.mode) {
        (_, Mode::InCall) => Some(attribute::LANGUAGE),
        (Choose::Attribute(name), Mode::External) => Some(name),
        (Choose::Key(_), Mode::External) | (_, Mode::PostCall) => None,
    }
}
