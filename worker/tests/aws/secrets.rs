//! Jobs of an account, with their secrets in Secrets Manager.

use crate::{
    bucket::Account,
    leaks::Both,
    support::{PLAN, told},
};

#[test]
fn no_password_is_told_by_a_job_of_an_account() {
    let both = Both::start();
    let account = Account::new(1, None);
    for (fence, case) in (1..).zip(both.cases()) {
        account.put(&format!("/{PLAN}"), &case.plan.to_string());
        let (name, text) = &case.secret;
        if let Some(text) = text {
            account.emulator.make_secret(name, text);
        }
        let run = format!("r{fence}");
        let mut job = account.job_of(&run, case.stage, fence, None);
        if let Some(bundle) = &case.bundle {
            let _ = job.env("SLUICE_DATABASE_CA", bundle);
        }
        let told = told(&mut job);
        case.check(&told, &account.emulator.items().to_string());
        assert!(told.err.contains(&format!("note: {}: run {run}, job job-1", case.stage)), "{}", told.err);
    }
}

#[test]
fn what_a_secret_store_does_not_give_is_told_with_the_secrets_name() {
    let account = Account::new(1, None);
    let case = Both::start().cases().swap_remove(2);
    account.put(&format!("/{PLAN}"), &case.plan.to_string());
    let told = told(&mut account.job(case.stage, 1, None));
    let name = &case.secret.0;
    assert!(
        told.err.contains(&format!(
            "can't use secret `{name}` of connection `registry`: Secrets Manager does not give it"
        )),
        "{}",
        told.err
    );
    assert!(
        told.err.contains("help: check that the secret is there and that the role of the job may read it")
    );
}
