//! A fingerprint of a workload's data stores, by which an answer can tell that it speaks of another architecture.
//!
//! What counts as a major change: a data store that is new, gone, in another account or Region, of another name (a
//! database that was restored or rebuilt under another identifier) or of another engine. What does not: its size, class,
//! version, settings and tags. Members of a cluster, read replicas and replicas of a file system are no stores of their
//! own, so that scaling out changes nothing. EC2 instances and volumes come and go with deployments, and secrets and
//! container repositories are no place where a service keeps its data: they do not count either.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::model::schema::ResourceType;
use crate::model::{Resource, Unknown, Value, types};

/// Stateful types that are no data stores of a service, or change with every deployment.
const PASSING: &[&str] =
    &["AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::ECR::Repository", "AWS::SecretsManager::Secret"];

/// How many bytes of the digest are kept: enough to tell architectures apart, short enough to copy by hand.
const BYTES: usize = 8;

/// Whether resources of a type are data stores that count.
pub fn counts(ty: &ResourceType) -> bool {
    ty.stateful && !PASSING.contains(&ty.name)
}

/// The types that count.
pub fn types() -> impl Iterator<Item = &'static ResourceType> {
    types::ALL.iter().copied().filter(|ty| counts(ty))
}

/// The fingerprint of the data stores among these resources: sixteen hexadecimal digits, whatever their order. Unknown
/// when something that counts could not be read.
pub fn fingerprint<'a>(resources: impl Iterator<Item = &'a Resource>) -> Value {
    let mut lines = Vec::new();
    for resource in resources.filter(|resource| counts(resource.ty)) {
        match line(resource) {
            Ok(line) => lines.extend(line),
            Err(unknown) => return Value::Unknown(unknown),
        }
    }
    lines.sort_unstable();
    let digest = Sha256::digest(lines.concat().as_bytes());
    Value::from(digest.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Whether a text can be a fingerprint.
pub fn is_fingerprint(text: &str) -> bool {
    text.len() == 2 * BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What counts of a resource; none for one that belongs to another.
fn line(resource: &Resource) -> Result<Option<String>, Arc<Unknown>> {
    match resource.field("held_by") {
        Some(Value::Unknown(unknown)) => return Err(Arc::clone(unknown)),
        Some(Value::Str(_)) => return Ok(None),
        _ => {}
    }
    let engine = match resource.field("engine").or_else(|| resource.field("engine_type")) {
        Some(Value::Unknown(unknown)) => return Err(Arc::clone(unknown)),
        Some(value) => value.as_str().unwrap_or_default(),
        None => "",
    };
    let parts = [&*resource.account, &*resource.region, resource.ty.name, &*resource.id, engine];
    // JSON, since no name can then pass for two.
    Ok(Some(format!("{}\n", serde_json::json!(parts))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnknownReason;
    use crate::model::types::ec2::INSTANCE;
    use crate::model::types::rds::DB_INSTANCE;
    use crate::model::types::s3::BUCKET;
    use crate::slot;

    fn database(id: &str, engine: &str) -> Resource {
        let mut database = Resource::new(&DB_INSTANCE, "111111111111", "ap-northeast-1", id);
        database.set(slot!(DB_INSTANCE, "engine"), engine);
        database.set(slot!(DB_INSTANCE, "held_by"), Value::Null);
        database
    }

    fn bucket(id: &str) -> Resource {
        let mut bucket = Resource::new(&BUCKET, "111111111111", "ap-northeast-1", id);
        bucket.set(slot!(BUCKET, "held_by"), Value::Null);
        bucket
    }

    fn of(resources: &[Resource]) -> String {
        fingerprint(resources.iter()).as_str().unwrap().to_owned()
    }

    #[test]
    fn the_same_stores_have_the_same_fingerprint_in_any_order() {
        let known = of(&[database("orders", "mysql"), bucket("assets")]);
        assert!(is_fingerprint(&known), "{known}");
        assert_eq!(known, of(&[bucket("assets"), database("orders", "mysql")]));
    }

    #[test]
    fn a_major_change_changes_it() {
        let before = of(&[database("orders", "mysql")]);
        let mut moved = database("orders", "mysql");
        moved.region = "ap-northeast-3".into();
        for after in [
            vec![],
            vec![database("orders", "mysql"), bucket("assets")],
            vec![database("orders-restored", "mysql")],
            vec![database("orders", "postgres")],
            vec![moved],
        ] {
            assert_ne!(before, of(&after), "{after:?}");
        }
    }

    #[test]
    fn what_scales_or_passes_changes_nothing() {
        let before = of(&[database("orders", "mysql")]);
        let mut replica = database("orders-replica", "mysql");
        replica.set(slot!(DB_INSTANCE, "held_by"), "orders");
        let mut resized = database("orders", "mysql");
        resized.set(slot!(DB_INSTANCE, "multi_az"), true);
        let instance = Resource::new(&INSTANCE, "111111111111", "ap-northeast-1", "i-1");
        assert_eq!(before, of(&[resized, replica, instance]));
    }

    #[test]
    fn what_was_not_read_leaves_it_unknown() {
        let mut unread = database("orders", "mysql");
        unread.set(slot!(DB_INSTANCE, "engine"), Value::unknown(Unknown::new(UnknownReason::Denied, "")));
        assert!(fingerprint([&unread].into_iter()).as_unknown().is_some());
    }
}
