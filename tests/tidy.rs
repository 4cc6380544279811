//! Holds the architecture and the habits of this repository: what a reviewer would otherwise have to notice.
//!
//! Every rule lists all its violations at once, one a line, each with its place.

mod codes;
mod dependencies;
mod files;
mod layers;
mod licence;
mod readme;
mod text;

/// Fails with every violation, if there are any.
fn none_of(violations: &[String], rule: &str) {
    assert!(violations.is_empty(), "{rule}:\n  {}\n", violations.join("\n  "));
}
