//! The facts that questions ask for.

use super::said::{Reader, Row};
use super::table::{Spec, Table};
use super::value::Form;
use crate::report::xlsx::layout::{FACT, FACT_ID, RULE, VALUE, WORKLOAD};

pub(super) const SPEC: Spec = Spec { key: "facts", needed: &[RULE, FACT_ID, VALUE], any: &[RULE] };

pub(super) fn read(table: &Table<'_>, reader: &mut Reader<'_>) {
    for number in table.rows() {
        let [rule, workload, name] = [RULE, WORKLOAD, FACT_ID].map(|title| table.text(number, title));
        let content = table.cell(number, VALUE);
        let field = format!("{FACT}{name}");
        let before = reader.base.answer(&rule, &workload).map(|fields| fields.get(&field).map_or("", String::as_str));
        let fields = reader.rules.get(&rule).and_then(|rule| rule.question.as_ref()).map(|question| &question.fields);
        let known = fields.and_then(|fields| fields.iter().find(|(known, ..)| *known == name));
        // Of a rule that is gone, whatever stands there is a text: it only matters whether it is what was there.
        let form = known.map_or(Form::Text, |(_, ty, _)| Form::Fact(*ty));
        let title = known.map_or(name.as_str(), |(.., title)| title.get(reader.language));
        let Some(cell) = reader.cell(content, form, before, (table.place(number, VALUE), title)) else { continue };
        if cell.value.is_empty() && before.is_none_or(str::is_empty) {
            continue;
        }
        if known.is_none() && reader.rules.get(&rule).is_some() {
            if before != Some(cell.value.as_str()) {
                reader.outcome.refuse(table.place(number, FACT_ID), "unknown_fact", &format!("{rule}: {name}"));
            }
            continue;
        }
        let mut row = Row::at(table.place(number, RULE), table.place(number, WORKLOAD));
        row.cells.insert(field, cell);
        reader.add(&rule, &workload, row);
    }
}
