//! `sonae verify`: whether a pack is what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::process::ExitCode;

use anyhow::Context;

use super::args::{Select, Terminal, Verify};
use super::exit::{self, Blame, Failure};
use super::export::packed_rules;
use super::inputs::{Files, Inputs};
use super::judge::report_of;
use super::sources::packed_name;
use crate::model::Language;
use crate::pack::{INPUTS, Pack, PackError, Problem, REPORTS, SNAPSHOT};
use crate::report::messages::Messages;
use crate::report::{self, Format, visible};
use crate::snapshot::{Snapshot, SnapshotError};

/// Runs the command. Nothing is written but to a temporary directory, which is gone afterwards.
pub fn run(args: &Verify, terminal: Terminal) -> Result<ExitCode, Failure> {
    let mut pack = match Pack::open(&args.pack) {
        Err(error @ PackError::Io { action: "read", .. }) => return Err(error).configuration(),
        other => other.configuration()?,
    };
    let mut problems = pack.check().run()?;
    let again = if pack.listing().sonae == env!("CARGO_PKG_VERSION") { Again::Judged } else { Again::OtherVersion };
    // What was changed cannot be judged again; that it was changed is all there is to say.
    let again = if problems.is_empty() { again } else { Again::Damaged };
    if problems.is_empty() {
        problems = contents(&mut pack, again).run()?;
    }
    let language = args.lang.map(Language::from).or(pack.listing().languages.first().copied()).unwrap_or_default();
    let mut archive = File::open(&args.pack).with_context(|| args.pack.display().to_string()).run()?;
    let sha256 = crate::pack::sha256_of(&mut archive).with_context(|| args.pack.display().to_string()).run()?;
    if !terminal.quiet || !problems.is_empty() {
        super::print(&text(&pack, &problems, again, &sha256, Messages::of(language)))?;
    }
    Ok(ExitCode::from(if problems.is_empty() { exit::CLEAN } else { exit::FINDINGS }))
}

/// Whether the snapshot was judged again to compare the reports.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Judged,
    OtherVersion,
    Damaged,
}

/// What is wrong with a pack whose files are those of its list: the snapshot, and what is made of it.
fn contents(pack: &mut Pack, again: Again) -> anyhow::Result<Vec<Problem>> {
    let directory = tempfile::Builder::new().prefix("sonae-verify-").tempdir().context("no temporary directory")?;
    pack.extract(SNAPSHOT, directory.path())?;
    let snapshot = match Snapshot::read(directory.path()) {
        Ok(snapshot) => snapshot,
        Err(error) => return Ok(vec![Problem::Snapshot(cause(&error, directory.path()))]),
    };
    let expected = pack.listing().snapshot.clone();
    let found = snapshot.digest();
    if found != expected.digest || snapshot.index.taken_at != expected.taken_at {
        return Ok(vec![Problem::OtherSnapshot { expected: expected.digest, found }]);
    }
    if again != Again::Judged {
        return Ok(Vec::new());
    }
    let mut kept = BTreeMap::new();
    for name in pack.below(INPUTS) {
        let bytes = pack.read(&name)?;
        kept.insert(name.strip_prefix(INPUTS).unwrap_or(&name).to_owned(), bytes);
    }
    let inputs = match Files::from_snapshot(&kept).and_then(|files| files.check(&Select::default())) {
        Ok(inputs) => inputs,
        Err(failure) => {
            let causes: Vec<String> = failure.error().chain().map(ToString::to_string).collect();
            return Ok(vec![Problem::Inputs(causes.join(": "))]);
        }
    };
    let mut problems = rules(pack, &inputs);
    problems.extend(reports(pack, &snapshot, &inputs)?);
    Ok(problems)
}

/// Temporary paths mean nothing to people: the file's place in the pack does.
fn cause(error: &SnapshotError, directory: &std::path::Path) -> String {
    let causes: Vec<String> = anyhow::Chain::new(error).map(ToString::to_string).collect();
    causes.join(": ").replace(&format!("{}/", directory.display()), SNAPSHOT)
}

/// Rules that are not those of this version, or that are missing from the list.
fn rules(pack: &mut Pack, inputs: &Inputs) -> Vec<Problem> {
    let mut problems = BTreeSet::new();
    let ours = packed_rules(inputs);
    for (rule, text) in &ours {
        let packed = pack.read(&rule.path).ok();
        if packed.as_deref() != Some(text.as_bytes()) || !pack.listing().rules.contains(rule) {
            problems.insert(Problem::Rule(rule.path.clone()));
        }
    }
    let known: BTreeSet<&str> = ours.iter().map(|(rule, _)| rule.path.as_str()).collect();
    let listed = pack.listing().rules.iter().map(|rule| rule.path.clone());
    let packed = pack.below("rules/");
    problems.extend(listed.chain(packed).filter(|path| !known.contains(path.as_str())).map(Problem::Rule));
    problems.into_iter().collect()
}

/// Reports that the snapshot and the inputs do not give.
fn reports(pack: &mut Pack, snapshot: &Snapshot, inputs: &Inputs) -> anyhow::Result<Vec<Problem>> {
    let mut left: BTreeSet<String> = pack.below(REPORTS).into_iter().collect();
    let mut problems = Vec::new();
    // A pack without reports would have nothing to compare, and so nothing that differs.
    if pack.listing().languages.is_empty() {
        problems.push(Problem::Missing(REPORTS.to_owned()));
    }
    for language in pack.listing().languages.clone() {
        let report = report_of(snapshot.clone(), inputs, language);
        for format in Format::ALL {
            let of_format = packed_name(language, format.file_name());
            // The others are in a pack when they were asked for.
            let packed = left.iter().any(|name| *name == of_format || name.starts_with(&format!("{of_format}/")));
            if !packed && format != Format::Json {
                continue;
            }
            for file in report::render(&report, format)? {
                let name = packed_name(language, &file.path);
                if !left.remove(&name) {
                    problems.push(Problem::Missing(name));
                } else if pack.read(&name)? != file.bytes {
                    problems.push(Problem::Report(name));
                }
            }
        }
    }
    problems.extend(left.into_iter().map(Problem::Report));
    Ok(problems)
}

fn text(pack: &Pack, problems: &[Problem], again: Again, sha256: &str, words: &Messages) -> String {
    let listing = pack.listing();
    let say = |key: &str, values: &[(&str, &str)]| words.format("pack", key, values);
    let taken_at = listing.snapshot.taken_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let mut text = format!("{}  {taken_at}\n", visible::prose(&listing.organization));
    let count = problems.len().to_string();
    let verdict = if problems.is_empty() {
        format!("✓ {}", say("holds", &[("n", &listing.files.len().to_string())]))
    } else {
        format!("✗ {}", say("differs", &[("n", &count)]))
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{verdict}");
    for problem in problems {
        let _ = writeln!(text, "  {}", visible::prose(&describe(problem, words)));
    }
    let _ = match again {
        Again::Judged if problems.is_empty() => writeln!(text, "✓ {}", say("judged_again", &[])),
        Again::Judged => Ok(()),
        Again::OtherVersion => writeln!(
            text,
            "! {}",
            say("other_version", &[("theirs", &visible::prose(&listing.sonae)), ("ours", env!("CARGO_PKG_VERSION"))])
        ),
        Again::Damaged => writeln!(text, "! {}", say("not_judged", &[])),
    };
    let _ = writeln!(text, "{}: {}", say("snapshot_digest", &[]), visible::prose(&listing.snapshot.digest));
    let _ = writeln!(text, "{}: {sha256}", say("archive_digest", &[]));
    text
}

/// One line for a problem.
fn describe(problem: &Problem, words: &Messages) -> String {
    let say = |key: &str, values: &[(&str, &str)]| words.format("pack", key, values);
    match problem {
        Problem::List { expected, found } => say("list", &[("expected", expected), ("found", found)]),
        Problem::Path(path) => say("path", &[("path", path)]),
        Problem::Duplicate(path) => say("duplicate", &[("path", path)]),
        Problem::Kind(path) => say("kind", &[("path", path)]),
        Problem::Missing(path) => say("missing", &[("path", path)]),
        Problem::Additional(path) => say("additional", &[("path", path)]),
        Problem::Size { path, expected, found: Some(found) } => {
            say("size", &[("path", path), ("expected", &expected.to_string()), ("found", &found.to_string())])
        }
        Problem::Size { path, expected, found: None } => {
            say("too_large", &[("path", path), ("expected", &expected.to_string())])
        }
        Problem::Changed { path, expected, found } => {
            say("changed", &[("path", path), ("expected", expected), ("found", found)])
        }
        Problem::Unreadable { path, cause } => say("unreadable", &[("path", path), ("cause", cause)]),
        Problem::Stray => say("stray", &[]),
        Problem::Snapshot(cause) => say("snapshot", &[("cause", cause)]),
        Problem::OtherSnapshot { expected, found } => {
            say("other_snapshot", &[("expected", expected), ("found", found)])
        }
        Problem::Inputs(cause) => say("inputs", &[("cause", cause)]),
        Problem::Report(path) => say("report", &[("path", path)]),
        Problem::Rule(path) => say("rule", &[("path", path)]),
    }
}
