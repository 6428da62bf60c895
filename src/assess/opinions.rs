//! What Trusted Advisor and AWS Config say of the same resources.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::SecondOpinion;
use crate::model::types::config::{CONFIG_RULE, CONFIGURATION_RECORDER, EVALUATION};
use crate::model::types::support::{FLAGGED_RESOURCE, TRUSTED_ADVISOR_CHECK};
use crate::model::{Resource, Status, Value};
use crate::rules::Rule;
use crate::slot;

/// A result about one resource.
#[derive(Debug)]
struct Opinion {
    /// None for a result without a Region.
    region: Option<Arc<str>>,
    /// What names the resource: ids, names, ARNs.
    names: Vec<Arc<str>>,
    status: Arc<str>,
}

/// All results, by source, account and check.
#[derive(Debug, Default)]
pub(super) struct Opinions {
    trusted_advisor: HashMap<(Arc<str>, Arc<str>), Vec<Opinion>>,
    config: HashMap<(Arc<str>, Arc<str>), Vec<Opinion>>,
}

impl Opinions {
    pub(super) fn new(resources: &[Resource]) -> Self {
        let mut opinions = Self::default();
        // A recorder that stands still leaves old results behind, which say nothing of today.
        let recording: Vec<(&str, &str)> = resources
            .iter()
            .filter(|resource| resource.ty == &CONFIGURATION_RECORDER)
            .filter(|recorder| recorder.get(slot!(CONFIGURATION_RECORDER, "recording")).as_bool() == Some(true))
            .map(|recorder| (&*recorder.account, &*recorder.region))
            .collect();
        for resource in resources {
            if resource.ty == &TRUSTED_ADVISOR_CHECK {
                let flagged = resource.get(slot!(TRUSTED_ADVISOR_CHECK, "flagged_resources"));
                let found = items(flagged).filter_map(|item| {
                    Some(Opinion {
                        region: text(&item[slot!(FLAGGED_RESOURCE, "region")]),
                        names: items_of(&item[slot!(FLAGGED_RESOURCE, "metadata")]).filter_map(text).collect(),
                        status: text(&item[slot!(FLAGGED_RESOURCE, "status")])?,
                    })
                });
                opinions
                    .trusted_advisor
                    .entry((Arc::clone(&resource.account), Arc::clone(&resource.id)))
                    .or_default()
                    .extend(found);
            }
            if resource.ty == &CONFIG_RULE && recording.contains(&(&*resource.account, &*resource.region)) {
                let Some(identifier) = text(resource.get(slot!(CONFIG_RULE, "source_identifier"))) else { continue };
                let found = items(resource.get(slot!(CONFIG_RULE, "evaluations"))).filter_map(|item| {
                    Some(Opinion {
                        region: Some(Arc::clone(&resource.region)),
                        names: vec![text(&item[slot!(EVALUATION, "resource_id")])?],
                        status: text(&item[slot!(EVALUATION, "compliance")])?,
                    })
                });
                opinions.config.entry((Arc::clone(&resource.account), identifier)).or_default().extend(found);
            }
        }
        opinions
    }

    /// What the checks that a rule maps to say of a resource. A check that does not name it says nothing: that may mean
    /// that it had no data.
    pub(super) fn of(&self, rule: &Rule, resource: &Resource, ours: Status) -> Vec<SecondOpinion> {
        let mut found = Vec::new();
        for (source, results, checks) in [
            ("trusted_advisor", &self.trusted_advisor, &rule.maps.trusted_advisor),
            ("config", &self.config, &rule.maps.config),
        ] {
            for check in checks {
                let key = (Arc::clone(&resource.account), Arc::from(check.as_str()));
                let Some(opinion) =
                    results.get(&key).and_then(|results| results.iter().find(|result| result.is_about(resource)))
                else {
                    continue;
                };
                found.push(SecondOpinion {
                    source: source.to_owned(),
                    check: check.clone(),
                    status: opinion.status.to_string(),
                    agrees: agrees(ours, &opinion.status),
                });
            }
        }
        found
    }
}

impl Opinion {
    fn is_about(&self, resource: &Resource) -> bool {
        // Trusted Advisor gives RDS a Region with a zone now and then: `ap-northeast-1a`.
        let region = self.region.as_ref().is_none_or(|region| region.starts_with(&*resource.region));
        let config_id = resource.field("dbi_resource_id").and_then(Value::as_str);
        region
            && self.names.iter().any(|name| {
                *name == resource.id
                    || (!resource.arn.is_empty() && *name == resource.arn)
                    || Some(&**name) == config_id
            })
    }
}

fn agrees(ours: Status, theirs: &str) -> Option<bool> {
    let theirs = match theirs {
        "ok" | "COMPLIANT" => true,
        "warning" | "error" | "NON_COMPLIANT" => false,
        _ => return None,
    };
    match ours {
        Status::Pass => Some(theirs),
        Status::Fail | Status::Waived => Some(!theirs),
        Status::Unknown | Status::Manual | Status::NotApplicable => None,
    }
}

fn items(list: &Value) -> impl Iterator<Item = &[Value]> {
    items_of(list).filter_map(Value::as_record)
}

fn items_of(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_list().unwrap_or_default().iter()
}

fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(Arc::clone(text)),
        _ => None,
    }
}
