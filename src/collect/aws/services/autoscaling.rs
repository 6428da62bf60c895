//! Amazon EC2 Auto Scaling.

use aws_sdk_autoscaling::Client;
use aws_sdk_autoscaling::types as sdk;

use super::convert::{Tags, arn, list, strings};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_AUTO_SCALING_GROUPS, DESCRIBE_LAUNCH_CONFIGURATIONS};
use crate::model::types::autoscaling::{
    AUTO_SCALING_GROUP, GROUP_INSTANCE, LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE_SPECIFICATION,
};
use crate::model::{Resource, Seconds, Value};
use crate::record;

/// The largest pages that the operations accept.
const PAGE: i32 = 100;

/// Reads the groups and launch configurations of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.autoscaling();
    let (groups, configurations) = tokio::join!(groups(task, client), launch_configurations(task, client));
    [groups, configurations].concat()
}

async fn groups(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&AUTO_SCALING_GROUP, DESCRIBE_AUTO_SCALING_GROUPS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_AUTO_SCALING_GROUPS,
        |token| {
            let request = client.describe_auto_scaling_groups().max_records(PAGE).set_next_token(token);
            task.call(DESCRIBE_AUTO_SCALING_GROUPS, request.send())
        },
        |page| (page.auto_scaling_groups, page.next_token),
    )
    .await;
    listing.into_resources(task, &AUTO_SCALING_GROUP, DESCRIBE_AUTO_SCALING_GROUPS, |group| {
        let name = group.auto_scaling_group_name?;
        let mut resource = task.resource(&AUTO_SCALING_GROUP, &name);
        resource.arn = group.auto_scaling_group_arn.unwrap_or_default().into();
        let mut load_balancers = group.load_balancer_names.unwrap_or_default();
        let mut target_groups = group.target_group_arns.unwrap_or_default();
        for source in group.traffic_sources.unwrap_or_default() {
            let (Some(identifier), Some(kind)) = (source.identifier, source.r#type) else { continue };
            match kind.as_str() {
                "elb" => load_balancers.push(identifier),
                "elbv2" => target_groups.push(identifier),
                _ => {}
            }
        }
        let suspended = group.suspended_processes.unwrap_or_default();
        let tags = group.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
        fill!(resource, AUTO_SCALING_GROUP {
            "tags": Tags::new(tags),
            "availability_zones": distinct(group.availability_zones.unwrap_or_default()),
            "subnets": distinct(separated(group.vpc_zone_identifier)),
            "min_size": group.min_size,
            "max_size": group.max_size,
            "desired_capacity": group.desired_capacity,
            "desired_capacity_type": group.desired_capacity_type,
            "weighted": group.mixed_instances_policy.as_ref().is_some_and(weighted),
            "health_check_types": strings(Some(separated(group.health_check_type))),
            "health_check_grace_period": group.health_check_grace_period.map(|seconds| Seconds(seconds.into())),
            "load_balancer_names": distinct(load_balancers),
            "target_group_arns": distinct(target_groups),
            "instances": list(group.instances, |instance| record!(GROUP_INSTANCE {
                "instance_id": instance.instance_id,
                "availability_zone": instance.availability_zone,
                "lifecycle_state": instance.lifecycle_state.as_ref().map(sdk::LifecycleState::as_str),
                "health_status": instance.health_status,
            })),
            "suspended_processes": strings(Some(suspended.into_iter().filter_map(|it| it.process_name).collect())),
            "launch_templates": launch_templates(group.launch_template, group.mixed_instances_policy),
            "launch_configuration": group.launch_configuration_name,
        });
        Some(resource)
    })
}

/// The parts of a list that AWS gives as one text.
fn separated(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Texts in order, each once.
fn distinct(mut texts: Vec<String>) -> Value {
    texts.sort_unstable();
    texts.dedup();
    strings(Some(texts))
}

fn weighted(policy: &sdk::MixedInstancesPolicy) -> bool {
    let overrides = policy.launch_template.as_ref().map(sdk::LaunchTemplate::overrides).unwrap_or_default();
    overrides.iter().any(|it| it.weighted_capacity.as_deref().is_some_and(|weight| weight != "1"))
}

/// The templates of a group. Those of overrides stand beside the policy's own, which is for the overrides without one.
fn launch_templates(
    template: Option<sdk::LaunchTemplateSpecification>,
    policy: Option<sdk::MixedInstancesPolicy>,
) -> Value {
    let mut found: Vec<Value> = template.map(|template| specification(template, None)).into_iter().collect();
    if let Some(template) = policy.and_then(|policy| policy.launch_template) {
        let overrides = template.overrides.unwrap_or_default();
        let own = template.launch_template_specification;
        if overrides.is_empty() {
            found.extend(own.clone().map(|own| specification(own, None)));
        }
        for part in overrides {
            let template = part.launch_template_specification.or_else(|| own.clone());
            found.extend(template.map(|template| specification(template, part.image_id)));
        }
    }
    let mut once: Vec<Value> = Vec::with_capacity(found.len());
    for template in found {
        if !once.contains(&template) {
            once.push(template);
        }
    }
    Value::list(once)
}

fn specification(template: sdk::LaunchTemplateSpecification, image: Option<String>) -> Value {
    record!(LAUNCH_TEMPLATE_SPECIFICATION {
        "id": template.launch_template_id,
        "name": template.launch_template_name,
        "version": template.version,
        "image_id": image,
    })
}

async fn launch_configurations(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&LAUNCH_CONFIGURATION, DESCRIBE_LAUNCH_CONFIGURATIONS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_LAUNCH_CONFIGURATIONS,
        |token| {
            let request = client.describe_launch_configurations().max_records(PAGE).set_next_token(token);
            task.call(DESCRIBE_LAUNCH_CONFIGURATIONS, request.send())
        },
        |page| (page.launch_configurations, page.next_token),
    )
    .await;
    listing.into_resources(task, &LAUNCH_CONFIGURATION, DESCRIBE_LAUNCH_CONFIGURATIONS, |configuration| {
        let name = configuration.launch_configuration_name?;
        let mut resource = task.resource(&LAUNCH_CONFIGURATION, &name);
        resource.arn = configuration.launch_configuration_arn.map_or_else(
            || arn(task, "autoscaling", &format!("launchConfiguration:*:launchConfigurationName/{name}")),
            Into::into,
        );
        fill!(resource, LAUNCH_CONFIGURATION { "image_id": configuration.image_id });
        Some(resource)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(id: &str) -> sdk::LaunchTemplateSpecification {
        sdk::LaunchTemplateSpecification::builder().launch_template_id(id).build()
    }

    fn policy(overrides: Vec<sdk::LaunchTemplateOverrides>) -> sdk::MixedInstancesPolicy {
        let template = sdk::LaunchTemplate::builder()
            .launch_template_specification(template("lt-own"))
            .set_overrides(Some(overrides))
            .build();
        sdk::MixedInstancesPolicy::builder().launch_template(template).build()
    }

    #[test]
    fn an_override_launches_from_its_own_template_and_image() {
        let overrides = || sdk::LaunchTemplateOverrides::builder();
        let arm = overrides().launch_template_specification(template("lt-arm")).build();
        let with_image = overrides().image_id("ami-1").build();
        let (large, small) = (overrides().instance_type("m6i.large").build(), overrides().build());
        let found = launch_templates(None, Some(policy(vec![arm, large, with_image, small])));
        let own = specification(template("lt-own"), None);
        let expected = [
            specification(template("lt-arm"), None),
            own.clone(),
            specification(template("lt-own"), Some("ami-1".to_owned())),
        ];
        assert_eq!(found, Value::list(expected), "each once");
        assert_eq!(launch_templates(None, Some(policy(Vec::new()))), Value::list([own]));
    }

    #[test]
    fn a_weight_makes_capacity_something_else_than_instances() {
        let weight = |weight: &str| sdk::LaunchTemplateOverrides::builder().weighted_capacity(weight).build();
        assert!(!weighted(&policy(vec![weight("1")])));
        assert!(weighted(&policy(vec![weight("1"), weight("4")])));
    }

    #[test]
    fn subnets_come_as_one_text() {
        assert_eq!(separated(Some("subnet-1, subnet-2,".to_owned())), ["subnet-1", "subnet-2"]);
        assert!(separated(None).is_empty() && separated(Some(String::new())).is_empty());
    }
}
