//! AWS Direct Connect.

use super::{STR, STRINGS, api, derived, part};
use crate::model::operation;
use crate::model::schema::{RecordType, ResourceType, Type};

/// A virtual interface that is attached to a Direct Connect gateway, wherever it is.
pub static ATTACHMENT: RecordType = RecordType {
    name: "gateway attachment",
    fields: &[
        part("virtual_interface_id", STR, "The virtual interface."),
        part("region", STR, "Its Region."),
        part("state", Type::Enum(&["attaching", "attached", "detaching", "detached"]), "Whether it is attached."),
    ],
};

/// A virtual interface.
pub static VIRTUAL_INTERFACE: ResourceType = ResourceType {
    name: "Sonae::DirectConnect::VirtualInterface",
    title: ("仮想インターフェイス", "Virtual interface"),
    service: "directconnect",
    listed_by: Some(operation::DESCRIBE_VIRTUAL_INTERFACES),
    listed_within: None,
    stateful: false,
    fields: &[
        api("tags", Type::Map, operation::DESCRIBE_VIRTUAL_INTERFACES, "The tags."),
        api(
            "virtual_interface_type",
            Type::Enum(&["private", "public", "transit"]),
            operation::DESCRIBE_VIRTUAL_INTERFACES,
            "What it leads to; a public one has no gateway.",
        ),
        api(
            "state",
            Type::Enum(&[
                "confirming",
                "verifying",
                "pending",
                "available",
                "down",
                "testing",
                "deleting",
                "deleted",
                "rejected",
                "unknown",
            ]),
            operation::DESCRIBE_VIRTUAL_INTERFACES,
            "The state: available when BGP is up, testing during a failover test.",
        ),
        api("location", STR, operation::DESCRIBE_VIRTUAL_INTERFACES, "The Direct Connect location."),
        api("connection_id", STR, operation::DESCRIBE_VIRTUAL_INTERFACES, "The connection that carries it."),
        api(
            "virtual_gateway_id",
            STR,
            operation::DESCRIBE_VIRTUAL_INTERFACES,
            "The virtual private gateway; null when it is attached to a Direct Connect gateway.",
        ),
        api(
            "direct_connect_gateway_id",
            STR,
            operation::DESCRIBE_VIRTUAL_INTERFACES,
            "The Direct Connect gateway; null when there is none.",
        ),
        api(
            "gateway_attachments",
            Type::List(&Type::Record(&ATTACHMENT)),
            operation::DESCRIBE_DIRECT_CONNECT_GATEWAY_ATTACHMENTS,
            "All virtual interfaces of its Direct Connect gateway, in every Region; null without such a gateway.",
        ),
        derived(
            "gateway_locations",
            STRINGS,
            &[
                "Sonae::DirectConnect::VirtualInterface.state",
                "Sonae::DirectConnect::VirtualInterface.location",
                "Sonae::DirectConnect::VirtualInterface.virtual_gateway_id",
                "Sonae::DirectConnect::VirtualInterface.gateway_attachments",
            ],
            "The locations, each once, of the working virtual interfaces of its gateway.",
        ),
    ],
};
