//! Amazon ECS.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types as sdk;
use futures_util::{StreamExt, stream};

use super::backup::within;
use super::convert::{Tags, strings, unusable};
use super::{Fields, PREPARED, UNLISTED, fields, fill, pages, set};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_SERVICES, LIST_ECS_CLUSTERS, LIST_SERVICES};
use crate::model::types::ecs::{CLUSTER, SERVICE};
use crate::model::{Resource, Unknown, Value};

/// The largest pages that the operations accept.
const PAGE: i32 = 100;

/// How many services one call may describe.
const DESCRIBED: usize = 10;

/// Reads the clusters and services of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&CLUSTER, LIST_ECS_CLUSTERS) {
        return Vec::new();
    }
    let client = &task.clients.ecs();
    let listing = pages(
        LIST_ECS_CLUSTERS,
        |token| {
            let request = client.list_clusters().max_results(PAGE).set_next_token(token);
            task.call(LIST_ECS_CLUSTERS, request.send())
        },
        |page| (page.cluster_arns, page.next_token),
    )
    .await;
    let clusters = listing.into_resources(task, &CLUSTER, LIST_ECS_CLUSTERS, |arn| {
        let name = arn.rsplit_once('/')?.1.to_owned();
        let mut resource = task.resource(&CLUSTER, &name);
        resource.arn = arn.into();
        fill!(resource, CLUSTER { "cluster_name": name });
        Some(resource)
    });
    let services = if task.wants(&SERVICE, LIST_SERVICES) {
        within(task, &clusters, &SERVICE, |cluster| services(task, client, Arc::clone(&cluster.id))).await
    } else {
        Vec::new()
    };
    [clusters, services].concat()
}

/// Lists the services of a cluster and describes them.
async fn services(task: &Task, client: &Client, cluster: Arc<str>) -> Vec<Resource> {
    let cluster = &*cluster;
    let listing = pages(
        LIST_SERVICES,
        |token| {
            let request = client.list_services().cluster(cluster).max_results(PAGE).set_next_token(token);
            task.call(LIST_SERVICES, request.send())
        },
        |page| (page.service_arns, page.next_token),
    )
    .await;
    let mut listed = listing.into_resources(task, &SERVICE, LIST_SERVICES, |arn| {
        // ARNs from before 2018 do not name the cluster, whose services alone have names of their own.
        let name = arn.rsplit_once('/')?.1.to_owned();
        let mut resource = task.resource(&SERVICE, &format!("{cluster}/{name}"));
        resource.name = name.into();
        resource.arn = arn.into();
        fill!(resource, SERVICE { "cluster": cluster });
        Some(resource)
    });
    if !task.wants(&SERVICE, DESCRIBE_SERVICES) {
        return listed;
    }
    let mut described = describe(task, client, cluster, &listed).await;
    for service in listed.iter_mut().filter(|service| &*service.id != UNLISTED) {
        if let Some(fields) = described.remove(&service.name) {
            set(service, fields);
        }
    }
    listed
}

/// Describes services, as many at a time as the operation takes. They are told apart by name: ARNs have two forms.
async fn describe(task: &Task, client: &Client, cluster: &str, listed: &[Resource]) -> HashMap<Arc<str>, Fields> {
    let names: Vec<Arc<str>> =
        listed.iter().filter(|it| &*it.id != UNLISTED).map(|service| Arc::clone(&service.name)).collect();
    let calls = names.chunks(DESCRIBED).map(|some| {
        let request = client.describe_services().cluster(cluster).include(sdk::ServiceField::Tags);
        let request = request.set_services(Some(some.iter().map(ToString::to_string).collect())).send();
        async move { (some, task.call(DESCRIBE_SERVICES, request).await) }
    });
    let answers: Vec<_> = stream::iter(calls.collect::<Vec<_>>()).buffered(PREPARED).collect().await;
    let mut described = HashMap::new();
    for (some, answer) in answers {
        let mut answer = answer.map(|answer| {
            let services = answer.services.unwrap_or_default().into_iter();
            services.filter_map(|service| Some((service.service_name.clone()?, service))).collect::<HashMap<_, _>>()
        });
        for name in some {
            let service = match &mut answer {
                Ok(services) => {
                    services.remove(&**name).ok_or_else(|| unusable(DESCRIBE_SERVICES, "the answer lacks this service"))
                }
                Err(unknown) => Err(Arc::clone(unknown)),
            };
            described.insert(Arc::clone(name), service_fields(service));
        }
    }
    described
}

fn service_fields(service: Result<sdk::Service, Arc<Unknown>>) -> Fields {
    fields!(service, SERVICE, |service| {
        "subnets": subnets(&service),
        "tags": Tags::new(service.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value))),
        "status": service.status,
        "launch_type": service.launch_type.as_ref().map(sdk::LaunchType::as_str),
        "capacity_providers": strings(service.capacity_provider_strategy.map(|strategy| {
            strategy.into_iter().map(|item| item.capacity_provider).collect()
        })),
        "scheduling_strategy": service.scheduling_strategy.as_ref().map(sdk::SchedulingStrategy::as_str),
        "desired_count": service.desired_count,
        "first_placement_strategy": service.placement_strategy.as_deref().unwrap_or_default().first().map(placement),
        "availability_zone_rebalancing":
            service.availability_zone_rebalancing.as_ref().map(sdk::AvailabilityZoneRebalancing::as_str),
    })
}

/// The subnets of a service; those of its task sets, where a blue/green deployment keeps them there.
fn subnets(service: &sdk::Service) -> Value {
    let own = service.network_configuration.as_ref();
    let of_sets = service.task_sets().iter().filter_map(|set| set.network_configuration.as_ref());
    let mut subnets: Vec<&String> = own
        .into_iter()
        .chain(of_sets)
        .filter_map(|network| network.awsvpc_configuration.as_ref())
        .flat_map(sdk::AwsVpcConfiguration::subnets)
        .collect();
    subnets.sort_unstable();
    subnets.dedup();
    if subnets.is_empty() { Value::Null } else { Value::list(subnets.into_iter().map(Value::str)) }
}

/// A placement strategy in one word, such as `spread:attribute:ecs.availability-zone`.
fn placement(strategy: &sdk::PlacementStrategy) -> String {
    let kind = strategy.r#type.as_ref().map_or("", sdk::PlacementStrategyType::as_str);
    match strategy.field.as_deref() {
        Some(field) if !field.is_empty() => format!("{kind}:{field}"),
        _ => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blue_green_service_has_its_subnets_in_its_task_sets() {
        let network = |subnet: &str| {
            let vpc = sdk::AwsVpcConfiguration::builder().subnets(subnet).build().unwrap();
            sdk::NetworkConfiguration::builder().awsvpc_configuration(vpc).build()
        };
        let set = |subnet: &str| sdk::TaskSet::builder().network_configuration(network(subnet)).build();
        let service = sdk::Service::builder().task_sets(set("subnet-b")).task_sets(set("subnet-a")).build();
        assert_eq!(subnets(&service), Value::list(["subnet-a", "subnet-b"].map(Value::from)));
        let service = sdk::Service::builder().network_configuration(network("subnet-a")).build();
        assert_eq!(subnets(&service), Value::list([Value::from("subnet-a")]));
        assert_eq!(subnets(&sdk::Service::builder().build()), Value::Null, "on the network of its instances");
    }
}
