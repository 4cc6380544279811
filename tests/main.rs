//! The one integration binary: cases that need the whole of Sluice, and the rules that hold its shape.

#[cfg(test)]
mod tidy;
