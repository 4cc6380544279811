//! Regions of AWS. New ones come; all are named alike, so what is not known is held against how they are named.

/// Those that are known.
pub const REGIONS: [&str; 38] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-isob-east-1",
    "us-west-1",
    "us-west-2",
];

/// Those that Amazon Connect is offered in.
///
/// <https://docs.aws.amazon.com/connect/latest/adminguide/regions.html>, as of 2026-11.
const CONNECT_REGIONS: [&str; 11] = [
    "af-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-2",
    "us-east-1",
    "us-gov-west-1",
    "us-west-2",
];

/// The words between a region's continent and its number, and what they are in short.
pub const DIRECTIONS: [(&str, &str); 9] = [
    ("north", "n"),
    ("northeast", "ne"),
    ("northwest", "nw"),
    ("south", "s"),
    ("southeast", "se"),
    ("southwest", "sw"),
    ("east", "e"),
    ("west", "w"),
    ("central", "c"),
];

/// Whether it could be a region's name.
pub(super) fn is_region(name: &str) -> bool {
    if REGIONS.contains(&name) {
        return true;
    }
    let mut parts = name.rsplit('-');
    let is_number = parts.next().is_some_and(|it| it.len() == 1 && it.bytes().all(|it| it.is_ascii_digit()));
    let is_direction = parts.next().is_some_and(|it| DIRECTIONS.iter().any(|(word, _)| *word == it));
    let rest: Vec<&str> = parts.collect();
    let is_short =
        rest.iter().all(|it| (2..=4).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_lowercase()));
    is_number && is_direction && is_short && (1..=2).contains(&rest.len())
}

/// Whether it is known that Amazon Connect is not offered there.
pub(super) fn lacks_connect(name: &str) -> bool {
    REGIONS.contains(&name) && !CONNECT_REGIONS.contains(&name)
}

/// The regions with Amazon Connect that lie nearest by their name: those of its continent, or else all.
pub(super) fn with_connect(name: &str) -> Vec<&'static str> {
    let continent = |it: &str| it.split('-').next().unwrap_or_default().to_owned();
    let near: Vec<_> = CONNECT_REGIONS.into_iter().filter(|it| continent(it) == continent(name)).collect();
    if near.is_empty() { CONNECT_REGIONS.to_vec() } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_that_is_not_known_yet_is_taken_and_what_is_none_is_not() {
        for name in REGIONS.into_iter().chain(["eu-west-9", "us-gov-central-1", "xy-southwest-2"]) {
            assert!(is_region(name), "{name}");
        }
        for name in
            ["", "xx", "eu-wset-1", "eu-west", "eu-west-1a", "EU-WEST-1", "ireland", "eu_west_1", "west-1"]
        {
            assert!(!is_region(name), "{name}");
        }
    }
}
