//! Direct Connect: the locations behind a gateway.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, open_list, part};
use crate::model::schema::ResourceType;
use crate::model::types::directconnect::{ATTACHMENT, VIRTUAL_INTERFACE};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::slot;

pub(super) struct Interfaces<'a> {
    by_id: HashMap<&'a str, &'a Resource>,
    of_virtual_gateway: HashMap<(&'a str, &'a str, &'a str), Vec<&'a Resource>>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    ty == &VIRTUAL_INTERFACE
}

impl Linker for Interfaces<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        vec![(slot!(VIRTUAL_INTERFACE, "gateway_locations"), self.locations(resource))]
    }
}

impl<'a> Interfaces<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut of_virtual_gateway: HashMap<_, Vec<&Resource>> = HashMap::new();
        for interface in estate.of(&VIRTUAL_INTERFACE) {
            if let Some(gateway) = interface.get(slot!(VIRTUAL_INTERFACE, "virtual_gateway_id")).as_str() {
                let place = (&*interface.account, &*interface.region, gateway);
                of_virtual_gateway.entry(place).or_default().push(*interface);
            }
        }
        let by_id = estate.of(&VIRTUAL_INTERFACE).iter().map(|interface| (&*interface.id, *interface)).collect();
        Self { by_id, of_virtual_gateway, unlisted: estate.unlisted.clone() }
    }

    /// The locations of the gateway's working interfaces. A Direct Connect gateway spans Regions and accounts: where one
    /// of its interfaces was not read, there may be one more location.
    fn locations(&self, interface: &Resource) -> Value {
        let gateway = interface.get(slot!(VIRTUAL_INTERFACE, "virtual_gateway_id")).as_str();
        if let Some(gateway) = gateway {
            let interfaces = self.of_virtual_gateway.get(&(&interface.account, &interface.region, gateway));
            let locations = locations(interfaces.into_iter().flatten().copied());
            return open_list(locations, self.unlisted.near(&VIRTUAL_INTERFACE, interface));
        }
        let attachments = match interface.get(slot!(VIRTUAL_INTERFACE, "gateway_attachments")) {
            Value::List(attachments) => attachments,
            other => return other.clone(),
        };
        let attached = || {
            attachments.iter().filter(|attachment| {
                !matches!(part(attachment, slot!(ATTACHMENT, "state")).as_str(), Some("detaching" | "detached"))
            })
        };
        let found = |attachment: &Value| {
            part(attachment, slot!(ATTACHMENT, "virtual_interface_id")).as_str().and_then(|id| self.by_id.get(id))
        };
        let known = locations(attached().filter_map(|attachment| found(attachment).copied()));
        let unread = attached().find(|attachment| found(attachment).is_none()).map(|attachment| {
            let id = part(attachment, slot!(ATTACHMENT, "virtual_interface_id")).as_str().unwrap_or("?");
            Arc::new(Unknown::new(UnknownReason::OutsideScan, id))
        });
        open_list(known, unread.as_ref())
    }
}

/// The locations of the interfaces that carry traffic, each once.
fn locations<'a>(interfaces: impl Iterator<Item = &'a Resource>) -> Vec<Value> {
    let works = |interface: &&Resource| {
        matches!(interface.get(slot!(VIRTUAL_INTERFACE, "state")).as_str(), Some("available" | "testing"))
    };
    let locations: BTreeSet<&str> = interfaces
        .filter(works)
        .filter_map(|interface| interface.get(slot!(VIRTUAL_INTERFACE, "location")).as_str())
        .collect();
    locations.into_iter().map(Value::from).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::record;

    fn interface(id: &str, location: &str, state: &str, attached: &[&str]) -> Resource {
        let mut interface = Resource::new(&VIRTUAL_INTERFACE, "111111111111", "ap-northeast-1", id);
        let attachments =
            attached.iter().map(|id| record!(ATTACHMENT { "virtual_interface_id": *id, "state": "attached" }));
        interface.set(slot!(VIRTUAL_INTERFACE, "virtual_gateway_id"), Value::Null);
        interface.set(slot!(VIRTUAL_INTERFACE, "location"), location);
        interface.set(slot!(VIRTUAL_INTERFACE, "state"), state);
        interface.set(slot!(VIRTUAL_INTERFACE, "gateway_attachments"), Value::list(attachments));
        interface
    }

    #[test]
    fn only_working_interfaces_count_and_one_that_was_not_read_leaves_the_list_open() {
        let resources = [
            interface("dxvif-1", "EqTY2", "available", &["dxvif-1", "dxvif-2"]),
            interface("dxvif-2", "EqOS1", "down", &["dxvif-1", "dxvif-2", "dxvif-3"]),
        ];
        let estate = Estate::new(&resources, Timestamp::UNIX_EPOCH);
        let interfaces = Interfaces::new(&estate);
        assert_eq!(interfaces.locations(&resources[0]), Value::list([Value::str("EqTY2")]));
        let open = interfaces.locations(&resources[1]);
        assert!(
            matches!(open.as_list(), Some([known, Value::Unknown(_)]) if *known == Value::str("EqTY2")),
            "{open:?}"
        );
    }
}
