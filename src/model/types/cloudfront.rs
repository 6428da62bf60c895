//! The content delivery network of AWS.

use super::{BOOL, STR, STRINGS, api, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A group of origins, of which the second takes over when the first fails.
pub static ORIGIN_GROUP: RecordType = RecordType {
    name: "origin group",
    fields: &[part("id", STR, "The group's id."), part("origin_ids", STRINGS, "The origins, the primary first.")],
};

/// A distribution.
pub static DISTRIBUTION: ResourceType = ResourceType {
    name: "AWS::CloudFront::Distribution",
    title: ("CloudFrontディストリビューション", "CloudFront distribution"),
    service: "cloudfront",
    listed_by: Some(operation::LIST_DISTRIBUTIONS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_DISTRIBUTION_TAGS, "The tags."),
        api("enabled", BOOL, operation::LIST_DISTRIBUTIONS, "Whether it answers requests."),
        api("aliases", STRINGS, operation::LIST_DISTRIBUTIONS, "The domain names that it answers for."),
        api("origin_domains", STRINGS, operation::LIST_DISTRIBUTIONS, "The domain names of its origins."),
        api(
            "origin_groups",
            Type::List(&Type::Record(&ORIGIN_GROUP)),
            operation::LIST_DISTRIBUTIONS,
            "The origin groups; empty without origin failover.",
        ),
        api(
            "target_ids",
            STRINGS,
            operation::LIST_DISTRIBUTIONS,
            "The origins or origin groups that cache behaviors use, that of the default behavior first.",
        ),
    ],
};
