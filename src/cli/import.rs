//! `sonae import`: the workbook that people filled in, back into the answers and waivers files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use super::args::{Import as Args, Terminal};
use super::exit::{self, Blame, Failure};
use super::inputs::{ANSWERS, MANIFEST, WAIVERS};
use crate::diagnostic::SourceFile;
use crate::import::{Import, ImportError, write};
use crate::manifest::Manifest;
use crate::model::Language;
use crate::rules::{RuleSet, read_directory};

/// Runs the command. Both files are written, or none; exit code 2 says that a cell was not taken.
pub fn run(args: &Args, terminal: Terminal) -> Result<ExitCode, Failure> {
    let path = args.manifest.as_deref().unwrap_or(Path::new(MANIFEST));
    if args.manifest.is_none() && !path.exists() {
        let error =
            anyhow!("there is no {MANIFEST} here; name the manifest with --manifest, or write one with `sonae init`");
        return Err(Failure::Configuration(error));
    }
    let manifest = Manifest::parse(&SourceFile::read(path).configuration()?).configuration()?;
    let mut own = Vec::new();
    for directory in &manifest.rules.dirs {
        let named = "the manifest names it under `rules.dirs`";
        own.extend(read_directory(&manifest.resolve(directory)).context(named).configuration()?);
    }
    let rules = RuleSet::load(&own, &manifest.rules.params).configuration()?;
    let workbook = std::fs::read(&args.file).with_context(|| format!("cannot read {}", args.file.display()));
    let workbook = workbook.configuration()?;
    let answers = existing(&manifest, manifest.answers.as_deref(), ANSWERS)?;
    let waivers = existing(&manifest, manifest.waivers.as_deref(), WAIVERS)?;
    let name =
        args.file.file_name().map_or_else(|| args.file.display().to_string(), |name| name.to_string_lossy().into());
    let import = Import {
        name: &name,
        workbook: &workbook,
        rules: &rules,
        manifest: &manifest,
        answers: &answers,
        waivers: &waivers,
        answered_by: args.answered_by.as_deref(),
        answered_on: args.answered_on,
        language: args.lang.map_or(manifest.language, Language::from),
    };
    let outcome = import.run().map_err(|error| match error {
        // The problems show with the lines that they are about.
        ImportError::File(problems) => Failure::Configuration(problems.into()),
        error @ ImportError::Result(_) => Failure::Run(error.into()),
        error => Failure::Configuration(anyhow::Error::from(error).context(args.file.display().to_string())),
    })?;
    let texts = [(&answers.path, &outcome.answers), (&waivers.path, &outcome.waivers)];
    let texts: Vec<(&Path, &str)> =
        texts.into_iter().filter_map(|(path, text)| Some((path.as_path(), text.as_deref()?))).collect();
    if !args.dry_run {
        write(&texts).run()?;
    }
    super::complain(&outcome.problems());
    if !terminal.quiet {
        super::print(&outcome.summary(args.dry_run))?;
        for (path, _) in &texts {
            super::print(&format!("{}\n", path.display()))?;
        }
        for (named, key, path) in
            [(&manifest.answers, "answers", &answers.path), (&manifest.waivers, "waivers", &waivers.path)]
        {
            if named.is_none() && texts.iter().any(|(written, _)| written == path) {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                super::print(&outcome.line_to_add(&manifest.source.path, &format!("{key}: {file}")))?;
            }
        }
    }
    Ok(ExitCode::from(if outcome.complete() { exit::CLEAN } else { exit::CONFIGURATION }))
}

/// A file that the manifest names, or the one beside it; empty when there is none yet.
fn existing(manifest: &Manifest, named: Option<&Path>, usual: &str) -> Result<SourceFile, Failure> {
    let path: PathBuf = manifest.resolve(named.unwrap_or(Path::new(usual)));
    if path.exists() {
        return SourceFile::read(&path).configuration();
    }
    Ok(SourceFile::new(path, ""))
}
