//! Amazon S3.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::get_bucket_encryption::GetBucketEncryptionOutput;
use aws_sdk_s3::operation::get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput;
use aws_sdk_s3::operation::get_bucket_replication::GetBucketReplicationOutput;
use aws_sdk_s3::operation::get_bucket_tagging::GetBucketTaggingOutput;
use aws_sdk_s3::operation::get_object_lock_configuration::GetObjectLockConfigurationOutput;
use aws_sdk_s3::types::{
    self as sdk, DeleteMarkerReplicationStatus, ObjectLockEnabled, ReplicationTimeStatus, SseKmsEncryptedObjectsStatus,
};

use super::convert::{Arn, Tags, list, partition, positive_days, time, unheld};
use super::{Fields, complete, fields, fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::{
    GET_BUCKET_ENCRYPTION, GET_BUCKET_LIFECYCLE_CONFIGURATION, GET_BUCKET_REPLICATION, GET_BUCKET_TAGGING,
    GET_BUCKET_VERSIONING, GET_OBJECT_LOCK_CONFIGURATION, LIST_BUCKETS,
};
use crate::model::types::s3::{BUCKET, LIFECYCLE_RULE, REPLICATION_RULE};
use crate::model::{Resource, Seconds, Value};
use crate::record;

/// Buckets a page. S3 allows ten thousand, but without a limit it refuses accounts with more buckets than that.
const PAGE: i32 = 1000;

/// Reads the buckets of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&BUCKET, LIST_BUCKETS) {
        return Vec::new();
    }
    let client = &task.clients.s3();
    let mut listing = pages(
        LIST_BUCKETS,
        |token| {
            let request = client.list_buckets().bucket_region(&*task.key.region).max_buckets(PAGE);
            task.call(LIST_BUCKETS, request.set_continuation_token(token).send())
        },
        |page| (page.buckets, page.continuation_token),
    )
    .await;
    // S3-compatible servers may ignore the filter; a bucket must not be read once for every Region.
    listing.items.retain(|bucket| bucket.bucket_region.as_deref().is_none_or(|region| region == &*task.key.region));
    let buckets = listing.into_resources(task, &BUCKET, LIST_BUCKETS, |bucket| {
        let name = bucket.name?;
        let mut resource = task.resource(&BUCKET, &name);
        resource.arn = format!("arn:{}:s3:::{name}", partition(&task.key.region)).into();
        fill!(resource, BUCKET { "created": time(bucket.creation_date) });
        Some(resource)
    });
    complete(buckets, |bucket| read(task, client, Arc::clone(&bucket.id))).await
}

/// Reads the configurations of one bucket that are wanted.
async fn read(task: &Task, client: &Client, bucket: Arc<str>) -> Fields {
    let bucket = &*bucket;
    let (tags, versioning, replication, object_lock, lifecycle, encryption) = tokio::join!(
        tags(task, client, bucket),
        versioning(task, client, bucket),
        replication(task, client, bucket),
        object_lock(task, client, bucket),
        lifecycle(task, client, bucket),
        encryption(task, client, bucket),
    );
    [tags, versioning, replication, object_lock, lifecycle, encryption].concat()
}

async fn tags(task: &Task, client: &Client, bucket: &str) -> Fields {
    if !task.wants(&BUCKET, GET_BUCKET_TAGGING) {
        return Fields::new();
    }
    let request = client.get_bucket_tagging().bucket(bucket).send();
    let answer = task.call_unless(GET_BUCKET_TAGGING, request, |error| {
        let none = error.code() == Some("NoSuchTagSet");
        none.then(|| GetBucketTaggingOutput::builder().set_tag_set(Some(Vec::new())).build().ok()).flatten()
    });
    fields!(answer.await, BUCKET, |answer| {
        "tags": Tags::new(answer.tag_set.into_iter().map(|tag| (Some(tag.key), Some(tag.value)))),
    })
}

async fn versioning(task: &Task, client: &Client, bucket: &str) -> Fields {
    if !task.wants(&BUCKET, GET_BUCKET_VERSIONING) {
        return Fields::new();
    }
    let answer = task.call(GET_BUCKET_VERSIONING, client.get_bucket_versioning().bucket(bucket).send());
    fields!(answer.await, BUCKET, |answer| {
        "versioning": answer.status.as_ref().map(sdk::BucketVersioningStatus::as_str),
        "mfa_delete": answer.mfa_delete.as_ref().map(sdk::MfaDeleteStatus::as_str),
    })
}

async fn replication(task: &Task, client: &Client, bucket: &str) -> Fields {
    if !task.wants(&BUCKET, GET_BUCKET_REPLICATION) {
        return Fields::new();
    }
    let request = client.get_bucket_replication().bucket(bucket).send();
    let answer = task.call_unless(GET_BUCKET_REPLICATION, request, |error| {
        let none = error.code() == Some("ReplicationConfigurationNotFoundError");
        none.then(|| GetBucketReplicationOutput::builder().build())
    });
    let rules = answer.await.map(|answer| answer.replication_configuration.map(|configuration| configuration.rules));
    fields!(rules, BUCKET, |rules| { "replication_rules": list(rules, replication_rule) })
}

#[expect(deprecated, reason = "buckets that were configured with the first form still answer with it")]
fn replication_rule(rule: sdk::ReplicationRule) -> Value {
    // Rules come in two forms. The first has a prefix instead of a filter, nothing to say about delete markers, and
    // replicates those that users make: "Backward compatibility considerations" of the S3 User Guide.
    let delete_markers = match (&rule.delete_marker_replication, &rule.filter) {
        (Some(replication), _) => replication.status == Some(DeleteMarkerReplicationStatus::Enabled),
        (None, filter) => filter.is_none(),
    };
    let (prefix, filtered_by_tag) = match rule.filter {
        None => (rule.prefix, false),
        Some(sdk::ReplicationRuleFilter { and: Some(and), .. }) => {
            (and.prefix, and.tags.is_some_and(|tags| !tags.is_empty()))
        }
        Some(filter) => (filter.prefix, filter.tag.is_some()),
    };
    let destination = rule.destination;
    let time_control = destination.as_ref().and_then(|destination| destination.replication_time.as_ref());
    let encryption = destination.as_ref().and_then(|destination| destination.encryption_configuration.as_ref());
    let encrypted = rule.source_selection_criteria.and_then(|criteria| criteria.sse_kms_encrypted_objects);
    record!(REPLICATION_RULE {
        "id": rule.id,
        "status": rule.status.as_str(),
        "prefix": prefix.filter(|prefix| !prefix.is_empty()),
        "filtered_by_tag": filtered_by_tag,
        "destination_bucket": destination.as_ref().map(|destination| bucket_name(&destination.bucket)),
        "destination_account": destination.as_ref().and_then(|destination| destination.account.as_deref()),
        "replication_time_control": time_control.is_some_and(|time| time.status == ReplicationTimeStatus::Enabled),
        "delete_marker_replication": delete_markers,
        "sse_kms_objects": encrypted.is_some_and(|objects| objects.status == SseKmsEncryptedObjectsStatus::Enabled),
        "replica_kms_key_id": encryption.and_then(|encryption| encryption.replica_kms_key_id.as_deref()),
    })
}

/// The bucket of an ARN such as `arn:aws:s3:::assets`.
fn bucket_name(arn: &str) -> &str {
    Arn::parse(arn).map_or(arn, |arn| arn.resource)
}

async fn object_lock(task: &Task, client: &Client, bucket: &str) -> Fields {
    if !task.wants(&BUCKET, GET_OBJECT_LOCK_CONFIGURATION) {
        return Fields::new();
    }
    let request = client.get_object_lock_configuration().bucket(bucket).send();
    let answer = task.call_unless(GET_OBJECT_LOCK_CONFIGURATION, request, |error| {
        let none = error.code() == Some("ObjectLockConfigurationNotFoundError");
        none.then(|| GetObjectLockConfigurationOutput::builder().build())
    });
    let answer = answer.await.map(|answer| {
        let lock = answer.object_lock_configuration;
        let enabled =
            lock.as_ref().and_then(|lock| lock.object_lock_enabled.as_ref()) == Some(&ObjectLockEnabled::Enabled);
        (enabled, lock.and_then(|lock| lock.rule).and_then(|rule| rule.default_retention))
    });
    fields!(answer, BUCKET, |(enabled, retention)| {
        "object_lock_enabled": enabled,
        "object_lock_mode": retention.as_ref().and_then(|retention| retention.mode.as_ref()).map(sdk::ObjectLockRetentionMode::as_str),
        "object_lock_retention": retention.as_ref().and_then(default_retention),
    })
}

/// The length of a default retention, which is either days or years; some servers send the other one as zero.
fn default_retention(retention: &sdk::DefaultRetention) -> Option<Seconds> {
    let positive = |number: Option<i32>| number.map(i64::from).filter(|number| *number > 0);
    let days = positive(retention.days).or_else(|| positive(retention.years).map(|years| years * 365))?;
    Some(Seconds::from_days(days))
}

async fn lifecycle(task: &Task, client: &Client, bucket: &str) -> Fields {
    if !task.wants(&BUCKET, GET_BUCKET_LIFECYCLE_CONFIGURATION) {
        return Fields::new();
    }
    let request = client.get_bucket_lifecycle_configuration().bucket(bucket).send();
    let answer = task.call_unless(GET_BUCKET_LIFECYCLE_CONFIGURATION, request, |error| {
        let none = error.code() == Some("NoSuchLifecycleConfiguration");
        none.then(|| GetBucketLifecycleConfigurationOutput::builder().build())
    });
    fields!(answer.await, BUCKET, |answer| { "lifecycle_rules": list(answer.rules, lifecycle_rule) })
}

#[expect(deprecated, reason = "buckets that were configured with the first form still answer with it")]
fn lifecycle_rule(rule: sdk::LifecycleRule) -> Value {
    let noncurrent = rule.noncurrent_version_expiration;
    let prefix = match rule.filter {
        None => rule.prefix,
        Some(sdk::LifecycleRuleFilter { and: Some(and), .. }) => and.prefix,
        Some(filter) => filter.prefix,
    };
    record!(LIFECYCLE_RULE {
        "id": rule.id,
        "status": rule.status.as_str(),
        "prefix": prefix.filter(|prefix| !prefix.is_empty()),
        "expiration": match rule.expiration {
            Some(sdk::LifecycleExpiration { date: Some(date), .. }) => unheld(
                GET_BUCKET_LIFECYCLE_CONFIGURATION,
                &format!("objects expire on a date ({date}), not after a time"),
            ),
            expiration => positive_days(expiration.and_then(|expiration| expiration.days)),
        },
        "noncurrent_expiration": positive_days(noncurrent.as_ref().and_then(|noncurrent| noncurrent.noncurrent_days)),
        "newer_noncurrent_versions": noncurrent.and_then(|noncurrent| noncurrent.newer_noncurrent_versions),
    })
}

async fn encryption(task: &Task, client: &Client, bucket: &str) -> Fields {
    if !task.wants(&BUCKET, GET_BUCKET_ENCRYPTION) {
        return Fields::new();
    }
    let request = client.get_bucket_encryption().bucket(bucket).send();
    let answer = task.call_unless(GET_BUCKET_ENCRYPTION, request, |error| {
        let none = error.code() == Some("ServerSideEncryptionConfigurationNotFoundError");
        none.then(|| GetBucketEncryptionOutput::builder().build())
    });
    let default = answer.await.map(|answer| {
        let rules = answer.server_side_encryption_configuration.map(|configuration| configuration.rules);
        rules.unwrap_or_default().into_iter().find_map(|rule| rule.apply_server_side_encryption_by_default)
    });
    fields!(default, BUCKET, |default| {
        "sse_algorithm": default.as_ref().map(|default| default.sse_algorithm.as_str()),
        "kms_key_id": default.as_ref().and_then(|default| default.kms_master_key_id.as_deref()),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{
        DefaultRetention, DeleteMarkerReplication, Destination, LifecycleExpiration, LifecycleRule, ReplicationRule,
        ReplicationRuleAndOperator, ReplicationRuleFilter, ReplicationRuleStatus, ReplicationTime, Tag,
    };

    use super::*;

    #[expect(deprecated, reason = "the first form of a rule is under test")]
    fn rule(filter: Option<ReplicationRuleFilter>, prefix: Option<&str>) -> ReplicationRule {
        let destination = Destination::builder().bucket("arn:aws:s3:::assets-dr").build().unwrap();
        ReplicationRule::builder()
            .id("dr")
            .status(ReplicationRuleStatus::Enabled)
            .set_filter(filter)
            .set_prefix(prefix.map(str::to_owned))
            .destination(destination)
            .build()
            .unwrap()
    }

    fn part(rule: ReplicationRule, name: &str) -> Value {
        replication_rule(rule).as_record().unwrap()[REPLICATION_RULE.slot(name)].clone()
    }

    #[test]
    fn the_prefix_of_a_replication_rule_is_in_one_of_three_places() {
        let tag = Tag::builder().key("tier").value("gold").build().unwrap();
        let filter = |prefix: &str| ReplicationRuleFilter::builder().prefix(prefix).build();
        let and = ReplicationRuleAndOperator::builder().prefix("logs/").tags(tag.clone()).build();
        let by_tag = ReplicationRuleFilter::builder().tag(tag).build();
        for (rule, prefix, by_tag) in [
            (rule(None, Some("logs/")), Value::from("logs/"), false),
            (rule(None, Some("")), Value::Null, false),
            (rule(Some(filter("logs/")), None), Value::from("logs/"), false),
            (rule(Some(filter("")), None), Value::Null, false),
            (rule(Some(ReplicationRuleFilter::builder().and(and).build()), None), Value::from("logs/"), true),
            (rule(Some(by_tag), None), Value::Null, true),
        ] {
            assert_eq!(part(rule.clone(), "prefix"), prefix, "{rule:?}");
            assert_eq!(part(rule.clone(), "filtered_by_tag"), Value::Bool(by_tag), "{rule:?}");
            assert_eq!(part(rule, "destination_bucket"), Value::from("assets-dr"));
        }
    }

    #[test]
    fn rules_of_the_first_form_replicate_delete_markers() {
        let filter = || Some(ReplicationRuleFilter::builder().prefix("").build());
        assert_eq!(part(rule(None, Some("")), "delete_marker_replication"), Value::Bool(true));
        assert_eq!(part(rule(filter(), None), "delete_marker_replication"), Value::Bool(false));
        let mut enabled = rule(filter(), None);
        enabled.delete_marker_replication =
            Some(DeleteMarkerReplication::builder().status(DeleteMarkerReplicationStatus::Enabled).build());
        assert_eq!(part(enabled, "delete_marker_replication"), Value::Bool(true));
    }

    #[test]
    fn replication_time_control_is_on_only_when_enabled() {
        for (status, on) in [(ReplicationTimeStatus::Enabled, true), (ReplicationTimeStatus::Disabled, false)] {
            let mut rule = rule(None, None);
            let time = ReplicationTime::builder().status(status).build().unwrap();
            let destination = Destination::builder().bucket("arn:aws:s3:::b").replication_time(time).build().unwrap();
            rule.destination = Some(destination);
            assert_eq!(part(rule, "replication_time_control"), Value::Bool(on));
        }
    }

    #[test]
    fn objects_with_a_key_are_replicated_only_when_selected() {
        use aws_sdk_s3::types::{EncryptionConfiguration, SourceSelectionCriteria, SseKmsEncryptedObjects};
        assert_eq!(part(rule(None, None), "sse_kms_objects"), Value::Bool(false));
        assert_eq!(part(rule(None, None), "replica_kms_key_id"), Value::Null);
        for (status, taken) in
            [(SseKmsEncryptedObjectsStatus::Enabled, true), (SseKmsEncryptedObjectsStatus::Disabled, false)]
        {
            let mut rule = rule(None, None);
            let objects = SseKmsEncryptedObjects::builder().status(status).build().unwrap();
            let criteria = SourceSelectionCriteria::builder().sse_kms_encrypted_objects(objects).build();
            rule.source_selection_criteria = Some(criteria);
            let key = EncryptionConfiguration::builder().replica_kms_key_id("alias/dr").build();
            rule.destination =
                Some(Destination::builder().bucket("arn:aws:s3:::b").encryption_configuration(key).build().unwrap());
            assert_eq!(part(rule.clone(), "sse_kms_objects"), Value::Bool(taken));
            assert_eq!(part(rule, "replica_kms_key_id"), Value::from("alias/dr"));
        }
    }

    #[test]
    fn a_default_retention_is_days_or_years() {
        let retention = |days, years| DefaultRetention::builder().set_days(days).set_years(years).build();
        assert_eq!(default_retention(&retention(Some(30), None)), Some(Seconds::from_days(30)));
        assert_eq!(default_retention(&retention(Some(30), Some(0))), Some(Seconds::from_days(30)));
        assert_eq!(default_retention(&retention(None, Some(2))), Some(Seconds::from_days(730)));
        assert_eq!(default_retention(&retention(None, None)), None);
    }

    #[test]
    fn an_expiration_on_a_date_is_not_never() {
        let expiration = |expiration: LifecycleExpiration| {
            let rule = LifecycleRule::builder().status(sdk::ExpirationStatus::Enabled).expiration(expiration);
            let record = lifecycle_rule(rule.build().unwrap());
            record.as_record().unwrap()[LIFECYCLE_RULE.slot("expiration")].clone()
        };
        let date = aws_smithy_types::DateTime::from_secs(1_768_435_200);
        assert!(expiration(LifecycleExpiration::builder().date(date).build()).as_unknown().is_some());
        assert_eq!(expiration(LifecycleExpiration::builder().days(7).build()), Value::Duration(Seconds::from_days(7)));
        assert_eq!(expiration(LifecycleExpiration::builder().expired_object_delete_marker(true).build()), Value::Null);
    }
}
