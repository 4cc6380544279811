//! What the builds are made of, held against `deny.toml`.
//!
//! `cargo deny check` reads the same file and also asks for advisories, which needs the network; what can be
//! known without it is checked here, in every run of the tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use super::{files::root, licence, none_of};

/// Crates whose manifest names a file instead of a licence, as `deny.toml` clarifies them.
const CLARIFIED: [(&str, &str); 1] = [("webpki", "ISC")];

#[test]
fn every_licence_is_allowed() {
    let allowed = quoted(&section("licenses", "allow"));
    assert!(!allowed.is_empty(), "`deny.toml` allows no licence");
    let mut violations = Vec::new();
    let mut met = BTreeSet::new();
    for package in packages(&EVERYTHING) {
        let clarified =
            CLARIFIED.iter().find(|(name, _)| *name == package.name).map(|(_, it)| (*it).to_owned());
        match &package.licence.or(clarified) {
            Some(expression) if licence::satisfied(expression, &allowed) => {
                met.extend(allowed.iter().filter(|it| expression.contains(it.as_str())));
            }
            other => violations.push(format!("{}: {other:?}", package.name)),
        }
    }
    let unmet = allowed.iter().filter(|it| !met.contains(it));
    violations.extend(unmet.map(|it| format!("`{it}` is allowed, but no crate has it")));
    none_of(&violations, "the licence of every crate is one that `deny.toml` allows");
}

#[test]
fn a_crate_has_one_version_or_a_reason_for_two() {
    let skipped = entries(&section("bans", "skip"));
    let mut violations: Vec<_> = skipped
        .iter()
        .filter(|(_, reason)| reason.is_empty())
        .map(|(name, _)| format!("{name}: no reason is given"))
        .collect();
    let locked = locked_versions();
    for (name, versions) in &locked {
        let full = |version: &String| format!("{name}@{version}");
        let kept: Vec<_> = versions.iter().filter(|it| !skipped.contains_key(&full(it))).collect();
        if kept.len() > 1 {
            violations.push(format!("{name}: {versions:?}"));
        }
    }
    for name in skipped.keys() {
        let (name, version) = name.split_once('@').unwrap_or((name, ""));
        let needed = locked.get(name).is_some_and(|it| it.len() > 1 && it.contains(&version.to_owned()));
        if !needed {
            violations.push(format!("{name}@{version}: the exception is no longer needed"));
        }
    }
    none_of(&violations, "a crate has one version, or an exception with a reason in `deny.toml`");
}

#[test]
fn the_default_build_has_no_aws_crate_and_none_that_is_banned() {
    let banned = entries(&section("bans", "deny"));
    assert!(banned.contains_key("openssl-sys"), "`deny.toml` no longer bans `openssl-sys`");
    let names = packages(&DEFAULT).into_iter().map(|it| it.name);
    let violations: Vec<_> = names
        .filter(|it| it.starts_with("aws-") || it.starts_with("aws_") || banned.contains_key(it))
        .collect();
    none_of(&violations, "checking, building and running on one machine needs none of these crates");
}

#[test]
fn the_build_for_aws_has_one_provider_of_tls_and_needs_no_cmake() {
    let names: BTreeSet<_> = packages(&EVERYTHING).into_iter().map(|it| it.name).collect();
    assert!(
        names.contains("aws-config") && names.contains("ring"),
        "the features of `aws` are not looked at"
    );
    let unwanted = ["aws-lc-sys", "aws-lc-rs", "openssl-sys", "native-tls"];
    let violations: Vec<_> =
        unwanted.into_iter().filter(|it| names.contains(*it)).map(str::to_owned).collect();
    none_of(&violations, "TLS is rustls with ring, in every build");
}

/// What `cargo build` builds.
const DEFAULT: [&str; 0] = [];
/// What anybody can build.
const EVERYTHING: [&str; 2] = ["--workspace", "--all-features"];

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    licence: Option<String>,
}

/// Every crate that is built for this machine, development dependencies included.
fn packages(selection: &[&str]) -> BTreeSet<Package> {
    let mut arguments = vec!["tree", "--locked", "--prefix", "none", "--format", "{p}|{l}"];
    arguments.extend(selection);
    let tree = output(env!("CARGO"), &arguments);
    let lines = tree.lines().filter_map(|line| line.split_once('|'));
    lines
        .map(|(package, licence)| Package {
            name: package.split(' ').next().unwrap().to_owned(),
            licence: Some(licence.trim_end_matches(" (*)").to_owned()).filter(|it| !it.is_empty()),
        })
        .collect()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    let (told, wrong) = (String::from_utf8(output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "`{program} {}` failed: {wrong}", arguments.join(" "));
    told.unwrap()
}

/// The versions of every crate in `Cargo.lock`, those of other platforms included.
fn locked_versions() -> BTreeMap<String, Vec<String>> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let value = |line: Option<&str>, key: &str| {
        line.and_then(|it| it.strip_prefix(key)).map(|it| it.trim_matches('"').to_owned())
    };
    let mut versions = BTreeMap::<_, Vec<_>>::new();
    for package in lock.split("[[package]]\n").skip(1) {
        let mut lines = package.lines();
        let name = value(lines.next(), "name = ").unwrap();
        versions.entry(name).or_default().push(value(lines.next(), "version = ").unwrap());
    }
    versions
}

/// The text of a list in `deny.toml`, from its `[` to the `]` that stands at the start of a line.
fn section(table: &str, key: &str) -> String {
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    let head = format!("\n[{table}]\n");
    let (_, body) = deny.split_once(&head).unwrap_or_else(|| panic!("`deny.toml` has no table `{table}`"));
    let (_, list) =
        body.split_once(&format!("\n{key} = [")).unwrap_or_else(|| panic!("`{table}` has no `{key}`"));
    list.split_once("\n]").unwrap().0.to_owned()
}

/// Every text in quotes; comments don't count.
fn quoted(list: &str) -> Vec<String> {
    let lines = list.lines().map(|it| it.split('#').next().unwrap_or_default());
    lines.flat_map(|it| it.split('"').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// Every `{ crate = "…", reason = "…" }`, one a line.
fn entries(list: &str) -> BTreeMap<String, String> {
    let entry = |line: &str| match &quoted(line)[..] {
        [] => None,
        [name] => Some((name.clone(), String::new())),
        [name, reason, ..] => Some((name.clone(), reason.clone())),
    };
    list.lines().filter_map(entry).collect()
}
