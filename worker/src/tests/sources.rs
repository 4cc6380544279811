//! Sources that are as they should be, and all the ways in which they are not.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use super::harness::{Lab, files_below};
use crate::WorkerError;

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

fn extract(lab: &Lab) -> WorkerError {
    lab.stage("companies.extract").unwrap_err()
}

#[test]
fn a_source_file_that_is_missing_is_told_and_not_made() {
    let lab = Lab::new();
    let error = extract(&lab);
    let path = lab.path("source.db");
    assert_eq!(
        error.to_string(),
        format!("can't read connection `registry` ({}): there is no such file", path.display())
    );
    assert_eq!((error.code(), error.transient()), ("P0603", false));
    assert!(!path.exists());
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let lab = Lab::new();
    std::fs::write(lab.path("source.db"), "x".repeat(5000)).unwrap();
    let error = extract(&lab);
    assert!(error.to_string().ends_with("file is not a database"), "{error}");
    assert_eq!(error.code(), "P0603");
}

#[test]
fn a_table_that_is_gone_is_told_with_the_closest() {
    let lab = Lab::with_source("ALTER TABLE companies RENAME TO company");
    let error = extract(&lab);
    assert_eq!(error.code(), "P0602");
    assert!(
        error
            .to_string()
            .starts_with("connection `registry` has no table `companies` (greece/companies.sql in ")
    );
    let lab = Lab::with_source("ALTER TABLE companies RENAME TO compannies");
    assert_eq!(extract(&lab).help(), "did you mean `compannies`?");
}

#[test]
fn a_query_that_fails_is_told_at_its_place() {
    let mut lab = Lab::with_companies(3);
    for (query, message) in [
        (
            "SELECT reg,\n  nope\nFROM companies",
            "greece/companies.sql:2:3: the query failed: no such column: nope",
        ),
        (
            "SELECT 'é', FROM companies",
            "greece/companies.sql:1:13: the query failed: near \"FROM\": syntax error",
        ),
        (
            "SELECT reg FROM companies WHERE country = :land",
            "greece/companies.sql:1:43: the query failed: `:land` is not a parameter that is bound",
        ),
        (
            "SELECT reg FROM companies WHERE country = ?",
            "greece/companies.sql:1:43: the query failed: `?` is not a parameter that is bound",
        ),
        ("DELETE FROM companies", "greece/companies.sql: the query failed: it would change the source"),
        (
            "SELECT reg, country, json(name) AS name, updated_at FROM companies",
            "greece/companies.sql: the query failed: malformed JSON",
        ),
    ] {
        lab.query(query);
        let error = extract(&lab);
        assert_eq!(error.to_string(), message);
        assert_eq!(error.code(), "P0601");
    }
    assert_eq!(super::harness::rows(&lab.source(), "SELECT count(*) FROM companies"), ["3"]);
}

#[test]
fn columns_must_be_those_of_the_table_in_any_order_and_case() {
    let mut lab = Lab::with_companies(3);
    lab.query("SELECT reg, nme, nme, upper(country) AS country, updated_at FROM (SELECT *, name AS nme FROM companies)");
    let error = extract(&lab);
    assert_eq!(
        error.to_string(),
        "greece/companies.sql: the query does not give the columns of table `companies`: missing `name`; \
         not declared `nme`, `nme`; twice `nme`"
    );
    lab.query("SELECT updated_at, name AS NAME, country, reg FROM companies");
    let _ = lab.until("companies.load").unwrap();
    assert_eq!(lab.rows("SELECT name FROM staging_greece_companies WHERE reg = 'R000001'"), ["Name 1"]);
    lab.split("id", 4);
    lab.next_run();
    assert_eq!(
        lab.until("companies.extract").unwrap_err().to_string(),
        "greece/companies.sql: the query failed: it has no column `id` to split by"
    );
}

#[test]
fn an_empty_source_is_an_empty_table() {
    let mut lab = Lab::with_source("");
    assert_eq!(lab.until("companies.load").unwrap().parts, 1);
    lab.split("reg", 4);
    lab.next_run();
    let loaded = lab.until("companies.load").unwrap();
    assert_eq!((loaded.rows_read, loaded.parts), (0, 1));
}

#[test]
fn a_folder_of_csv_files_is_a_source() {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&["companies", "countries"]);
    std::fs::write(
        folder.join("companies.csv"),
        "\u{feff}reg,name,land,updated_at\nA,\"Line\none \"\"quoted\"\"\",1,\nB,5\" pipe,1,2026-01-01 00:00:00\n",
    )
    .unwrap();
    std::fs::write(folder.join("countries.csv.gz"), gzip("id,country\n1,GR\n")).unwrap();
    std::fs::write(folder.join("broken.csv"), "a,b\n1\n").unwrap();
    lab.query("SELECT c.reg, country, c.name, c.updated_at FROM companies c JOIN countries ON c.land = countries.id");
    lab.split("reg", 2);
    assert_eq!(lab.until("companies.load").unwrap().rows_written, 2);
    assert_eq!(
        lab.rows("SELECT reg, country, name, updated_at FROM staging_greece_companies ORDER BY reg"),
        ["A|GR|Line\none \"quoted\"|NULL", "B|GR|5\" pipe|2026-01-01 00:00:00"]
    );
    assert_eq!(files_below(&lab.path("scratch")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_csv_table_that_is_missing_is_told() {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&["companies"]);
    std::fs::write(folder.join("Companie.csv"), "a\n").unwrap();
    let error = extract(&lab);
    let place = folder.display();
    assert_eq!(
        error.to_string(),
        format!(
            "connection `registry` has no table `companies` ({place}/companies.csv, {place}/companies.csv.gz)"
        )
    );
    assert_eq!(error.help(), "did you mean `Companie`?");
    std::fs::write(folder.join("companies.csv"), "a\n").unwrap();
    std::fs::write(folder.join("companies.csv.gz"), gzip("a\n")).unwrap();
    assert!(extract(&lab).to_string().contains("table `companies` is there more than once"));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(extract(&lab).code(), "P0603");
}

#[test]
fn a_csv_line_that_cant_be_read_is_told() {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&[]);
    lab.query("SELECT * FROM companies");
    let header = "reg,country,name,updated_at\n";
    for (text, line, message) in [
        (format!("{header}A,GR,x,\nB,GR\n"), 3, "2 fields where there are 4 column names"),
        (format!("{header}A,GR,\"x\ny\",\nB,GR,x,,\n"), 4, "5 fields where there are 4 column names"),
        (
            format!("{header}A,GR,x,\nB,GR,x,\"2026\nC,GR,x,\nD,GR,x,\n"),
            3,
            "a quote is opened and never closed",
        ),
        (
            format!("{header}1,GR,\"Acme,\n2,GR,Beta,\n3,GR,\"Delta,\n4,GR,x,\n"),
            2,
            "a quote is opened that closes on line 4 only, with text behind it",
        ),
        (format!("{header}1,GR,5\" disk,\n2,GR,\"y,\n3,GR,q,\n"), 3, "a quote is opened and never closed"),
        (format!("{header}1,GR,x,\n2,GR,\"trunca"), 3, "a quote is opened and never closed"),
        (format!("{header}1,GR,\"x\" tail,\n"), 2, "there is text behind a closing quote"),
        // What is wrong first is told first.
        (format!("{header}A,GR\n1,GR,\"x\" tail,\n"), 2, "2 fields where there are 4 column names"),
        (String::new(), 1, "the file has no column names"),
        ("a,,b\n".to_owned(), 1, "column 2 has no name"),
        ("a,b,A\n".to_owned(), 1, "column `A` is there twice"),
    ] {
        std::fs::write(folder.join("companies.csv"), text).unwrap();
        let error = extract(&lab);
        let file = folder.join("companies.csv").display().to_string();
        assert_eq!(error.to_string(), format!("{file}:{line}: {message}"));
        assert_eq!(error.code(), "P0616");
        assert_eq!(files_below(&lab.path("scratch")), Vec::<std::path::PathBuf>::new());
    }
    let mut bytes = format!("{header}A,GR,x,\nB,GR,").into_bytes();
    bytes.extend(b"\xff,\n");
    std::fs::write(folder.join("companies.csv"), bytes).unwrap();
    assert!(extract(&lab).to_string().ends_with("companies.csv:3: field 3 is not valid UTF-8"));
    std::fs::remove_file(folder.join("companies.csv")).unwrap();
    let archive = gzip(&format!("{header}{}", "A,GR,x,\n".repeat(1000)));
    std::fs::write(folder.join("companies.csv.gz"), &archive[..archive.len() / 2]).unwrap();
    let error = extract(&lab);
    assert!(error.to_string().contains("the archive is damaged or cut off behind line "), "{error}");
    assert_eq!(error.code(), "P0616");
    assert!(error.help().starts_with("fetch the file again"));
    std::fs::write(folder.join("companies.csv.gz"), header).unwrap();
    assert!(extract(&lab).to_string().ends_with("its name ends with `.gz` and it is not gzip"));
    std::fs::remove_file(folder.join("companies.csv.gz")).unwrap();
    std::fs::write(folder.join("companies.csv"), &archive).unwrap();
    assert!(extract(&lab).to_string().ends_with("it is gzip, and its name does not end with `.gz`"));
}

/// One header that is not what the query expects, and what is told of it.
fn header_told(header: &str) -> String {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&["companies"]);
    std::fs::write(folder.join("companies.csv"), format!("{header}\n")).unwrap();
    lab.query("SELECT reg, country, \"name\", updated_at FROM companies");
    let error = extract(&lab);
    assert_eq!(error.code(), "P0601");
    assert!(error.to_string().contains("no such column"), "{error}");
    error.help()
}

#[test]
fn a_column_that_a_csv_file_lacks_is_told_with_those_that_it_has() {
    assert_eq!(
        header_told("reg;country;name;updated_at"),
        "the file of table `companies` has `reg;country;name;updated_at`; a comma is all that tells fields apart"
    );
    assert_eq!(
        header_told("reg, country, name, updated_at"),
        "the file of table `companies` has `reg`, ` country`, ` name`, ` updated_at`; spaces belong to the names"
    );
    assert_eq!(
        header_told("reg,country,nam,updated_at"),
        "the file of table `companies` has `reg`, `country`, `nam`, `updated_at`"
    );
}

#[test]
fn a_misspelt_column_in_quotes_is_no_text() {
    let mut lab = Lab::with_companies(3);
    lab.query("SELECT reg, country, \"nam\" AS name, updated_at FROM companies");
    let error = extract(&lab);
    assert!(error.to_string().contains("no such column: \"nam\""), "{error}");
}

#[test]
fn what_is_no_file_and_no_folder_is_told_as_what_it_is() {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&["companies"]);
    let file = folder.join("companies.csv");
    let told = |lab: &Lab| {
        let error = extract(lab);
        assert_eq!(error.code(), "P0603");
        error.to_string().rsplit_once("): ").unwrap().1.to_owned()
    };
    std::fs::create_dir(&file).unwrap();
    assert_eq!(told(&lab), "it is a folder and not a file");
    std::fs::remove_dir(&file).unwrap();
    std::os::unix::fs::symlink("nowhere.csv", &file).unwrap();
    assert_eq!(told(&lab), "it is a link to `nowhere.csv`, which is not there");
    std::fs::remove_file(&file).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert_eq!(told(&lab), "it is a pipe or a device and not a file");
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(told(&lab), "there is no such folder");
    std::fs::write(&folder, "").unwrap();
    assert_eq!(told(&lab), "it is not a folder");
}

#[test]
fn parts_of_a_csv_source_are_written_at_once_by_several_jobs() {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&["companies"]);
    let lines: Vec<_> = (0..500).map(|it| format!("R{it:03},GR,Name {it},")).collect();
    let text = format!("reg,country,name,updated_at\n{}", lines.join("\n"));
    std::fs::write(folder.join("companies.csv"), text).unwrap();
    lab.query("SELECT * FROM companies");
    lab.split("reg", 6);
    let _ = lab.stage("cleanup").unwrap();
    lab.write_plan();
    for fence in 2..7 {
        // Another run, so that there is something to do.
        lab.run = format!("r{fence}");
        lab.fence = fence;
        std::thread::scope(|scope| {
            let children: Vec<_> = (0..6)
                .map(|part| lab.child_of("companies.extract", part))
                .map(|(site, parameters)| {
                    scope.spawn(move || crate::run_stage(&parameters, &site, &crate::Silent))
                })
                .collect();
            for child in children {
                let _ = child.join().unwrap().unwrap();
            }
        });
        assert_eq!(files_below(&lab.path("scratch")), Vec::<std::path::PathBuf>::new());
    }
    assert_eq!(lab.until("companies.load").unwrap().rows_written, 500);
}

#[test]
fn a_csv_source_that_was_put_right_is_read_anew() {
    let mut lab = Lab::new();
    let folder = lab.csv_source(&["companies"]);
    let header = "reg,country,name,updated_at\n";
    lab.query("SELECT * FROM companies WHERE name <> json(name)");
    lab.split("reg", 2);
    let _ = lab.stage("cleanup").unwrap();
    lab.write_plan();
    std::fs::write(folder.join("companies.csv"), format!("{header}A,GR,x,\nB,GR,y,\n")).unwrap();
    assert_eq!(lab.child("companies.extract", 0).unwrap_err().code(), "P0601");
    std::fs::write(folder.join("companies.csv"), format!("{header}A,GR, 1,\nB,GR, 2,\n")).unwrap();
    assert_eq!(lab.until("companies.load").unwrap().rows_written, 2);
}

#[test]
fn an_object_store_that_cant_be_written_is_told() {
    let lab = Lab::with_companies(3);
    std::fs::write(lab.path("objects").join("extracts"), "a file in the way").unwrap();
    let error = extract(&lab);
    assert_eq!((error.code(), error.transient()), ("P0604", false), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("can't write object `extracts/greece/r1/companies/part-00000-1.csv.gz`"),
        "{error}"
    );
}
