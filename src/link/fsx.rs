//! `FSx` file systems: their backups, here and in other Regions.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, open_list};
use crate::model::schema::ResourceType;
use crate::model::types::fsx::{BACKUP, FILE_SYSTEM, FILE_SYSTEM_COPY};
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::{record, slot};

pub(super) struct FileSystems<'a> {
    unlisted: Unlisted<'a>,
    by_id: HashMap<&'a str, &'a Resource>,
    by_system: HashMap<&'a str, Vec<&'a Resource>>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &FILE_SYSTEM
}

impl Linker for FileSystems<'_> {
    fn derive(&self, system: &Resource) -> Vec<Derived> {
        let native_backup = match system.get(slot!(FILE_SYSTEM, "automatic_backup_retention")) {
            Value::Duration(Seconds(retention)) => Value::Bool(*retention > 0),
            Value::Null => Value::Bool(false),
            other => other.clone(),
        };
        vec![
            (slot!(FILE_SYSTEM, "copies"), self.copies(system)),
            (slot!(FILE_SYSTEM, "held_by"), Value::Null),
            (slot!(FILE_SYSTEM, "live_copy_regions"), Value::list([])),
            (slot!(FILE_SYSTEM, "native_backup"), native_backup),
        ]
    }
}

impl<'a> FileSystems<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let by_id: HashMap<&str, &Resource> = estate.of(&BACKUP).iter().map(|backup| (&*backup.id, *backup)).collect();
        let mut by_system: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for backup in estate.of(&BACKUP) {
            let available = backup.get(slot!(BACKUP, "lifecycle")).as_str() == Some("AVAILABLE");
            if let Some(system) = system_of(backup, &by_id)
                && available
            {
                by_system.entry(system).or_default().push(backup);
            }
        }
        Self { unlisted: estate.unlisted.clone(), by_id, by_system }
    }

    fn copies(&self, system: &Resource) -> Value {
        let backups = self.by_system.get(&*system.id).into_iter().flatten();
        let copies = backups.map(|backup| {
            // A copy is as old as the data in it, as far as the original is still there.
            let original = source(backup).and_then(|id| self.by_id.get(id)).unwrap_or(backup);
            record!(FILE_SYSTEM_COPY {
                "region": Value::Str(Arc::clone(&backup.region)),
                "id": Value::Str(Arc::clone(&backup.id)),
                "created": original.get(slot!(BACKUP, "created")).clone(),
            })
        });
        open_list(copies.collect(), self.unread(system).as_ref())
    }

    /// Why there may be more copies.
    fn unread(&self, system: &Resource) -> Option<Arc<Unknown>> {
        if system.get(slot!(FILE_SYSTEM, "file_system_type")).as_str() == Some("ONTAP") {
            let detail = "whether SnapMirror replicates the file system, AWS does not show";
            return Some(Arc::new(Unknown::new(UnknownReason::NotVisible, detail)));
        }
        let account = &*system.account;
        let unlisted = self.unlisted.0.iter().find(|((ty, of, _), _)| *ty == BACKUP.name && *of == account);
        unlisted.map(|(_, unknown)| Arc::clone(unknown))
    }
}

fn source(backup: &Resource) -> Option<&str> {
    backup.get(slot!(BACKUP, "source_backup_id")).as_str()
}

/// The file system of a backup; that of its source where a copy does not say.
fn system_of<'a>(backup: &'a Resource, by_id: &HashMap<&str, &'a Resource>) -> Option<&'a str> {
    let own = backup.get(slot!(BACKUP, "file_system_id")).as_str();
    own.or_else(|| by_id.get(source(backup)?)?.get(slot!(BACKUP, "file_system_id")).as_str())
}
