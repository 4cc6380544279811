//! What every country shares, and what differs between environments.

use super::{Effort, Entry, Name, Overlap, Spanned, Staging, Text};
use crate::source::Span;

/// `platform credit_reports { … }`
#[derive(Debug, Clone)]
pub struct Platform {
    /// All of it.
    pub span: Span,
    /// The word `platform`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// In written order.
    pub environments: Vec<Environment>,
    /// In written order.
    pub connections: Vec<Connection>,
    /// Each `target NAME`: the connection that tables are published to.
    pub targets: Vec<Entry<Name>>,
    /// In written order.
    pub channels: Vec<Entry<Channel>>,
    /// In written order.
    pub notifies: Vec<Entry<Notify>>,
    /// In written order.
    pub defaults: Vec<Defaults>,
    /// The first words of settings and blocks that could not be read.
    pub unreadable: Vec<Name>,
}

/// `environment prod { … }`, or `environment local` without a block.
#[derive(Debug, Clone)]
pub struct Environment {
    /// All of it.
    pub span: Span,
    /// The word `environment`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// In written order.
    pub settings: Vec<Entry<EnvironmentSetting>>,
    /// The first words of settings that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of an environment.
#[derive(Debug, Clone)]
pub enum EnvironmentSetting {
    /// `account 222222222222`: the digits as written.
    Account(Name),
    /// `region eu-west-1`
    Region(Name),
    /// `connect "0f6f5a3e-7c1d-4b59-9a55-d2b7a3c0e111"`: not judged.
    Connect(Text),
    /// `queue BasicQueue "…"`: not judged.
    Queue(Name, Text),
    /// `hours "Office hours" "…"`: not judged.
    Hours(Name, Text),
}

/// `connection athens_registry { … }`
#[derive(Debug, Clone)]
pub struct Connection {
    /// All of it.
    pub span: Span,
    /// The word `connection`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// One for each environment, in written order.
    pub places: Vec<Place>,
    /// The first words of lines that could not be read: environments that are not missing.
    pub unreadable: Vec<Name>,
}

/// Where a connection leads in one environment.
///
/// ```text
/// prod   mysql  secret "credit-reports/prod/greece"
/// ^^^^ environment     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ text
///        ^^^^^ engine
///               ^^^^^^ secret
/// ```
#[derive(Debug, Clone)]
pub struct Place {
    /// All of it.
    pub span: Span,
    /// The environment.
    pub environment: Name,
    /// What answers there.
    pub engine: Spanned<Engine>,
    /// The word `secret`, when the text is a secret's name; whether it must be depends on the engine.
    pub secret: Option<Span>,
    /// A path, or a secret's name.
    pub text: Text,
}

/// What answers at a connection's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// `sqlite "samples/greece.db"`
    Sqlite,
    /// `csv "samples/greece"`
    Csv,
    /// `mysql secret "credit-reports/prod/greece"`
    Mysql,
    /// `postgres secret "credit-reports/prod/greece"`
    Postgres,
}

/// `channel data_team teams secret "credit-reports/teams-webhook"`, `channel ops email "ops@example.com"`
#[derive(Debug, Clone)]
pub struct Channel {
    /// Its name.
    pub name: Name,
    /// `teams`; not judged.
    pub kind: Name,
    /// The word `secret`, when the text is a secret's name; whether it must be depends on the kind.
    pub secret: Option<Span>,
    /// An address, or the name of the secret that holds it.
    pub text: Text,
}

/// `notify data_team, ops on failure, recovery`
#[derive(Debug, Clone)]
pub struct Notify {
    /// Whom: at least one.
    pub channels: Vec<Name>,
    /// Of what: at least one, not judged.
    pub events: Vec<Name>,
}

/// `defaults { … }`
#[derive(Debug, Clone)]
pub struct Defaults {
    /// All of it.
    pub span: Span,
    /// The word `defaults`.
    pub keyword: Span,
    /// In written order.
    pub settings: Vec<Entry<DefaultsSetting>>,
    /// The first words of settings that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of `defaults`.
#[derive(Debug, Clone)]
pub enum DefaultsSetting {
    /// `overlap skip`
    Overlap(Spanned<Overlap>),
    /// `staging database`
    Staging(Spanned<Staging>),
    /// `retry …`, `timeout …`, `compute …`
    Effort(Effort),
}
