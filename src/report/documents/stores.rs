//! What placeholders know of a store: its fields as they were read, and what follows from them.

use serde_json::Value as Json;

use super::Paper;
use super::template::{Known, Values};
use super::texts::Only;
use crate::assess::model::{StoreReport, display};

/// The placeholders that are no fields of a resource. A test holds the texts against these and the fields of the types.
#[cfg(test)]
pub(super) const DERIVED: [&str; 22] = [
    "id",
    "name",
    "arn",
    "account",
    "region",
    "dr_region",
    "recovery_point_time",
    "vault",
    "dr_recovery_point_time",
    "dr_vault",
    "dr_copy",
    "dr_copy_kind",
    "dr_copy_latest",
    "dr_copy_created",
    "dr_file_system",
    "dr_live_copy",
    "dr_replica",
    "reader",
    "writer",
    "instance_id",
    "device",
    "node_group",
];

/// The values of a store, together with those of its workload.
pub(super) fn values(paper: &Paper<'_>, store: &StoreReport) -> Values {
    let undeclared = paper.word("undeclared");
    let mut values = paper.workload(&store.workload).map(|workload| paper.values(workload)).unwrap_or_default();
    values.set("id", &*store.resource, undeclared);
    values.set("name", &*store.name, undeclared);
    values.set("arn", &*store.arn, undeclared);
    values.set("account", &*store.account, undeclared);
    values.set("region", &*store.region, undeclared);
    let lists = Lists { store, none: paper.word("none_found") };
    let dr_region = match values.get("dr_region") {
        Some(Known::Value(region)) if *region != store.region => region.clone(),
        _ => String::new(),
    };
    // A store that is in the DR Region already has nowhere to go.
    values.set("dr_region", &*dr_region, paper.word("no_dr_region"));
    let usable = |point: &Json| matches!(text(point, "status"), Some("COMPLETED" | "AVAILABLE"));
    let here = |point: &Json| usable(point) && text(point, "region") == Some(&store.region);
    let there = |entry: &Json| !dr_region.is_empty() && text(entry, "region") == Some(&dr_region);
    for (name, list, field, keep) in [
        ("recovery_point_time", "recovery_points", "created", &here as &dyn Fn(&Json) -> bool),
        ("vault", "recovery_points", "vault_name", &here),
        ("dr_recovery_point_time", "recovery_points", "created", &|point| usable(point) && there(point)),
        ("dr_vault", "recovery_points", "vault_name", &|point| usable(point) && there(point)),
        ("dr_copy", "copies", "region", &there),
        ("dr_copy_created", "copies", "created", &there),
        ("dr_copy_kind", "cross_region_copies", "kind", &there),
        ("dr_copy_latest", "cross_region_copies", "latest", &there),
        ("dr_file_system", "replicas", "file_system_id", &there),
        ("writer", "members", "db_instance_identifier", &|member| flag(member, "is_writer") == Some(true)),
        ("reader", "members", "db_instance_identifier", &|member| flag(member, "is_writer") == Some(false)),
        ("instance_id", "attachments", "instance_id", &|_| true),
        ("device", "attachments", "device", &|_| true),
        ("node_group", "node_groups", "id", &|_| true),
    ] {
        values.put(name, lists.first(list, |entry| if keep(entry) { text(entry, field) } else { None }));
    }
    values.put(
        "dr_live_copy",
        lists.first("live_copy_regions", |region| {
            region.as_str().filter(|region| !dr_region.is_empty() && *region == dr_region)
        }),
    );
    values.put(
        "dr_replica",
        lists.first("read_replicas", |replica| {
            let (place, name) = replica.as_str()?.rsplit_once(':')?;
            let there = place.split(':').nth(3).is_some_and(|region| !dr_region.is_empty() && region == dr_region);
            there.then_some(name)
        }),
    );
    values.fields(&store.settings, paper.word("unset"));
    values
}

/// The lists among the fields of a store.
struct Lists<'s> {
    store: &'s StoreReport,
    none: &'s str,
}

impl Lists<'_> {
    /// The first entry that yields something: lists are ordered by what matters first, such as the newest.
    fn first(&self, field: &str, found: impl Fn(&Json) -> Option<&str>) -> Known {
        let none = || Known::Unknown(self.none.to_owned());
        match self.store.settings.0.get(field) {
            Some(Json::Array(entries)) => {
                entries.iter().find_map(found).map_or_else(none, |value| Known::Value(value.to_owned()))
            }
            Some(unknown) if unknown.get("$unknown").is_some() => Known::unread(unknown),
            _ => none(),
        }
    }
}

fn text<'j>(entry: &'j Json, field: &str) -> Option<&'j str> {
    entry.get(field)?.as_str()
}

fn flag(entry: &Json, field: &str) -> Option<bool> {
    entry.get(field)?.as_bool()
}

/// Whether something holds, as far as the scan can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    /// It does.
    Yes,
    /// It does not; what it is instead.
    No(String),
    /// It could not be read; why.
    Unknown(String),
}

/// Whether the values are among those that are wanted. What could not be read is unknown, not different.
pub(super) fn holds(values: &Values, only: &Only, needs: &[String]) -> Holds {
    for name in needs {
        match values.get(name) {
            Some(Known::Value(_)) => {}
            Some(Known::Unread(reason)) => return Holds::Unknown(reason.clone()),
            Some(Known::Unknown(reason)) => return Holds::No(reason.clone()),
            None => return Holds::No(name.clone()),
        }
    }
    for (name, wanted) in only {
        match values.get(name) {
            Some(Known::Value(value)) if wanted.iter().any(|word| value.starts_with(word.as_str())) => {}
            Some(Known::Value(value)) => return Holds::No(format!("{name}: {value}")),
            Some(Known::Unread(reason)) => return Holds::Unknown(reason.clone()),
            Some(Known::Unknown(reason)) => return Holds::No(format!("{name}: {reason}")),
            None => return Holds::No(name.clone()),
        }
    }
    Holds::Yes
}

/// A field of the store as people read it.
pub(super) fn fact(values: &Values, name: &str) -> String {
    values.get(name).map_or_else(|| display(&Json::Null), Known::shown)
}
