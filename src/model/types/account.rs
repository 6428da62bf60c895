//! AWS Account Management.

use super::{BOOL, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// A Region as an account sees it: the id is the Region's name, the Region of the resource is `global`.
pub static REGION: ResourceType = ResourceType {
    name: "Sonae::Account::Region",
    title: ("リージョン", "Region"),
    service: "account",
    listed_by: Some(operation::LIST_REGIONS),
    listed_within: None,
    stateful: false,
    fields: &[api(
        "opt_status",
        Type::Enum(OPT_STATUSES),
        operation::LIST_REGIONS,
        "Whether the account can use the Region.",
    )],
};

/// Whether an account can use a Region.
pub const OPT_STATUSES: &[&str] = &["ENABLED", "ENABLING", "DISABLING", "DISABLED", "ENABLED_BY_DEFAULT"];

/// The alternate contacts of an account. Who they are is not read into the model.
pub static ALTERNATE_CONTACTS: ResourceType = ResourceType {
    name: "Sonae::Account::AlternateContacts",
    title: ("代替連絡先", "Alternate contacts"),
    service: "account",
    listed_by: Some(operation::GET_ALTERNATE_CONTACT),
    listed_within: None,
    stateful: false,
    fields: &[
        api("operations", BOOL, operation::GET_ALTERNATE_CONTACT, "Whether there is an operations contact."),
        api("security", BOOL, operation::GET_ALTERNATE_CONTACT, "Whether there is a security contact."),
    ],
};
