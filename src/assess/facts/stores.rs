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
        "AWS::EFS::FileSystem" => match store.get(slot!(EFS, "availability_zone_id")) {
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            zone => zone.is_null().into(),
        },
        "AWS::FSx::FileSystem" => match store.get(slot!(FSX, "deployment_type")) {
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            deployment => deployment.as_str().is_some_and(|deployment| deployment.starts_with("MULTI_AZ")).into(),
        },
        // Of the managed storage of a cluster in one zone, AWS does not say how soon it holds a write.
        "AWS::Redshift::Cluster" => match store.get(slot!(redshift::CLUSTER, "multi_az")) {
            Value::Bool(true) => true.into(),
            Value::Unknown(unknown) => Value::Unknown(Arc::clone(unknown)),
            _ => undocumented(store),
        },
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
    let detail = format!("whether {} writes to another zone first", store.ty.name);
    Value::unknown(Unknown::new(UnknownReason::NotVisible, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::types::{elasticache, mq, s3};

    fn store(ty: &'static crate::model::ResourceType) -> Resource {
        Resource::new(ty, "111111111111", "ap-northeast-1", "orders")
    }

    #[test]
    fn only_what_waits_for_another_zone_is_in_it() {
        let mut database = store(&DB_INSTANCE);
        assert!(another_zone(&database).as_unknown().is_some(), "it was not read");
        for multi_az in [true, false] {
            database.set(slot!(DB_INSTANCE, "multi_az"), multi_az);
            assert_eq!(another_zone(&database), Value::Bool(multi_az));
        }
        let mut cache = store(&REPLICATION_GROUP);
        for (durability, synchronous) in
            [(Value::str("sync"), true), (Value::str("async"), false), (Value::Null, false)]
        {
            cache.set(slot!(REPLICATION_GROUP, "effective_durability"), durability);
            assert_eq!(another_zone(&cache), Value::Bool(synchronous));
        }
        let mut files = store(&FSX);
        for (deployment, synchronous) in [("MULTI_AZ_1", true), ("SINGLE_AZ_2", false)] {
            files.set(slot!(FSX, "deployment_type"), deployment);
            assert_eq!(another_zone(&files), Value::Bool(synchronous));
        }
        assert_eq!(another_zone(&store(&s3::BUCKET)), Value::Bool(true));
        let mut warehouse = store(&redshift::CLUSTER);
        warehouse.set(slot!(redshift::CLUSTER, "multi_az"), true);
        assert_eq!(another_zone(&warehouse), Value::Bool(true));
        warehouse.set(slot!(redshift::CLUSTER, "multi_az"), false);
        for undocumented in [warehouse, store(&elasticache::SERVERLESS_CACHE), store(&mq::BROKER)] {
            assert!(another_zone(&undocumented).as_unknown().is_some(), "what AWS does not document is not guessed");
        }
    }

    #[test]
    fn only_global_tables_with_strong_consistency_are_in_another_region() {
        let mut table = store(&TABLE);
        for (consistency, synchronous) in
            [(Value::str("STRONG"), true), (Value::str("EVENTUAL"), false), (Value::Null, false)]
        {
            table.set(slot!(TABLE, "multi_region_consistency"), consistency);
            assert_eq!(another_region(&table), Value::Bool(synchronous));
        }
        assert_eq!(another_region(&store(&s3::BUCKET)), Value::Bool(false), "replication is asynchronous");
    }
}
