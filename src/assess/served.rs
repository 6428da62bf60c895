//! Which objectives of its workload a finding serves.

use super::model::Served;
use super::recovery::scope_title;
use super::wording::{pick, show};
use crate::model::schema::Type;
use crate::model::types::recovery::{RECOVERY_ESTIMATE, SCOPES};
use crate::model::types::workload::{WORKLOAD, WORKLOAD_RECORD};
use crate::model::{Language, Resource, Value};
use crate::rules::{Rule, Target};

/// An objective that a rule reads: its path, such as `rpo.data`, and the places of its fields below the workload.
#[derive(Debug)]
pub struct Objective {
    path: String,
    slots: Vec<usize>,
}

/// The objectives that a rule reads, in the order of the manifest.
pub fn objectives(rule: &Rule) -> Vec<Objective> {
    let mut paths = Vec::new();
    for target in &rule.targets {
        for expression in target.expressions() {
            expression.workload_paths(|path| paths.extend(path.strip_prefix("objectives.").map(str::to_owned)));
        }
        paths.extend(of_estimates(target));
    }
    let mut found: Vec<Objective> = paths
        .into_iter()
        .filter_map(|path| {
            let mut fields = WORKLOAD_RECORD.fields;
            let mut slots = Vec::new();
            for name in std::iter::once("objectives").chain(path.split('.')) {
                let slot = fields.iter().position(|field| field.name == name)?;
                slots.push(slot);
                fields = match fields[slot].ty {
                    Type::Record(record) => record.fields,
                    _ => &[],
                };
            }
            // `objectives.rpo` as a whole is no objective.
            fields.is_empty().then_some(Objective { path, slots })
        })
        .collect();
    found.sort_by(|a, b| a.slots.cmp(&b.slots));
    found.dedup_by(|a, b| a.slots == b.slots);
    found
}

/// Estimates carry the objective that they are held against.
fn of_estimates(target: &Target) -> Vec<String> {
    let mut names = Vec::new();
    for expression in target.expressions() {
        expression.resource_slots(|slot| names.push(target.ty.fields[slot].name));
    }
    let of = |objective: &str| SCOPES.iter().map(|scope| format!("{objective}.{scope}")).collect();
    if target.ty == &RECOVERY_ESTIMATE && names.contains(&"rpo_objective") {
        of("rpo")
    } else if target.ty == &WORKLOAD && names.contains(&"recovery") {
        of("rto")
    } else {
        Vec::new()
    }
}

/// The objectives of a finding with what its workload declares.
pub fn served(objectives: &[Objective], resource: &Resource, workload: &Value, language: Language) -> Vec<Served> {
    // An estimate is for one scope.
    let scope = match resource.field("scope") {
        Some(scope) if resource.ty == &RECOVERY_ESTIMATE => scope.as_str(),
        _ => None,
    };
    objectives
        .iter()
        .filter(|objective| scope.is_none_or(|scope| objective.path.ends_with(&format!(".{scope}"))))
        .map(|objective| {
            let mut value = workload;
            for slot in &objective.slots {
                value = value.as_record().and_then(|fields| fields.get(*slot)).unwrap_or(&Value::Null);
            }
            Served {
                objective: objective.path.clone(),
                title: title(&objective.path, language),
                value: match value {
                    Value::Null => None,
                    Value::Double(percent) => Some(format!("{percent}%")),
                    value => Some(show(value, language)),
                },
            }
        })
        .collect()
}

fn title(path: &str, language: Language) -> String {
    match path.split_once('.') {
        Some((objective, scope)) => {
            let scope = SCOPES.iter().position(|known| *known == scope);
            let scope = scope.map_or_else(String::new, |scope| scope_title(scope, language));
            format!("{} ({scope})", objective.to_uppercase())
        }
        None => match path {
            "slo" => "SLO".to_owned(),
            "slo_month_budget" => pick(language, "SLOが許す月間の停止時間", "downtime that the SLO allows in a month"),
            "rlo" => "RLO".to_owned(),
            _ => pick(language, "保持期間", "retention"),
        },
    }
}
