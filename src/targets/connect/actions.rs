//! Actions that several flows have: a voice, a message, attributes, the choice of a language.

use std::collections::BTreeMap;

use sluice_contract::survey::attribute as known;

use super::{
    draft::Draft,
    flow::{
        ActionKind, Comparison, ContactAttributes, ErrorType, Flag, Input, Message, Nothing,
        TextToSpeechVoice, Transitions,
    },
    lane::{self, Lane, WAIT_SECONDS},
    name::ActionId,
};
use crate::{
    model::survey::{Choose, Engine, Prompt, Survey},
    source::Span,
};

impl Draft {
    /// Says the prompt and goes on, whether it could be said or not.
    pub(super) fn say(&mut self, id: &ActionId, span: Span, prompt: &Prompt, next: &ActionId) {
        self.say_text(id, span, lane::text(prompt), next);
    }

    /// Says the text and goes on, whether it could be said or not.
    pub(super) fn say_text(&mut self, id: &ActionId, span: Span, text: String, next: &ActionId) {
        let kind = ActionKind::MessageParticipant(Message::Text(text));
        self.add(id, span, kind, Transitions::to(next).on_any_error(next));
    }

    /// Sets attributes of this contact.
    pub(super) fn set(
        &mut self,
        id: &ActionId,
        span: Span,
        attributes: &[(&str, &str)],
        next: &ActionId,
        failed: &ActionId,
    ) {
        let attributes: BTreeMap<String, String> =
            attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let kind = ActionKind::UpdateContactAttributes(ContactAttributes {
            attributes,
            target_contact: Some("Current".to_owned()),
        });
        self.add(id, span, kind, Transitions::to(next).on_any_error(failed));
    }

    /// Hangs up.
    pub(super) fn hang_up(&mut self, span: Span, lane: &str) -> ActionId {
        let id = self.id("Hang up", lane);
        self.add(&id, span, ActionKind::DisconnectParticipant(Nothing {}), Transitions::default());
        id
    }

    /// Speaks with the lane's voice from here on; if it can't, with the one that spoke before.
    pub(super) fn voice(&mut self, lane: Lane<'_>, next: &ActionId) -> ActionId {
        let voice = &lane.words.voice;
        let id = self.id(&format!("Voice {}", voice.name), lane.suffix());
        let engine = match voice.engine {
            Engine::Standard => None,
            Engine::Neural => Some("Neural".to_owned()),
        };
        let kind = ActionKind::UpdateContactTextToSpeechVoice(TextToSpeechVoice {
            text_to_speech_voice: voice.name.clone(),
            text_to_speech_engine: engine,
        });
        self.add(&id, lane.words.span, kind, Transitions::to(next).on_any_error(next));
        self.show(&id, "TextToSpeechVoice", "languageCode", &voice.language);
        id
    }

    /// Into the lane of the caller's language; the survey's own where that is not known.
    ///
    /// `is_known` says whether an earlier flow has found it out.
    pub(super) fn choose_language(
        &mut self,
        survey: &Survey,
        entries: &[(Lane<'_>, ActionId)],
        is_known: bool,
    ) -> Option<ActionId> {
        let (own, first) = entries.first()?;
        let Some(choose) = survey.choose.as_ref().filter(|_| entries.len() > 1) else {
            return Some(first.clone());
        };
        let id = self.id("Choose language", "");
        let key = match &choose.by {
            Choose::Key(prompt) if !is_known => prompt,
            Choose::Key(_) | Choose::Attribute(_) => {
                let name = language_attribute(survey, is_known).unwrap_or(known::LANGUAGE);
                let _ = self.given.insert(name.to_owned());
                let kind = ActionKind::Compare(Comparison { comparison_value: lane::attribute(name) });
                let mut transitions = Transitions::to(first).on_error(ErrorType::NoMatchingCondition, first);
                for (lane, entry) in entries.iter().skip(1) {
                    transitions = transitions.on_equal(lane.language(), entry);
                }
                self.add(&id, choose.span, kind, transitions);
                return Some(id);
            }
        };
        let mut transitions = Transitions::to(first)
            .on_error(ErrorType::InputTimeLimitExceeded, first)
            .on_error(ErrorType::NoMatchingCondition, first)
            .on_any_error(first);
        for (number, (_, entry)) in (1..).zip(entries) {
            transitions = transitions.on_equal(u32::to_string(&number), entry);
        }
        self.add(&id, choose.span, menu(lane::text(key)), transitions);
        // Somebody must speak before a language is chosen.
        let voice = Lane::all(survey).into_iter().next().unwrap_or(*own);
        Some(self.voice(voice, &id))
    }
}

/// The attribute that says the language; none where it is asked for.
pub(super) fn language_attribute(survey: &Survey, is_known: bool) -> Option<&str> {
    match &survey.choose.as_ref()?.by {
        _ if is_known => Some(known::LANGUAGE),
        Choose::Attribute(name) => Some(name),
        Choose::Key(_) => None,
    }
}

/// One key decides.
pub(super) fn menu(text: String) -> ActionKind {
    ActionKind::GetParticipantInput(Input {
        message: Message::Text(text),
        store_input: Flag::False,
        input_time_limit_seconds: WAIT_SECONDS.to_owned(),
        input_validation: None,
        dtmf_configuration: None,
    })
}
