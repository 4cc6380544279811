//! The tree of a file as the language means it: typed, owned, with the place of everything.
//!
//! It holds what was written, nothing derived. Names are not resolved and numbers not judged here; a setting may
//! stand twice. What could not be read is left out, was reported, and its first word is kept in `unreadable`,
//! so that nobody calls it missing later.

mod effort;
mod into;
mod pipeline;
mod platform;
mod scenario;
mod schedule;
mod survey;
mod table;
mod template;
mod translation;

pub use effort::{Compute, Duration, Effort, Overlap, Retry, TimeUnit};
pub use into::{
    Dedupe, Expectation, Extract, Into, IntoSetting, Keep, PublishMode, Split, Stage, Staging, Task,
    Translate,
};
pub use pipeline::{Body, Pipeline, PipelineSetting};
pub use platform::{
    Channel, Connection, Defaults, DefaultsSetting, Engine, Environment, EnvironmentSetting, Notify, Place,
    Platform,
};
pub use scenario::{Ending, Fault, Happening, LockState, Outcome, Scenario, ScenarioFile, ScenarioStep};
pub use schedule::{Schedule, TimeOfDay, Weekday, When};
pub use survey::{
    Alert, Ask, AskSetting, Attempts, Branch, CallLimit, Comparison, Condition, Machine, Mode, Offer,
    Operand, Relation, Step, Store, Survey, SurveySetting, Window, WindowZone,
};
pub use table::{Column, ColumnType, Table};
pub use template::{Argument, Parameter, Template, Use, Value, ValueKind};
pub use translation::{Choose, TranslatedAsk, TranslatedAskSetting, Translation, TranslationSetting};

use crate::source::{FileId, Span};

/// A value and the place it was written at.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A word that names something: `companies`, `el`, `Europe/Athens`.
pub type Name = Spanned<String>;

/// A string's content, its escapes resolved. The span includes the quotes.
pub type Text = Spanned<String>;

/// One setting or stage.
///
/// ```text
/// dedupe  by registration_no keep newest updated_at
/// ^^^^^^ keyword
/// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ span
/// ```
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// All of it.
    pub span: Span,
    /// Its first word.
    pub keyword: Span,
    /// What it says.
    pub value: T,
}

/// One `.pipe` file.
#[derive(Debug, Clone)]
pub struct File {
    /// Which.
    pub file: FileId,
    /// Its blocks, in written order.
    pub items: Vec<Item>,
    /// The names of blocks whose first line could not be read: whatever they declare is not missing.
    pub unreadable: Vec<Name>,
    /// In written order, those inside blocks included.
    pub allows: Vec<Allow>,
}

/// A block at the top of a file.
#[derive(Debug, Clone)]
pub enum Item {
    /// `platform NAME { … }`
    Platform(Platform),
    /// `table NAME { … }`
    Table(Table),
    /// `template NAME(…) { … }`
    Template(Template),
    /// `pipeline NAME { … }`
    Pipeline(Pipeline),
    /// `survey NAME { … }`
    Survey(Survey),
}

/// `allow P0312 "for the countries of next month"`
///
/// ```text
/// allow  P0312 "for the countries of next month"
///        ^^^^^ code
///              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reason
/// ```
#[derive(Debug, Clone)]
pub struct Allow {
    /// All of it.
    pub span: Span,
    /// The warning; not judged.
    pub code: Name,
    /// Why it is meant so; not judged.
    pub reason: Text,
    /// The block it stands in; none at the top of a file.
    pub block: Option<Span>,
}
