//! A job that is told to stop, as a Spot host does two minutes before it goes.

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a plan is easier to read as JSON")]
mod support;

#[cfg(test)]
mod tests {
    use std::{fs, process::Command, thread, time::Duration};

    use sluice_contract::job::EXIT_TRY_AGAIN;

    use crate::support::{PLAN, Place, plan, told};

    /// More than a worker reads in the time that a signal takes.
    const ROWS: u32 = 30_000;

    #[test]
    fn a_job_that_is_told_to_stop_asks_for_another_attempt_and_goes_on_there() {
        let place = Place::with_companies(ROWS);
        let file = place.folder().join("objects").join(PLAN);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, plan(None).to_string()).unwrap();
        assert_eq!(told(&mut place.job("cleanup", 1, None)).code, Some(0));

        let child = place.job("companies.extract", 1, None).spawn().unwrap();
        // Once the stage has its record it is at work, and listens.
        let items = place.folder().join("items.db");
        let started = || {
            let items = rusqlite::Connection::open(&items).unwrap();
            items.busy_timeout(Duration::from_secs(5)).unwrap();
            let count = "SELECT count(*) FROM items WHERE sk LIKE '%extract%'";
            items.query_row(count, [], |row| row.get::<_, u32>(0)).unwrap() > 0
        };
        while !started() {
            thread::sleep(Duration::from_millis(5));
        }
        let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(EXIT_TRY_AGAIN), "{err}");
        assert!(err.contains("error[P0620]: the stage was stopped from outside"), "{err}");

        for stage in ["companies.extract", "companies.load", "companies.publish"] {
            let told = told(&mut place.job(stage, 1, None));
            assert_eq!(told.code, Some(0), "{stage}: {}{}", told.err, told.out);
        }
        assert_eq!(place.published(), place.expected());
    }
}
