//! Amazon OpenSearch Service.

use super::{BOOL, INT, STR, STRINGS, api, derived};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A domain of OpenSearch or Elasticsearch.
pub static DOMAIN: ResourceType = ResourceType {
    name: "AWS::OpenSearchService::Domain",
    title: ("OpenSearch Serviceドメイン", "OpenSearch Service domain"),
    service: "opensearch",
    listed_by: Some(operation::LIST_DOMAIN_NAMES),
    listed_within: None,
    stateful: true,
    fields: &[
        api("tags", Type::Map, operation::LIST_DOMAIN_TAGS, "The tags."),
        api(
            "engine_version",
            STR,
            operation::DESCRIBE_DOMAINS,
            "The engine with its version, such as OpenSearch_2.19.",
        ),
        api("data_nodes", INT, operation::DESCRIBE_DOMAINS, "How many data nodes it has."),
        api("zone_awareness", BOOL, operation::DESCRIBE_DOMAINS, "Whether data nodes are spread over zones."),
        api(
            "availability_zone_count",
            INT,
            operation::DESCRIBE_DOMAINS,
            "Over how many zones data nodes are spread; one without zone awareness.",
        ),
        api(
            "dedicated_masters",
            INT,
            operation::DESCRIBE_DOMAINS,
            "How many dedicated master nodes it has; zero for none.",
        ),
        api(
            "multi_az_with_standby",
            BOOL,
            operation::DESCRIBE_DOMAINS,
            "Whether one of three zones stands by (Multi-AZ with Standby).",
        ),
        api(
            "automated_snapshots_paused",
            BOOL,
            operation::DESCRIBE_DOMAINS,
            "Whether automated snapshots are paused; null where AWS says nothing.",
        ),
        derived(
            "live_copy_regions",
            STRINGS,
            &["AWS::OpenSearchService::Domain.engine_version"],
            "Always unknown: manual snapshots and cross-cluster replication are set up inside the domain.",
        ),
    ],
};
