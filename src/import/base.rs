//! What the workbook held when it was exported, from its hidden sheet.

use std::collections::HashMap;

use super::workbook::{Workbook, WorkbookError};
use crate::report::xlsx::layout;

/// Values by field.
pub(super) type Fields = HashMap<String, String>;

/// What the cells held.
#[derive(Debug, Default)]
pub(super) struct Base {
    /// Whether the workbook says so at all.
    pub(super) present: bool,
    answers: HashMap<(String, String), Fields>,
    waivers: HashMap<String, Fields>,
    architecture: HashMap<String, String>,
    /// The names of sheets by their keys.
    names: HashMap<String, String>,
}

impl Base {
    /// Reads the hidden sheet. A workbook without it is one that somebody copied together.
    pub(super) fn of(workbook: &Workbook) -> Result<Self, WorkbookError> {
        let mut base = Self::default();
        let Some(sheet) = workbook.sheets.iter().find(|sheet| sheet.name == layout::MARKER) else { return Ok(base) };
        for row in sheet.rows.keys() {
            let [kind, id, workload, field] = [0, 1, 2, 3].map(|column| sheet.text(*row, column));
            let value = sheet.text(*row, 4);
            match kind.as_str() {
                "schema" if id != layout::SCHEMA => return Err(WorkbookError::Newer(id)),
                "schema" => base.present = true,
                layout::ANSWER => {
                    base.answers.entry((id, workload)).or_default().insert(field, value);
                }
                layout::WAIVER => {
                    base.waivers.entry(id).or_default().insert(field, value);
                }
                layout::ARCHITECTURE => {
                    base.architecture.insert(workload, value);
                }
                _ => {
                    base.names.insert(kind, id);
                }
            }
        }
        Ok(base)
    }

    /// What a line of the checklist held; none for a line that was not there.
    pub(super) fn answer(&self, rule: &str, workload: &str) -> Option<&Fields> {
        self.answers.get(&(rule.to_owned(), workload.to_owned()))
    }

    /// What a waiver held.
    pub(super) fn waiver(&self, id: &str) -> Option<&Fields> {
        self.waivers.get(id)
    }

    /// The fingerprint of a workload.
    pub(super) fn architecture(&self, workload: &str) -> Option<&String> {
        self.architecture.get(workload).filter(|fingerprint| !fingerprint.is_empty())
    }

    /// The name that the export gave a sheet.
    pub(super) fn name(&self, key: &str) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }
}
