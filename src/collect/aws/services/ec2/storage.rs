//! Amazon EBS.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types as sdk;

use super::tags;
use crate::collect::aws::Task;
use crate::collect::aws::services::convert::{arn, list, partition, time};
use crate::collect::aws::services::{fill, pages};
use crate::model::Resource;
use crate::model::operation::{DESCRIBE_SNAPSHOTS, DESCRIBE_VOLUMES};
use crate::model::types::ec2::{SNAPSHOT, VOLUME, VOLUME_ATTACHMENT};
use crate::record;

/// The largest pages that the operations accept.
const PAGE: i32 = 1000;

/// Reads the volumes and snapshots of a Region.
pub(super) async fn collect(task: &Task, client: &Client) -> Vec<Resource> {
    let (volumes, snapshots) = tokio::join!(volumes(task, client), snapshots(task, client));
    [volumes, snapshots].concat()
}

async fn volumes(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&VOLUME, DESCRIBE_VOLUMES) {
        return Vec::new();
    }
    let mut listing = pages(
        DESCRIBE_VOLUMES,
        |token| {
            let request = client.describe_volumes().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_VOLUMES, request.send())
        },
        |page| (page.volumes, page.next_token),
    )
    .await;
    listing
        .items
        .retain(|volume| !matches!(volume.state, Some(sdk::VolumeState::Deleting | sdk::VolumeState::Deleted)));
    listing.into_resources(task, &VOLUME, DESCRIBE_VOLUMES, |volume| {
        let id = volume.volume_id?;
        let mut resource = task.resource(&VOLUME, &id);
        resource.arn = arn(task, "ec2", &format!("volume/{id}"));
        fill!(resource, VOLUME {
            "tags": tags(&mut resource, volume.tags),
            "state": volume.state.as_ref().map(sdk::VolumeState::as_str),
            "volume_type": volume.volume_type.as_ref().map(sdk::VolumeType::as_str),
            "size": volume.size,
            "created": time(volume.create_time),
            "availability_zone": volume.availability_zone,
            "kms_key_id": volume.kms_key_id,
            "attachments": list(volume.attachments, |attachment| record!(VOLUME_ATTACHMENT {
                "instance_id": attachment.instance_id,
                "device": attachment.device,
                "delete_on_termination": attachment.delete_on_termination,
            })),
        });
        Some(resource)
    })
}

async fn snapshots(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&SNAPSHOT, DESCRIBE_SNAPSHOTS) {
        return Vec::new();
    }
    // Without an owner the answer holds the snapshots of all public AMIs.
    let listing = pages(
        DESCRIBE_SNAPSHOTS,
        |token| {
            let request = client.describe_snapshots().owner_ids("self").max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_SNAPSHOTS, request.send())
        },
        |page| (page.snapshots, page.next_token),
    )
    .await;
    listing.into_resources(task, &SNAPSHOT, DESCRIBE_SNAPSHOTS, |snapshot| {
        let id = snapshot.snapshot_id?;
        let mut resource = task.resource(&SNAPSHOT, &id);
        // ARNs of snapshots name no account.
        let region = &task.key.region;
        resource.arn = format!("arn:{}:ec2:{region}::snapshot/{id}", partition(region)).into();
        fill!(resource, SNAPSHOT {
            "volume_id": snapshot.volume_id,
            "state": snapshot.state.as_ref().map(sdk::SnapshotState::as_str),
            "started": time(snapshot.start_time),
            "size": snapshot.volume_size,
            "copied_from": snapshot.description.as_deref().and_then(copied_from),
        });
        Some(resource)
    })
}

/// The source of a copied snapshot. No field of the answer has it; the description does, unless somebody wrote another:
/// `[Copied snap-0123456789abcdef0 from ap-northeast-1]` and `Copied for DestinationAmi ami-1 from SourceAmi ami-0 for
/// SourceSnapshot snap-0. Task created on 1,767,225,600,000.`
fn copied_from(description: &str) -> Option<&str> {
    let (_, rest) = description.split_once("[Copied ").or_else(|| description.split_once("for SourceSnapshot "))?;
    let id = rest.split(|character: char| !(character.is_ascii_alphanumeric() || character == '-')).next()?;
    id.starts_with("snap-").then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_snapshot_tells_its_source_in_its_description() {
        for (description, expected) in [
            ("[Copied snap-0123456789abcdef0 from ap-northeast-1]", Some("snap-0123456789abcdef0")),
            ("[Copied snap-0123456789abcdef0 from ap-northeast-1] nightly", Some("snap-0123456789abcdef0")),
            (
                "Copied for DestinationAmi ami-1 from SourceAmi ami-0 for SourceSnapshot snap-0. Task created on 1.",
                Some("snap-0"),
            ),
            ("Created by CreateImage(i-0) for ami-0", None),
            ("[Copied from tape]", None),
            ("", None),
        ] {
            assert_eq!(copied_from(description), expected, "{description}");
        }
    }
}
