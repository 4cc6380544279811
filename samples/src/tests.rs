//! The counts, held against what SQL finds in the databases; and the same seed, held against itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use rusqlite::Connection;

use crate::{
    COUNTRIES, company::Blemish, country::Country, database::write, expected::Expected, options::Options,
    schema::Moments,
};

fn number(database: &Path, sql: &str) -> u64 {
    let connection = Connection::open(database).unwrap();
    let found: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    found.try_into().unwrap()
}

/// The source's tables under the names that the published ones have.
fn read_as_published(country: &Country) -> String {
    let schema = &country.schema;
    let moment = schema.updated_at;
    let moment = match schema.moments {
        Moments::Plain => moment.to_owned(),
        Moments::Letter => format!("replace({moment}, 'T', ' ')"),
        Moments::Slashes => format!("replace({moment}, '/', '-')"),
        Moments::Apart => format!("{moment}_date || ' ' || {moment}_time"),
    };
    format!(
        "WITH source AS (SELECT id, {} AS registration_no, {} AS name, {} AS address, {moment} AS updated_at FROM {}) ",
        schema.registration_no, schema.name, schema.address, schema.companies
    )
}

/// Rows that the declared table takes. SQLite's own date functions carry 30 February over into March, which is
/// how an impossible date gives itself away.
const FIT: &str = "
    , fit AS (
        SELECT *,
            first_value(id) OVER by_place AS first_id,
            first_value(name) OVER by_place AS first_name,
            row_number() OVER (PARTITION BY registration_no ORDER BY updated_at DESC) AS age
        FROM source
        WHERE registration_no IS NOT NULL AND length(registration_no) <= 32
          AND length(name) <= 255 AND datetime(updated_at) = updated_at
        WINDOW by_place AS (PARTITION BY registration_no ORDER BY id)
    ) ";

fn with_samples(rows: u64, mut check: impl FnMut(&Country, &Path, &Expected)) {
    let folder = tempfile::tempdir().unwrap();
    for country in COUNTRIES {
        let expected = write(country, rows, folder.path()).unwrap();
        check(country, &folder.path().join(format!("{}.db", country.name)), &expected);
    }
}

#[test]
fn the_counts_are_what_sql_finds() {
    with_samples(1_500, |country, database, expected| {
        let source = read_as_published(country);
        let of = |select: &str| number(database, &format!("{source} {FIT} {select}"));
        let companies = &expected.companies;
        let name = country.name;
        assert_eq!(companies.rows, of("SELECT count(*) FROM source"), "{name}");
        assert_eq!(companies.rejected, companies.rows - of("SELECT count(*) FROM fit"), "{name}");
        assert_eq!(companies.published, of("SELECT count(*) FROM fit WHERE age = 1"), "{name}");
        assert_eq!(companies.duplicates, of("SELECT count(*) FROM fit WHERE age > 1"), "{name}");
        assert_eq!(
            companies.renewed,
            of("SELECT count(*) FROM fit WHERE age = 1 AND id != first_id"),
            "{name}"
        );
        let Some(schema) = country.schema.officers else {
            assert_eq!(expected.officers.rows, 0, "{name}");
            return;
        };
        let apart = database.with_file_name(format!("{name}_officers.db"));
        let officers = if schema.apart { apart.as_path() } else { database };
        let (table, key) = (schema.table, format!("{}, {}", schema.registration_no, schema.officer_no));
        let rows = expected.officers.rows;
        assert_eq!(rows, number(officers, &format!("SELECT count(*) FROM {table}")), "{name}");
        assert_eq!(
            rows,
            number(officers, &format!("SELECT count(*) FROM (SELECT DISTINCT {key} FROM {table})")),
            "{name}"
        );
        if !schema.apart {
            let strays = format!(
                "SELECT {} FROM {table} EXCEPT SELECT registration_no FROM fit",
                schema.registration_no
            );
            assert_eq!(of(&format!("SELECT count(*) FROM ({strays})")), 0, "{name}");
        }
    });
}

#[test]
fn every_reason_is_planted_and_counted() {
    let mut planted: BTreeMap<&str, u64> = BTreeMap::new();
    with_samples(1_500, |country, database, expected| {
        let source = read_as_published(country);
        let companies = &expected.companies;
        for blemish in Blemish::ALL {
            let counts =
                if blemish.unfit() { &companies.rejected_by_reason } else { &companies.odd_by_reason };
            let found = match blemish {
                Blemish::MissingRegistrationNo => "registration_no IS NULL",
                Blemish::LongRegistrationNo => "length(registration_no) > 32",
                Blemish::LongName => "length(name) > 255",
                Blemish::ImpossibleDate => "datetime(updated_at) != updated_at",
                Blemish::NullAddress => "address IS NULL",
                Blemish::EmptyAddress => "address = ''",
                Blemish::Quotes => "name LIKE '%\"%'",
                Blemish::Commas => "name LIKE '%,%'",
                Blemish::LineFeed => "instr(address, char(10)) > 0",
                Blemish::Emoji => "name LIKE '%🏛️%'",
            };
            let found = number(database, &format!("{source} SELECT count(*) FROM source WHERE {found}"));
            let told = counts.get(blemish.word()).copied().unwrap_or_default();
            assert_eq!(told, found, "{} of {}", blemish.word(), country.name);
            *planted.entry(blemish.word()).or_default() += found;
        }
    });
    assert!(planted.values().all(|it| *it > 0), "{planted:?}");
}

#[test]
fn no_two_fitting_rows_of_a_registration_number_are_equally_new_or_wholly_alike() {
    with_samples(1_500, |country, database, expected| {
        let source = read_as_published(country);
        let of = |select: &str| number(database, &format!("{source} {FIT} {select}"));
        let fit = expected.companies.rows - expected.companies.rejected;
        let name = country.name;
        assert_eq!(
            fit,
            of("SELECT count(*) FROM (SELECT DISTINCT registration_no, updated_at FROM fit)"),
            "{name}"
        );
        assert_eq!(of("SELECT count(*) FROM fit WHERE id != first_id AND name = first_name"), 0, "{name}");
    });
}

#[test]
fn patterns_name_lists_that_are_there_and_nine_digits() {
    for country in COUNTRIES {
        let patterns = [country.companies, country.addresses, country.persons].concat();
        for pattern in &patterns {
            for name in pattern.split(['{', '}']).skip(1).step_by(2) {
                let known = name == "house" || country.lists.iter().any(|(list, _)| *list == name);
                assert!(known, "{}: {pattern} names {name}", country.name);
            }
        }
        for (list, words) in country.lists {
            let named = patterns.iter().any(|it| it.contains(&format!("{{{list}}}")));
            assert!(named, "{}: nothing names {list}", country.name);
            assert!(words.iter().all(|it| !it.trim().is_empty()), "{}: {list}", country.name);
        }
        assert_eq!(country.registration_no.matches('#').count(), 9, "{}", country.name);
    }
}

#[test]
fn no_two_countries_share_a_seed() {
    let seeds: BTreeSet<u64> = COUNTRIES.iter().map(|it| it.seed).collect();
    assert_eq!(seeds.len(), COUNTRIES.len());
}

#[test]
fn the_same_seed_makes_the_same_file() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for country in COUNTRIES {
        for folder in [&one, &two] {
            let _ = write(country, 200, folder.path()).unwrap();
        }
        for name in [format!("{}.db", country.name), format!("{}.expected.json", country.name)] {
            let read = |folder: &Path| fs::read(folder.join(&name)).unwrap();
            assert!(read(one.path()) == read(two.path()), "{name} differs");
        }
    }
}

fn parse(line: &str) -> Result<Options, String> {
    Options::parse(line.split_whitespace().map(str::to_owned))
}

#[test]
fn a_command_line_is_read() {
    let expected = Options { out_dir: "out".into(), rows: Some(1_000_000), only: Some("greece".into()) };
    assert_eq!(parse("out --rows 1_000_000 --only greece"), Ok(expected));
    assert_eq!(parse("out").unwrap().rows, None);
}

#[test]
fn a_wrong_command_line_is_explained() {
    assert_eq!(parse("").unwrap_err(), "the folder to write to is missing");
    assert_eq!(parse("out --rows many").unwrap_err(), "`many` is not a number of rows");
    let wrong = parse("out --only grece").unwrap_err();
    assert!(wrong.starts_with("there is no sample of `grece`, only of armenia, brazil,"), "{wrong}");
    assert_eq!(parse("out more").unwrap_err(), "`more` is one argument too many");
    assert_eq!(parse("out --fast").unwrap_err(), "`--fast` is not a flag");
}
