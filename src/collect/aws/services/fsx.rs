//! Amazon `FSx`.

use aws_sdk_fsx::Client;
use aws_sdk_fsx::types as sdk;

use super::convert::{Tags, arn, days, strings, time};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::Resource;
use crate::model::operation::{DESCRIBE_BACKUPS, FSX_DESCRIBE_FILE_SYSTEMS};
use crate::model::types::fsx::{BACKUP, FILE_SYSTEM};

/// How many items are asked for in a page; the service may give fewer.
const PAGE: i32 = 100;

/// Reads the file systems and backups of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    let client = &task.clients.fsx();
    let (systems, backups) = tokio::join!(file_systems(task, client), backups(task, client));
    [systems, backups].concat()
}

async fn file_systems(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&FILE_SYSTEM, FSX_DESCRIBE_FILE_SYSTEMS) {
        return Vec::new();
    }
    let mut listing = pages(
        FSX_DESCRIBE_FILE_SYSTEMS,
        |token| {
            let request = client.describe_file_systems().max_results(PAGE).set_next_token(token);
            task.call(FSX_DESCRIBE_FILE_SYSTEMS, request.send())
        },
        |page| (page.file_systems, page.next_token),
    )
    .await;
    listing.items.retain(|system| system.lifecycle != Some(sdk::FileSystemLifecycle::Deleting));
    listing.into_resources(task, &FILE_SYSTEM, FSX_DESCRIBE_FILE_SYSTEMS, |system| {
        let (deployment, retention) = configuration(&system);
        let deployment = deployment.map(str::to_owned);
        let repository =
            system.lustre_configuration.as_ref().is_some_and(|lustre| lustre.data_repository_configuration.is_some());
        let id = system.file_system_id?;
        let mut resource = task.resource(&FILE_SYSTEM, &id);
        resource.arn = system.resource_arn.map_or_else(|| arn(task, "fsx", &format!("file-system/{id}")), Into::into);
        let tags = Tags::new(system.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
        if let Some(name) = tags.name() {
            resource.name = name;
        }
        fill!(resource, FILE_SYSTEM {
            "tags": tags,
            "file_system_type": system.file_system_type.as_ref().map(sdk::FileSystemType::as_str),
            "deployment_type": deployment,
            "subnet_ids": strings(system.subnet_ids),
            "automatic_backup_retention": days(retention),
            "data_repository": repository,
        });
        Some(resource)
    })
}

/// The deployment type and the retention of automatic backups, which each kind of file system keeps for itself.
fn configuration(system: &sdk::FileSystem) -> (Option<&str>, Option<i32>) {
    if let Some(windows) = &system.windows_configuration {
        return (
            windows.deployment_type.as_ref().map(sdk::WindowsDeploymentType::as_str),
            windows.automatic_backup_retention_days,
        );
    }
    if let Some(ontap) = &system.ontap_configuration {
        return (
            ontap.deployment_type.as_ref().map(sdk::OntapDeploymentType::as_str),
            ontap.automatic_backup_retention_days,
        );
    }
    if let Some(openzfs) = &system.open_zfs_configuration {
        return (
            openzfs.deployment_type.as_ref().map(sdk::OpenZfsDeploymentType::as_str),
            openzfs.automatic_backup_retention_days,
        );
    }
    match &system.lustre_configuration {
        Some(lustre) => (
            lustre.deployment_type.as_ref().map(sdk::LustreDeploymentType::as_str),
            lustre.automatic_backup_retention_days,
        ),
        None => (None, None),
    }
}

async fn backups(task: &Task, client: &Client) -> Vec<Resource> {
    if !task.wants(&BACKUP, DESCRIBE_BACKUPS) {
        return Vec::new();
    }
    let listing = pages(
        DESCRIBE_BACKUPS,
        |token| {
            let request = client.describe_backups().max_results(PAGE).set_next_token(token);
            task.call(DESCRIBE_BACKUPS, request.send())
        },
        |page| (page.backups, page.next_token),
    )
    .await;
    listing.into_resources(task, &BACKUP, DESCRIBE_BACKUPS, |backup| {
        let id = backup.backup_id?;
        let mut resource = task.resource(&BACKUP, &id);
        resource.arn = backup.resource_arn.map_or_else(|| arn(task, "fsx", &format!("backup/{id}")), Into::into);
        // Of ONTAP it is the volumes that are backed up.
        let of_volume = backup.volume.and_then(|volume| volume.file_system_id);
        fill!(resource, BACKUP {
            "file_system_id": backup.file_system.and_then(|system| system.file_system_id).or(of_volume),
            "lifecycle": backup.lifecycle.as_ref().map(sdk::BackupLifecycle::as_str),
            "created": time(backup.creation_time),
            "source_backup_id": backup.source_backup_id,
        });
        Some(resource)
    })
}
