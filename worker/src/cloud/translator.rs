//! Amazon Translate as a provider.

use sluice_aws::TextTranslation;

use crate::translate::{TranslateError, Translator};

#[derive(Debug)]
pub(super) struct AmazonTranslator(pub(super) TextTranslation);

impl Translator for AmazonTranslator {
    fn name(&self) -> &'static str {
        "amazon-1"
    }

    fn translate(
        &self,
        texts: &[String],
        from: &str,
        to: &str,
    ) -> Result<Vec<Option<String>>, TranslateError> {
        self.0
            .translate(texts, from, to)
            .map_err(|error| TranslateError { message: error.reason, transient: error.transient })
    }
}
