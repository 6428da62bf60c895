//! Elastic Load Balancing: Classic Load Balancers.

use super::elbv2::KINDS;
use super::{BOOL, STR, STRINGS, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A Classic Load Balancer.
pub static LOAD_BALANCER: ResourceType = ResourceType {
    name: "AWS::ElasticLoadBalancing::LoadBalancer",
    title: ("Classic Load Balancer", "Classic Load Balancer"),
    service: "elb",
    listed_by: Some(operation::DESCRIBE_CLASSIC_LOAD_BALANCERS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_CLASSIC_LOAD_BALANCER_TAGS, "The tags."),
        api(
            "type",
            Type::Enum(KINDS),
            operation::DESCRIBE_CLASSIC_LOAD_BALANCERS,
            "Always classic, beside the kinds of the newer load balancers.",
        ),
        api("scheme", STR, operation::DESCRIBE_CLASSIC_LOAD_BALANCERS, "internet-facing or internal."),
        api(
            "availability_zones",
            STRINGS,
            operation::DESCRIBE_CLASSIC_LOAD_BALANCERS,
            "The names of the zones it is enabled in, each once.",
        ),
        api(
            "cross_zone",
            BOOL,
            operation::DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES,
            "Whether it sends traffic to instances in other zones.",
        ),
    ],
};
