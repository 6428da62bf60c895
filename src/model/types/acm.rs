//! AWS Certificate Manager.

use super::{BOOL, STR, STRINGS, TIME, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

const STATUSES: &[&str] =
    &["PENDING_VALIDATION", "ISSUED", "INACTIVE", "EXPIRED", "VALIDATION_TIMED_OUT", "REVOKED", "FAILED"];

/// A certificate of the same account in another Region that stands in for one.
pub static STAND_IN: RecordType = RecordType {
    name: "certificate elsewhere",
    fields: &[
        part("region", STR, "The Region."),
        part("arn", STR, "The certificate."),
        part("not_after", TIME, "When it expires."),
    ],
};

/// A certificate.
pub static CERTIFICATE: ResourceType = ResourceType {
    name: "AWS::CertificateManager::Certificate",
    title: ("ACM証明書", "ACM certificate"),
    service: "acm",
    listed_by: Some(operation::LIST_CERTIFICATES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::LIST_TAGS_FOR_CERTIFICATE, "The tags."),
        api("domain_name", STR, operation::LIST_CERTIFICATES, "The first domain name."),
        api("names", STRINGS, operation::LIST_CERTIFICATES, "All domain names that it is for."),
        api("status", Type::Enum(STATUSES), operation::LIST_CERTIFICATES, "Whether it is issued."),
        api("in_use", BOOL, operation::LIST_CERTIFICATES, "Whether an AWS service uses it."),
        api("not_after", TIME, operation::LIST_CERTIFICATES, "When it expires; null before it is issued."),
        api("in_use_by", STRINGS, operation::DESCRIBE_CERTIFICATE, "The ARNs of the resources that use it."),
        derived(
            "stand_ins",
            Type::List(&Type::Record(&STAND_IN)),
            &[
                "AWS::CertificateManager::Certificate.names",
                "AWS::CertificateManager::Certificate.status",
                "AWS::CertificateManager::Certificate.not_after",
            ],
            "The valid certificates of the account in other Regions that cover all of its names.",
        ),
        derived(
            "regions_read",
            STRINGS,
            &["AWS::CertificateManager::Certificate.status", "Sonae::EC2::AvailabilityZone.state"],
            "The Regions of the account whose certificates were read.",
        ),
        derived(
            "beyond_scan",
            BOOL,
            &["AWS::CertificateManager::Certificate.status"],
            "Whether a Region that was not read has such a certificate: always unknown.",
        ),
    ],
};
