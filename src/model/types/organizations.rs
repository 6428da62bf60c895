//! AWS Organizations.

use super::{STR, api};
use crate::model::operation;
use crate::model::schema::{ResourceType, Type};

/// An account of the organisation.
pub static ACCOUNT: ResourceType = ResourceType {
    name: "AWS::Organizations::Account",
    title: ("アカウント", "Account"),
    service: "organizations",
    listed_by: Some(operation::LIST_ACCOUNTS),
    listed_within: None,
    stateful: false,
    fields: &[
        api("account_name", STR, operation::LIST_ACCOUNTS, "The account's name."),
        api(
            "status",
            Type::Enum(&["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"]),
            operation::LIST_ACCOUNTS,
            "Whether the account is active.",
        ),
    ],
};
