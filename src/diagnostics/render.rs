//! Diagnostics for people: miette draws them.
