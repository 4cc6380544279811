//! Any text is read without a panic or a hang, checked as a program, and laid out the same way twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sluice::{compile::compile, format::format, source::MemoryFiles};

fuzz_target!(|text: &str| {
    let compiled = compile(&MemoryFiles::default().with("program.pipe", text));
    drop(compiled);
    let once = format(text).expect("a layout keeps every token");
    let twice = format(&once).expect("a layout keeps every token");
    assert_eq!(once, twice, "a canonical layout is canonical");
});
