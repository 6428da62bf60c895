//! Amazon MSK.

use aws_sdk_kafka::types as sdk;

use super::convert::Tags;
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::LIST_CLUSTERS_V2;
use crate::model::types::kafka::CLUSTER;

/// The largest pages that the operation accepts.
const PAGE: i32 = 100;

/// Reads the clusters of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&CLUSTER, LIST_CLUSTERS_V2) {
        return Vec::new();
    }
    let client = &task.clients.kafka();
    let listing = pages(
        LIST_CLUSTERS_V2,
        |token| {
            let request = client.list_clusters_v2().max_results(PAGE).set_next_token(token);
            task.call(LIST_CLUSTERS_V2, request.send())
        },
        |page| (page.cluster_info_list, page.next_token),
    )
    .await;
    listing.into_resources(task, &CLUSTER, LIST_CLUSTERS_V2, |cluster| {
        // A name comes back once a cluster of that name was deleted; the ARN tells them apart.
        let arn = cluster.cluster_arn?;
        let name = cluster.cluster_name?;
        let mut resource = task.resource(&CLUSTER, &name);
        resource.arn = arn.into();
        let tags = cluster.tags.unwrap_or_default().into_iter().map(|(key, value)| (Some(key), Some(value)));
        let provisioned = cluster.provisioned.as_ref();
        fill!(resource, CLUSTER {
            "tags": Tags::new(tags),
            "state": cluster.state.as_ref().map(sdk::ClusterState::as_str),
            "cluster_type": cluster.cluster_type.as_ref().map(sdk::ClusterType::as_str),
            "availability_zone_count": provisioned.and_then(|it| it.broker_node_group_info.as_ref()).and_then(zones),
            "brokers": provisioned.and_then(|provisioned| provisioned.number_of_broker_nodes),
        });
        Some(resource)
    })
}

/// Over how many zones brokers are spread. Their subnets are each in a zone of its own: "`BrokerNodeGroupInfo`" of the API
/// reference.
fn zones(brokers: &sdk::BrokerNodeGroupInfo) -> Option<i64> {
    let zones = [brokers.zone_ids(), brokers.client_subnets()].into_iter().find(|zones| !zones.is_empty())?;
    i64::try_from(zones.len()).ok()
}

#[cfg(test)]
mod tests {
    use aws_sdk_kafka::types::BrokerNodeGroupInfo;

    use super::*;

    #[test]
    fn brokers_are_in_as_many_zones_as_subnets() {
        let brokers = |zones: &[&str], subnets: &[&str]| {
            let owned = |items: &[&str]| Some(items.iter().map(|&item| item.to_owned()).collect());
            BrokerNodeGroupInfo::builder().set_zone_ids(owned(zones)).set_client_subnets(owned(subnets)).build()
        };
        assert_eq!(zones(&brokers(&["apne1-az1", "apne1-az2", "apne1-az4"], &["a", "b"])), Some(3));
        assert_eq!(zones(&brokers(&[], &["a", "b"])), Some(2));
        assert_eq!(zones(&brokers(&[], &[])), None);
    }
}
