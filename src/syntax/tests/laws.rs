//! Parsing is total.

use proptest::prelude::*;

use super::read;
use crate::{
    diagnostics::render::{Style, human},
    syntax::tokens,
};

fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "pipeline",
        "into",
        "table",
        "platform",
        "template",
        "survey",
        "ask",
        "when",
        "and",
        "or",
        "scale",
        "choice",
        "window",
        "09:00..20:00",
        "<>",
        "environment",
        "connection",
        "use",
        "country",
        "extract",
        "companies",
        "$x",
        "\"text\"",
        "\"open",
        "\\",
        "16",
        "02:30",
        "..",
        ",",
        "(",
        ")",
        ":",
        "{",
        "}",
        "{\n",
        "}\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "    ",
        "\t",
        " ",
        " ",
        "# why",
        "#",
        "é",
        "漢字",
        "§",
        "<=",
        "*",
        "ß_1",
        "text(3)",
        "key",
        "\u{feff}",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn parse_is_total(text in prop_oneof![any::<String>(), soup()]) {
        let (sources, parsed, diagnostics) = read(&text);
        let mut end = 0;
        for token in tokens(&sources, parsed.file) {
            prop_assert_eq!(token.span.start, end);
            prop_assert_eq!(sources.slice(token.span), token.text.as_str());
            end = token.span.end;
        }
        prop_assert_eq!(end as usize, sources.text(parsed.file).len());
        let drawn = human(&diagnostics, &sources, Style::PLAIN);
        prop_assert!(!drawn.contains("failed to read"), "{}", drawn);
    }
}
