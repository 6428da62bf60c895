//! Global tables: where the other replicas are, and how they are set up.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::dynamodb::{LEGACY_GLOBAL_TABLE, REPLICA, REPLICA_TABLE, TABLE};
use crate::model::{Resource, Unknown, Value};
use crate::{record, slot};

const CURRENT: &str = "2019.11.21";
const LEGACY: &str = "2017.11.29";

pub(super) struct Tables<'a> {
    unlisted: Unlisted<'a>,
    by_arn: HashMap<&'a str, &'a Resource>,
    /// The Regions of global tables of version 2017.11.29, by account and name: each of their Regions lists them.
    legacy: HashMap<(&'a str, &'a str), &'a Value>,
}

/// The other replicas of a table, and the version of the global table that they make up with it.
struct GlobalTable {
    version: Value,
    /// As [`REPLICA`], without what the version does not tell.
    replicas: Vec<Value>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &TABLE
}

impl Linker for Tables<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let native_backup = resource.get(slot!(TABLE, "point_in_time_recovery")).clone();
        let (version, replica_tables, live_copies) = match self.global_table(resource) {
            Ok(global) => (
                global.version,
                Value::list(global.replicas.iter().map(|replica| self.replica_table(resource, replica))),
                Value::list(global.replicas.iter().filter(|replica| takes_part(replica)).map(region)),
            ),
            Err(unknown) => {
                let unknown = Value::Unknown(unknown);
                (unknown.clone(), unknown.clone(), unknown)
            }
        };
        vec![
            (slot!(TABLE, "global_table_version"), version),
            (slot!(TABLE, "replica_tables"), replica_tables),
            (slot!(TABLE, "held_by"), Value::Null),
            (slot!(TABLE, "live_copy_regions"), live_copies),
            (slot!(TABLE, "native_backup"), native_backup),
        ]
    }
}

impl<'a> Tables<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let legacy = estate
            .of(&LEGACY_GLOBAL_TABLE)
            .iter()
            .map(|global| ((&*global.account, &*global.id), global.get(slot!(LEGACY_GLOBAL_TABLE, "regions"))));
        Self {
            unlisted: estate.unlisted.clone(),
            by_arn: estate.of(&TABLE).iter().map(|table| (&*table.arn, *table)).collect(),
            legacy: legacy.collect(),
        }
    }

    /// A table of version 2019.11.21 names its replicas. One of version 2017.11.29 does not, and is found in the list of
    /// global tables: "DynamoDB global tables versions" of the DynamoDB developer guide.
    fn global_table(&self, table: &Resource) -> Result<GlobalTable, Arc<Unknown>> {
        let replicas = match table.get(slot!(TABLE, "replicas")) {
            Value::Unknown(unknown) => return Err(Arc::clone(unknown)),
            replicas => replicas.as_list().unwrap_or_default(),
        };
        let elsewhere = |replica: &Value| region(replica).as_str() != Some(&*table.region);
        if !replicas.is_empty() {
            let replicas = replicas.iter().filter(|replica| elsewhere(replica)).cloned().collect();
            return Ok(GlobalTable { version: Value::from(CURRENT), replicas });
        }
        match self.legacy.get(&(&*table.account, &*table.id)) {
            Some(Value::Unknown(unknown)) => Err(Arc::clone(unknown)),
            // Tables of other Regions may have the name of a global table without belonging to it.
            Some(regions) if lists(regions, &table.region) => Ok(GlobalTable {
                version: Value::from(LEGACY),
                replicas: regions
                    .as_list()
                    .unwrap_or_default()
                    .iter()
                    .map(|region| record!(REPLICA { "region": region.clone() }))
                    .filter(elsewhere)
                    .collect(),
            }),
            _ => match self.unlisted.near(&LEGACY_GLOBAL_TABLE, table) {
                Some(unknown) => Err(Arc::clone(unknown)),
                None => Ok(GlobalTable { version: Value::Null, replicas: Vec::new() }),
            },
        }
    }

    /// A replica with the settings that the scan read of it.
    fn replica_table(&self, table: &Resource, replica: &Value) -> Value {
        let region = region(replica);
        // Without an ARN it is the table of that name in the same account: its own ARN, but for the Region.
        let arn = part(replica, slot!(REPLICA, "arn")).as_str().map_or_else(
            || {
                let mut parts: Vec<&str> = table.arn.split(':').collect();
                if let (Some(part), Some(region)) = (parts.get_mut(3), region.as_str()) {
                    *part = region;
                }
                parts.join(":")
            },
            str::to_owned,
        );
        let setting =
            |slot| self.by_arn.get(&*arn).map_or_else(|| outside(arn.clone()), |table| table.get(slot).clone());
        record!(REPLICA_TABLE {
            "region": region.clone(),
            "status": part(replica, slot!(REPLICA, "status")).clone(),
            "point_in_time_recovery": setting(slot!(TABLE, "point_in_time_recovery")),
            "deletion_protection": setting(slot!(TABLE, "deletion_protection")),
        })
    }
}

fn region(replica: &Value) -> Value {
    part(replica, slot!(REPLICA, "region")).clone()
}

fn lists(regions: &Value, region: &str) -> bool {
    regions.as_list().is_some_and(|regions| regions.iter().any(|other| other.as_str() == Some(region)))
}

/// Whether items reach the replica: not while it is being created, and not when its Region or key is out of reach. The
/// older version states no status.
fn takes_part(replica: &Value) -> bool {
    matches!(part(replica, slot!(REPLICA, "status")).as_str(), None | Some("ACTIVE" | "UPDATING"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::link::link_resources;
    use crate::model::UnknownReason;

    const ACCOUNT: &str = "111111111111";
    const TOKYO: &str = "ap-northeast-1";
    const OSAKA: &str = "ap-northeast-3";

    fn table(region: &str, id: &str, replicas: &[(&str, &str)]) -> Resource {
        let mut table = Resource::new(&TABLE, ACCOUNT, region, id);
        table.arn = format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{id}").into();
        let replicas =
            replicas.iter().map(|(region, status)| record!(REPLICA { "region": *region, "status": *status }));
        table.set(slot!(TABLE, "replicas"), Value::list(replicas));
        table.set(slot!(TABLE, "point_in_time_recovery"), region == TOKYO);
        table.set(slot!(TABLE, "deletion_protection"), true);
        table
    }

    fn legacy(region: &str, id: &str, regions: &[&str]) -> Resource {
        let mut global = Resource::new(&LEGACY_GLOBAL_TABLE, ACCOUNT, region, id);
        global.set(slot!(LEGACY_GLOBAL_TABLE, "regions"), Value::list(regions.iter().map(|it| Value::from(*it))));
        global
    }

    fn linked(resources: impl IntoIterator<Item = Resource>) -> Vec<Resource> {
        let mut resources: Vec<Resource> = resources.into_iter().collect();
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        resources
    }

    fn copies(table: &Resource) -> Vec<&str> {
        let copies = table.get(slot!(TABLE, "live_copy_regions")).as_list().expect("a list");
        copies.iter().filter_map(Value::as_str).collect()
    }

    #[test]
    fn what_aws_says_of_a_replica_counts_outside_the_scan_too_and_its_settings_do_not() {
        let tables = linked([
            table(TOKYO, "orders", &[(OSAKA, "ACTIVE"), ("us-west-2", "ACTIVE"), ("us-east-1", "CREATING")]),
            table(OSAKA, "orders", &[(TOKYO, "UPDATING")]),
        ]);
        assert_eq!(copies(&tables[0]), [OSAKA, "us-west-2"]);
        assert_eq!(copies(&tables[1]), [TOKYO]);
        let replicas = tables[0].get(slot!(TABLE, "replica_tables")).as_list().unwrap_or_default();
        let pitr = |place: usize| part(&replicas[place], slot!(REPLICA_TABLE, "point_in_time_recovery"));
        assert_eq!(pitr(0), &Value::Bool(false));
        assert_eq!(pitr(1).as_unknown().map(|unknown| unknown.reason), Some(UnknownReason::OutsideScan));
    }

    #[test]
    fn a_global_table_of_the_older_version_is_found_by_its_name_and_region() {
        let tables = linked([
            table(TOKYO, "sessions", &[]),
            table(OSAKA, "sessions", &[]),
            legacy(TOKYO, "sessions", &[TOKYO, "us-east-1"]),
        ]);
        let version = |place: usize| tables[place].get(slot!(TABLE, "global_table_version"));
        assert_eq!((version(0), copies(&tables[0])), (&Value::from(LEGACY), vec!["us-east-1"]));
        assert_eq!((version(1), copies(&tables[1])), (&Value::Null, vec![]));
    }

    #[test]
    fn a_table_without_replicas_may_be_of_the_older_version_where_those_could_not_be_listed() {
        let mut denied = Resource::new(&LEGACY_GLOBAL_TABLE, ACCOUNT, TOKYO, "*");
        denied.fields.fill(Value::unknown(Unknown::new(UnknownReason::Denied, "")));
        let tables = linked([table(TOKYO, "orders", &[(OSAKA, "ACTIVE")]), table(TOKYO, "sessions", &[]), denied]);
        assert_eq!(copies(&tables[0]), [OSAKA]);
        assert!(tables[1].get(slot!(TABLE, "live_copy_regions")).as_unknown().is_some());
    }
}
