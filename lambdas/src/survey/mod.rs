//! What both functions around a survey know: the surveys themselves, and which texts are telephone numbers.

mod moment;
mod number;

use std::collections::BTreeMap;

use sluice_contract::survey::{FORMAT, SurveyDocument};

pub use moment::{moment, text};
pub use number::is_phone_number;

/// The surveys of one environment, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surveys(BTreeMap<String, SurveyDocument>);

/// A document that these functions can't work by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SurveysError {
    /// It is no `survey.json`.
    #[error("a survey's document can't be read: {0}")]
    Unreadable(String),
    /// It was written for other functions.
    #[error("the document of survey `{survey}` has format {found}, and this function knows {FORMAT}")]
    Format {
        /// The survey.
        survey: String,
        /// Its format.
        found: u32,
    },
}

impl Surveys {
    /// Of these documents.
    pub fn new(documents: impl IntoIterator<Item = SurveyDocument>) -> Result<Self, SurveysError> {
        let mut surveys = BTreeMap::new();
        for document in documents {
            if document.format != FORMAT {
                return Err(SurveysError::Format { survey: document.survey, found: document.format });
            }
            drop(surveys.insert(document.survey.clone(), document));
        }
        Ok(Self(surveys))
    }

    /// Of a JSON list of documents.
    pub fn read(json: &str) -> Result<Self, SurveysError> {
        let documents: Vec<SurveyDocument> =
            serde_json::from_str(json).map_err(|it| SurveysError::Unreadable(it.to_string()))?;
        Self::new(documents)
    }

    /// The survey of that name.
    pub fn get(&self, name: &str) -> Option<&SurveyDocument> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_another_format_is_refused() {
        let text = include_str!("../../../generated/prod/surveys/satisfaction/survey.json");
        let list = format!("[{text}]");
        assert!(Surveys::read(&list).unwrap().get("satisfaction").is_some());
        let other = list.replacen("\"format\": 1", "\"format\": 9", 1);
        let refused = Surveys::read(&other).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the document of survey `satisfaction` has format 9, and this function knows 1"
        );
        assert!(matches!(Surveys::read("{}"), Err(SurveysError::Unreadable(_))));
    }
}
