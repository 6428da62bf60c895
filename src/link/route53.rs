//! DNS failover: the other half of a pair of records, and the health checks that records name.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, open_list};
use crate::model::schema::ResourceType;
use crate::model::types::route53::{COUNTERPART, HEALTH_CHECK, NAMED_CHECK, RECORD_SET};
use crate::model::{Resource, Unknown, Value};
use crate::{record, slot};

/// Account, zone, name and type: what the records of a failover pair have in common.
type Pair<'a> = (&'a str, &'a str, &'a str, &'a str);

pub(super) struct Records<'a> {
    pairs: HashMap<Pair<'a>, Vec<&'a Resource>>,
    checks: HashMap<&'a str, &'a Resource>,
    /// Why health checks of some account could not be listed: a record may name one of another account.
    unlisted_checks: Option<&'a Arc<Unknown>>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &RECORD_SET
}

impl Linker for Records<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        vec![
            (slot!(RECORD_SET, "counterparts"), self.counterparts(resource)),
            (slot!(RECORD_SET, "health_check"), self.health_check(resource)),
        ]
    }
}

fn pair(record: &Resource) -> Option<Pair<'_>> {
    record.get(slot!(RECORD_SET, "failover")).as_str()?;
    let text = |slot| record.get(slot).as_str();
    Some((
        &record.account,
        text(slot!(RECORD_SET, "hosted_zone_id"))?,
        text(slot!(RECORD_SET, "record_name"))?,
        text(slot!(RECORD_SET, "record_type"))?,
    ))
}

impl<'a> Records<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut pairs: HashMap<_, Vec<&Resource>> = HashMap::new();
        for record in estate.of(&RECORD_SET) {
            if let Some(pair) = pair(record) {
                pairs.entry(pair).or_default().push(record);
            }
        }
        Self {
            pairs,
            checks: estate.of(&HEALTH_CHECK).iter().map(|check| (&*check.id, *check)).collect(),
            unlisted_checks: estate.unlisted.anywhere(&HEALTH_CHECK),
            unlisted: estate.unlisted.clone(),
        }
    }

    fn counterparts(&self, record: &Resource) -> Value {
        let Some(records) = pair(record).and_then(|pair| self.pairs.get(&pair)) else { return Value::list([]) };
        let others = records.iter().filter(|other| other.id != record.id).map(|other| {
            let field = |slot| other.get(slot).clone();
            record!(COUNTERPART {
                "set_identifier": field(slot!(RECORD_SET, "set_identifier")),
                "failover": field(slot!(RECORD_SET, "failover")),
                "health_check_id": field(slot!(RECORD_SET, "health_check_id")),
            })
        });
        open_list(others.collect(), self.unlisted.near(&RECORD_SET, record))
    }

    fn health_check(&self, record: &Resource) -> Value {
        let id = match record.get(slot!(RECORD_SET, "health_check_id")) {
            Value::Str(id) => id,
            other => return other.clone(),
        };
        match (self.checks.get(&**id), self.unlisted_checks) {
            (Some(check), _) => record!(NAMED_CHECK {
                "found": true,
                "disabled": check.get(slot!(HEALTH_CHECK, "disabled")).clone(),
                "inverted": check.get(slot!(HEALTH_CHECK, "inverted")).clone(),
            }),
            (None, Some(unknown)) => Value::Unknown(Arc::clone(unknown)),
            (None, None) => record!(NAMED_CHECK { "found": false }),
        }
    }
}
