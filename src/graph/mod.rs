//! Pictures of a pipeline's stages: the order that the generated state machine runs them in.
//!
//! Owns how stages are drawn; knows the Plan, and nothing of terminals or files.

mod arrows;
mod dot;
mod mermaid;
mod svg;
mod tree;

#[cfg(test)]
mod tests;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
pub use tree::tree;
