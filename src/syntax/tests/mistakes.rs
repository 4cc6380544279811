//! Every code, the places of mistakes, and what is kept beside them.

use super::{case, places, read, told};
use crate::{diagnostics::Code, syntax::ast};

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
