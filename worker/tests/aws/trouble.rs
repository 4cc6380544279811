//! What is wrong is told with its code and its way out, and never with a secret.

use sluice_contract::job::EXIT_FAILED;

use crate::{
    bucket::{Account, SECRET_KEY},
    support::{Told, told},
};

/// It failed for good, with that code, and says nothing that nobody may know.
fn assert_failed(told: &Told, code: &str) {
    assert_eq!(told.code, Some(EXIT_FAILED), "{}", told.err);
    assert!(told.err.contains(&format!("error[{code}]")) && told.err.contains("\nhelp: "), "{}", told.err);
    assert!(!told.err.contains(SECRET_KEY) && !told.out.contains(SECRET_KEY), "{}", told.err);
}

#[test]
fn a_bucket_that_is_not_there_is_no_missing_plan() {
    let account = Account::new(1, None);
    let told = told(account.job("cleanup", 1, None).env("SLUICE_BUCKET", "another"));
    assert_failed(&told, "P0640");
    assert!(told.err.contains("S3 answers NoSuchBucket for bucket `another`"), "{}", told.err);
}

#[test]
fn credentials_that_nobody_knows_are_told_so() {
    let account = Account::new(1, None);
    // From here on the emulator looks at credentials.
    let reset = format!("{}/moto-api/reset-auth", account.emulator.endpoint);
    let _ = ureq::post(reset).send("0").unwrap();
    assert_failed(&told(&mut account.job("cleanup", 1, None)), "P0642");
}

#[test]
fn without_credentials_nothing_is_asked() {
    let account = Account::new(1, None);
    let mut job = account.job("cleanup", 1, None);
    let _ = job
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    assert_failed(&told(&mut job), "P0642");
}

#[test]
fn a_table_that_is_not_there_is_told_by_its_name() {
    let account = Account::new(1, None);
    let told = told(account.job("cleanup", 1, None).env("SLUICE_RUNS_TABLE", "another"));
    assert_failed(&told, "P0608");
    assert!(told.err.contains("table `another`"), "{}", told.err);
}

#[test]
fn an_environment_without_a_region_is_told() {
    let account = Account::new(1, None);
    let told = told(account.job("cleanup", 1, None).env_remove("AWS_REGION"));
    assert_failed(&told, "P0644");
}

#[test]
fn a_damaged_part_is_not_loaded() {
    let account = Account::new(10, None);
    for stage in ["cleanup", "companies.extract"] {
        let told = told(&mut account.job(stage, 1, None));
        assert_eq!(told.code, Some(0), "{}", told.err);
    }
    account.put("/extracts/greece/r1/companies/part-00000-1.csv.gz", "not what was extracted");
    assert_failed(&told(&mut account.job("companies.load", 1, None)), "P0613");
}
