//! English for messages.

use std::fmt::Display;

/// `1 error`, `2 errors`
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    if count == N::from(1) { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``
pub fn or_ticked<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    listed(words, "or")
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``
pub fn and_ticked<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    listed(words, "and")
}

/// `a`, `a and b`, `a, b and c`
pub fn and<T: Display>(all: &[T]) -> String {
    let mut words: Vec<String> = all.iter().map(ToString::to_string).collect();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} and {last}", words.join(", ")),
        last => last.unwrap_or_default(),
    }
}

fn listed<T: AsRef<str>>(words: impl IntoIterator<Item = T>, conjunction: &str) -> String {
    let mut ticked: Vec<_> = words.into_iter().map(|it| format!("`{}`", it.as_ref())).collect();
    match ticked.pop() {
        None => String::new(),
        Some(last) if ticked.is_empty() => last,
        Some(last) => format!("{} {conjunction} {last}", ticked.join(", ")),
    }
}
