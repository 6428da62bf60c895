//! Elastic Load Balancing: Application, Network and Gateway Load Balancers.

use super::{BOOL, DURATION, INT, STR, STRINGS, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// The kinds of load balancers, old and new.
pub const KINDS: &[&str] = &["application", "network", "gateway", "classic"];

/// A load balancer.
pub static LOAD_BALANCER: ResourceType = ResourceType {
    name: "AWS::ElasticLoadBalancingV2::LoadBalancer",
    title: ("ロードバランサー", "Load balancer"),
    service: "elbv2",
    listed_by: Some(operation::DESCRIBE_LOAD_BALANCERS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_LOAD_BALANCER_TAGS, "The tags."),
        api("type", Type::Enum(KINDS), operation::DESCRIBE_LOAD_BALANCERS, "What kind it is."),
        api("scheme", STR, operation::DESCRIBE_LOAD_BALANCERS, "internet-facing or internal."),
        api("vpc_id", STR, operation::DESCRIBE_LOAD_BALANCERS, "The VPC."),
        api(
            "availability_zones",
            STRINGS,
            operation::DESCRIBE_LOAD_BALANCERS,
            "The names of the zones it is enabled in, each once.",
        ),
        api(
            "cross_zone",
            BOOL,
            operation::DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
            "Whether it sends traffic to targets in other zones; null for an Application Load Balancer, which always does.",
        ),
    ],
};

/// A range of HTTP status codes.
pub static CODE_RANGE: RecordType = RecordType {
    name: "range of status codes",
    fields: &[
        part("first", INT, "The lowest code."),
        part("last", INT, "The highest code, the same as the lowest for a single one."),
    ],
};

/// A registered target.
pub static TARGET: RecordType = RecordType {
    name: "target",
    fields: &[
        part("id", STR, "The instance, IP address, function or load balancer."),
        part("port", INT, "The port."),
        part("availability_zone", STR, "The zone's name, or all; null for an instance."),
        part("state", STR, "healthy, unhealthy, initial, draining, unused or unavailable."),
    ],
};

/// The targets of a zone.
pub static ZONE_TARGETS: RecordType = RecordType {
    name: "targets of a zone",
    fields: &[
        part("availability_zone", STR, "The zone's name."),
        part("targets", INT, "How many targets it has, without those that leave or are not used."),
        part("healthy", INT, "How many of them are healthy; unknown where AWS does not check or say."),
    ],
};

/// A target group.
pub static TARGET_GROUP: ResourceType = ResourceType {
    name: "AWS::ElasticLoadBalancingV2::TargetGroup",
    title: ("ターゲットグループ", "Target group"),
    service: "elbv2",
    listed_by: Some(operation::DESCRIBE_TARGET_GROUPS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_LOAD_BALANCER_TAGS, "The tags."),
        api(
            "target_type",
            Type::Enum(&["instance", "ip", "lambda", "alb"]),
            operation::DESCRIBE_TARGET_GROUPS,
            "What kind of targets it has.",
        ),
        api(
            "load_balancer_arns",
            STRINGS,
            operation::DESCRIBE_TARGET_GROUPS,
            "The load balancers that send traffic to it.",
        ),
        api("health_check_enabled", BOOL, operation::DESCRIBE_TARGET_GROUPS, "Whether targets are checked."),
        api(
            "health_check_protocol",
            STR,
            operation::DESCRIBE_TARGET_GROUPS,
            "HTTP, HTTPS, TCP and the like; null when targets are not checked.",
        ),
        api("protocol_version", STR, operation::DESCRIBE_TARGET_GROUPS, "HTTP1, HTTP2 or GRPC; null for other groups."),
        api(
            "health_check_path",
            STR,
            operation::DESCRIBE_TARGET_GROUPS,
            "The path that is asked for; null without HTTP.",
        ),
        api("health_check_interval", DURATION, operation::DESCRIBE_TARGET_GROUPS, "The time between two checks."),
        api("health_check_timeout", DURATION, operation::DESCRIBE_TARGET_GROUPS, "How long a check may take."),
        api(
            "unhealthy_threshold_count",
            INT,
            operation::DESCRIBE_TARGET_GROUPS,
            "After how many failed checks in a row a target is unhealthy.",
        ),
        api(
            "matcher",
            STR,
            operation::DESCRIBE_TARGET_GROUPS,
            "The status codes that count as success, as AWS has them.",
        ),
        api(
            "matcher_ranges",
            Type::List(&Type::Record(&CODE_RANGE)),
            operation::DESCRIBE_TARGET_GROUPS,
            "The same codes as ranges; null without HTTP.",
        ),
        api(
            "targets",
            Type::List(&Type::Record(&TARGET)),
            operation::DESCRIBE_TARGET_HEALTH,
            "The registered targets and their health.",
        ),
        derived(
            "target_zones",
            Type::List(&Type::Record(&ZONE_TARGETS)),
            &["AWS::ElasticLoadBalancingV2::TargetGroup.targets", "AWS::EC2::Instance.availability_zone"],
            "The targets by zone, in the order of the zones.",
        ),
        derived(
            "target_count",
            INT,
            &["AWS::ElasticLoadBalancingV2::TargetGroup.targets"],
            "How many targets it has, without those that leave or are not used.",
        ),
    ],
};
