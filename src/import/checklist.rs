//! The checklist: what people answer, line by line.

use super::said::{Reader, Row};
use super::table::{Spec, Table};
use super::value;
use crate::report::xlsx::layout::{CHECKLIST_INPUTS, RULE, WORKLOAD};

pub(super) const SPEC: Spec = Spec {
    key: "checklist",
    needed: &[RULE, ("column", "answer_status")],
    // Without one of these it is the sheet of the FTR items, which says how far people are too.
    any: &[("column", "owner"), ("column", "due"), ("column", "answer"), ("column", "comment"), ("column", "evidence")],
};

pub(super) fn read(table: &Table<'_>, reader: &mut Reader<'_>) {
    for (_, title) in CHECKLIST_INPUTS.iter().chain(&[("", WORKLOAD)]) {
        if table.column(*title).is_none() {
            reader.outcome.note("no_column", &format!("{}: {}", table.sheet.name, reader.title(*title)));
        }
    }
    for number in table.rows() {
        let (rule, workload) = (table.text(number, RULE), table.text(number, WORKLOAD));
        let before = reader.base.answer(&rule, &workload);
        let mut row = Row::at(table.place(number, RULE), table.place(number, WORKLOAD));
        for (field, title) in CHECKLIST_INPUTS.iter().filter(|(_, title)| table.column(*title).is_some()) {
            let before = before.map(|fields| fields.get(*field).map_or("", String::as_str));
            let at = (table.place(number, *title), reader.title(*title));
            match reader.cell(table.cell(number, *title), value::form(field), before, at) {
                Some(cell) => {
                    row.cells.insert((*field).to_owned(), cell);
                }
                None => {
                    row.rejected.insert((*field).to_owned());
                }
            }
        }
        // What is no line of the checklist says nothing in the columns that people fill in.
        if !rule.is_empty() || row.cells.values().any(|cell| !cell.value.is_empty()) {
            reader.add(&rule, &workload, row);
        }
    }
}
