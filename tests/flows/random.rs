//! Surveys by chance: any bytes make one.

use std::fmt::Write as _;

/// Choices, one after the other; the first ones again when there are no more.
pub(super) struct Bytes<'b> {
    bytes: &'b [u8],
    place: usize,
}

impl<'b> Bytes<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, place: 0 }
    }

    /// Less than `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let byte = self.bytes[self.place % self.bytes.len()];
        self.place += 1;
        usize::from(byte) % n
    }

    fn is_so(&mut self) -> bool {
        self.below(2) == 0
    }
}

struct Writer<'b> {
    bytes: Bytes<'b>,
    text: String,
    /// Name and kind of each question.
    asked: Vec<(String, usize)>,
    languages: usize,
}

/// A survey's text.
pub(super) fn survey(bytes: &[u8]) -> String {
    let mut writer =
        Writer { bytes: Bytes::new(bytes), text: String::new(), asked: Vec::new(), languages: 0 };
    writer.write();
    writer.text
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        writeln!(self.text, "{text}").unwrap();
    }

    fn write(&mut self) {
        self.line("survey s {\nqueue BasicQueue");
        let mode = self.bytes.below(3);
        if mode < 2 {
            self.line("offer \"We ask.\"");
            let wait = self.bytes.is_so();
            if wait {
                self.line("wait \"Wait.\"");
            }
            if self.bytes.is_so() {
                self.line("hours \"Office hours\"");
            }
        }
        self.line(["mode in_call", "mode post_call", "mode external"][mode]);
        if mode != 1 {
            self.line("window 09:00..20:00 caller time");
            if self.bytes.is_so() {
                self.line("machine leave \"We called.\"");
            }
        }
        self.languages = self.bytes.below(3);
        if self.languages > 0 {
            let by_key = self.bytes.is_so();
            self.line(if by_key { "choose by key \"Press 1.\"" } else { "choose by attribute Language" });
        }
        self.steps(0);
        self.line("thank \"Thank you.\"");
        for language in ["es-US", "de-AT"].into_iter().take(self.languages) {
            self.line(&format!("translation {language} {{"));
            if mode < 2 {
                self.line("offer \"We ask.\"");
                if self.text.contains("\nwait") {
                    self.line("wait \"Wait.\"");
                }
            }
            for (name, _) in self.asked.clone() {
                self.line(&format!("ask {name} \"{name}?\""));
            }
            self.line("thank \"Thank you.\"\n}");
        }
        self.line("}");
    }

    fn steps(&mut self, depth: usize) {
        let mut here: Vec<(String, usize)> = Vec::new();
        for step in 0..=self.bytes.below(3) {
            if step > 0 && depth < 2 && self.bytes.is_so() {
                let question = self.bytes.below(here.len());
                let condition = self.condition(&here.swap_remove(question));
                self.line(&format!("when {condition} {{"));
                self.steps(depth + 1);
                self.line("}");
                if here.is_empty() {
                    return;
                }
            } else {
                here.push(self.question());
            }
        }
    }

    fn question(&mut self) -> (String, usize) {
        let (name, kind) = (format!("q{}", self.asked.len()), self.bytes.below(5));
        self.line(&format!("ask {name} \"{name}?\" {{"));
        self.line(
            ["scale 1..5", "scale 0..10", "scale 3..40", "choice 1 good\nchoice 7 bad", "yes_no"][kind],
        );
        let (retries, silences) = (self.bytes.below(4), self.bytes.below(4));
        self.line(&format!("retry {retries} times\nsilence {silences} times"));
        if self.bytes.is_so() {
            self.line("decline *");
        }
        self.line("}");
        self.asked.push((name.clone(), kind));
        (name, kind)
    }

    fn condition(&mut self, (name, kind): &(String, usize)) -> String {
        let mut one = || {
            if *kind < 3 {
                let relation = ["=", "<>", "<", "<=", ">", ">="][self.bytes.below(6)];
                return format!("{name} {relation} {}", 3 + self.bytes.below(2));
            }
            let word = [["good", "bad"], ["yes", "no"]][kind - 3][self.bytes.below(2)];
            format!("{name} {} {word}", ["=", "<>"][self.bytes.below(2)])
        };
        let (first, second) = (one(), one());
        match self.bytes.below(4) {
            0 => format!("{first} or {second}"),
            1 => format!("{first} and {second}"),
            _ => first,
        }
    }
}
