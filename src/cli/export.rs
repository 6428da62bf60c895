//! `sonae export`: the audit pack.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::{Export, Select, Terminal};
use super::exit::{self, Blame, Failure};
use super::inputs::{Files, Inputs};
use super::judge::report_of;
use super::sources::packed_name;
use crate::model::Language;
use crate::pack::{self, INPUTS, Listing, PackedRule, PackedSnapshot, SNAPSHOT, Source};
use crate::report::{self, Format, text};
use crate::snapshot::{Snapshot, SnapshotError};

/// Runs the command. What fails in the reports is for them to say: a pack that was written is a success.
pub fn run(args: &Export, terminal: Terminal) -> Result<ExitCode, Failure> {
    let snapshot = match Snapshot::read(&args.snapshot) {
        Err(error @ SnapshotError::NotASnapshot(_)) => return Err(error).configuration(),
        other => other.run()?,
    };
    let kept = match &args.manifest {
        Some(path) => Files::from_disk(Some(path))?.to_snapshot(),
        None => snapshot.inputs.clone(),
    };
    // Judged by what is packed, so that whoever has the pack gets the same bytes.
    let inputs = Files::from_snapshot(&kept)?.check(&Select::default())?;
    if !terminal.quiet {
        super::warn(inputs.warnings(), terminal);
    }
    let mut languages: Vec<Language> = args.lang.iter().copied().map(Language::from).collect();
    languages.sort_unstable();
    languages.dedup();
    if languages.is_empty() {
        languages.push(inputs.manifest.language);
    }
    let formats: Vec<Format> =
        Format::ALL.into_iter().filter(|format| *format == Format::Json || args.format.contains(format)).collect();
    let taken_at = snapshot.index.taken_at;
    let mut listing = Listing {
        schema: pack::SCHEMA.to_owned(),
        sonae: env!("CARGO_PKG_VERSION").to_owned(),
        organization: inputs.manifest.organization.clone(),
        snapshot: PackedSnapshot { taken_at, digest: snapshot.digest() },
        languages,
        rules: Vec::new(),
        files: Vec::new(),
        digest: String::new(),
    };
    let mut files: BTreeMap<String, Source> = BTreeMap::new();
    for (name, path) in snapshot.files(&args.snapshot) {
        files.insert(format!("{SNAPSHOT}{name}"), Source::File(path));
    }
    for (name, bytes) in &kept {
        files.insert(format!("{INPUTS}{name}"), Source::Bytes(bytes.clone()));
    }
    for (rule, text) in packed_rules(&inputs) {
        // Own rules are among the inputs already.
        files.entry(rule.path.clone()).or_insert_with(|| Source::Bytes(text.into_bytes()));
        listing.rules.push(rule);
    }
    let mut summary = String::new();
    for language in &listing.languages {
        let report = report_of(snapshot.clone(), &inputs, *language);
        for format in &formats {
            for file in report::render(&report, *format).run()? {
                files.insert(packed_name(*language, &file.path), Source::Bytes(file.bytes));
            }
        }
        if summary.is_empty() {
            summary = text::summary(&report, super::color(terminal, &std::io::stdout()), super::width());
        }
    }
    let out = match &args.out {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("sonae-pack-{}.zip", taken_at.strftime("%Y-%m-%d"))),
    };
    let sha256 = pack::write(&out, listing, &files).run()?;
    if !terminal.quiet {
        super::print(&format!("{summary}\n{}\nSHA-256 {sha256}\n", out.display()))?;
    }
    Ok(ExitCode::from(exit::CLEAN))
}

/// The rules that judge with these inputs and what brings each type of store back, with their texts. Own rules are
/// where the inputs have them, ours keep the place that they have in the program.
pub fn packed_rules(inputs: &Inputs) -> Vec<(PackedRule, String)> {
    let rules = inputs.rules.rules.iter().map(|rule| (&*rule.id, &rule.file));
    let recovery = inputs.rules.recovery.iter().map(|recovery| (recovery.ty.name, &recovery.file));
    rules
        .chain(recovery)
        .map(|(id, file)| {
            let path = file.path.to_string_lossy().replace('\\', "/");
            let path = if path.starts_with("rules/") { path } else { format!("{INPUTS}{path}") };
            let text = file.text.to_string();
            (PackedRule { id: id.to_owned(), path, sha256: pack::sha256(text.as_bytes()) }, text)
        })
        .collect()
}
