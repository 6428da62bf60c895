//! Every operation denied in its turn: what it was to fill is unknown for that reason, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::json;
use sonae::collect::Plan;
use sonae::model::schema::ResourceType;
use sonae::model::{Operation, Resource, Unknown, Value, types};
use sonae::rules::RuleSet;
use sonae::snapshot::{CallStatus, Snapshot};

use crate::moto::Live;

type Key = (String, String, &'static str, String);

/// The resources of a snapshot as they were read, before anything is derived.
fn resources(snapshot: &Path) -> (Snapshot, BTreeMap<Key, Resource>) {
    let snapshot = Snapshot::read(snapshot).expect("a snapshot");
    let resources = snapshot.partitions.iter().flat_map(|partition| &partition.resources);
    let resources = resources
        .map(|it| ((it.account.to_string(), it.region.to_string(), it.ty.name, it.id.to_string()), it.clone()))
        .collect();
    (snapshot, resources)
}

/// The first of all unknown values in a value.
fn unknown(value: &Value) -> Option<&Unknown> {
    match value {
        Value::Unknown(unknown) => Some(unknown),
        Value::List(items) => items.iter().find_map(unknown),
        Value::Record(fields) => fields.iter().find_map(unknown),
        _ => None,
    }
}

/// A type and those that it is listed within.
fn lineage(ty: &'static ResourceType) -> impl Iterator<Item = &'static ResourceType> {
    std::iter::successors(Some(ty), |ty| ty.listed_within.and_then(types::find))
}

#[test]
fn a_denied_operation_costs_what_it_was_to_fill_and_nothing_else() {
    let live = Live::new();
    live.admin("POST", "clock", Some(json!({ "now": live.made["now"] })));
    live.scan(&["--snapshot", "undisturbed"]).expect(0);
    let (_, undisturbed) = resources(&live.place.path("undisturbed"));
    let called = live.calls();

    let rules = RuleSet::load(&[], &BTreeMap::new()).expect("our own rules");
    let mut by_service: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
    for operation in Plan::for_rules(&rules, true).operations() {
        if called.contains_key(&operation.to_string()) && operation.service != "organizations" {
            by_service.entry(operation.service).or_default().push(operation);
        }
    }
    // Services do not know of each other, so one operation of each can be denied at a time.
    let rounds = by_service.values().map(Vec::len).max().expect("operations");
    for round in 0..rounds {
        let denied: BTreeSet<String> =
            by_service.values().filter_map(|operations| operations.get(round)).map(ToString::to_string).collect();
        live.admin("DELETE", "faults", None);
        for operation in &denied {
            let (service, operation) = operation.split_once(':').expect("service:operation");
            live.fault(json!({ "service": service, "operation": operation, "kind": "access_denied", "count": null }));
        }
        let place = format!("denied-{round}");
        live.scan(&["--snapshot", &place]).expect(3);
        let (snapshot, disturbed) = resources(&live.place.path(&place));
        fs::remove_dir_all(live.place.path(&place)).expect("the snapshot goes");

        let lines = snapshot.partitions.iter().flat_map(|partition| &partition.coverage);
        let refused: BTreeSet<String> =
            lines.filter(|line| line.status == CallStatus::Denied).map(|line| line.operation.clone()).collect();
        assert_eq!(refused, denied, "round {round}");

        let excused = |unknown: &Unknown| unknown.operation.as_ref().is_some_and(|it| denied.contains(it));
        for (key, before) in &undisturbed {
            let Some(after) = disturbed.get(key) else {
                // What could not be listed has something that stands for it, or for what it is listed within.
                let (account, region, ..) = key;
                let stands = lineage(before.ty).any(|ty| {
                    let key = (account.clone(), region.clone(), ty.name, "*".to_owned());
                    disturbed.get(&key).and_then(|it| it.fields.iter().find_map(unknown)).is_some_and(excused)
                });
                assert!(stands, "{key:?} is gone: {denied:?}");
                continue;
            };
            for (field, (before, after)) in before.ty.fields.iter().zip(before.fields.iter().zip(after.fields.iter())) {
                let reason = unknown(after).filter(|_| before != after);
                assert!(
                    before == after || reason.is_some_and(excused),
                    "{key:?}.{}: {before:?}, {after:?}",
                    field.name
                );
            }
        }
        for (key, after) in &disturbed {
            // AWS's own keys are told by their aliases.
            let own = key.2 == "AWS::KMS::Key" && denied.contains("kms:ListAliases");
            let new = !undisturbed.contains_key(key) && !own;
            assert!(!new || after.fields.iter().find_map(unknown).is_some_and(excused), "{key:?} is new: {denied:?}");
        }
    }
}
