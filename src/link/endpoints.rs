//! Endpoints in subnets: the zones of VPC endpoints and firewalls, and the subnets that reach a firewall in another zone.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::ec2::{Place, place};
use super::{Derived, Estate, Linker, Unlisted, open_list, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::{ASSOCIATION, ROUTE, ROUTE_TABLE, SUBNET, VPC_ENDPOINT};
use crate::model::types::networkfirewall::{DETOUR, ENDPOINT, FIREWALL};
use crate::model::{Resource, Unknown, Value};
use crate::{record, slot};

pub(super) struct Endpoints<'a> {
    subnets: HashMap<Place<'a>, &'a Resource>,
    subnets_of_vpc: HashMap<Place<'a>, Vec<&'a Resource>>,
    /// Route tables by the subnet that they are associated with, or by the VPC whose main one they are.
    tables: HashMap<Place<'a>, &'a Resource>,
    unlisted: Unlisted<'a>,
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    [&VPC_ENDPOINT, &FIREWALL].contains(&ty)
}

impl Linker for Endpoints<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        if resource.ty == &VPC_ENDPOINT {
            let zones = match resource.get(slot!(VPC_ENDPOINT, "subnet_ids")) {
                Value::List(subnets) => self.zones(resource, subnets.iter().filter_map(Value::as_str)),
                other => other.clone(),
            };
            return vec![(slot!(VPC_ENDPOINT, "zone_ids"), zones)];
        }
        vec![
            (slot!(FIREWALL, "zone_ids"), self.firewall_zones(resource)),
            (slot!(FIREWALL, "detours"), self.detours(resource)),
        ]
    }
}

impl<'a> Endpoints<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let mut subnets_of_vpc: HashMap<_, Vec<&Resource>> = HashMap::new();
        for subnet in estate.of(&SUBNET) {
            if let Some(vpc) = subnet.get(slot!(SUBNET, "vpc_id")).as_str() {
                subnets_of_vpc.entry(place(subnet, vpc)).or_default().push(*subnet);
            }
        }
        let mut tables = HashMap::new();
        for table in estate.of(&ROUTE_TABLE) {
            for association in table.get(slot!(ROUTE_TABLE, "associations")).as_list().unwrap_or_default() {
                let main = part(association, slot!(ASSOCIATION, "main")).as_bool() == Some(true);
                let of = if main {
                    table.get(slot!(ROUTE_TABLE, "vpc_id"))
                } else {
                    part(association, slot!(ASSOCIATION, "subnet_id"))
                };
                if let Some(of) = of.as_str() {
                    tables.insert(place(table, of), *table);
                }
            }
        }
        Self {
            subnets: estate.of(&SUBNET).iter().map(|subnet| (place(subnet, &subnet.id), *subnet)).collect(),
            subnets_of_vpc,
            tables,
            unlisted: estate.unlisted.clone(),
        }
    }

    /// The zone of a subnet that a resource names. A subnet that another account shares is found by its id.
    fn zone(&self, holder: &Resource, subnet: &str) -> Value {
        let own = self.subnets.get(&(&*holder.account, &*holder.region, subnet));
        let shared = || self.subnets.iter().find(|((_, region, id), _)| *region == &*holder.region && *id == subnet);
        match own.or_else(|| shared().map(|(_, found)| found)) {
            Some(found) => found.get(slot!(SUBNET, "availability_zone_id")).clone(),
            None => self.unlisted.value_near(&SUBNET, holder).unwrap_or_else(|| outside(subnet.to_owned())),
        }
    }

    /// The zones of subnets, each once.
    fn zones<'b>(&self, holder: &Resource, subnets: impl Iterator<Item = &'b str>) -> Value {
        let (mut zones, mut missing) = (BTreeSet::new(), None);
        for subnet in subnets {
            match self.zone(holder, subnet) {
                Value::Str(zone) => drop(zones.insert(zone)),
                Value::Unknown(unknown) => missing = missing.or(Some(unknown)),
                _ => {}
            }
        }
        open_list(zones.into_iter().map(Value::Str).collect(), missing.as_ref())
    }

    fn firewall_zones(&self, firewall: &Resource) -> Value {
        let endpoints = match firewall.get(slot!(FIREWALL, "endpoints")) {
            Value::List(endpoints) => endpoints,
            other => return other.clone(),
        };
        if firewall.get(slot!(FIREWALL, "transit_gateway_id")).as_str().is_some() {
            return firewall.get(slot!(FIREWALL, "transit_gateway_zone_ids")).clone();
        }
        let works =
            |endpoint: &&Value| matches!(part(endpoint, slot!(ENDPOINT, "status")).as_str(), Some("READY" | "SCALING"));
        let working = endpoints.iter().filter(works);
        self.zones(firewall, working.filter_map(|endpoint| part(endpoint, slot!(ENDPOINT, "subnet_id")).as_str()))
    }

    fn detours(&self, firewall: &Resource) -> Value {
        let endpoints = match firewall.get(slot!(FIREWALL, "endpoints")) {
            Value::List(endpoints) => endpoints,
            other => return other.clone(),
        };
        let Some(vpc) = firewall.get(slot!(FIREWALL, "vpc_id")).as_str() else {
            return firewall
                .get(slot!(FIREWALL, "vpc_id"))
                .as_unknown()
                .map_or(Value::list([]), |unknown| Value::Unknown(Arc::clone(unknown)));
        };
        let zone_of = |id: &str| {
            let endpoint = endpoints
                .iter()
                .find(|endpoint| part(endpoint, slot!(ENDPOINT, "endpoint_id")).as_str() == Some(id))?;
            Some(self.zone(firewall, part(endpoint, slot!(ENDPOINT, "subnet_id")).as_str()?))
        };
        let near = |ty: &ResourceType| self.unlisted.near(ty, firewall).map(Arc::clone);
        let mut missing: Option<Arc<Unknown>> = near(&SUBNET).or_else(|| near(&ROUTE_TABLE));
        let mut detours = Vec::new();
        let of_vpc = self.subnets_of_vpc.get(&(&*firewall.account, &*firewall.region, vpc));
        for subnet in of_vpc.into_iter().flatten() {
            let zone = subnet.get(slot!(SUBNET, "availability_zone_id"));
            let table = self.tables.get(&place(subnet, &subnet.id)).or_else(|| self.tables.get(&place(subnet, vpc)));
            let routes = table.and_then(|table| table.get(slot!(ROUTE_TABLE, "routes")).as_list()).unwrap_or_default();
            for route in routes {
                let Some(id) = part(route, slot!(ROUTE, "gateway_id")).as_str() else { continue };
                match zone_of(id) {
                    None => {}
                    Some(Value::Unknown(unknown)) => missing = missing.or(Some(unknown)),
                    Some(other) if other == *zone => {}
                    Some(other) => detours.push(record!(DETOUR {
                        "subnet_id": &*subnet.id,
                        "zone_id": zone.clone(),
                        "endpoint_id": id,
                        "endpoint_zone_id": other,
                    })),
                }
            }
        }
        // A VPC that is not in the scan at all, such as one that another account owns.
        if of_vpc.is_none() && missing.is_none() {
            return outside(vpc.to_owned());
        }
        open_list(detours, missing.as_ref())
    }
}
