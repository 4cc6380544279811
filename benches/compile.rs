//! How long the compiler takes for a program of many countries: the growth from row to row is what matters.
//!
//! `cargo bench` runs it. The countries are copies of the shipped Greek one, each with query files of its own.

#![expect(clippy::expect_used, reason = "a bench that has no program to measure can only stop")]

use std::{fs, hint::black_box, path::Path};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sluice::{
    compile::{Compiled, compile},
    emit::emit,
    source::{Files, MemoryFiles},
};

/// The shipped program with so many countries.
fn program(countries: usize) -> MemoryFiles {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    let read = |name: &str| fs::read_to_string(shipped.join(name)).expect("the shipped program is there");
    let greece = read("greece.pipe");
    let queries = ["companies.sql", "officers.sql"].map(|it| (it, read(&format!("greece/{it}"))));
    let shared = ["platform.pipe", "tables.pipe", "templates.pipe"];
    let mut files = shared.into_iter().fold(MemoryFiles::default(), |files, it| files.with(it, read(it)));
    for number in 0..countries {
        let name = format!("country_{number}");
        let text = greece.replace("pipeline greece", &format!("pipeline {name}"));
        files = files.with(format!("{name}.pipe"), text.replace("\"greece\"", &format!("\"{name}\"")));
        for (query, text) in &queries {
            files = files.with(format!("{name}/{query}"), text.as_str());
        }
    }
    files
}

fn check(files: &dyn Files) -> Compiled {
    let compiled = compile(black_box(files));
    assert!(compiled.plan.is_some(), "the program has mistakes");
    compiled
}

fn bench(criterion: &mut Criterion) {
    for (name, builds) in [("check", false), ("build", true)] {
        let mut group = criterion.benchmark_group(name);
        let _ = group.sample_size(10);
        for countries in [30, 300, 3_000] {
            let files = program(countries);
            let _ = group.throughput(Throughput::Elements(countries as u64));
            let _ =
                group.bench_with_input(BenchmarkId::from_parameter(countries), &files, |bencher, files| {
                    bencher.iter(|| {
                        let compiled = check(files);
                        let plan = compiled.plan.filter(|_| builds);
                        plan.map(|plan| emit(&plan, &compiled.sources).expect("the models are writable"))
                    });
                });
        }
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
