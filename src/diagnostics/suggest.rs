//! Did you mean …?

/// Fewer letters are the beginning of anything.
const LEAST_BEGINNING: usize = 3;

/// The candidate that was probably meant by `name`: one that differs in case only, else the nearest within a
/// third of the name's length, else the only one that it is a beginning of. Of equals, the first.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut abbreviated: Vec<&str> = Vec::new();
    let lower = name.to_lowercase();
    let limit = (name.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.to_lowercase();
        let distance = if other == lower { 0 } else { strsim::osa_distance(&lower, &other).max(1) };
        if lower.len() >= LEAST_BEGINNING && other.starts_with(&lower) {
            abbreviated.push(candidate);
        }
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    match (best, abbreviated.as_slice()) {
        (Some((_, candidate)), _) => Some(candidate),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// All of them, those that share most pairs of letters with `text` first.
pub fn nearest_first<'a>(text: &str, candidates: Vec<&'a str>) -> Vec<&'a str> {
    let text = text.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        candidates.into_iter().map(|it| (strsim::sorensen_dice(&text, &it.to_lowercase()), it)).collect();
    scored.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    scored.into_iter().map(|(_, it)| it).collect()
}
