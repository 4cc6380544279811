//! A country's pipeline.

use super::{Effort, Entry, Into, Name, Overlap, Schedule, Spanned, Text, Use};
use crate::source::Span;

/// `pipeline greece "Greek company registry" { … }`
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// All of it.
    pub span: Span,
    /// The word `pipeline`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// What people call it.
    pub title: Option<Text>,
    /// What it says.
    pub body: Body,
}

/// What stands in a pipeline, or in a template after its parameters were put in.
#[derive(Debug, Clone)]
pub struct Body {
    /// From `{` to `}`.
    pub span: Span,
    /// In written order.
    pub settings: Vec<Entry<PipelineSetting>>,
    /// In written order.
    pub uses: Vec<Use>,
    /// In written order.
    pub intos: Vec<Into>,
    /// The first words of settings that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of a pipeline.
#[derive(Debug, Clone)]
pub enum PipelineSetting {
    /// `country gr`
    Country(Name),
    /// `schedule daily at 02:30 in Europe/Athens`
    Schedule(Schedule),
    /// `start after ireland`
    StartAfter(Name),
    /// `source athens_registry`
    Source(Name),
    /// `owner "emea-data@example.com"`
    Owner(Text),
    /// `enabled no`
    Enabled(Spanned<bool>),
    /// `overlap skip`
    Overlap(Spanned<Overlap>),
    /// `retry …`, `timeout …`, `compute …`
    Effort(Effort),
}
