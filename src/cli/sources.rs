//! Earlier reports, however they were kept: a `report.json`, a pack, or a snapshot that is judged again.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::args::{Judge, Select};
use super::exit::{Blame, Failure};
use super::inputs::Files;
use super::judge::report_of;
use crate::assess::model::{Report, TrendPoint};
use crate::compare::trend;
use crate::model::Language;
use crate::pack::{Pack, REPORTS};
use crate::report::{Format, json};
use crate::snapshot::Snapshot;

/// The first bytes of every zip archive.
const ARCHIVE: &[u8] = b"PK";

/// The report that people name: a `report.json`, the directory of one, a pack, or a snapshot, which is judged by the
/// manifest or else by the one that it was made with. The language is a wish: a report that was kept has its own.
pub fn report(path: &Path, manifest: Option<&Path>, language: Option<Language>) -> Result<Report, Failure> {
    if !path.is_dir() {
        return kept(path, language).configuration();
    }
    if path.join("snapshot.json").exists() {
        let snapshot = Snapshot::read(path).run()?;
        let files = match manifest {
            Some(path) => Files::from_disk(Some(path))?,
            None => Files::from_snapshot(&snapshot.inputs)?,
        };
        let inputs = files.check(&Select::default())?;
        let language = language.unwrap_or(inputs.manifest.language);
        return Ok(report_of(snapshot, &inputs, language));
    }
    let file = path.join(Format::Json.file_name());
    if file.exists() {
        return kept(&file, language).configuration();
    }
    let error = anyhow!(
        "{} is neither a snapshot nor does it hold a report.json; name a report.json, a pack or a snapshot directory",
        path.display()
    );
    Err(Failure::Configuration(error))
}

/// The report that is named as the baseline.
pub fn baseline(args: &Judge) -> Result<Option<Report>, Failure> {
    args.baseline.as_deref().map(|path| report(path, args.manifest.as_deref(), None)).transpose()
}

/// What the reports in a file or directory add to the trend. In a directory, packs and JSON files count, and the
/// `report.json` of each directory in it.
pub fn history(path: &Path) -> anyhow::Result<Vec<TrendPoint>> {
    let mut files: Vec<PathBuf> = Vec::new();
    if path.is_dir() {
        let unread = || format!("cannot read the directory {}", path.display());
        for entry in std::fs::read_dir(path).with_context(unread)? {
            let entry = entry.with_context(unread)?.path();
            let inside = entry.join(Format::Json.file_name());
            if inside.exists() {
                files.push(inside);
            } else if entry.is_file() && entry.extension().is_some_and(|ending| ending == "zip" || ending == "json") {
                files.push(entry);
            }
        }
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    files.iter().map(|file| Ok(trend::point(&kept(file, None)?))).collect()
}

/// A report that was kept as a file.
fn kept(path: &Path, language: Option<Language>) -> anyhow::Result<Report> {
    let mut start = [0; 2];
    let is_archive = File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *ARCHIVE;
    if !is_archive {
        return Ok(json::read(path)?);
    }
    let mut pack = Pack::open(path)?;
    let languages = &pack.listing().languages;
    let language = language.filter(|wanted| languages.contains(wanted)).or(languages.first().copied());
    let Some(language) = language else { return Err(anyhow!("{} holds no report", path.display())) };
    let name = packed_name(language, Format::Json.file_name());
    let bytes = pack.read(&name)?;
    Ok(json::parse(&bytes, &path.join(name))?)
}

/// Where a pack has a file of a report.
pub fn packed_name(language: Language, file: &str) -> String {
    format!("{REPORTS}{}/{file}", language.as_str())
}
