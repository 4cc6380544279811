//! `survey.json`: what the Lambdas around a survey's flows work by.

use sluice_contract::survey::{
    AnswerCondition, AnswerRelation, CallLimit, Calls, FORMAT, Resource, SurveyAlert, SurveyAnswers,
    SurveyDocument, SurveyMode, SurveyQuestion,
};

use super::asking::copied_language;
use crate::{
    model::survey::{Answers, Condition, Mode, Question, Relation, Survey},
    source::Sources,
    targets::{plan_document::origin, resources::Resources},
};

/// The survey's document in one environment.
pub fn survey_document(survey: &Survey, resources: Resources<'_>, sources: &Sources) -> SurveyDocument {
    SurveyDocument {
        format: FORMAT,
        environment: resources.environment().to_owned(),
        survey: survey.name.clone(),
        title: survey.title.clone(),
        origin: origin(sources, survey.span),
        mode: match survey.mode {
            Mode::InCall => SurveyMode::InCall,
            Mode::External => SurveyMode::External,
            Mode::PostCall => SurveyMode::PostCall,
        },
        instance: resources.connect_instance().to_owned(),
        flow: resources.survey_flow(&survey.name, survey.mode),
        queue: Resource {
            name: survey.queue.name.clone(),
            id: resources.connect_queue_id(&survey.queue.name).map(str::to_owned),
        },
        calls: calls(survey),
        language_attribute: copied_language(survey).map(str::to_owned),
        questions: survey.questions().into_iter().map(|it| question(survey, it)).collect(),
        alerts: survey
            .alerts
            .iter()
            .map(|it| SurveyAlert {
                channel: it.channel.clone(),
                condition: condition(&it.condition, survey),
            })
            .collect(),
    }
}

fn calls(survey: &Survey) -> Option<Calls> {
    let calls = survey.calls.as_ref()?;
    Some(Calls {
        from_minute: calls.window.from,
        to_minute: calls.window.to,
        zone: calls.window.zone.clone(),
        limit: calls.limit.map(|it| CallLimit { calls: it.calls, each_seconds: it.each_seconds }),
        delay_seconds: calls.delay_seconds,
        attempts: calls.attempts,
        between_attempts_seconds: calls.between_attempts_seconds,
        ring_seconds: calls.ring_seconds,
        detect_machines: calls.machine.is_some(),
    })
}

fn question(survey: &Survey, question: &Question) -> SurveyQuestion {
    let words = question.answers.words();
    SurveyQuestion {
        name: question.name.clone(),
        stored_as: survey.stored_as.get(&question.name).unwrap_or(&question.name).clone(),
        answers: match &question.answers {
            Answers::Scale { least, most } => SurveyAnswers::Scale { least: *least, most: *most },
            Answers::Choices(_) | Answers::YesNo => {
                SurveyAnswers::Words(words.into_iter().map(|(word, key)| (key, word.to_owned())).collect())
            }
        },
    }
}

fn condition(condition: &Condition, survey: &Survey) -> AnswerCondition {
    let parts = |parts: &[Condition]| parts.iter().map(|it| self::condition(it, survey)).collect();
    match condition {
        Condition::Comparison { question, relation, number } => AnswerCondition::Compare {
            question: question.clone(),
            relation: match relation {
                Relation::Equal => AnswerRelation::Equal,
                Relation::NotEqual => AnswerRelation::NotEqual,
                Relation::Less => AnswerRelation::Less,
                Relation::LessOrEqual => AnswerRelation::LessOrEqual,
                Relation::Greater => AnswerRelation::Greater,
                Relation::GreaterOrEqual => AnswerRelation::GreaterOrEqual,
            },
            value: survey.attribute_value(question, *number),
        },
        Condition::All(it) => AnswerCondition::All(parts(it)),
        Condition::Any(it) => AnswerCondition::Any(parts(it)),
    }
}
