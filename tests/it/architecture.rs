//! The stages depend on each other one way. A workspace would leave this to Cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::common::{files_below, repository};

/// Which modules each module may name.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("diagnostic", &[]),
    ("yaml", &["diagnostic"]),
    ("manifest", &["model", "diagnostic", "yaml"]),
    ("rules", &["model", "diagnostic", "yaml"]),
    ("snapshot", &["model"]),
    ("collect", &["model", "manifest", "rules", "snapshot"]),
    // What is asked once an account or organisation, which `collect::plan` knows.
    ("link", &["model", "snapshot"]),
    ("judge", &["model", "rules", "diagnostic"]),
    ("assess", &["model", "diagnostic", "yaml", "manifest", "rules", "snapshot", "collect", "link", "judge"]),
    ("compare", &["model", "assess"]),
    ("pack", &["model"]),
    ("report", &["model", "diagnostic", "yaml", "assess", "compare"]),
    ("import", &["model", "diagnostic", "yaml", "manifest", "rules", "assess", "report"]),
    (
        "cli",
        &[
            "model",
            "diagnostic",
            "yaml",
            "manifest",
            "rules",
            "snapshot",
            "collect",
            "link",
            "judge",
            "assess",
            "compare",
            "pack",
            "report",
            "import",
        ],
    ),
];

/// The code of a file: without comments, where paths may lead anywhere.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("the file");
    let lines: Vec<&str> = text
        .lines()
        .map(|line| if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or(line) })
        .collect();
    lines.join("\n")
}

/// The module of a file: `src/report/xlsx/cell.rs` belongs to `report`. None for the crate's own two files.
fn module(path: &Path) -> Option<String> {
    let below = path.strip_prefix(repository().join("src")).expect("a source file");
    let first = below.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (name != "lib" && name != "main").then(|| name.to_owned())
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|name| !name.is_empty())
}

/// The modules that a text names after `crate::`, one by one or in braces.
fn named(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => found.extend(names(rest).next().map(str::to_owned)),
            Some(list) => {
                let mut depth = 0_usize;
                let mut item = String::new();
                for letter in list.chars() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            found.extend(names(&item).next().map(str::to_owned));
                            item.clear();
                        }
                        letter => item.push(letter),
                    }
                }
                found.extend(names(&item).next().map(str::to_owned));
            }
        }
    }
    found
}

#[test]
fn paths_are_found_however_they_are_written() {
    let code = "use crate::model::{Value, json::to_json};\nuse crate::{record, slot,\n rules::{Rule, raw}, yaml};\nlet x = crate::report::text();";
    assert_eq!(named(code), ["model", "record", "report", "rules", "slot", "yaml"].map(str::to_owned).into());
}

#[test]
fn modules_depend_on_each_other_one_way() {
    let modules: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files_below(&repository().join("src"), ".rs") {
        let Some(module) = module(&file) else { continue };
        let Some(allowed) = modules.get(module.as_str()) else {
            wrong.push(format!("{module} is no known module: {}", file.display()));
            continue;
        };
        for other in named(&code(&file)) {
            // `slot` and `record` are macros of the model.
            if other == module || !modules.contains_key(other.as_str()) {
                continue;
            }
            seen.insert((module.clone(), other.clone()));
            if !allowed.contains(&other.as_str()) {
                wrong.push(format!("{module} must not name {other}: {}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() > 20, "the test sees the dependencies: {seen:?}");
}

#[test]
fn what_is_allowed_is_acyclic() {
    let modules: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < modules.len() {
        let free: Vec<&str> = modules
            .iter()
            .filter(|(name, needs)| !done.contains(*name) && needs.iter().all(|need| done.contains(need)))
            .map(|(name, _)| *name)
            .collect();
        assert!(!free.is_empty(), "a cycle among those other than {done:?}");
        done.extend(free);
    }
}

#[test]
fn only_collect_aws_knows_the_sdk() {
    for file in files_below(&repository().join("src"), ".rs") {
        let inside = file.strip_prefix(repository().join("src/collect/aws")).is_ok();
        let code = code(&file);
        let uses = ["aws_config", "aws_sdk_", "aws_smithy", "aws_types", "aws_credential"]
            .iter()
            // Log directives name the SDK's crates in quotes.
            .any(|name| code.match_indices(name).any(|(place, _)| !code[..place].ends_with('"')));
        assert!(inside || !uses, "{} names the SDK", file.display());
    }
}

#[test]
fn only_collect_is_asynchronous_and_only_judging_and_rendering_is_parallel() {
    for file in files_below(&repository().join("src"), ".rs") {
        let Some(module) = module(&file) else { continue };
        let code = code(&file);
        assert!(!code.contains("tokio::") || ["collect", "cli"].contains(&module.as_str()), "{}", file.display());
        assert!(!code.contains("rayon::") || module != "collect", "{}", file.display());
    }
}
