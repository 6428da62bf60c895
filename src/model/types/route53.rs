//! Amazon Route 53.

use super::{BOOL, DURATION, STR, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

const FAILOVER: Type = Type::Enum(&["PRIMARY", "SECONDARY"]);

/// A hosted zone.
pub static HOSTED_ZONE: ResourceType = ResourceType {
    name: "AWS::Route53::HostedZone",
    title: ("ホストゾーン", "Hosted zone"),
    service: "route53",
    listed_by: Some(operation::LIST_HOSTED_ZONES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("zone_name", STR, operation::LIST_HOSTED_ZONES, "The domain name."),
        api("private", BOOL, operation::LIST_HOSTED_ZONES, "Whether only VPCs see it."),
    ],
};

/// Another failover record of the same name and type.
pub static COUNTERPART: RecordType = RecordType {
    name: "counterpart",
    fields: &[
        part("set_identifier", STR, "What tells it from others of the same name and type."),
        part("failover", FAILOVER, "Whether it is the primary or the secondary."),
        part("health_check_id", STR, "Its health check; null without one."),
    ],
};

/// The health check that a record names.
pub static NAMED_CHECK: RecordType = RecordType {
    name: "named health check",
    fields: &[
        part("found", BOOL, "Whether an account of the scan has it."),
        part("disabled", BOOL, "Whether it is off and counts as healthy; null when it does not exist."),
        part("inverted", BOOL, "Whether its outcome is turned round; null when it does not exist."),
    ],
};

/// A record that takes part in a failover.
pub static RECORD_SET: ResourceType = ResourceType {
    name: "AWS::Route53::RecordSet",
    title: ("DNSレコード", "DNS record"),
    service: "route53",
    listed_by: Some(operation::LIST_RESOURCE_RECORD_SETS),
    listed_within: Some("AWS::Route53::HostedZone"),
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_TAGS_FOR_HOSTED_ZONES, "The tags of its hosted zone."),
        api("hosted_zone_id", STR, operation::LIST_RESOURCE_RECORD_SETS, "The hosted zone."),
        api("record_name", STR, operation::LIST_RESOURCE_RECORD_SETS, "The domain name, with its final dot."),
        api("record_type", STR, operation::LIST_RESOURCE_RECORD_SETS, "The type: A, AAAA, CNAME."),
        api(
            "set_identifier",
            STR,
            operation::LIST_RESOURCE_RECORD_SETS,
            "What tells it from others of the same name and type; null for a simple record.",
        ),
        api(
            "failover",
            FAILOVER,
            operation::LIST_RESOURCE_RECORD_SETS,
            "Whether it is the primary or the secondary; null with another routing policy.",
        ),
        api(
            "ttl",
            DURATION,
            operation::LIST_RESOURCE_RECORD_SETS,
            "The TTL; null for an alias, which has none of its own.",
        ),
        api(
            "evaluate_target_health",
            BOOL,
            operation::LIST_RESOURCE_RECORD_SETS,
            "Whether an alias follows the health of its target; null for a record that is no alias.",
        ),
        api("health_check_id", STR, operation::LIST_RESOURCE_RECORD_SETS, "The health check; null without one."),
        derived(
            "counterparts",
            Type::List(&Type::Record(&COUNTERPART)),
            &["AWS::Route53::RecordSet.failover", "AWS::Route53::RecordSet.health_check_id"],
            "The other failover records of the same zone, name and type.",
        ),
        derived(
            "health_check",
            Type::Record(&NAMED_CHECK),
            &[
                "AWS::Route53::RecordSet.health_check_id",
                "AWS::Route53::HealthCheck.disabled",
                "AWS::Route53::HealthCheck.inverted",
            ],
            "What became of the health check that it names; null without one.",
        ),
    ],
};

/// A health check.
pub static HEALTH_CHECK: ResourceType = ResourceType {
    name: "AWS::Route53::HealthCheck",
    title: ("ヘルスチェック", "Health check"),
    service: "route53",
    listed_by: Some(operation::LIST_HEALTH_CHECKS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("disabled", BOOL, operation::LIST_HEALTH_CHECKS, "Whether it is off and counts as healthy."),
        api("inverted", BOOL, operation::LIST_HEALTH_CHECKS, "Whether its outcome is turned round."),
    ],
};
