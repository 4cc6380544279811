//! What the compiler tells people: coded, placed, with a way out.
//!
//! Owns the registry of codes, the [`Diagnostic`] that every stage raises, their collection and their rendering.
//! Knows no stage: a stage knows it. Words are made where the mistake is found; codes are never reused.

mod codes;
mod collection;
mod diagnostic;
mod excerpt;
pub mod github;
pub mod json;
pub mod render;
pub mod sarif;
pub mod suggest;
pub mod words;

#[cfg(test)]
mod tests;

pub use codes::{Code, Severity};
pub use collection::Diagnostics;
pub use diagnostic::{Diagnostic, Label, Suggestion};

/// A path below the program's folder as seen from where the command runs.
fn path_from(root: &str, path: &str) -> String {
    match root.trim_end_matches('/') {
        "" if root.starts_with('/') => format!("/{path}"),
        "" => path.to_owned(),
        root => format!("{root}/{path}"),
    }
}
