//! Somebody at a terminal who calls: a line is what is pressed, an empty one is silence, `h` hangs up.

use std::{
    io::BufRead,
    sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError},
    thread,
    time::Duration,
};

use crate::telephone::{Caller, Input, Pressed};

/// Lines as they are typed, and nothing in time.
pub(super) struct Typed {
    lines: Receiver<String>,
}

impl Typed {
    pub(super) fn new() -> Self {
        let (send, lines) = mpsc::channel();
        // It waits for a line when the call has long ended; the process does not wait for it.
        drop(thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        }));
        Self { lines }
    }
}

fn hangs_up(line: &str) -> bool {
    matches!(line.trim(), "h" | "hangup" | "<hangup>")
}

impl Caller for Typed {
    fn listens(&mut self) -> bool {
        // Keys that are pressed while something is only said are lost, as they are on the telephone.
        match self.lines.try_recv() {
            Ok(line) => !hangs_up(&line),
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => false,
        }
    }

    fn presses(&mut self, input: &Input) -> Option<Pressed> {
        Some(match self.lines.recv_timeout(Duration::from_secs(input.seconds)) {
            Ok(line) if hangs_up(&line) => Pressed::HangUp,
            Ok(line) => {
                let is_key = |it: &char| it.is_ascii_digit() || matches!(it, '*' | '#');
                let keys: String = line.chars().filter(is_key).collect();
                if keys.is_empty() { Pressed::Silence } else { Pressed::Keys(keys) }
            }
            Err(RecvTimeoutError::Timeout) => Pressed::Silence,
            Err(RecvTimeoutError::Disconnected) => Pressed::HangUp,
        })
    }
}
