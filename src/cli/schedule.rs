//! `sonae schedule`: drills, restore tests, reviews and expiries as a calendar.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};

use super::args::{Schedule, Select, Terminal};
use super::exit::{Blame, Failure};
use super::inputs::Files;
use crate::assess::model::Report;
use crate::assess::{Inputs as AssessInputs, assess};
use crate::diagnostic::SourceFile;
use crate::model::Language;
use crate::report::{replace_file, schedule};
use crate::snapshot::{Snapshot, SnapshotError};

/// Runs the command. The time of the calendar is the snapshot's: the same input gives the same file.
///
/// # Errors
/// What the user named is no snapshot or report, or the file cannot be written.
pub fn run(args: &Schedule, terminal: Terminal) -> Result<ExitCode, Failure> {
    let report = if args.input.is_file() { from_report(args)? } else { from_snapshot(args, terminal)? };
    replace_file(&args.out, schedule::ical(&report).as_bytes())
        .with_context(|| format!("cannot write {}", args.out.display()))
        .run()?;
    if !terminal.quiet {
        super::print(&format!("{}\n", args.out.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn from_report(args: &Schedule) -> Result<Report, Failure> {
    let file = SourceFile::read(&args.input).configuration()?;
    let refused = |path: &Path| format!("{} is no report.json of this version", path.display());
    let report: Report = serde_json::from_str(&file.text).with_context(|| refused(&args.input)).configuration()?;
    if report.schema != "sonae.report/1" {
        return Err(anyhow!("{} has the schema `{}`, not sonae.report/1", args.input.display(), report.schema))
            .configuration();
    }
    match args.lang.map(Language::from) {
        Some(wanted) if wanted != report.language => {
            Err(anyhow!("a report has its texts in one language only; name the snapshot to change it with --lang"))
                .configuration()
        }
        _ if args.manifest.is_some() => {
            Err(anyhow!("a report was made with its manifest already; name the snapshot to judge by another one"))
                .configuration()
        }
        _ => Ok(report),
    }
}

fn from_snapshot(args: &Schedule, terminal: Terminal) -> Result<Report, Failure> {
    let snapshot = match Snapshot::read(&args.input) {
        Err(error @ SnapshotError::NotASnapshot(_)) => return Err(error).configuration(),
        other => other.run()?,
    };
    let files = match &args.manifest {
        Some(path) => Files::from_disk(Some(path))?,
        None => Files::from_snapshot(&snapshot.inputs)?,
    };
    let inputs = files.check(&Select::default())?;
    if !terminal.quiet {
        super::warn(inputs.warnings(), terminal);
    }
    Ok(assess(
        snapshot,
        &AssessInputs {
            manifest: &inputs.manifest,
            rules: &inputs.rules,
            answers: &inputs.answers,
            waivers: &inputs.waivers,
            terraform: &inputs.terraform,
            language: args.lang.map_or(inputs.manifest.language, Language::from),
        },
    ))
}
