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
    format!("extracts/{pipeline}/{run}/{table}/sorted-{part:05}-{fence}.csv.gz")
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
