//! The network: effective route tables, and the zones of the NAT gateways behind them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Derived, Estate, Linker, Unlisted, outside, part};
use crate::model::schema::ResourceType;
use crate::model::types::ec2::{ASSOCIATION, EGRESS_ROUTE, NAT_GATEWAY, NAT_ROUTE, ROUTE, ROUTE_TABLE, SUBNET};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::{record, slot};

/// An account, a Region and an id in them.
pub(super) type Place<'a> = (&'a str, &'a str, &'a str);

pub(super) struct Network<'a> {
    explicit: HashMap<Place<'a>, &'a Resource>,
    main: HashMap<Place<'a>, &'a Resource>,
    gateways: HashMap<Place<'a>, &'a Resource>,
    subnet_zones: HashMap<Place<'a>, &'a Value>,
    zones_of_vpc: HashMap<Place<'a>, HashSet<&'a str>>,
    gateways_of_vpc: HashMap<Place<'a>, i64>,
    unlisted: Unlisted<'a>,
}

/// Where a resource really is: a subnet that is shared with an account is listed there too, under its owner's ARN.
pub(super) fn place<'a>(resource: &'a Resource, id: &'a str) -> Place<'a> {
    let owner = resource.arn.split(':').nth(4).filter(|owner| !owner.is_empty());
    (owner.unwrap_or(&resource.account), &resource.region, id)
}

pub(super) fn takes(ty: &ResourceType) -> bool {
    [&SUBNET, &ROUTE_TABLE].contains(&ty)
}

impl Linker for Network<'_> {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        if resource.ty == &SUBNET { self.subnet(resource) } else { self.route_table(resource) }
    }
}

impl<'a> Network<'a> {
    pub(super) fn new(estate: &Estate<'a>) -> Self {
        let (mut explicit, mut main) = (HashMap::new(), HashMap::new());
        for table in estate.of(&ROUTE_TABLE) {
            for association in table.get(slot!(ROUTE_TABLE, "associations")).as_list().unwrap_or_default() {
                if part(association, slot!(ASSOCIATION, "main")).as_bool() == Some(true) {
                    if let Some(vpc) = table.get(slot!(ROUTE_TABLE, "vpc_id")).as_str() {
                        main.insert(place(table, vpc), *table);
                    }
                } else if let Some(subnet) = part(association, slot!(ASSOCIATION, "subnet_id")).as_str() {
                    explicit.insert(place(table, subnet), *table);
                }
            }
        }
        let (mut subnet_zones, mut zones_of_vpc) = (HashMap::new(), HashMap::<_, HashSet<&str>>::new());
        for subnet in estate.of(&SUBNET) {
            let zone = subnet.get(slot!(SUBNET, "availability_zone_id"));
            subnet_zones.insert(place(subnet, &subnet.id), zone);
            if let (Some(vpc), Some(zone)) = (subnet.get(slot!(SUBNET, "vpc_id")).as_str(), zone.as_str()) {
                zones_of_vpc.entry(place(subnet, vpc)).or_default().insert(zone);
            }
        }
        let (mut gateways, mut gateways_of_vpc) = (HashMap::new(), HashMap::new());
        for gateway in estate.of(&NAT_GATEWAY) {
            gateways.insert(place(gateway, &gateway.id), *gateway);
            if let Some(vpc) = gateway.get(slot!(NAT_GATEWAY, "vpc_id")).as_str()
                && !gone(gateway)
            {
                *gateways_of_vpc.entry(place(gateway, vpc)).or_insert(0) += 1;
            }
        }
        Self {
            explicit,
            main,
            gateways,
            subnet_zones,
            zones_of_vpc,
            gateways_of_vpc,
            unlisted: estate.unlisted.clone(),
        }
    }

    fn subnet(&self, subnet: &Resource) -> Vec<Derived> {
        let vpc = subnet.get(slot!(SUBNET, "vpc_id"));
        let vpc_place = vpc.as_str().map(|vpc| place(subnet, vpc));
        let zones = vpc_place.and_then(|place| self.zones_of_vpc.get(&place)).map_or(0, HashSet::len);
        let gateways = self.unlisted.value_near(&NAT_GATEWAY, subnet).unwrap_or_else(|| {
            Value::Int(vpc_place.and_then(|place| self.gateways_of_vpc.get(&place)).copied().unwrap_or(0))
        });
        let explicit = self.explicit.get(&place(subnet, &subnet.id));
        let table = explicit.or_else(|| vpc_place.and_then(|place| self.main.get(&place)));
        let (id, is_main, routes) = match table {
            Some(table) => (
                Value::Str(Arc::clone(&table.id)),
                Value::Bool(explicit.is_none()),
                match table.get(slot!(ROUTE_TABLE, "routes")) {
                    Value::List(routes) => Value::list(routes.iter().filter_map(|route| self.egress(subnet, route))),
                    other => other.clone(),
                },
            ),
            None => {
                let unknown = self.unlisted.value_near(&ROUTE_TABLE, subnet).unwrap_or_else(|| {
                    let vpc = vpc.as_str().unwrap_or("the VPC");
                    outside(format!("route tables of {vpc}"))
                });
                (unknown.clone(), unknown.clone(), unknown)
            }
        };
        vec![
            (slot!(SUBNET, "route_table_id"), id),
            (slot!(SUBNET, "route_table_is_main"), is_main),
            (slot!(SUBNET, "egress_routes"), routes),
            (slot!(SUBNET, "vpc_zone_count"), Value::Int(i64::try_from(zones).unwrap_or(i64::MAX))),
            (slot!(SUBNET, "vpc_nat_gateway_count"), gateways),
        ]
    }

    fn route_table(&self, table: &Resource) -> Vec<Derived> {
        let routes = match table.get(slot!(ROUTE_TABLE, "routes")) {
            Value::List(routes) => Value::list(routes.iter().filter_map(|route| {
                let id = part(route, slot!(ROUTE, "nat_gateway_id")).as_str()?;
                Some(record!(NAT_ROUTE {
                    "destination": part(route, slot!(ROUTE, "destination")).clone(),
                    "nat_gateway_id": id,
                    "state": self.nat_state(table, id, route),
                }))
            })),
            other => other.clone(),
        };
        vec![(slot!(ROUTE_TABLE, "nat_routes"), routes)]
    }

    /// The route's state, with that of the gateway behind it: AWS says so itself, but not in the same moment.
    fn nat_state(&self, holder: &Resource, id: &str, route: &Value) -> Value {
        match self.gateways.get(&place(holder, id)) {
            Some(gateway) if gone(gateway) => Value::str("blackhole"),
            _ => part(route, slot!(ROUTE, "state")).clone(),
        }
    }

    /// The route as seen from a subnet, if it leads through a NAT gateway or is a default route to a transit gateway.
    fn egress(&self, subnet: &Resource, route: &Value) -> Option<Value> {
        let destination = part(route, slot!(ROUTE, "destination"));
        if let Some(id) = part(route, slot!(ROUTE, "nat_gateway_id")).as_str() {
            return Some(self.nat_egress(subnet, route, id));
        }
        let transit = part(route, slot!(ROUTE, "transit_gateway_id")).as_str()?;
        if !matches!(destination.as_str(), Some("0.0.0.0/0" | "::/0")) {
            return None;
        }
        let unknown = outside(format!("VPC behind {transit}"));
        Some(record!(EGRESS_ROUTE {
            "destination": destination.clone(),
            "target_type": "transit_gateway",
            "target": transit,
            "state": part(route, slot!(ROUTE, "state")).clone(),
            "target_zone_ids": unknown.clone(),
            "same_zone": unknown,
        }))
    }

    fn nat_egress(&self, subnet: &Resource, route: &Value, id: &str) -> Value {
        let own_zone = subnet.get(slot!(SUBNET, "availability_zone_id"));
        let (mode, zones, same_zone) = match self.gateways.get(&place(subnet, id)) {
            Some(gateway) => {
                let mode = gateway.get(slot!(NAT_GATEWAY, "availability_mode"));
                if mode.as_str() == Some("regional") {
                    (mode.clone(), gateway.get(slot!(NAT_GATEWAY, "zone_ids")).clone(), covers(gateway, own_zone))
                } else {
                    let zone = gateway
                        .get(slot!(NAT_GATEWAY, "subnet_id"))
                        .as_str()
                        .and_then(|id| self.subnet_zones.get(&place(gateway, id)).copied())
                        .cloned()
                        .unwrap_or_else(|| outside(format!("subnet of {id}")));
                    let same = match (own_zone, &zone) {
                        (Value::Unknown(_), _) => own_zone.clone(),
                        (_, Value::Unknown(_)) => zone.clone(),
                        (own, zone) => Value::Bool(own == zone),
                    };
                    (mode.clone(), if zone.as_unknown().is_some() { zone } else { Value::list([zone]) }, same)
                }
            }
            None => {
                let unknown = self.unlisted.value_near(&NAT_GATEWAY, subnet).unwrap_or_else(|| outside(id.to_owned()));
                (unknown.clone(), unknown.clone(), unknown)
            }
        };
        record!(EGRESS_ROUTE {
            "destination": part(route, slot!(ROUTE, "destination")).clone(),
            "target_type": "nat_gateway",
            "target": id,
            "state": self.nat_state(subnet, id, route),
            "availability_mode": mode,
            "target_zone_ids": zones,
            "same_zone": same_zone,
        })
    }
}

/// Whether a regional gateway has an address in a zone. In automatic mode it gets one in every zone with subnets by itself;
/// in manual mode somebody must give it one ("Regional NAT gateways", VPC guide).
fn covers(gateway: &Resource, zone: &Value) -> Value {
    let zones = gateway.get(slot!(NAT_GATEWAY, "zone_ids"));
    if zones.as_list().is_some_and(|zones| zones.contains(zone)) {
        return Value::Bool(true);
    }
    match gateway.get(slot!(NAT_GATEWAY, "expands_to_zones")) {
        Value::Bool(true) => Value::Bool(true),
        Value::Bool(false) if zone.as_unknown().is_some() => zone.clone(),
        Value::Bool(false) if zones.as_unknown().is_some() => zones.clone(),
        Value::Bool(false) => Value::Bool(false),
        Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
        _ => {
            let why =
                format!("AWS does not say whether the regional NAT gateway {} expands to zones by itself", gateway.id);
            Value::unknown(Unknown::new(UnknownReason::Error, why))
        }
    }
}

/// A gateway that carries no traffic and never will again.
fn gone(gateway: &Resource) -> bool {
    matches!(gateway.get(slot!(NAT_GATEWAY, "state")).as_str(), Some("deleted" | "deleting" | "failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_gateway_in_manual_mode_covers_only_the_zones_of_its_addresses() {
        let gateway = |expands: Option<bool>| {
            let mut gateway = Resource::new(&NAT_GATEWAY, "111111111111", "ap-northeast-1", "nat-1");
            gateway.set(slot!(NAT_GATEWAY, "zone_ids"), Value::list([Value::str("apne1-az4")]));
            gateway.set(slot!(NAT_GATEWAY, "expands_to_zones"), expands);
            gateway
        };
        let (inside, outside) = (Value::str("apne1-az4"), Value::str("apne1-az2"));
        assert_eq!(covers(&gateway(Some(false)), &inside), Value::Bool(true));
        assert_eq!(covers(&gateway(Some(false)), &outside), Value::Bool(false));
        assert_eq!(covers(&gateway(Some(true)), &outside), Value::Bool(true));
        assert_eq!(covers(&gateway(None), &inside), Value::Bool(true));
        assert!(covers(&gateway(None), &outside).as_unknown().is_some());
    }
}
