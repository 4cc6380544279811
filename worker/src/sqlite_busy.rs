//! What to do where SQLite says that somebody else is at the file just now.

use std::time::Duration;

use rusqlite::ErrorCode;

/// Ten seconds, of tries that each may wait for the connection's own busy timeout.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// Tries again while the file is busy. Switching a new file to its write-ahead log is refused at once where two
/// processes do it: the busy timeout does not cover that.
pub(crate) fn retry_busy(work: impl Fn() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    for _ in 0..TRIES {
        match work() {
            Err(error) if is_busy(&error) => std::thread::sleep(PAUSE),
            result => return result,
        }
    }
    work()
}

/// Whether somebody else was at the file.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
