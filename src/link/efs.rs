//! EFS file systems: which are replicas of others, and where replicas work.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Derived, Estate, Linker, part};
use crate::model::schema::ResourceType;
use crate::model::types::efs::{FILE_SYSTEM, REPLICA};
use crate::model::{Resource, Value};
use crate::slot;

/// What holds the data of a replica whose source the scan did not meet.
const REPLICATION: &str = "EFS replication";

pub(super) struct FileSystems<'a> {
    /// The source by the Region and id of its replica.
    sources: HashMap<(&'a str, &'a str), &'a Resource>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &FILE_SYSTEM
}

impl Linker for FileSystems<'_> {
    fn derive(&self, system: &Resource) -> Vec<Derived> {
        let protection = system.get(slot!(FILE_SYSTEM, "replication_overwrite_protection"));
        let held_by = match (self.sources.get(&(&*system.region, &*system.id)), protection) {
            (Some(source), _) => Value::Str(Arc::clone(&source.arn)),
            (None, unknown @ Value::Unknown(_)) => unknown.clone(),
            (None, protection) if protection.as_str() == Some("REPLICATING") => Value::str(REPLICATION),
            _ => Value::Null,
        };
        let regions = match system.get(slot!(FILE_SYSTEM, "replicas")) {
            Value::List(replicas) => {
                let working = replicas
                    .iter()
                    .filter(|replica| part(replica, slot!(REPLICA, "status")).as_str() == Some("ENABLED"));
                Value::list(working.map(|replica| part(replica, slot!(REPLICA, "region")).clone()))
            }
            other => other.clone(),
        };
        vec![
            (slot!(FILE_SYSTEM, "held_by"), held_by),
            (slot!(FILE_SYSTEM, "live_copy_regions"), regions),
            (slot!(FILE_SYSTEM, "native_backup"), Value::Bool(false)),
        ]
    }
}

impl<'a> FileSystems<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut sources = HashMap::new();
        for system in estate.of(&FILE_SYSTEM) {
            for replica in system.get(slot!(FILE_SYSTEM, "replicas")).as_list().unwrap_or_default() {
                let text = |slot| part(replica, slot).as_str();
                if let (Some(region), Some(id)) =
                    (text(slot!(REPLICA, "region")), text(slot!(REPLICA, "file_system_id")))
                {
                    sources.insert((region, id), *system);
                }
            }
        }
        Self { sources }
    }
}
