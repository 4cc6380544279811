//! Where things are in the object store. Keys are the same in S3 and in the local folder.

/// The plan of a pipeline, by the SHA-256 of its text in hexadecimal.
pub fn plan(pipeline: &str, sha256: &str) -> String {
    format!("plans/{pipeline}/{sha256}.json")
}

/// One part of an extract, written under that fence: a job that was taken over and lives on writes another object.
pub fn part(pipeline: &str, run: &str, table: &str, part: u32, fence: i64) -> String {
    format!("extracts/{pipeline}/{run}/{table}/part-{part:05}-{fence}.csv.gz")
}

/// The list of an extract's parts, written when all of them are there.
pub fn part_list(pipeline: &str, run: &str, table: &str) -> String {
    format!("extracts/{pipeline}/{run}/{table}/parts.json")
}

/// One part of a table's sorted rows, written under that fence.
pub fn sorted_part(pipeline: &str, run: &str, table: &str, part: u32, fence: i64) -> String {
    format!("extracts/{pipeline}/{run}/{table}/sorted-{part:05}-{fence}.lz4")
}

/// The list of a table's sorted parts, written when all of them are there and as expected.
pub fn sorted_list(pipeline: &str, run: &str, table: &str) -> String {
    format!("extracts/{pipeline}/{run}/{table}/sorted.json")
}

/// The rows of one part that did not fit the table, with line, column and reason.
pub fn rejects(pipeline: &str, run: &str, table: &str, part: u32) -> String {
    format!("rejects/{pipeline}/{run}/{table}/part-{part:05}.csv.gz")
}

/// What earlier runs translated from one language to another.
pub fn translations(from: &str, to: &str) -> String {
    format!("translations/{from}-{to}.csv.gz")
}

/// What the keys of one part start with under every fence, and the fence of this one; none for any other key.
pub fn part_fence(key: &str) -> Option<(&str, i64)> {
    let (start, fence) = key.strip_suffix(".csv.gz")?.rsplit_once('-')?;
    let fence = fence.parse().ok()?;
    (start.starts_with("extracts/") && start.contains("/part-")).then_some((start, fence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_by_its_key() {
        let key = part("greece", "2026-11-22", "companies", 3, 7);
        assert_eq!(part_fence(&key), Some(("extracts/greece/2026-11-22/companies/part-00003", 7)));
        for other in [
            part_list("greece", "r", "companies"),
            rejects("greece", "r", "companies", 3),
            translations("el", "en"),
            plan("greece", "0a1b"),
        ] {
            assert_eq!(part_fence(&other), None, "{other}");
        }
    }
}
