//! What Amazon Connect takes of a contact flow, whoever wrote it: facts as tables, without an action or a check.
//!
//! Knows neither surveys nor how a flow is written down: those who make flows and those who check them read the same
//! tables. Source: what `CreateContactFlow` accepted and refused, and exports of the console; the documentation where
//! neither says anything.

pub mod identifier;
pub mod parameters;
pub mod rules;
pub mod types;

/// A flow has at most so many actions.
pub const MOST_ACTIONS: usize = 250;
/// The console imports flows of fewer actions than these [Amazon Connect, "Import and export flows"].
pub const MOST_IMPORTED: usize = 99;
/// The longest content of a flow [Amazon Connect API, `CreateContactFlow`].
pub const MOST_CHARACTERS: usize = 256_000;
/// The version of the language; there is one.
pub const VERSION: &str = "2019-10-30";
/// The longest text that is said, its marks included.
pub const MOST_SPOKEN: usize = 6_000;
