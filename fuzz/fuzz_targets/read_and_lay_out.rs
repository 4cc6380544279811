//! Any text is read without a panic or a hang, checked as a program, and laid out the same way twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sluice::{compile::compile, format::{FormatError, format}, source::MemoryFiles};

fuzz_target!(|text: &str| {
    let compiled = compile(&MemoryFiles::default().with("program.pipe", text));
    drop(compiled);
    let once = match format(text) {
        Err(FormatError::Damaged) => return,
        laid_out => laid_out.expect("a layout keeps every token"),
    };
    let twice = format(&once).expect("a layout keeps every token");
    assert_eq!(once, twice, "a canonical layout is canonical");
});
