//! What is awkward in a source reaches the target unchanged, for each engine to each; what a target can't hold is
//! rejected with its line, its column and the reason.

use std::sync::Arc;

use proptest::prelude::*;
use sluice_contract::{
    plan::{ColumnType, Split, Work},
    runs::StageKey,
};

use super::{
    harness::{in_parts, on_mariadb},
    mariadb_server::MariaDb,
    postgres_server::Postgres,
    source_on::{Source, column, hex, lab_for},
};

const AWKWARD: &[&str] = &[
    "",
    " ",
    "NULL",
    "\\N",
    "\\\\N",
    "\\",
    "a\\",
    "\\t",
    "\t",
    "\n",
    "\r\n",
    "\r",
    ",",
    ";",
    "\"",
    "\"\"",
    "'",
    "''",
    "\\'",
    "a,\"b\"\n'c'\\",
    "trailing ",
    "🦀",
    "é",
    "e\u{301}",
    "שלום",
    "\u{202e}abc",
    "ελληνικά",
    "日本語",
    "\u{feff}bom",
    "\u{1a}",
    "\u{7f}",
    "\u{10ffff}",
    "--",
    "/*",
    "${x}",
    "%s",
    "{% x %}",
    "\\x41",
    "\\.",
    "0",
    "-0",
];

/// Every awkward text goes from the source to the target unchanged, whole and in parts.
fn texts(source: &Source<'_>) {
    let mut all: Vec<String> = AWKWARD.iter().map(|it| (*it).to_owned()).collect();
    // PostgreSQL's texts hold no such character.
    if !matches!(source, Source::Postgres(_)) {
        all.extend(["\0".to_owned(), "a\0b".to_owned()]);
    }
    let create = match source {
        Source::MariaDb(_) => {
            "CREATE TABLE companies (id INT PRIMARY KEY, name VARCHAR(99)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        }
        Source::Sqlite | Source::Postgres(_) => "CREATE TABLE companies (id INT PRIMARY KEY, name TEXT)",
    };
    let mut statements = vec![create.to_owned(), "INSERT INTO companies VALUES (-1, NULL)".to_owned()];
    statements.extend(
        all.iter().enumerate().map(|(id, text)| {
            format!("INSERT INTO companies VALUES ({id}, {})", text_literal(*source, text))
        }),
    );
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    for split in [None, Some("id"), Some("name")] {
        let mut lab = lab_for(vec![
            column("id", ColumnType::Integer, true),
            column("name", ColumnType::Text { length: 99 }, false),
        ]);
        let _ = source.fill(&mut lab, &statements);
        if let (Work::Extract { split: into, .. }, Some(column)) = (lab.work("companies.extract"), split) {
            *into = Some(Split { column: column.to_owned(), parts: 5 });
        }
        let published = lab.until("companies.publish").unwrap();
        assert_eq!(published.rows_written, all.len() as u64 + 1, "{split:?}");
        let mut expected = vec!["-1|NULL".to_owned()];
        expected
            .extend(all.iter().enumerate().map(|(id, text)| format!("{id}|{}", hex(text).to_uppercase())));
        assert_eq!(
            lab.rows("SELECT id, hex(name) FROM companies ORDER BY id")
                .join("\n")
                .replace("-1|\n", "-1|NULL\n"),
            expected.join("\n"),
            "{split:?}"
        );
        assert_eq!(lab.rows("SELECT count(*) FROM companies WHERE name IS NULL"), ["1"]);
        if split.is_some() {
            assert!(lab.runs().parts(&key()).unwrap().len() > 1, "{split:?}");
        }
    }
}

/// The text in SQL, whatever it holds.
fn text_literal(source: Source<'_>, text: &str) -> String {
    let digits = hex(text);
    match source {
        Source::Sqlite => format!("CAST(X'{digits}' AS TEXT)"),
        Source::MariaDb(_) => format!("CONVERT(X'{digits}' USING utf8mb4)"),
        Source::Postgres(_) => format!("convert_from(decode('{digits}', 'hex'), 'UTF8')"),
    }
}

fn key() -> StageKey<'static> {
    StageKey { pipeline: "greece", run: "r1", stage: "companies.extract" }
}

/// Every type with the values at its edges: four rows that fit, five that do not.
fn edges(source: Source<'_>) -> [&'static str; 2] {
    match source {
        Source::Sqlite => [
            "CREATE TABLE companies (id INTEGER PRIMARY KEY, money TEXT, whole TEXT, bits TEXT, yes INTEGER, day TEXT,
                                     moment TEXT, document TEXT, bytes BLOB)",
            r#"INSERT INTO companies VALUES
               (1, '1234567890123456789012345678901234.5678', '99999999999999999999999999999999999999',
                '18446744073709551615', 1, '9999-12-31', '9999-12-31 23:59:59.999999', '{"a": "é\n"}', X'616263'),
               (2, '-0.0001', '-99999999999999999999999999999999999999', '0', 0, '1000-01-01',
                '1970-01-01 02:00:00+02', '[]', X''),
               (3, '0', '0', '1', NULL, '0001-01-01', '0001-01-01 00:00:00', NULL, NULL),
               (4, '0', '0', '0', 1, '0000-00-00', NULL, NULL, NULL),
               (5, '0', '0', '0', 1, NULL, '2026-02-00 00:00:00', NULL, NULL),
               (6, '0', '0', '0', 1, NULL, NULL, NULL, X'ff00'),
               (7, '0', '0', '0', 1, '0000-05-05', NULL, NULL, NULL),
               (8, '0', '0', '0', 1, NULL, '0001-01-01 00:00:00+14:00', NULL, NULL),
               (9223372036854775807, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"#,
        ],
        Source::MariaDb(_) => [
            "CREATE TABLE companies (id BIGINT PRIMARY KEY, money DECIMAL(38,4), whole DECIMAL(38,0), bits BIT(64),
                                     yes BIT(1), day DATE, moment DATETIME(6), document JSON, bytes BLOB)",
            r#"INSERT INTO companies VALUES
               (1, '1234567890123456789012345678901234.5678', '99999999999999999999999999999999999999',
                18446744073709551615, b'1', '9999-12-31', '9999-12-31 23:59:59.999999', '{"a": "é\\n"}', 'abc'),
               (2, '-0.0001', '-99999999999999999999999999999999999999', 0, b'0', '1000-01-01',
                '1970-01-01 00:00:00', '[]', ''),
               (3, 0, 0, 1, NULL, '0001-01-01', '0001-01-01 00:00:00', NULL, NULL),
               (4, 0, 0, 0, 1, '0000-00-00', NULL, NULL, NULL),
               (5, 0, 0, 0, 1, NULL, '2026-02-00 00:00:00', NULL, NULL),
               (6, 0, 0, 0, 1, NULL, NULL, NULL, X'ff00'),
               (7, 0, 0, 0, 1, '0000-05-05', NULL, NULL, NULL),
               (8, 0, 0, 0, 1, NULL, '0000-00-00 00:00:00', NULL, NULL),
               (9223372036854775807, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"#,
        ],
        Source::Postgres(_) => [
            "CREATE TABLE companies (id BIGINT PRIMARY KEY, money NUMERIC(38,4), whole NUMERIC(38,0), bits NUMERIC(20,0),
                                     yes BOOLEAN, day DATE, moment TIMESTAMPTZ, document JSONB, bytes BYTEA)",
            r#"INSERT INTO companies VALUES
               (1, '1234567890123456789012345678901234.5678', '99999999999999999999999999999999999999',
                18446744073709551615, true, '9999-12-31', '9999-12-31 23:59:59.999999+00', '{"a": "é\n"}', 'abc'),
               (2, '-0.0001', '-99999999999999999999999999999999999999', 0, false, '1000-01-01',
                '1970-01-01 02:00:00+02', '[]', ''),
               (3, 0, 0, 1, NULL, '0001-01-01', '0001-01-01 00:00:00+00', NULL, NULL),
               (4, 0, 0, 0, true, 'infinity', NULL, NULL, NULL),
               (5, 0, 0, 0, true, NULL, '0044-03-15 00:00:00+00 BC', NULL, NULL),
               (6, 0, 0, 0, true, NULL, NULL, NULL, '\xff00'),
               (7, 0, 0, 0, true, '0001-12-31 BC', NULL, NULL, NULL),
               (8, 0, 0, 0, true, NULL, '-infinity', NULL, NULL),
               (9223372036854775807, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"#,
        ],
    }
}

/// Types with the values at their edges; what does not fit is rejected and told.
fn types(source: &Source<'_>) {
    let mut lab = lab_for(vec![
        column("id", ColumnType::Integer, true),
        column("money", ColumnType::Decimal { precision: 38, scale: 4 }, false),
        column("whole", ColumnType::Decimal { precision: 38, scale: 0 }, false),
        column("bits", ColumnType::Decimal { precision: 20, scale: 0 }, false),
        column("yes", ColumnType::Boolean, false),
        column("day", ColumnType::Date, false),
        column("moment", ColumnType::Timestamp, false),
        column("document", ColumnType::Text { length: 200 }, false),
        column("bytes", ColumnType::Text { length: 20 }, false),
    ]);
    let _ = source.fill(&mut lab, &edges(*source));
    let loaded = lab.until("companies.load").unwrap();
    assert_eq!((loaded.rows_read, loaded.rows_written, loaded.rows_rejected), (9, 4, 5));
    let _ = lab.stage("companies.publish").unwrap();
    assert_eq!(
        lab.rows("SELECT * FROM companies ORDER BY id"),
        [
            "1|1234567890123456789012345678901234.5678|99999999999999999999999999999999999999|18446744073709551615|1|\
             9999-12-31|9999-12-31 23:59:59.999999|{\"a\": \"é\\n\"}|abc",
            "2|-0.0001|-99999999999999999999999999999999999999|0|0|1000-01-01|1970-01-01 00:00:00|[]|",
            "3|0.0000|0|1|NULL|0001-01-01|0001-01-01 00:00:00|NULL|NULL",
            "9223372036854775807|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
        ]
    );
    let rejects = lab.part("rejects/greece/r1/companies/part-00000.csv.gz");
    let told: Vec<_> =
        rejects.iter().skip(1).map(|it| it.split('|').take(3).collect::<Vec<_>>().join("|")).collect();
    let expected = match source {
        Source::Sqlite => [
            "5|day|`0000-00-00` is not a date",
            "6|moment|`2026-02-00 00:00:00` is not a timestamp",
            "7|bytes|not valid UTF-8",
            "8|day|`0000-05-05` is not a date",
            "9|moment|`0001-01-01 00:00:00+14:00` is not a timestamp",
        ],
        Source::MariaDb(_) => [
            "5|day|`0000-00-00` is not a date",
            "6|moment|`2026-02-00 00:00:00.000000` is not a timestamp",
            "7|bytes|not valid UTF-8",
            "8|day|`0000-05-05` is not a date",
            "9|moment|`0000-00-00 00:00:00.000000` is not a timestamp",
        ],
        Source::Postgres(_) => [
            "5|day|`infinity` is not a date",
            "6|moment|`0044-03-15 00:00:00+00 BC` is not a timestamp",
            "7|bytes|not valid UTF-8",
            "8|day|`0001-12-31 BC` is not a date",
            "9|moment|`-infinity` is not a timestamp",
        ],
    };
    assert_eq!(told, expected);
}

/// What a row of any values holds, each as its canonical text.
#[derive(Debug, Clone)]
struct Random {
    name: Option<String>,
    money: Option<String>,
    number: Option<i64>,
    yes: Option<bool>,
    day: Option<String>,
    moment: Option<String>,
}

fn any_day() -> impl Strategy<Value = String> {
    (1i16..=9999, 1i8..=12, 1i8..=31).prop_filter_map("no such day", |(year, month, day)| {
        jiff::civil::Date::new(year, month, day).ok().map(|it| it.to_string())
    })
}

fn any_row() -> impl Strategy<Value = Random> {
    let letter = prop_oneof![
        any::<char>(),
        proptest::sample::select("\\\"',;\t\r\n\0N \u{feff}é🦀ש".chars().collect::<Vec<_>>())
    ];
    let name = proptest::collection::vec(letter, 0..12).prop_map(|it| it.into_iter().collect::<String>());
    let money =
        (any::<bool>(), "0|[1-9][0-9]{0,33}", 1u32..10_000).prop_map(|(negative, whole, fraction)| {
            format!("{}{whole}.{fraction:04}", if negative { "-" } else { "" })
        });
    let moment = (any_day(), 0u32..86_400, prop_oneof![Just(0u32), 0u32..1_000_000]).prop_map(
        |(day, second, micro)| {
            let clock = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
            if micro == 0 { format!("{day} {clock}") } else { format!("{day} {clock}.{micro:06}") }
        },
    );
    let option = proptest::option::of::<BoxedStrategy<String>>;
    let numbers = (proptest::option::of(any::<i64>()), proptest::option::of(any::<bool>()));
    (option(name.boxed()), option(money.boxed()), numbers, option(any_day().boxed()), option(moment.boxed()))
        .prop_map(|(name, money, (number, yes), day, moment)| Random {
            name,
            money,
            number,
            yes,
            day,
            moment,
        })
}

impl Random {
    fn literals(&self, source: Source<'_>) -> String {
        let or_null = |it: Option<String>| it.unwrap_or_else(|| "NULL".to_owned());
        let quoted = |it: &Option<String>| or_null(it.as_ref().map(|it| format!("'{it}'")));
        let yes = self.yes.map(|it| match source {
            Source::Sqlite | Source::MariaDb(_) => u8::from(it).to_string(),
            Source::Postgres(_) => it.to_string(),
        });
        [
            or_null(self.name.as_ref().map(|it| text_literal(source, it))),
            quoted(&self.money),
            or_null(self.number.map(|it| it.to_string())),
            or_null(yes),
            quoted(&self.day),
            quoted(&self.moment),
        ]
        .join(", ")
    }

    fn expected(&self) -> String {
        let or_null = |it: Option<String>| it.unwrap_or_else(|| "NULL".to_owned());
        [
            // Nothing is what the hexadecimal digits of a null are in SQLite.
            self.name.as_ref().map_or("none".to_owned(), |it| hex(it).to_uppercase()),
            or_null(self.money.clone()),
            or_null(self.number.map(|it| it.to_string())),
            or_null(self.yes.map(|it| u8::from(it).to_string())),
            or_null(self.day.clone()),
            or_null(self.moment.clone()),
        ]
        .join("|")
    }
}

/// Any rows go through a part and back out unchanged.
fn random_rows(source: &Source<'_>, cases: u32) {
    let without_nul = matches!(source, Source::Postgres(_));
    let row = any_row().prop_map(move |row| match row.name {
        Some(name) if without_nul => Random { name: Some(name.replace('\0', "")), ..row },
        name => Random { name, ..row },
    });
    let rows = proptest::collection::vec(row, 1..40);
    let create = match source {
        Source::Sqlite => {
            "CREATE TABLE companies (id INT, name TEXT, money TEXT, number INT, yes INT, day TEXT, moment TEXT)"
        }
        Source::MariaDb(_) => {
            "CREATE TABLE companies (id INT, name VARCHAR(12), money DECIMAL(38,4), number BIGINT, yes BOOLEAN, day DATE, moment DATETIME(6)) CHARACTER SET utf8mb4"
        }
        Source::Postgres(_) => {
            "CREATE TABLE companies (id INT, name TEXT, money NUMERIC(38,4), number BIGINT, yes BOOLEAN, day DATE, moment TIMESTAMP)"
        }
    };
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
    let ran = runner.run(&rows, |rows| {
        let mut lab = lab_for(vec![
            column("id", ColumnType::Integer, true),
            column("name", ColumnType::Text { length: 12 }, false),
            column("money", ColumnType::Decimal { precision: 38, scale: 4 }, false),
            column("number", ColumnType::Integer, false),
            column("yes", ColumnType::Boolean, false),
            column("day", ColumnType::Date, false),
            column("moment", ColumnType::Timestamp, false),
        ]);
        let (mut values, mut expected) = (Vec::new(), Vec::new());
        for (id, row) in rows.iter().enumerate() {
            values.push(format!("({id}, {})", row.literals(*source)));
            expected.push(format!("{id}|{}", row.expected()));
        }
        let _ = source.fill(&mut lab, &[create, &format!("INSERT INTO companies VALUES {}", values.join(", "))]);
        let _ = lab.until("companies.publish").unwrap();
        let rows = lab.rows("SELECT id, CASE WHEN name IS NULL THEN 'none' ELSE hex(name) END, money, number, yes, day, moment FROM companies ORDER BY id");
        prop_assert_eq!(rows, expected);
        Ok(())
    });
    ran.unwrap();
}

/// On both ways through staging.
fn both_ways(source: &Source<'_>) {
    all(source);
    in_parts(|| all(source));
}

/// Cases of random rows where a server takes part.
const CASES: u32 = 6;

fn all(source: &Source<'_>) {
    texts(source);
    types(source);
    random_rows(source, CASES);
}

#[test]
fn sqlite_to_sqlite() {
    both_ways(&Source::Sqlite);
}

#[test]
fn sqlite_to_mariadb() {
    on_mariadb(&Arc::new(MariaDb::start()), || both_ways(&Source::Sqlite));
}

#[test]
fn mariadb_to_sqlite_and_to_mariadb() {
    let server = Arc::new(MariaDb::start());
    both_ways(&Source::MariaDb(&server));
    on_mariadb(&server, || both_ways(&Source::MariaDb(&server)));
}

#[test]
fn postgres_to_sqlite_and_to_mariadb() {
    let (server, target) = (Postgres::start(), Arc::new(MariaDb::start()));
    both_ways(&Source::Postgres(&server));
    on_mariadb(&target, || both_ways(&Source::Postgres(&server)));
}
