//! Embeds every rule file and the demo organisation, so that a new rule is one file and nothing else.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What in `rules/` are no rules: the directory, and the list that it is embedded as.
const OTHERS: &[(&str, &str)] = &[
    ("rules/frameworks", "frameworks.rs"),
    ("rules/recovery", "recovery.rs"),
    ("rules/runbooks", "runbooks.rs"),
    ("rules/scenarios", "scenarios.rs"),
];
/// Single files of that kind, which the code embeds itself.
const FILES: &[&str] = &["rules/deliverables.yaml", "rules/emergency-guide.yaml"];

fn main() -> io::Result<()> {
    let others: Vec<&str> = OTHERS.iter().map(|(directory, _)| *directory).chain(FILES.iter().copied()).collect();
    embed("rules", "yaml", "rules.rs", &others)?;
    for (directory, list) in OTHERS {
        embed(directory, "yaml", list, &[])?;
    }
    embed("fixtures/demo/partitions", "jsonl", "demo_partitions.rs", &[])
}

/// Writes a list of all files below a directory, but for those below `without`, as (path, text).
fn embed(directory: &str, extension: &str, list: &str, without: &[&str]) -> io::Result<()> {
    println!("cargo::rerun-if-changed={directory}");
    let mut files = Vec::new();
    find(Path::new(directory), extension, &mut files)?;
    files.retain(|file| !without.iter().any(|without| file.starts_with(without)));
    files.sort();
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut source = String::from("&[\n");
    for file in files {
        let name = file.display().to_string().replace('\\', "/");
        let path = root.join(&file).display().to_string();
        writeln!(source, "    ({name:?}, include_str!({path:?})),").map_err(io::Error::other)?;
    }
    source.push(']');
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join(list), source)
}

fn find(directory: &Path, extension: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, extension, files)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(())
}
