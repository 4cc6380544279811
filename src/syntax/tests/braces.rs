//! Braces that are missing or too many.

use super::places;

#[test]
fn braces_are_repaired_where_indentation_says() {
    let cases = [
        // The last block of a pipeline is not closed.
        (
            "pipeline a {\n    into b {\n        publish upsert\n}\n\npipeline c {\n    country gr\n}\n",
            &["P0103 3:23"][..],
        ),
        // Two pipelines lack an end each.
        (
            "pipeline a {\n    country gr\n\npipeline b {\n    country gr\n\ntable c {\n}\n",
            &["P0103 2:15", "P0103 5:15"],
        ),
        // A block in the middle and the last one.
        (
            "pipeline a {\n    into b {\n        publish upsert\n    into c {\n        publish upsert\n    into d {\n    }\n}\n",
            &["P0103 3:23", "P0103 5:23"],
        ),
        // The header of a pipeline lacks its brace.
        ("pipeline a\n    country gr\n    into b {\n        publish upsert\n    }\n}\n", &["P0109 1:11"]),
        // A brace of its own line is fine.
        ("pipeline a\n{\n    into b\n    {\n    }\n}\n", &[]),
        // So is everything on one line.
        ("pipeline a { into b { publish upsert } into c { publish replace } } table d { id integer }\n", &[]),
        // And no indentation at all.
        ("pipeline a {\ninto b {\npublish upsert\n}\ncountry gr\n}\n", &[]),
        // A misspelt header closes what is open, and is told as well.
        ("pipeline a {\n    country gr\n\npipelin b {\n    nonsense\n}\n", &["P0103 2:15", "P0102 4:1"]),
        // Two braces too many at the end are one mistake.
        ("pipeline a {\n}\n}\n}\n", &["P0104 3:1"]),
    ];
    for (text, expected) in cases {
        assert_eq!(places(text), expected, "{text}");
    }
}

#[test]
fn a_hundred_thousand_braces_are_few_mistakes() {
    let open = "{".repeat(100_000);
    let close = "}".repeat(100_000);
    assert_eq!(places(&close), ["P0104 1:1"]);
    assert_eq!(places(&format!("pipeline x {open}")), ["P0106 1:13", "P0108 1:76"]);
    assert_eq!(places(&format!("pipeline x {open}{close}")), ["P0106 1:13", "P0108 1:76"]);
    assert!(!places(&"a {\n".repeat(50_000)).is_empty());
}
