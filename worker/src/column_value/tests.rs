//! Cases of values and the types they must fit.

use super::*;

fn shown(kind: ColumnType, text: &str) -> String {
    match check(kind, text) {
        Ok(ColumnValue::Integer(number)) => format!("#{number}"),
        Ok(ColumnValue::Text(text)) => text.to_owned(),
        Ok(ColumnValue::Canonical(text)) => text,
        Err(reason) => format!("! {reason}"),
    }
}

#[test]
fn texts_are_measured_in_characters() {
    assert_eq!(shown(ColumnType::Text { length: 3 }, "Αθή"), "Αθή");
    assert_eq!(shown(ColumnType::Text { length: 3 }, "Αθήν"), "! 4 characters, at most 3 fit");
    assert_eq!(shown(ColumnType::Char { length: 2 }, "GR"), "GR");
    assert_eq!(shown(ColumnType::Char { length: 2 }, "G"), "! 1 characters, must be 2");
    assert_eq!(text(b"a\xff"), Err("not valid UTF-8".to_owned()));
}

#[test]
fn numbers() {
    assert_eq!(shown(ColumnType::Integer, "-12"), "#-12");
    for wrong in ["", "1.5", "1e3", " 1", "abc"] {
        assert_eq!(shown(ColumnType::Integer, wrong), format!("! `{wrong}` is not a whole number"));
    }
    for beyond in ["9223372036854775808", "-9223372036854775809", "18446744073709551615"] {
        let reason = format!("! `{beyond}` is beyond a whole number of 64 bits");
        assert_eq!(shown(ColumnType::Integer, beyond), reason);
    }
    let money = ColumnType::Decimal { precision: 5, scale: 2 };
    for (given, expected) in [
        ("1", "1.00"),
        ("-001.5", "-1.50"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("+999.99", "999.99"),
        ("-0.000", "0.00"),
        ("-0.00", "0.00"),
        ("+.50", "0.50"),
        ("05.5", "5.50"),
        ("12.34", "12.34"),
        ("1.230", "1.23"),
        ("1.234", "! `1.234` has more than 2 digits after the point"),
        ("1000", "! `1000` has more than 3 digits before the point"),
        ("", "! `` is not a decimal number"),
        (".", "! `.` is not a decimal number"),
        ("1e2", "! `1e2` is not a decimal number"),
        ("1,5", "! `1,5` is not a decimal number"),
    ] {
        assert_eq!(shown(money, given), expected, "{given}");
    }
    let long = "12345678901234567890123456789012345678";
    assert_eq!(shown(ColumnType::Decimal { precision: 38, scale: 0 }, long), long);
}

#[test]
fn booleans() {
    for (given, expected) in [
        ("1", "#1"),
        ("TRUE", "#1"),
        ("false", "#0"),
        ("0", "#0"),
        ("yes", "! `yes` is neither true nor false"),
    ] {
        assert_eq!(shown(ColumnType::Boolean, given), expected);
    }
}

#[test]
fn dates_and_timestamps() {
    assert_eq!(shown(ColumnType::Date, "2024-02-29"), "2024-02-29");
    for wrong in [
        "2023-02-29",
        "0000-00-00",
        "0000-05-05",
        "2024-2-9",
        "29/02/2024",
        "2024-02-29 00:00:00",
        "2024-02-2é",
        "",
    ] {
        assert_eq!(shown(ColumnType::Date, wrong), format!("! `{wrong}` is not a date"));
    }
    for (given, expected) in [
        ("2026-11-22 13:14:15", "2026-11-22 13:14:15"),
        ("2026-11-22T13:14:15", "2026-11-22 13:14:15"),
        ("2026-11-22T13:14", "2026-11-22 13:14:00"),
        ("2026-11-22 13:14:15.5", "2026-11-22 13:14:15.500000"),
        ("2026-11-22 13:14:15.000", "2026-11-22 13:14:15"),
        ("2026-11-22T13:14:15Z", "2026-11-22 13:14:15"),
        ("2026-11-22T00:14:15.25+02:00", "2026-11-21 22:14:15.250000"),
        ("2026-11-22T23:14:15-0130", "2026-11-23 00:44:15"),
        ("2026-11-22 13:14:15.1234567", "! `2026-11-22 13:14:15.1234567` has more than 6 digits of a second"),
        ("2026-11-22 13:14:15.", "! `2026-11-22 13:14:15.` is not a timestamp"),
        ("2026-11-22 24:00:00", "! `2026-11-22 24:00:00` is not a timestamp"),
        ("2026-11-22", "! `2026-11-22` is not a timestamp"),
        ("0001-01-01 00:00:00", "0001-01-01 00:00:00"),
        ("0001-01-01 00:00:00+14:00", "! `0001-01-01 00:00:00+14:00` is not a timestamp"),
        ("9999-12-31 23:59:59-01:00", "! `9999-12-31 23:59:59-01:00` is not a timestamp"),
        ("soon", "! `soon` is not a timestamp"),
        ("2026-11-22 13:14:15+é1", "! `2026-11-22 13:14:15+é1` is not a timestamp"),
    ] {
        assert_eq!(shown(ColumnType::Timestamp, given), expected, "{given}");
    }
}

#[test]
fn a_long_value_is_shown_short() {
    let reason = shown(ColumnType::Integer, &"é".repeat(100));
    assert_eq!(reason, format!("! `{}…` is not a whole number", "é".repeat(40)));
}
