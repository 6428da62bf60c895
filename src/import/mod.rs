//! Import: the workbook that people filled in comes back into the answers and waivers files.
//!
//! Each sheet is a file of this module; adding one is that file and a line in [`ANSWER_SHEETS`]. A sheet is found by
//! the heads of its columns, a row by the ids in it. What a cell held when the workbook was exported stands on its hidden
//! sheet, so that what people entered is told from what changed in the files meanwhile.
//!
//! A cell that cannot be taken is named and left out; everything else is taken. The files that come out are complete: they
//! are read again before anybody may write them.

mod base;
mod checklist;
mod document;
mod drill;
mod facts;
mod merge;
mod outcome;
mod said;
mod table;
mod value;
mod waivers;
mod workbook;
mod write;

use std::path::{Component, Path};

use jiff::civil::Date;

pub use document::DocumentError;
pub use outcome::{Change, Conflict, Outcome, Rejection};
pub use workbook::{Place, WorkbookError};
pub use write::{WriteError, write};

use base::Base;
use document::Document;
use merge::Signature;
use said::Reader;
use table::{Spec, Table};
use workbook::Sheet;

use crate::assess::answers::Answers;
use crate::assess::evidence::EvidenceFiles;
use crate::assess::waivers::Waivers;
use crate::diagnostic::{Diagnostics, SourceFile};
use crate::manifest::Manifest;
use crate::model::Language;
use crate::report::messages::Messages;
use crate::rules::RuleSet;

/// Reads a sheet.
type Read = fn(&Table<'_>, &mut Reader<'_>);

/// The sheets with answers: by what each is found, and how it is read.
const ANSWER_SHEETS: [(&Spec, Read); 4] = [
    (&checklist::SPEC, checklist::read),
    (&facts::SPEC, facts::read),
    (&drill::FORM, drill::read),
    (&drill::TRACKER, drill::read_tracker),
];

/// What an import needs.
#[derive(Debug)]
pub struct Import<'a> {
    /// The name of the workbook, for messages.
    pub name: &'a str,
    /// The workbook.
    pub workbook: &'a [u8],
    /// All rules, not just the selected ones.
    pub rules: &'a RuleSet,
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The answers file; empty when there is none yet.
    pub answers: &'a SourceFile,
    /// The waivers file; empty when there is none yet.
    pub waivers: &'a SourceFile,
    /// Who answered, where the workbook does not say.
    pub answered_by: Option<&'a str>,
    /// When, where the workbook does not say. Otherwise it is the day on which the workbook was saved.
    pub answered_on: Option<Date>,
    /// The language of messages.
    pub language: Language,
}

/// Why nothing can be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The workbook cannot be read.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// A file cannot be changed.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A file has problems of its own.
    #[error(transparent)]
    File(#[from] Diagnostics),
    /// What came out is not what the files may hold. Nothing may be written.
    #[error("the files would have problems after the import; nothing is written")]
    Result(#[source] Diagnostics),
}

impl Import<'_> {
    /// Works out what the files are to be. Writes nothing.
    ///
    /// # Errors
    /// The workbook or one of the files cannot be read, or the result would not be valid.
    pub fn run(&self) -> Result<Outcome, ImportError> {
        // Files with problems are not touched.
        Answers::parse(self.answers, EvidenceFiles::read(self.answers), self.rules, self.manifest)?;
        Waivers::parse(self.waivers, self.rules)?;
        let specs: Vec<&Spec> = ANSWER_SHEETS.iter().map(|(spec, _)| *spec).chain([&waivers::SPEC]).collect();
        let wanted = |sheet: &Sheet| specs.iter().any(|spec| Table::of(sheet, spec).is_some());
        let workbook = workbook::read(self.workbook, &wanted)?;
        let base = Base::of(&workbook)?;
        let mut answers = Document::read(self.answers, "answers", merge::ORDER)?;
        let mut waivers = Document::read(self.waivers, "waivers", waivers::ORDER)?;
        let outcome = Outcome::new(self.name, Messages::of(self.language));
        let mut reader = Reader::new(&base, self.rules, self.manifest, self.language, outcome);
        if !base.present {
            reader.outcome.note("no_base", "");
        }
        let mut found = false;
        let mut sheet = |spec: &Spec, reader: &mut Reader<'_>| {
            let (table, others) = table::find(&workbook, spec, base.name(spec.key));
            for other in others {
                let chosen = table.as_ref().map_or("", |table| table.sheet.name.as_str());
                reader.outcome.note_with("other_sheet", other, chosen);
            }
            found |= table.is_some();
            // Somebody may have deleted the sheet, or lost the heads of its columns: what was on it is not read.
            if let (None, Some(name)) = (&table, base.name(spec.key)) {
                reader.outcome.note("no_sheet", name);
            }
            table
        };
        for (spec, read) in ANSWER_SHEETS {
            if let Some(table) = sheet(spec, &mut reader) {
                read(&table, &mut reader);
            }
        }
        let rows = reader.rows();
        let digest = |name: &str| {
            let path = self.answers.path.parent()?.join(name);
            // Only what lies below the answers: no path leads out of there.
            let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
            inside.then(|| EvidenceFiles::digest_of(&path).ok()).flatten()
        };
        let signature =
            Signature { by: self.answered_by.map(str::to_owned), on: self.answered_on.or(workbook.saved_on) };
        merge::merge(&rows, &base, &mut answers, self.rules, &signature, &digest, &mut reader.outcome);
        if let Some(table) = sheet(&waivers::SPEC, &mut reader) {
            waivers::merge(&table, &mut reader, &mut waivers);
        }
        if !found {
            return Err(WorkbookError::NoSheet.into());
        }
        let mut outcome = reader.outcome;
        outcome.answers = answers.finish()?;
        outcome.waivers = waivers.finish()?;
        self.check(&outcome)?;
        Ok(outcome)
    }

    /// The files must be valid before anybody writes them.
    fn check(&self, outcome: &Outcome) -> Result<(), ImportError> {
        if let Some(text) = &outcome.answers {
            let file = SourceFile::new(&self.answers.path, text);
            Answers::parse(&file, EvidenceFiles::default(), self.rules, self.manifest).map_err(ImportError::Result)?;
        }
        if let Some(text) = &outcome.waivers {
            let file = SourceFile::new(&self.waivers.path, text);
            Waivers::parse(&file, self.rules).map_err(ImportError::Result)?;
        }
        Ok(())
    }
}
