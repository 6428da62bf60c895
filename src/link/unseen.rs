//! What may be replicated in ways that AWS does not show, or that nobody looks at here.

use super::{Derived, Linker};
use crate::model::schema::ResourceType;
use crate::model::types::{kafka, mq, opensearch};
use crate::model::{Resource, Unknown, UnknownReason, Value};

pub(super) struct Unseen;

pub(super) fn takes(ty: &ResourceType) -> bool {
    [&opensearch::DOMAIN, &kafka::CLUSTER, &mq::BROKER].contains(&ty)
}

impl Linker for Unseen {
    fn derive(&self, resource: &Resource) -> Vec<Derived> {
        let field = resource.ty.field("live_copy_regions");
        let unknown = || Value::unknown(Unknown::new(UnknownReason::NotVisible, ""));
        field.into_iter().map(|(slot, _)| (slot, unknown())).collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::link::link_resources;
    use crate::slot;

    #[test]
    fn what_cannot_be_seen_is_not_taken_for_absent() {
        let mut resources = [Resource::new(&opensearch::DOMAIN, "111111111111", "ap-northeast-1", "logs")];
        link_resources(&mut resources, Timestamp::UNIX_EPOCH);
        assert!(resources[0].get(slot!(opensearch::DOMAIN, "live_copy_regions")).as_unknown().is_some());
    }
}
