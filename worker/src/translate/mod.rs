//! Providers of translations: one trait, and the one that works with nothing installed.

mod greek;
mod offline;
mod words;

pub use offline::OfflineTranslator;

/// Renders texts in another language.
pub trait Translator: std::fmt::Debug + Send + Sync {
    /// Its name and version: translations are kept with it, and none but its own are given back to it.
    fn name(&self) -> &str;

    /// One answer for each text, in order; none where it has no translation and the original is to stay. Languages
    /// are ISO 639-1.
    fn translate(
        &self,
        texts: &[String],
        from: &str,
        to: &str,
    ) -> Result<Vec<Option<String>>, TranslateError>;
}

/// Why a provider can't answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TranslateError {
    /// The provider's own words.
    pub message: String,
    /// Whether asking again may help.
    pub transient: bool,
}
