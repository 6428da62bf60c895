//! Who is told of failed backup jobs: SNS topics of vaults and rules of EventBridge.

use std::collections::{BTreeSet, HashMap};

use super::cloudwatch::Topics;
use super::{Derived, Estate, Linker, Unlisted, open_list, part};
use crate::model::schema::ResourceType;
use crate::model::types::backup::{BACKUP_PLAN, BACKUP_VAULT, PLAN_RULE};
use crate::model::types::events::RULE;
use crate::model::{Resource, Value};
use crate::slot;

/// The events that say how a backup job ended. `BACKUP_JOB_FAILED` is accepted by AWS and never sent.
const ENDS: &[&str] = &["BACKUP_JOB_COMPLETED"];

pub(super) struct Notices<'a> {
    /// By account and Region: the rules that take failed backup jobs.
    rules: HashMap<(&'a str, &'a str), Vec<&'a Resource>>,
    /// By account, Region and vault name: the plans.
    plans: HashMap<(&'a str, &'a str, &'a str), BTreeSet<&'a str>>,
    /// By account and Region: the value of a plan's rules that could not be read.
    unread_plans: HashMap<(&'a str, &'a str), Value>,
    topics: Topics<'a>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &BACKUP_VAULT
}

impl Linker for Notices<'_> {
    fn derive(&self, vault: &Resource) -> Vec<Derived> {
        vec![
            (slot!(BACKUP_VAULT, "backup_plans"), self.plans(vault)),
            (slot!(BACKUP_VAULT, "failures_reach_topic"), self.reach_topic(vault)),
            (slot!(BACKUP_VAULT, "failure_rules"), self.rules(vault)),
        ]
    }
}

impl<'a> Notices<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut rules: HashMap<_, Vec<&Resource>> = HashMap::new();
        for rule in estate.of(&RULE) {
            let takes = rule.get(slot!(RULE, "takes")).as_list().unwrap_or_default();
            if takes.contains(&Value::str("backup_failed")) {
                rules.entry((&*rule.account, &*rule.region)).or_default().push(*rule);
            }
        }
        let (mut plans, mut unread_plans) = (HashMap::<_, BTreeSet<&str>>::new(), HashMap::new());
        for plan in estate.of(&BACKUP_PLAN) {
            match plan.get(slot!(BACKUP_PLAN, "rules")) {
                Value::List(rules) => {
                    for name in rules.iter().filter_map(|rule| part(rule, slot!(PLAN_RULE, "vault_name")).as_str()) {
                        plans.entry((&*plan.account, &*plan.region, name)).or_default().insert(&plan.name);
                    }
                }
                other => {
                    unread_plans.insert((&*plan.account, &*plan.region), other.clone());
                }
            }
        }
        Self { rules, plans, unread_plans, topics: Topics::new(estate), unlisted: estate.unlisted.clone() }
    }

    fn plans(&self, vault: &Resource) -> Value {
        let names = self.plans.get(&(&*vault.account, &*vault.region, &*vault.id));
        let names = names.into_iter().flatten().map(Value::str).collect();
        let unread = self.unread_plans.get(&(&*vault.account, &*vault.region)).and_then(Value::as_unknown);
        open_list(names, self.unlisted.near(&BACKUP_PLAN, vault).or(unread))
    }

    fn reach_topic(&self, vault: &Resource) -> Value {
        let sent = match vault.get(slot!(BACKUP_VAULT, "notified_events")) {
            Value::List(events) => events.iter().filter_map(Value::as_str).any(|event| ENDS.contains(&event)),
            other => return other.clone(),
        };
        match vault.get(slot!(BACKUP_VAULT, "notified_topic")).as_str() {
            Some(topic) if sent => match self.topics.confirmed(topic) {
                Value::Int(count) => Value::Bool(count > 0),
                unknown => unknown,
            },
            _ => Value::Bool(false),
        }
    }

    fn rules(&self, vault: &Resource) -> Value {
        let mut open = self.unlisted.near(&RULE, vault).cloned();
        let mut names = Vec::new();
        for rule in self.rules.get(&(&*vault.account, &*vault.region)).into_iter().flatten() {
            if rule.get(slot!(RULE, "state")).as_str() == Some("DISABLED") {
                continue;
            }
            match rule.get(slot!(RULE, "targets")) {
                Value::List(targets) if !targets.is_empty() => names.push(Value::str(&rule.name)),
                Value::Unknown(unknown) => {
                    open.get_or_insert_with(|| unknown.clone());
                }
                _ => {}
            }
        }
        open_list(names, open.as_ref())
    }
}
