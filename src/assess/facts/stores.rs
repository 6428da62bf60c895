//! The data stores of a workload: which they are, and where a write is once it is acknowledged.

use std::sync::Arc;

use super::{Fact, Holding, open};
use crate::assess::architecture;
use crate::model::types::dynamodb::TABLE;
use crate::model::types::efs::FILE_SYSTEM as EFS;
use crate::model::types::elasticache::REPLICATION_GROUP;
use crate::model::types::fsx::FILE_SYSTEM as FSX;
use crate::model::types::rds::DB_INSTANCE;
use crate::model::types::redshift;
use crate::model::types::workload::{STORE_COPIES, WORKLOAD};
use crate::model::{Resource, Unknown, UnknownReason, Value};
use crate::{record, slot};

pub(super) fn facts(holding: &Holding<'_>) -> Vec<Fact> {
    vec![(slot!(WORKLOAD, "architecture"), fingerprint(holding)), (slot!(WORKLOAD, "stores"), stores(holding))]
}

fn fingerprint(holding: &Holding<'_>) -> Value {
    match holding.missing(architecture::types()) {
        Some(unknown) => Value::Unknown(unknown),
        None => architecture::fingerprint(holding.owned.iter().copied()),
    }
}

/// The stores of the primary Region, where there is one: those of the DR Region are copies.
fn stores(holding: &Holding<'_>) -> Value {
    let at_home = |resource: &Resource| holding.primary_region.is_none_or(|primary| primary == &*resource.region);
    let stands_for_itself =
        |resource: &Resource| !matches!(resource.field("held_by"), Some(Value::Str(_))) && at_home(resource);
    let stores =
        holding.owned.iter().filter(|resource| architecture::counts(resource.ty) && stands_for_itself(resource)).map(
            |store| {
                record!(STORE_COPIES {
                    "resource": Value::Str(Arc::clone(&store.id)),
                    "type": store.ty.name,
                    "region": Value::Str(Arc::clone(&store.region)),
                    "az_synchronous": another_zone(store),
                    "region_synchronous": another_region(store),
                })
            },
        );
    open(stores.collect(), holding.missing(architecture::types()).as_ref())
}

/// Whether an acknowledged write is in another zone. The pages are among the sources of `obj-rpo-zero-synchronous`.
fn another_zone(store: &Resource) -> Value {
    match store.ty.name {
        // "Synchronous standby replica" of a Multi-AZ DB instance deployment.
        "AWS::RDS::DBInstance" => store.get(slot!(DB_INSTANCE, "multi_az")).clone(),
        // The storage of Aurora, DocumentDB and Neptune is in three zones; a Multi-AZ DB cluster waits for a reader.
        "AWS::RDS::DBCluster" => true.into(),
        "AWS::DynamoDB::Table" | "AWS::S3::Bucket" | "AWS::Kinesis::Stream" | "AWS::SQS::Queue" => true.into(),
        // A Multi-AZ transactional log.
        "AWS::MemoryDB::Cluster" => true.into(),
        "AWS::ElastiCache::ReplicationGroup" => match store.get(slot!(REPLICATION_GROUP, "effective_durability")) {
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            durability => (durability.as_str() == Some("sync")).into(),
        },
        "AWS::ElastiCache::ServerlessCache" => false.into(),
        "AWS::EFS::FileSystem" => match store.get(slot!(EFS, "availability_zone_id")) {
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            zone => zone.is_null().into(),
        },
        "AWS::FSx::FileSystem" => match store.get(slot!(FSX, "deployment_type")) {
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            deployment => deployment.as_str().is_some_and(|deployment| deployment.starts_with("MULTI_AZ")).into(),
        },
        "AWS::Redshift::Cluster" => store.get(slot!(redshift::CLUSTER, "multi_az")).clone(),
        _ => undocumented(store),
    }
}

/// Whether an acknowledged write is in another Region: only global tables with strong consistency do that.
fn another_region(store: &Resource) -> Value {
    if store.ty != &TABLE {
        return false.into();
    }
    match store.get(slot!(TABLE, "multi_region_consistency")) {
        Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
        consistency => (consistency.as_str() == Some("STRONG")).into(),
    }
}

fn undocumented(store: &Resource) -> Value {
    let detail = format!("AWS documents no synchronous copy of {}", store.ty.name);
    Value::unknown(Unknown::new(UnknownReason::Absent, detail))
}
