//! How much of a workload infrastructure as code owns.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Fact, Holding};
use crate::model::types::cloudformation::{STACK, STACK_RESOURCE};
use crate::model::types::ec2::{SUBNET, VPC};
use crate::model::types::workload::{IAC_COVERAGE, WORKLOAD};
use crate::model::{Resource, Unknown, Value, types};
use crate::{record, slot};

/// How many resources without code are named.
const NAMED: usize = 10;

pub(super) fn facts(holding: &Holding<'_>) -> Vec<Fact> {
    vec![(slot!(WORKLOAD, "iac_coverage"), coverage(holding))]
}

fn coverage(holding: &Holding<'_>) -> Value {
    let types: HashSet<&str> = types::rebuilt().map(|ty| ty.name).collect();
    let default_vpcs: HashSet<&str> = holding
        .nearby(&VPC)
        .filter(|vpc| vpc.get(slot!(VPC, "is_default")).as_bool() == Some(true))
        .map(|vpc| &*vpc.id)
        .collect();
    let counted: Vec<&&Resource> = holding
        .owned
        .iter()
        .filter(|resource| types.contains(resource.ty.name) && !made_by_aws(resource, &default_vpcs))
        .collect();
    // What was not listed may be owned too, and what stacks own is not known before all of them are read.
    let unlisted = types::rebuilt().find_map(|ty| holding.unread(ty, |_| true));
    let (in_stacks, unread) = stacks(holding);
    let terraform = holding.estate.terraform;
    let unmanaged: Vec<Value> = counted
        .iter()
        .filter(|resource| !in_stacks.contains(resource) && !terraform.owns(resource))
        .map(|resource| Value::str(if resource.arn.is_empty() { &resource.id } else { &resource.arn }))
        .collect();
    if let Some(unknown) = holding.open.clone().or(unlisted) {
        return Value::Unknown(unknown);
    }
    // A stack that could not be read can only raise the share.
    if let Some(unknown) = unread
        && !unmanaged.is_empty()
    {
        return Value::Unknown(unknown);
    }
    let (total, managed) = (counted.len(), counted.len() - unmanaged.len());
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    record!(IAC_COVERAGE {
        "total": count(total),
        "managed": count(managed),
        "percent": (managed * 100).checked_div(total).map(count),
        "unmanaged": Value::list(unmanaged.into_iter().take(NAMED)),
    })
}

/// A default VPC and its subnets are there from the start, and no code describes them.
fn made_by_aws(resource: &Resource, default_vpcs: &HashSet<&str>) -> bool {
    if resource.ty == &VPC {
        return default_vpcs.contains(&*resource.id);
    }
    resource.ty == &SUBNET
        && resource.get(slot!(SUBNET, "vpc_id")).as_str().is_some_and(|vpc| default_vpcs.contains(vpc))
}

/// What stacks own, by account, Region, type and physical id in lower case.
struct Owned<'a>(HashSet<(&'a str, &'a str, &'a str, String)>);

impl Owned<'_> {
    /// A physical id is the name, the id or the ARN, depending on the type. RDS writes names in lower case.
    fn contains(&self, resource: &Resource) -> bool {
        [&resource.id, &resource.arn].into_iter().any(|id| {
            let key = (&*resource.account, &*resource.region, resource.ty.name, id.to_lowercase());
            !id.is_empty() && self.0.contains(&key)
        })
    }
}

/// What the stacks of the workload's accounts own, and why that may not be all.
fn stacks<'a>(holding: &Holding<'a>) -> (Owned<'a>, Option<Arc<Unknown>>) {
    let mut owned = HashSet::new();
    let mut unread = holding.unread(&STACK, |_| true);
    for stack in holding.nearby(&STACK) {
        match stack.get(slot!(STACK, "resources")) {
            Value::List(resources) => {
                for resource in resources.iter().filter_map(Value::as_record) {
                    let ty = resource[slot!(STACK_RESOURCE, "type")].as_str();
                    let id = resource[slot!(STACK_RESOURCE, "physical_id")].as_str();
                    if let (Some(ty), Some(id)) = (ty, id) {
                        owned.insert((&*stack.account, &*stack.region, ty, id.to_lowercase()));
                    }
                }
            }
            Value::Unknown(unknown) => {
                unread.get_or_insert_with(|| Arc::clone(unknown));
            }
            _ => {}
        }
    }
    (Owned(owned), unread)
}
