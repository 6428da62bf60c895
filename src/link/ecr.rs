//! Container images: where the rules of a registry copy those of a repository.

use std::collections::HashMap;

use super::{Derived, Estate, Linker, Unlisted, part};
use crate::model::schema::ResourceType;
use crate::model::types::ecr::{REPLICATION_CONFIGURATION, REPLICATION_RULE, REPOSITORY};
use crate::model::{Resource, Value};
use crate::slot;

pub(super) struct Registries<'a> {
    /// By account and Region.
    configurations: HashMap<(&'a str, &'a str), &'a Resource>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &REPOSITORY
}

impl Linker for Registries<'_> {
    fn derive(&self, repository: &Resource) -> Vec<Derived> {
        let configuration = self.configurations.get(&(&*repository.account, &*repository.region));
        let destinations = match configuration.map(|it| it.get(slot!(REPLICATION_CONFIGURATION, "rules"))) {
            Some(Value::List(rules)) => Value::list(
                rules
                    .iter()
                    .filter(|rule| takes_repository(rule, &repository.id))
                    .flat_map(|rule| part(rule, slot!(REPLICATION_RULE, "destinations")).as_list().unwrap_or_default())
                    .cloned(),
            ),
            Some(other) => other.clone(),
            None => self.unlisted.value_near(&REPLICATION_CONFIGURATION, repository).unwrap_or_else(|| Value::list([])),
        };
        vec![(slot!(REPOSITORY, "destinations"), destinations)]
    }
}

impl<'a> Registries<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let configurations = estate.of(&REPLICATION_CONFIGURATION).iter();
        Self {
            configurations: configurations.map(|it| ((&*it.account, &*it.region), *it)).collect(),
            unlisted: estate.unlisted.clone(),
        }
    }
}

/// A rule without filters takes every repository, one with filters those whose name begins like any of them.
fn takes_repository(rule: &Value, name: &str) -> bool {
    let prefixes = part(rule, slot!(REPLICATION_RULE, "prefixes")).as_list().unwrap_or_default();
    prefixes.is_empty() || prefixes.iter().filter_map(Value::as_str).any(|prefix| name.starts_with(prefix))
}
