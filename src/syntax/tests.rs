//! Cases of whole files: what is told of a text, with the text.

use proptest::prelude::*;

use super::{ast, expand, parse, settings::BlockKind, tokens};
use crate::{
    diagnostics::{
        Code, Diagnostics,
        render::{Style, human},
    },
    source::Sources,
};

pub(super) fn read(text: &str) -> (Sources, ast::File, Diagnostics) {
    let mut sources = Sources::default();
    let file = sources.add("case.pipe", text);
    let mut diagnostics = Diagnostics::default();
    let parsed = parse(&sources, file, &mut diagnostics);
    (sources, parsed, diagnostics)
}

fn told(text: &str) -> String {
    let (sources, _, diagnostics) = read(text);
    human(&diagnostics, &sources, Style::PLAIN)
}

/// Each as `code line:column`.
fn places(text: &str) -> Vec<String> {
    let (sources, _, diagnostics) = read(text);
    let place = |it: &crate::diagnostics::Diagnostic| {
        let at = sources.line_column(it.span().unwrap());
        format!("{} {}:{}", it.code, at.line, at.column)
    };
    diagnostics.sorted().into_iter().map(place).collect()
}

fn case(name: &str, text: &str) {
    let shown = format!("SOURCE\n{text}\n\nRESULT\n{}", told(text));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn every_syntax_code_has_a_case() {
    let pipeline = |lines: &str| format!("pipeline greece {{\n{lines}\n}}\n");
    let survey = |lines: &str| format!("survey satisfaction {{\n{lines}\n}}\n");
    let cases = [
        ("P0101_unclosed_string", pipeline("    owner  \"emea-data\n    country  gr")),
        ("P0101_unclosed_string_before_a_block", "pipeline greece \"Greek {\n    country gr\n}\n".to_owned()),
        ("P0102_misspelt_setting", pipeline("    contry gr")),
        ("P0102_setting_of_another_block", pipeline("    extract \"companies.sql\"")),
        ("P0102_unlike_anything", pipeline("    colour blue")),
        ("P0102_misspelt_block", "pipelin greece {\n    nonsense\n    into x {\n    }\n}\n".to_owned()),
        (
            "P0103_unclosed_block",
            "pipeline greece {\n    country gr\n\n    into companies {\n        publish upsert\n\n    into officers {\n        publish replace\n    }\n}\n\ntable companies {\n    id integer key\n}\n"
                .to_owned(),
        ),
        ("P0103_unclosed_at_the_end", "pipeline greece {\n    into companies {\n        publish upsert\n".to_owned()),
        (
            "P0104_stray_brace",
            "pipeline greece {\n    into companies {\n        publish upsert\n        }\n    }\n    country gr\n}\n"
                .to_owned(),
        ),
        ("P0104_stray_brace_alone", "table a {\n    id integer\n}\n}\n".to_owned()),
        ("P0105_unknown_character", pipeline("    country gr;")),
        ("P0105_foreign_word", pipeline("    country Ελλάδα")),
        ("P0105_invisible", pipeline("    country\u{a0}gr")),
        ("P0106_value_missing", pipeline("    schedule daily at")),
        ("P0106_other_value", pipeline("    schedule daily at noon in Europe/Athens")),
        ("P0106_misspelt_word", pipeline("    schedule dayly at 02:30 in Europe/Athens")),
        ("P0106_equal_sign", pipeline("    country = gr")),
        ("P0106_column_type", "table companies {\n    name txt(20)\n    size text\n}\n".to_owned()),
        ("P0106_block_of_nothing", pipeline("    {\n    }")),
        ("P0106_survey_mode", survey("    mode in_cal")),
        ("P0106_survey_languages", survey("    choose language\n    choose by voice\n    translation {\n    }\n    translation es-US {\n        voice \"Lupe\"\n        ask rating {\n            retry 2 times\n        }\n        scale 1..5\n    }")),
        ("P0106_survey_silence", survey("    offer \"We call.\" decline nine\n    ask rating \"How was it?\" {\n        silence\n        silence twice\n    }")),
        ("P0106_environment_connect", "platform p {\n    environment prod {\n        connect 0f6f\n        queue BasicQueue\n        hours 9\n    }\n}\n".to_owned()),
        ("P0106_survey_window", survey("    window 09:00 to 20:00 caller time")),
        ("P0106_survey_window_of_nobody", survey("    window 09:00..20:00")),
        ("P0106_survey_scale", survey("    ask rating \"How was it?\" {\n        scale 1 to 5\n    }")),
        ("P0106_survey_question_without_text", survey("    ask rating {\n        scale 1..5\n    }")),
        ("P0106_survey_condition", survey("    when rating == 2 {\n    }\n    when rating {\n    }\n    when (rating = 2 {\n    }\n    alert team when rating <= 2 and\n    alert team if rating <= 2")),
        ("P0102_survey_setting_of_a_question", survey("    scale 1..5\n    ask rating \"How was it?\" {\n        ring 30 seconds\n    }\n    when rating = 1 {\n        thank \"Thank you.\"\n    }")),
        ("P0108_survey_parentheses", survey(&format!("    when {}rating = 1{} {{\n    }}", "(".repeat(20), ")".repeat(20)))),
        ("P0107_trailing_words", pipeline("    country gr at once, please")),
        ("P0108_too_deep", pipeline(&"{".repeat(70))),
        (
            "P0109_missing_open",
            "pipeline greece {\n    into companies\n        publish upsert\n    }\n    country gr\n}\n".to_owned(),
        ),
        ("P0109_no_block_at_all", "table companies\n\ntable officers {\n    id integer\n}\n".to_owned()),
        ("P0110_unexpected_block", pipeline("    country gr {\n        nonsense\n    }")),
        ("P0111_parameter_outside", pipeline("    country $country")),
        ("P0112_number_too_large", pipeline("    timeout 99999999999999999999 hours")),
        ("P0113_unknown_escape", pipeline("    owner \"C:\\temp\"")),
        (
            "P0209_template_parameters",
            "template registry(language) {\n    country  $contry\n    into companies {\n        extract  \"{langage}/companies.sql\"\n    }\n}\n"
                .to_owned(),
        ),
    ];
    for (name, text) in &cases {
        case(name, text);
    }
    for code in Code::all().iter().filter(|it| it.as_str().starts_with("P01")) {
        assert!(cases.iter().any(|(name, _)| name.starts_with(code.as_str())), "{code} has no case");
    }
}

#[test]
fn eight_mistakes_are_told_once_each_where_they_are() {
    let text = r#"platform credit_reports {
    enviroment test
    connection athens {
        local  sqlit "samples/greece.db"
    }
}

pipelin france {
    contry fr
}

pipeline greece "Greek company registry" {
    country   gr gr
    schedule  daily at 2:30pm in Europe/Athens
    owner     "emea-data

    into companies {
        dedupe   by keep newest updated_at
        publish  upsert

    into officers {
        publish
    }
}

table officers {
    id integer key
}
"#;
    assert_eq!(
        places(text),
        [
            "P0102 2:5",
            "P0106 4:16",
            "P0102 8:1",
            "P0107 13:18",
            "P0106 14:24",
            "P0101 15:15",
            "P0106 18:26",
            "P0103 19:24",
            "P0106 22:16",
        ]
    );
}

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
fn what_is_right_beside_a_mistake_is_kept() {
    let (_, file, _) = read("pipeline greece \"Greek {\n    country gr\n    owner 5\n    enabled no\n}\n");
    let [ast::Item::Pipeline(pipeline)] = file.items.as_slice() else { panic!("{file:?}") };
    assert_eq!(pipeline.body.settings.len(), 2);
    let unreadable: Vec<_> = pipeline.body.unreadable.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(unreadable, ["owner"]);
}

#[test]
fn places_are_right_beside_wide_and_narrow_characters() {
    for before in ["é", "漢字", "🙂", "\t", "a\u{301}"] {
        let text = format!("pipeline greece \"{before}\" oops {{\n}}\n");
        let column = "pipeline greece \"".chars().count() + before.chars().count() + 3;
        assert_eq!(places(&text), [format!("P0107 1:{column}")], "{before:?}");
    }
}

#[test]
fn lines_may_end_as_on_windows_and_start_with_a_byte_order_mark() {
    let text = "\u{feff}pipeline greece {\r\n    country gr\r\n    contry gr\r\n}\r\n";
    assert_eq!(places(text), ["P0102 3:5"]);
    assert!(told(text).contains("contry gr"));
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "\u{feff}", "\n\n", "# only a comment", "   "] {
        let (_, file, diagnostics) = read(text);
        assert!(file.items.is_empty() && diagnostics.is_empty(), "{text:?}");
    }
}

#[test]
fn a_mistake_at_the_end_of_the_text_can_be_drawn() {
    case("end_of_text", "table x");
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

#[test]
fn every_example_of_the_registry_is_right() {
    let around = |kind: BlockKind| match kind {
        BlockKind::File => ("", ""),
        BlockKind::Platform => ("platform p {\n", "\n}"),
        BlockKind::Environment => ("platform p {\nenvironment e {\n", "\n}\n}"),
        BlockKind::Connection => ("platform p {\nconnection c {\n", "\n}\n}"),
        BlockKind::Defaults => ("platform p {\ndefaults {\n", "\n}\n}"),
        BlockKind::Table => ("table t {\n", "\n}"),
        BlockKind::Pipeline => ("pipeline p {\n", "\n}"),
        BlockKind::Into => ("pipeline p {\ninto t {\n", "\n}\n}"),
        BlockKind::Survey => ("survey s {\n", "\n}"),
        BlockKind::Ask => ("survey s {\nask q \"How?\" {\n", "\n}\n}"),
        BlockKind::When => ("survey s {\nwhen q = 1 {\n", "\n}\n}"),
        BlockKind::Translation => ("survey s {\ntranslation es-US {\n", "\n}\n}"),
        BlockKind::TranslatedAsk => ("survey s {\ntranslation es-US {\nask q \"?\" {\n", "\n}\n}\n}"),
    };
    for kind in BlockKind::ALL {
        for setting in kind.settings() {
            let (before, after) = around(kind);
            let text = format!("{before}{}{after}\n", setting.example);
            let (sources, _, diagnostics) = read(&text);
            let told = human(&diagnostics, &sources, Style::PLAIN);
            assert!(!diagnostics.has_errors(), "{text}\n{told}");
        }
    }
}

#[test]
fn a_template_takes_its_arguments() {
    let (sources, file, mut diagnostics) = read(
        "template registry(country, language, parts, at) {\n    country $country\n    schedule daily at $at in Europe/Athens\n    into companies {\n        extract \"{country}/companies.sql\" split by id into $parts\n        translate name from $language to en\n    }\n}\n\npipeline greece {\n    use registry(country: gr, language: \"el\", parts: 16, at: 02:30)\n}\n",
    );
    assert!(diagnostics.is_empty(), "{}", human(&diagnostics, &sources, Style::PLAIN));
    let [ast::Item::Template(template), ast::Item::Pipeline(pipeline)] = file.items.as_slice() else {
        panic!("{file:?}")
    };
    let body = expand(template, &pipeline.body.uses[0], &mut diagnostics);
    let [ast::Entry { value: ast::PipelineSetting::Country(country), .. }, schedule] =
        body.settings.as_slice()
    else {
        panic!("{body:?}")
    };
    assert_eq!(country.value, "gr");
    assert_eq!(sources.slice(country.span), "$country");
    assert_eq!(sources.slice(schedule.span), "schedule daily at $at in Europe/Athens");
    let [ast::Entry { value: ast::Stage::Extract(extract), .. }] = body.intos[0].stages.as_slice() else {
        panic!("{body:?}")
    };
    assert_eq!(extract.query.value, "gr/companies.sql");
    assert_eq!(extract.split.as_ref().unwrap().parts.value, 16);
    // A language is a word; as a string it is told with the call.
    assert_eq!(body.intos[0].unreadable[0].value, "translate");
    insta::assert_snapshot!(human(&diagnostics, &sources, Style::PLAIN));
}

#[test]
fn a_line_that_lacks_its_argument_is_left_out_silently() {
    let (_, file, mut diagnostics) = read(
        "template registry(country, parts) {\n    country $country\n    into companies {\n        extract \"{country}.sql\" split by id into $parts\n    }\n}\n\npipeline greece {\n    use registry(parts: 2)\n}\n",
    );
    let [ast::Item::Template(template), ast::Item::Pipeline(pipeline)] = file.items.as_slice() else {
        panic!("{file:?}")
    };
    let body = expand(template, &pipeline.body.uses[0], &mut diagnostics);
    assert!(diagnostics.is_empty() && body.settings.is_empty() && body.intos[0].stages.is_empty());
    assert_eq!(body.unreadable[0].value, "country");
    assert_eq!(body.intos[0].unreadable[0].value, "extract");
}

#[test]
fn and_binds_closer_than_or() {
    let shown = |condition: &str| {
        let (sources, file, diagnostics) =
            read(&format!("survey s {{\n    when {condition} {{\n    }}\n}}\n"));
        assert!(diagnostics.is_empty(), "{}", human(&diagnostics, &sources, Style::PLAIN));
        let [ast::Item::Survey(survey)] = file.items.as_slice() else { panic!("{file:?}") };
        let [ast::Step::When(branch)] = survey.steps.as_slice() else { panic!("{survey:?}") };
        with_every_parenthesis(&branch.condition)
    };
    assert_eq!(shown("a = 1"), "a = 1");
    assert_eq!(shown("((a <> yes))"), "a <> yes");
    assert_eq!(shown("a = 1 or b < 2 and c >= 3"), "(a = 1 or (b < 2 and c >= 3))");
    assert_eq!(shown("(a = 1 or b <= 2) and c > 3"), "((a = 1 or b <= 2) and c > 3)");
    assert_eq!(shown("a = 1 and b = 2 and c = 3"), "(a = 1 and b = 2 and c = 3)");
}

fn with_every_parenthesis(condition: &ast::Condition) -> String {
    let joined = |parts: &[ast::Condition], word: &str| {
        let parts: Vec<_> = parts.iter().map(with_every_parenthesis).collect();
        format!("({})", parts.join(word))
    };
    match condition {
        ast::Condition::All(parts) => joined(parts, " and "),
        ast::Condition::Any(parts) => joined(parts, " or "),
        ast::Condition::Comparison(it) => {
            let operand = match &it.operand.value {
                ast::Operand::Number(number) => number.to_string(),
                ast::Operand::Word(word) => word.clone(),
            };
            format!("{} {} {operand}", it.question.value, it.relation.value.sign())
        }
    }
}

#[test]
fn parentheses_without_end_are_one_mistake() {
    assert_eq!(places(&format!("survey s {{\n    when {}\n}}\n", "(".repeat(100_000))), ["P0108 2:26"]);
}

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
