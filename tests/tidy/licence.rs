//! SPDX licence expressions: whether a list of allowed licences satisfies one.

/// Whether the expression can be satisfied with licences of the list alone.
pub(super) fn satisfied(expression: &str, allowed: &[String]) -> bool {
    // Crates older than SPDX expressions in Cargo wrote `MIT/Apache-2.0`.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let holds = any_of(&mut words, allowed);
    holds && words.peek().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut holds = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all_of(words, allowed);
    }
    holds
}

fn all_of(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut holds = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let holds = any_of(words, allowed);
        return words.next_if_eq(&")").is_some() && holds;
    }
    let mut licence = words.next().unwrap_or_default().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next().unwrap_or_default());
    }
    allowed.contains(&licence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_satisfied_as_spdx_means_them() {
        let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        let holds = |expression| satisfied(expression, &allowed);
        assert!(holds("MIT"));
        assert!(holds("MIT/Apache-2.0"));
        assert!(holds("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(holds("Apache-2.0 WITH LLVM-exception OR GPL-3.0"));
        assert!(!holds("Apache-2.0"));
        assert!(!holds("MIT AND GPL-3.0"));
        assert!(!holds("(MIT"));
        assert!(!holds(""));
    }
}
