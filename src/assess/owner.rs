//! Which workload a resource belongs to.

use std::sync::Arc;

use wildmatch::WildMatchPattern;

use crate::judge::Owner;
use crate::manifest::{Manifest, Select};
use crate::model::{Resource, Unknown, Value};

/// The first workload whose selection matches owns the resource; the place after the last one is the default. Where a
/// selection needs tags that could not be read, nobody knows who owns it.
pub fn owner(resource: &Resource, manifest: &Manifest) -> Owner {
    for (place, workload) in manifest.workloads.iter().enumerate() {
        match selects(&workload.select, resource) {
            Ok(true) => return Owner::Workload(u32::try_from(place).unwrap_or(u32::MAX)),
            Ok(false) => {}
            Err(unknown) => return Owner::Unknown(unknown),
        }
    }
    Owner::Workload(u32::try_from(manifest.workloads.len()).unwrap_or(u32::MAX))
}

/// Whether a selection takes a resource: all that it states must hold. One that states nothing takes nothing.
fn selects(select: &Select, resource: &Resource) -> Result<bool, Arc<Unknown>> {
    if *select == Select::default() {
        return Ok(false);
    }
    let account = select.accounts.is_empty() || select.accounts.iter().any(|account| **account == *resource.account);
    let arn = select.arns.is_empty() || select.arns.iter().any(|pattern| wildcard(pattern, &resource.arn));
    if !account || !arn {
        return Ok(false);
    }
    if select.tags.is_empty() {
        return Ok(true);
    }
    match resource.field("tags") {
        Some(Value::Map(tags)) => Ok(select
            .tags
            .iter()
            .all(|(key, pattern)| tags.get(key.as_str()).is_some_and(|value| wildcard(pattern, value)))),
        Some(Value::Unknown(unknown)) => Err(Arc::clone(unknown)),
        _ => Ok(false),
    }
}

/// Whether a text matches a pattern in which `*` stands for anything.
pub(super) fn wildcard(pattern: &str, text: &str) -> bool {
    WildMatchPattern::<'*', '\0'>::new(pattern).matches(text)
}
