//! Certificates: those of other Regions that cover the same names.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::{Derived, Estate, Linker, Unlisted, outside};
use crate::model::schema::ResourceType;
use crate::model::types::acm::{CERTIFICATE, STAND_IN};
use crate::model::types::ec2::AVAILABILITY_ZONE;
use crate::model::{Resource, Value};
use crate::{record, slot};

pub(super) struct Certificates<'a> {
    by_account: HashMap<&'a str, Vec<&'a Resource>>,
    /// The Regions that answered at all.
    regions: HashMap<&'a str, BTreeSet<&'a str>>,
    unlisted: Unlisted<'a>,
    now: Timestamp,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &CERTIFICATE
}

impl Linker for Certificates<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let regions = self.regions.get(&*resource.account).into_iter().flatten();
        let read = regions.filter(|region| !self.unlisted.has(&CERTIFICATE, &resource.account, region));
        vec![
            (slot!(CERTIFICATE, "stand_ins"), self.stand_ins(resource)),
            (slot!(CERTIFICATE, "regions_read"), Value::list(read.map(|region| Value::from(*region)))),
            (slot!(CERTIFICATE, "beyond_scan"), outside(format!("certificates of {}", resource.account))),
        ]
    }
}

impl<'a> Certificates<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut by_account: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for certificate in estate.of(&CERTIFICATE) {
            by_account.entry(&certificate.account).or_default().push(certificate);
        }
        let mut regions: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        // Every Region has zones, so that a Region without certificates is told from one that was not read.
        for resource in estate.of(&AVAILABILITY_ZONE).iter().chain(estate.of(&CERTIFICATE)) {
            regions.entry(&resource.account).or_default().insert(&resource.region);
        }
        Self { by_account, regions, unlisted: estate.unlisted.clone(), now: estate.now }
    }

    fn stand_ins(&self, certificate: &Resource) -> Value {
        let names = match certificate.get(slot!(CERTIFICATE, "names")) {
            Value::List(names) => names,
            other => return other.clone(),
        };
        let others = self.by_account.get(&*certificate.account).into_iter().flatten();
        let others = others.filter(|other| {
            other.region != certificate.region
                && other.get(slot!(CERTIFICATE, "status")).as_str() == Some("ISSUED")
                && other.get(slot!(CERTIFICATE, "not_after")).as_timestamp().is_none_or(|end| end > self.now)
        });
        Value::list(others.filter_map(|other| {
            let fields = |region: Value| {
                record!(STAND_IN {
                    "region": region,
                    "arn": &*other.arn,
                    "not_after": other.get(slot!(CERTIFICATE, "not_after")).clone(),
                })
            };
            match other.get(slot!(CERTIFICATE, "names")) {
                Value::Unknown(unknown) => Some(fields(Value::Unknown(unknown.clone()))),
                theirs => covers(theirs.as_list()?, names).then(|| fields(Value::from(&*other.region))),
            }
        }))
    }
}

/// Whether every name is among those of a certificate, or matched by one of its wildcards.
fn covers(theirs: &[Value], names: &[Value]) -> bool {
    let theirs = || theirs.iter().filter_map(Value::as_str);
    names.iter().all(|name| name.as_str().is_some_and(|name| theirs().any(|pattern| matches(pattern, name))))
}

/// A wildcard stands for exactly one label ("Wildcard names", ACM user guide), so it covers itself and no deeper name.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let below = pattern.strip_prefix("*.").zip(name.split_once('.'));
    pattern == name || below.is_some_and(|(domain, (label, rest))| !label.is_empty() && domain == rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_one_label() {
        assert!(matches("*.example.com", "www.example.com"));
        assert!(matches("*.example.com", "*.example.com"));
        assert!(matches("www.Example.com", "www.example.com"));
        assert!(!matches("*.example.com", "example.com"));
        assert!(!matches("*.example.com", "a.b.example.com"));
        assert!(!matches("www.example.com", "*.example.com"));
    }

    #[test]
    fn all_names_must_be_covered() {
        let list = |names: &[&str]| names.iter().map(Value::str).collect::<Vec<_>>();
        assert!(covers(&list(&["example.com", "*.example.com"]), &list(&["www.example.com", "example.com"])));
        assert!(!covers(&list(&["*.example.com"]), &list(&["www.example.com", "example.com"])));
    }
}
