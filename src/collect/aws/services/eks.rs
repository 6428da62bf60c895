//! Amazon EKS.

use std::sync::Arc;

use aws_sdk_eks::Client;
use aws_sdk_eks::types as sdk;
use futures_util::{StreamExt, stream};

use super::backup::within;
use super::convert::{Tags, arn, strings, unusable};
use super::{PREPARED, UNLISTED, fields, fill, pages, set};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::{DESCRIBE_NODEGROUP, LIST_EKS_CLUSTERS, LIST_NODEGROUPS};
use crate::model::types::eks::{CLUSTER, NODEGROUP};

/// The largest pages that the operations accept.
const PAGE: i32 = 100;

/// Reads the clusters and managed node groups of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&CLUSTER, LIST_EKS_CLUSTERS) {
        return Vec::new();
    }
    let client = &task.clients.eks();
    let listing = pages(
        LIST_EKS_CLUSTERS,
        |token| {
            let request = client.list_clusters().max_results(PAGE).set_next_token(token);
            task.call(LIST_EKS_CLUSTERS, request.send())
        },
        |page| (page.clusters, page.next_token),
    )
    .await;
    let clusters = listing.into_resources(task, &CLUSTER, LIST_EKS_CLUSTERS, |name| {
        let mut resource = task.resource(&CLUSTER, &name);
        resource.arn = arn(task, "eks", &format!("cluster/{name}"));
        fill!(resource, CLUSTER { "cluster_name": name });
        Some(resource)
    });
    let groups = if task.wants(&NODEGROUP, LIST_NODEGROUPS) {
        within(task, &clusters, &NODEGROUP, |cluster| node_groups(task, client, Arc::clone(&cluster.id))).await
    } else {
        Vec::new()
    };
    [clusters, groups].concat()
}

/// Lists the node groups of a cluster and describes each.
async fn node_groups(task: &Task, client: &Client, cluster: Arc<str>) -> Vec<Resource> {
    let cluster = &*cluster;
    let listing = pages(
        LIST_NODEGROUPS,
        |token| {
            let request = client.list_nodegroups().cluster_name(cluster).max_results(PAGE).set_next_token(token);
            task.call(LIST_NODEGROUPS, request.send())
        },
        |page| (page.nodegroups, page.next_token),
    )
    .await;
    let listed = listing.into_resources(task, &NODEGROUP, LIST_NODEGROUPS, |name| {
        // Names are unique within a cluster only.
        let mut resource = task.resource(&NODEGROUP, &format!("{cluster}/{name}"));
        resource.name = name.into();
        fill!(resource, NODEGROUP { "cluster": cluster });
        Some(resource)
    });
    if !task.wants(&NODEGROUP, DESCRIBE_NODEGROUP) {
        return listed;
    }
    let described = listed.into_iter().map(|mut group| async move {
        if &*group.id != UNLISTED {
            describe(task, client, cluster, &mut group).await;
        }
        group
    });
    stream::iter(described.collect::<Vec<_>>()).buffered(PREPARED).collect().await
}

/// Fills a node group, also with its ARN, whose last part only the description has.
async fn describe(task: &Task, client: &Client, cluster: &str, resource: &mut Resource) {
    let request = client.describe_nodegroup().cluster_name(cluster).nodegroup_name(&*resource.name).send();
    let answer = task.call(DESCRIBE_NODEGROUP, request).await;
    let group = answer.and_then(|answer| {
        answer.nodegroup.ok_or_else(|| unusable(DESCRIBE_NODEGROUP, "the answer holds no node group"))
    });
    if let Ok(sdk::Nodegroup { nodegroup_arn: Some(arn), .. }) = &group {
        resource.arn = arn.as_str().into();
    }
    let fields = fields!(group, NODEGROUP, |group| {
        "min_size": group.scaling_config.as_ref().and_then(|scaling| scaling.min_size),
        "desired_size": group.scaling_config.as_ref().and_then(|scaling| scaling.desired_size),
        "tags": Tags::new(group.tags.unwrap_or_default().into_iter().map(|(key, value)| (Some(key), Some(value)))),
        "status": group.status.as_ref().map(sdk::NodegroupStatus::as_str),
        "subnets": strings(group.subnets),
    });
    set(resource, fields);
}
