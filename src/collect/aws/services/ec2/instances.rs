//! Instances of Amazon EC2 and what they are launched from.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use super::tags;
use crate::collect::aws::Task;
use crate::collect::aws::services::convert::{arn, instant, partition, strings, time, unusable};
use crate::collect::aws::services::{Listing, UNLISTED, fill, pages};
use crate::model::operation::{
    DESCRIBE_IMAGES, DESCRIBE_INSTANCES, DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, DESCRIBE_LAUNCH_TEMPLATES,
};
use crate::model::types::ec2::{IMAGE, INSTANCE, INSTANCE_VOLUME, LAUNCH_TEMPLATE};
use crate::model::{Resource, Unknown, Value};
use crate::{record, slot};

/// The largest pages that the operations accept.
const PAGE: i32 = 1000;
const TEMPLATE_PAGE: i32 = 200;

/// The most values that a filter accepts.
const FILTER_VALUES: usize = 200;

/// The tag that Auto Scaling puts on the instances that it launches.
const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// Reads the instances, launch templates and images of a Region.
pub(super) async fn collect(task: &Task, client: &Client) -> Vec<Resource> {
    let (instances, templates, own) =
        tokio::join!(instances(task, client), launch_templates(task, client), own_images(task, client));
    let named = images_named(task, client, &instances, &templates, &own).await;
    [instances, templates, own, named].concat()
}

async fn instances(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&INSTANCE, DESCRIBE_INSTANCES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_INSTANCES,
        |token| {
            let request = client.describe_instances().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_INSTANCES, request.send())
        },
        |page| (page.reservations, page.next_token),
    )
    .await;
    let instances = listing.items.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default());
    let listing = Listing { items: instances.filter(exists).collect(), failed: listing.failed };
    listing.into_resources(task, &INSTANCE, DESCRIBE_INSTANCES, |instance| {
        let id = instance.instance_id?;
        let mut resource = task.resource(&INSTANCE, &id);
        resource.arn = arn(task, "ec2", &format!("instance/{id}"));
        let group = instance.tags.as_deref().unwrap_or_default().iter().find(|tag| tag.key() == Some(GROUP_TAG));
        fill!(resource, INSTANCE {
            "auto_scaling_group": group.and_then(sdk::Tag::value),
            "tags": tags(&mut resource, instance.tags),
            "state": instance.state.and_then(|state| state.name).as_ref().map(sdk::InstanceStateName::as_str),
            "image_id": instance.image_id,
            "launched": time(instance.launch_time),
            "vpc_id": instance.vpc_id,
            "subnet_id": instance.subnet_id,
            "availability_zone": instance.placement.and_then(|placement| placement.availability_zone),
            "lifecycle": instance.instance_lifecycle.as_ref().map(sdk::InstanceLifecycleType::as_str),
            "root_device": instance.root_device_name,
            "volumes": Value::list(instance.block_device_mappings.unwrap_or_default().into_iter().filter_map(volume)),
        });
        Some(resource)
    })
}

/// Whether an instance is more than a memory: those that were terminated stay in the answer for about an hour.
fn exists(instance: &sdk::Instance) -> bool {
    let state = instance.state.as_ref().and_then(|state| state.name.as_ref());
    !matches!(state, Some(sdk::InstanceStateName::Terminated | sdk::InstanceStateName::ShuttingDown))
}

fn volume(mapping: sdk::InstanceBlockDeviceMapping) -> Option<Value> {
    let volume = mapping.ebs?;
    Some(record!(INSTANCE_VOLUME {
        "volume_id": volume.volume_id,
        "device": mapping.device_name,
        "delete_on_termination": volume.delete_on_termination,
    }))
}

async fn launch_templates(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&LAUNCH_TEMPLATE, DESCRIBE_LAUNCH_TEMPLATES) {
        return Vec::new();
    }
    let (listing, versions) = tokio::join!(
        pages(
            DESCRIBE_LAUNCH_TEMPLATES,
            |token| {
                let request = client.describe_launch_templates().max_results(TEMPLATE_PAGE).set_next_token(token);
                task.call(DESCRIBE_LAUNCH_TEMPLATES, request.send())
            },
            |page| (page.launch_templates, page.next_token),
        ),
        template_versions(task, client),
    );
    listing.into_resources(task, &LAUNCH_TEMPLATE, DESCRIBE_LAUNCH_TEMPLATES, |template| {
        let id = template.launch_template_id?;
        let mut resource = task.resource(&LAUNCH_TEMPLATE, &id);
        resource.arn = arn(task, "ec2", &format!("launch-template/{id}"));
        let image = |number: Option<i64>| match (&versions, number) {
            (None, _) => None,
            (Some(Err(unknown)), _) => Some(Value::Unknown(Arc::clone(unknown))),
            (Some(Ok(versions)), number) => Some(match number.and_then(|number| versions.get(&(id.clone(), number))) {
                Some(image) => image.clone().into(),
                None => {
                    let detail = "the answer lacks a version of the template";
                    Value::Unknown(unusable(DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, detail))
                }
            }),
        };
        let (default, latest) = (image(template.default_version_number), image(template.latest_version_number));
        if let (Some(default), Some(latest)) = (default, latest) {
            fill!(resource, LAUNCH_TEMPLATE { "default_image_id": default, "latest_image_id": latest });
        }
        fill!(resource, LAUNCH_TEMPLATE {
            "tags": tags(&mut resource, template.tags),
            "default_version": template.default_version_number,
            "latest_version": template.latest_version_number,
        });
        // Its own name says more than a `Name` tag, and every template has one.
        if let Some(name) = template.launch_template_name {
            resource.name = name.into();
        }
        Some(resource)
    })
}

/// The AMI by template and version.
type Versions = HashMap<(String, i64), Option<String>>;

/// Reads the default and the latest version of all templates at once; none when nobody wants them.
async fn template_versions(task: &Task, client: &Client) -> Option<Result<Versions, Arc<Unknown>>> {
    if !task.wants(&LAUNCH_TEMPLATE, DESCRIBE_LAUNCH_TEMPLATE_VERSIONS) {
        return None;
    }
    let listing = pages(
        DESCRIBE_LAUNCH_TEMPLATE_VERSIONS,
        |token| {
            let request = client.describe_launch_template_versions().versions("$Latest").versions("$Default");
            let request = request.max_results(TEMPLATE_PAGE).set_next_token(token);
            task.call(DESCRIBE_LAUNCH_TEMPLATE_VERSIONS, request.send())
        },
        |page| (page.launch_template_versions, page.next_token),
    )
    .await;
    Some(listing.complete().map(|versions| {
        let entry = |version: sdk::LaunchTemplateVersion| {
            let image = version.launch_template_data.and_then(|data| data.image_id);
            Some(((version.launch_template_id?, version.version_number?), image))
        };
        versions.into_iter().filter_map(entry).collect()
    }))
}

async fn own_images(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&IMAGE, DESCRIBE_IMAGES) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_IMAGES,
        |token| {
            let request = client.describe_images().owners("self").max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_IMAGES, request.send())
        },
        |page| (page.images, page.next_token),
    )
    .await;
    listing.into_resources(task, &IMAGE, DESCRIBE_IMAGES, |item| image(task, item))
}

/// Reads the images of others that instances and templates name. One that is gone is not in the answer.
async fn images_named(
    task: &Task,
    client: &Client,
    instances: &[Resource],
    templates: &[Resource],
    own: &[Resource],
) -> Vec<Resource> {
    if !task.wants(&IMAGE, DESCRIBE_IMAGES) {
        return Vec::new();
    }
    let own: BTreeSet<&str> = own.iter().map(|image| &*image.id).collect();
    // Without them the account's own images would be taken for those of others, and asked for one by one.
    if own.contains(UNLISTED) {
        return Vec::new();
    }
    let named: BTreeSet<&str> = instances
        .iter()
        .map(|instance| instance.get(slot!(INSTANCE, "image_id")))
        .chain(templates.iter().flat_map(|template| {
            let (default, latest) =
                (slot!(LAUNCH_TEMPLATE, "default_image_id"), slot!(LAUNCH_TEMPLATE, "latest_image_id"));
            [template.get(default), template.get(latest)]
        }))
        .filter_map(Value::as_str)
        .filter(|id| id.starts_with("ami-") && !own.contains(id))
        .collect();
    let named: Vec<&str> = named.into_iter().collect();
    let mut images = Vec::new();
    for some in named.chunks(FILTER_VALUES) {
        // By filter, since asking for an id that is gone is an error.
        let values = some.iter().map(|id| (*id).to_owned()).collect();
        let filter = sdk::Filter::builder().name("image-id").set_values(Some(values)).build();
        // Deprecated ones of others can still be launched, but are only told when asked for.
        let request = client.describe_images().filters(filter).include_deprecated(true);
        let answer = task.call(DESCRIBE_IMAGES, request.send()).await;
        let listing = Listing::whole(answer.map(|answer| answer.images));
        images.extend(listing.into_resources(task, &IMAGE, DESCRIBE_IMAGES, |item| image(task, item)));
    }
    images
}

fn image(task: &Task, image: sdk::Image) -> Option<Resource> {
    let id = image.image_id?;
    let mut resource = task.resource(&IMAGE, &id);
    // ARNs of images name no account.
    let region = &task.key.region;
    resource.arn = format!("arn:{}:ec2:{region}::image/{id}", partition(region)).into();
    let mappings = image.block_device_mappings.unwrap_or_default();
    let snapshots = mappings.into_iter().filter_map(|mapping| mapping.ebs?.snapshot_id).collect();
    fill!(resource, IMAGE {
        "tags": tags(&mut resource, image.tags),
        "state": image.state.as_ref().map(sdk::ImageState::as_str),
        "owner_id": image.owner_id,
        "owner_alias": image.image_owner_alias,
        "created": instant(DESCRIBE_IMAGES, image.creation_date),
        "public": image.public,
        "snapshot_ids": strings(Some(snapshots)),
        "source_instance_id": image.source_instance_id,
        "source_image_id": image.source_image_id,
        "source_image_region": image.source_image_region,
    });
    if let Some(name) = image.name {
        resource.name = name.into();
    }
    Some(resource)
}
