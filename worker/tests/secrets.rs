//! Jobs of one machine whose servers can't be used: each is told with its code and its way out, and never with the
//! password.

#[cfg(test)]
use sluice_worker::{Servers, Tls, Variables, variable_of};

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a secret is easier to read as JSON")]
mod leaks;
#[cfg(test)]
#[path = "../src/tests/mariadb_server.rs"]
#[expect(dead_code, reason = "the worker's own tests need more of it")]
mod mariadb_server;
#[cfg(test)]
#[path = "../src/tests/postgres_server.rs"]
mod postgres_server;
#[cfg(test)]
#[expect(dead_code, reason = "other tests need more of it")]
#[expect(clippy::disallowed_macros, reason = "a plan is easier to read as JSON")]
mod support;

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use sluice_worker::variable_of;

    use crate::{
        leaks::Both,
        support::{PLAN, Place, told},
    };

    /// Everything in the files below a folder.
    fn everything(folder: &Path) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all += &everything(&path);
            } else {
                all += &String::from_utf8_lossy(&fs::read(path).unwrap());
            }
        }
        all
    }

    #[test]
    fn no_password_is_told_by_a_job_of_one_machine() {
        for case in Both::start().cases() {
            let place = Place::with_companies(1);
            let file = place.folder().join("objects").join(PLAN);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, case.plan.to_string()).unwrap();
            let mut job = place.job(case.stage, 1, None);
            let (name, text) = &case.secret;
            if let Some(text) = text {
                let _ = job.env(variable_of(name), text);
            }
            if let Some(bundle) = &case.bundle {
                let _ = job.env("SLUICE_DATABASE_CA", bundle);
            }
            let told = told(&mut job);
            case.check(&told, &everything(place.folder()));
        }
    }
}
