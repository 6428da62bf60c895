//! What AWS Backup restored of a workload, and what it could not.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Fact, Holding, open};
use crate::model::schema::ResourceType;
use crate::model::types::backup::RESTORE;
use crate::model::types::workload::{STORE_RESTORE, WORKLOAD};
use crate::model::{Resource, Unknown, Value, types};
use crate::{record, slot};

pub(super) fn facts(holding: &Holding<'_>) -> Vec<Fact> {
    let restorable: Vec<&'static ResourceType> =
        types::ALL.iter().copied().filter(|ty| ty.stateful && ty.field("restores").is_some()).collect();
    let mut missing = holding.missing(restorable.iter().copied());
    let (mut succeeded, mut failed) = (Vec::new(), Vec::new());
    for resource in holding.owned.iter().filter(|resource| restorable.contains(&resource.ty)) {
        match resource.field("restores") {
            Some(Value::List(restores)) => {
                for restore in restores.iter() {
                    match restore {
                        Value::Record(restore) => match outcome(restore) {
                            Outcome::Succeeded => succeeded.push(of(resource, restore)),
                            Outcome::Failed => failed.push(of(resource, restore)),
                            Outcome::Open => {}
                        },
                        Value::Unknown(unknown) => keep(&mut missing, unknown),
                        _ => {}
                    }
                }
            }
            Some(Value::Unknown(unknown)) => keep(&mut missing, unknown),
            _ => {}
        }
    }
    let list = |mut restores: Vec<(Option<Timestamp>, Value)>| {
        restores.sort_by_key(|(created, _)| Reverse(*created));
        open(restores.into_iter().map(|(_, restore)| restore).collect(), missing.as_ref())
    };
    vec![(slot!(WORKLOAD, "restores"), list(succeeded)), (slot!(WORKLOAD, "failed_restores"), list(failed))]
}

fn keep(missing: &mut Option<Arc<Unknown>>, unknown: &Arc<Unknown>) {
    missing.get_or_insert_with(|| Arc::clone(unknown));
}

enum Outcome {
    Succeeded,
    Failed,
    /// It still runs, or AWS Backup no longer tells.
    Open,
}

fn outcome(restore: &[Value]) -> Outcome {
    let status = restore[slot!(RESTORE, "status")].as_str();
    let validation = restore[slot!(RESTORE, "validation_status")].as_str();
    if matches!(status, Some("FAILED" | "ABORTED")) || matches!(validation, Some("FAILED" | "TIMED_OUT")) {
        return Outcome::Failed;
    }
    match restore[slot!(RESTORE, "duration")] {
        Value::Duration(_) if status.is_none_or(|status| status == "COMPLETED") => Outcome::Succeeded,
        _ => Outcome::Open,
    }
}

fn of(resource: &Resource, restore: &[Value]) -> (Option<Timestamp>, Value) {
    let created = &restore[slot!(RESTORE, "created")];
    let time = match created {
        Value::Timestamp(time) => Some(*time),
        _ => None,
    };
    let record = record!(STORE_RESTORE {
        "resource": Value::Str(Arc::clone(&resource.id)),
        "type": resource.ty.name,
        "account": restore[slot!(RESTORE, "account")].clone(),
        "region": restore[slot!(RESTORE, "region")].clone(),
        "same_place": restore[slot!(RESTORE, "account")].as_str() == Some(&*resource.account)
            && restore[slot!(RESTORE, "region")].as_str() == Some(&*resource.region),
        "created": created.clone(),
        "duration": restore[slot!(RESTORE, "duration")].clone(),
        "status": restore[slot!(RESTORE, "status")].clone(),
        "validation_status": restore[slot!(RESTORE, "validation_status")].clone(),
    });
    (time, record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restore(status: Option<&str>, duration: bool, validation: Option<&str>) -> Outcome {
        let restore = record!(RESTORE {
            "status": status.map_or(Value::Null, Value::str),
            "duration": if duration { Value::Duration(crate::model::Seconds(60)) } else { Value::Null },
            "validation_status": validation.map_or(Value::Null, Value::str),
        });
        outcome(restore.as_record().unwrap())
    }

    #[test]
    fn only_what_ended_well_succeeded_and_only_what_ended_badly_failed() {
        assert!(matches!(restore(Some("COMPLETED"), true, Some("SUCCESSFUL")), Outcome::Succeeded));
        assert!(matches!(restore(None, true, None), Outcome::Succeeded), "the job is no longer listed");
        assert!(matches!(restore(Some("COMPLETED"), true, Some("FAILED")), Outcome::Failed));
        assert!(matches!(restore(Some("ABORTED"), false, None), Outcome::Failed));
        assert!(matches!(restore(Some("RUNNING"), false, None), Outcome::Open));
        assert!(matches!(restore(None, false, None), Outcome::Open));
    }
}
