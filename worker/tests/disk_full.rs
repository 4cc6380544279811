//! A job whose objects are on a disk that becomes full: a small file system of its own, as far as this machine lets a
//! test mount one.

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a plan is easier to read as JSON")]
mod support;

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{BufRead as _, BufReader, Write as _},
        path::Path,
        process::{Child, Command, Stdio},
    };

    use sluice_contract::job::EXIT_FAILED;

    use crate::support::{PLAN, Place, Told, plan, told};

    /// A namespace in which a folder is a file system of three megabytes.
    struct Disk {
        holder: Child,
    }

    impl Disk {
        /// None where this machine lets nobody mount anything.
        fn at(folder: &Path) -> Option<Self> {
            let script = "mount -t tmpfs -o size=3m tmpfs \"$0\" && echo mounted && read line";
            let mut holder = Command::new("unshare")
                .args(["--map-root-user", "--mount", "sh", "-c", script])
                .arg(folder)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let mut line = String::new();
            let _ = BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
            (line == "mounted\n").then_some(Self { holder })
        }

        /// The command, where the disk is there.
        fn inside(&self, command: &Command) -> Command {
            let mut inside = Command::new("nsenter");
            let _ = inside
                .args([
                    "--target",
                    &self.holder.id().to_string(),
                    "--user",
                    "--mount",
                    "--preserve-credentials",
                ])
                .arg(command.get_program())
                .args(command.get_args())
                .stdin(Stdio::null());
            inside
        }

        fn run(&self, script: &str, folder: &Path) {
            let mut command = Command::new("sh");
            let _ = command.args(["-c", script]).arg(folder);
            let told = told(&mut self.inside(&command));
            assert_eq!(told.code, Some(0), "{}", told.err);
        }
    }

    impl Drop for Disk {
        fn drop(&mut self) {
            let _ = self.holder.kill();
            let _ = self.holder.wait();
        }
    }

    fn assert_full(told: &Told) {
        assert_eq!(told.code, Some(EXIT_FAILED), "{}", told.err);
        assert!(told.err.contains("error[P0643]") && told.err.contains("No space left"), "{}", told.err);
        assert!(told.err.contains("help: make room where the objects are, then resume"), "{}", told.err);
    }

    #[test]
    fn a_full_disk_is_told_and_after_room_is_made_nothing_is_missing() {
        let place = Place::with_companies(55_000);
        let _ = place.source().execute("UPDATE companies SET name = name || name WHERE id = 7", []).unwrap();
        let objects = place.folder().join("objects");
        fs::create_dir_all(&objects).unwrap();
        let Some(disk) = Disk::at(&objects) else {
            let _ = writeln!(
                std::io::stderr(),
                "nothing can be mounted here: only the double of a full store is tested"
            );
            return;
        };
        let text = place.folder().join("plan.json");
        fs::write(&text, plan(None).to_string()).unwrap();
        disk.run(&format!("mkdir -p \"$0/plans/greece\" && cp '{}' \"$0/{PLAN}\"", text.display()), &objects);
        let job = |stage| told(&mut disk.inside(&place.job(stage, 1, None)));
        let done = |stage| {
            let told = job(stage);
            assert_eq!(told.code, Some(0), "{stage}: {}", told.err);
            told.out
        };
        let _ = done("cleanup");
        // The part takes more than there is.
        assert_full(&job("companies.extract"));
        disk.run("test -z \"$(find \"$0\" -name '*.csv.gz*')\"", &objects);
        disk.run("mount -o remount,size=64m \"$0\"", &objects);
        assert!(done("companies.extract").contains("\"rows_read\":55000"));
        // The rejects have no room.
        disk.run("dd if=/dev/zero of=\"$0/filler\" bs=4k 2>/dev/null || true", &objects);
        assert_full(&job("companies.load"));
        disk.run("rm \"$0/filler\"", &objects);
        let loaded = done("companies.load");
        assert!(
            loaded.contains("\"rows_written\":54999") && loaded.contains("\"rows_rejected\":1"),
            "{loaded}"
        );
        let _ = done("companies.publish");
        let mut expected = place.expected();
        expected.retain(|it| !it.starts_with("R7|"));
        assert_eq!(place.published(), expected);
    }
}
