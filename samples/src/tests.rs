//! The counts, held against what SQL finds in the databases; and the same seed, held against itself.

use std::{fs, path::Path};

use rusqlite::Connection;

use crate::{COUNTRIES, company::Blemish, database::write, expected::Expected, options::Options};

fn number(database: &Path, sql: &str) -> u64 {
    let connection = Connection::open(database).unwrap();
    let found: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    found.try_into().unwrap()
}

/// Rows that the declared table takes. SQLite's own date functions carry 30 February over into March, which is
/// how an impossible date gives itself away.
const FIT: &str = "
    WITH fit AS (
        SELECT *,
            first_value(id) OVER by_place AS first_id,
            first_value(name) OVER by_place AS first_name,
            row_number() OVER (PARTITION BY registration_no ORDER BY updated_at DESC) AS age
        FROM companies
        WHERE registration_no IS NOT NULL AND length(registration_no) <= 32
          AND length(name) <= 255 AND datetime(updated_at) = updated_at
        WINDOW by_place AS (PARTITION BY registration_no ORDER BY id)
    ) ";

fn with_samples(rows: u64, check: impl Fn(&Path, &Expected)) {
    let folder = tempfile::tempdir().unwrap();
    for country in COUNTRIES {
        let expected = write(country, rows, folder.path()).unwrap();
        check(&folder.path().join(format!("{}.db", country.name)), &expected);
    }
}

#[test]
fn the_counts_are_what_sql_finds() {
    with_samples(5_000, |database, expected| {
        let of = |select: &str| number(database, &format!("{FIT} {select}"));
        let companies = &expected.companies;
        assert_eq!(companies.rows, of("SELECT count(*) FROM companies"));
        assert_eq!(companies.rejected, companies.rows - of("SELECT count(*) FROM fit"));
        assert_eq!(companies.published, of("SELECT count(*) FROM fit WHERE age = 1"));
        assert_eq!(companies.duplicates, of("SELECT count(*) FROM fit WHERE age > 1"));
        assert_eq!(companies.renewed, of("SELECT count(*) FROM fit WHERE age = 1 AND id != first_id"));
        assert_eq!(expected.officers.rows, of("SELECT count(*) FROM officers"));
        assert_eq!(
            expected.officers.rows,
            of("SELECT count(*) FROM (SELECT DISTINCT registration_no, officer_no FROM officers)")
        );
        let strays = "SELECT registration_no FROM officers EXCEPT SELECT registration_no FROM fit";
        assert_eq!(of(&format!("SELECT count(*) FROM ({strays})")), 0);
    });
}

#[test]
fn every_reason_is_planted_and_counted() {
    with_samples(5_000, |database, expected| {
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
            let found = number(database, &format!("SELECT count(*) FROM companies WHERE {found}"));
            assert!(found > 0, "{} is planted nowhere", blemish.word());
            assert_eq!(counts.get(blemish.word()), Some(&found), "{}", blemish.word());
        }
    });
}

#[test]
fn no_two_fitting_rows_of_a_registration_number_are_equally_new_or_wholly_alike() {
    with_samples(5_000, |database, expected| {
        let of = |select: &str| number(database, &format!("{FIT} {select}"));
        let fit = expected.companies.rows - expected.companies.rejected;
        assert_eq!(fit, of("SELECT count(*) FROM (SELECT DISTINCT registration_no, updated_at FROM fit)"));
        assert_eq!(of("SELECT count(*) FROM fit WHERE id != first_id AND name = first_name"), 0);
    });
}

#[test]
fn the_same_seed_makes_the_same_file() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for country in COUNTRIES {
        for folder in [&one, &two] {
            let _ = write(country, 500, folder.path()).unwrap();
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
    let expected = Options { out_dir: "out".into(), rows: 1_000_000, only: Some("greece".into()) };
    assert_eq!(parse("out --rows 1_000_000 --only greece"), Ok(expected));
    assert_eq!(parse("out").unwrap().rows, 5_000);
}

#[test]
fn a_wrong_command_line_is_explained() {
    assert_eq!(parse("").unwrap_err(), "the folder to write to is missing");
    assert_eq!(parse("out --rows many").unwrap_err(), "`many` is not a number of rows");
    assert_eq!(
        parse("out --only grece").unwrap_err(),
        "there is no sample of `grece`, only of greece and ireland"
    );
    assert_eq!(parse("out more").unwrap_err(), "`more` is one argument too many");
    assert_eq!(parse("out --fast").unwrap_err(), "`--fast` is not a flag");
}
