//! What to read: from the fields that rules name to the operations that fill them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::schema::{ResourceType, Source};
use crate::model::{Operation, types};
use crate::rules::{RuleSet, Target};

/// The operations to call, and for what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    by_type: BTreeMap<&'static str, BTreeSet<Operation>>,
    /// The ids of the Trusted Advisor checks that selected rules map to.
    pub trusted_advisor_checks: BTreeSet<String>,
    /// The AWS Config managed rules that selected rules map to.
    pub config_rules: BTreeSet<String>,
}

impl Plan {
    /// The calls that rules need. `by_tags` asks for tags on top: workloads and waivers may be selected by them.
    pub fn for_rules(rules: &RuleSet, by_tags: bool) -> Self {
        let mut plan = Self::default();
        for rule in &rules.rules {
            for target in rules.targets_of(rule) {
                plan.add_target(target);
                if by_tags && target.ty.field("tags").is_some() {
                    plan.add_field(target.ty, "tags");
                }
            }
            // Who owns what a workload is made of, the tags say.
            if by_tags && rules.targets_of(rule).any(rebuilds) {
                for ty in types::rebuilt().filter(|ty| ty.field("tags").is_some()) {
                    plan.add_field(ty, "tags");
                }
            }
            if rules.targets_of(rule).any(recovers) {
                plan.add_recovery(rules, by_tags);
            }
            plan.add_second_opinions(rule.maps.trusted_advisor.iter().cloned(), rule.maps.config.iter().cloned());
        }
        plan
    }

    /// Plans for a rule on one type: for all that its expressions name.
    pub fn add_target(&mut self, target: &Target) {
        self.add_type(target.ty);
        for expression in target.expressions() {
            expression.resource_slots(|slot| self.add_field(target.ty, target.ty.fields[slot].name));
        }
    }

    /// Plans for the estimates of recovery: for all that the mechanisms name, of every type of store.
    fn add_recovery(&mut self, rules: &RuleSet, by_tags: bool) {
        for recovery in rules.recovery.iter() {
            self.add_type(recovery.ty);
            for expression in recovery.expressions() {
                expression.resource_slots(|slot| self.add_field(recovery.ty, recovery.ty.fields[slot].name));
            }
            if by_tags && recovery.ty.field("tags").is_some() {
                self.add_field(recovery.ty, "tags");
            }
        }
    }

    /// Plans for a field: the operation that fills it, the one that lists its type, and all that it is derived from.
    pub fn add_field(&mut self, ty: &'static ResourceType, field: &str) {
        self.add_type(ty);
        let Some((_, field)) = ty.field(field) else { return };
        match field.source {
            Source::Api(operation) => {
                self.by_type.entry(ty.name).or_default().insert(operation);
            }
            Source::Derived(from) => {
                for path in from {
                    if *path == types::REBUILT {
                        types::rebuilt().for_each(|ty| self.add_type(ty));
                    }
                    if let Some((name, field)) = path.rsplit_once('.')
                        && let Some(ty) = types::find(name)
                    {
                        self.add_field(ty, field);
                    }
                }
            }
            Source::Declared | Source::Part => {}
        }
    }

    /// Plans for listing the resources of a type, and those that they are listed within.
    pub fn add_type(&mut self, ty: &'static ResourceType) {
        let Some(operation) = ty.listed_by else { return };
        self.by_type.entry(ty.name).or_default().insert(operation);
        if let Some(within) = ty.listed_within.and_then(types::find) {
            self.add_type(within);
        }
    }

    /// Plans for the results of Trusted Advisor and AWS Config beside ours.
    pub fn add_second_opinions(
        &mut self,
        trusted_advisor_checks: impl IntoIterator<Item = String>,
        config_rules: impl IntoIterator<Item = String>,
    ) {
        self.trusted_advisor_checks.extend(trusted_advisor_checks);
        self.config_rules.extend(config_rules);
        if !self.trusted_advisor_checks.is_empty() {
            self.add_field(&types::support::TRUSTED_ADVISOR_CHECK, "flagged_resources");
        }
        if !self.config_rules.is_empty() {
            self.add_field(&types::config::CONFIGURATION_RECORDER, "recording");
            self.add_field(&types::config::CONFIG_RULE, "evaluations");
        }
    }

    /// The types whose resources are listed, in the order of the model.
    pub fn types(&self) -> Vec<&'static ResourceType> {
        types::ALL.iter().copied().filter(|ty| self.wants_type(ty)).collect()
    }

    /// Whether resources of that type are wanted at all.
    pub fn wants_type(&self, ty: &ResourceType) -> bool {
        self.by_type.contains_key(ty.name)
    }

    /// Whether that operation is wanted for resources of that type.
    pub fn wants(&self, ty: &ResourceType, operation: Operation) -> bool {
        self.by_type.get(ty.name).is_some_and(|operations| operations.contains(&operation))
    }

    /// The services to ask, in order.
    pub fn services(&self) -> BTreeSet<&'static str> {
        self.by_type.keys().filter_map(|name| types::find(name)).map(|ty| ty.service).collect()
    }

    /// The operations to call, without those that find accounts and Regions.
    pub fn operations(&self) -> BTreeSet<Operation> {
        self.by_type.values().flatten().copied().collect()
    }
}

/// Whether a rule looks at all that a workload is made of.
fn rebuilds(target: &Target) -> bool {
    derives_from(target, types::REBUILT)
}

/// Whether a rule looks at what recovery can reach.
fn recovers(target: &Target) -> bool {
    derives_from(target, types::RECOVERY)
}

fn derives_from(target: &Target, mark: &str) -> bool {
    let mut found = false;
    for expression in target.expressions() {
        expression.resource_slots(|slot| {
            if let Source::Derived(from) = target.ty.fields[slot].source {
                found |= from.contains(&mark);
            }
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::operation;
    use crate::model::types::{rds, s3};

    #[test]
    fn a_field_asks_for_its_own_operation_and_no_other() {
        let mut plan = Plan::default();
        plan.add_field(&s3::BUCKET, "versioning");
        assert_eq!(plan.operations(), BTreeSet::from([operation::LIST_BUCKETS, operation::GET_BUCKET_VERSIONING]));
        assert_eq!(plan.services(), BTreeSet::from(["s3"]));
    }

    #[test]
    fn a_derived_field_asks_for_what_it_is_derived_from() {
        let mut plan = Plan::default();
        plan.add_field(&rds::DB_INSTANCE, "earliest_restorable_time");
        assert_eq!(
            plan.operations(),
            BTreeSet::from([operation::DESCRIBE_DB_INSTANCES, operation::DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,])
        );
    }

    #[test]
    fn what_is_listed_within_something_asks_for_that_first() {
        let mut plan = Plan::default();
        plan.add_type(&types::backup::RECOVERY_POINT);
        assert_eq!(
            plan.operations(),
            BTreeSet::from([operation::LIST_BACKUP_VAULTS, operation::LIST_RECOVERY_POINTS_BY_BACKUP_VAULT])
        );
    }

    #[test]
    fn every_operation_of_the_model_is_known() {
        for ty in types::ALL {
            for field in ty.fields {
                if let Source::Api(operation) = field.source {
                    assert!(operation::ALL.contains(&operation), "{operation}");
                }
            }
        }
    }
}
