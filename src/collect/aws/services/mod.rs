//! The collectors, one file a service: each reads what the plan wants and turns the answers into resources at once.

mod account;
mod acm;
mod arcregionswitch;
mod autoscaling;
mod backup;
mod cloudformation;
mod cloudfront;
mod cloudwatch;
mod config;
mod convert;
mod directconnect;
mod dlm;
mod drs;
mod dynamodb;
mod ec2;
mod ecr;
mod ecs;
mod efs;
mod eks;
mod elasticache;
mod elb;
mod elbv2;
mod events;
mod fis;
mod fsx;
mod kafka;
mod kinesis;
mod kms;
mod lambda;
mod memorydb;
mod mq;
mod networkfirewall;
mod opensearch;
mod rds;
mod redshift;
mod route53;
mod s3;
mod secretsmanager;
mod servicequotas;
mod sns;
mod sqs;
mod ssm_incidents;
mod support;

use std::pin::Pin;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use crate::collect::aws::Task;
use crate::model::{Operation, Resource, ResourceType, Unknown, UnknownReason, Value};
use convert::unusable;

/// How many calls of one kind a collector prepares at once. What is really under way the semaphores of the task decide;
/// this only keeps an account with ten thousand buckets from having as many calls in memory.
const PREPARED: usize = 64;

/// The id of the resource that stands for those that could not be listed: [`Task::unlisted`].
const UNLISTED: &str = "*";

/// Reads one service in one account and Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    // Boxed, since the largest of these would make the others as large.
    let reading: Pin<Box<dyn Future<Output = Vec<Resource>> + Send + '_>> = match &*task.key.service {
        "account" => Box::pin(account::collect(task)),
        "acm" => Box::pin(acm::collect(task)),
        "arc-region-switch" => Box::pin(arcregionswitch::collect(task)),
        "autoscaling" => Box::pin(autoscaling::collect(task)),
        "backup" => Box::pin(backup::collect(task)),
        "cloudformation" => Box::pin(cloudformation::collect(task)),
        "cloudfront" => Box::pin(cloudfront::collect(task)),
        "cloudwatch" => Box::pin(cloudwatch::collect(task)),
        "config" => Box::pin(config::collect(task)),
        "directconnect" => Box::pin(directconnect::collect(task)),
        "dlm" => Box::pin(dlm::collect(task)),
        "drs" => Box::pin(drs::collect(task)),
        "dynamodb" => Box::pin(dynamodb::collect(task)),
        "ec2" => Box::pin(ec2::collect(task)),
        "ecr" => Box::pin(ecr::collect(task)),
        "ecs" => Box::pin(ecs::collect(task)),
        "efs" => Box::pin(efs::collect(task)),
        "eks" => Box::pin(eks::collect(task)),
        "elasticache" => Box::pin(elasticache::collect(task)),
        "elb" => Box::pin(elb::collect(task)),
        "elbv2" => Box::pin(elbv2::collect(task)),
        "events" => Box::pin(events::collect(task)),
        "fis" => Box::pin(fis::collect(task)),
        "fsx" => Box::pin(fsx::collect(task)),
        "kafka" => Box::pin(kafka::collect(task)),
        "kinesis" => Box::pin(kinesis::collect(task)),
        "kms" => Box::pin(kms::collect(task)),
        "lambda" => Box::pin(lambda::collect(task)),
        "memorydb" => Box::pin(memorydb::collect(task)),
        "mq" => Box::pin(mq::collect(task)),
        "network-firewall" => Box::pin(networkfirewall::collect(task)),
        "opensearch" => Box::pin(opensearch::collect(task)),
        "rds" => Box::pin(rds::collect(task)),
        "redshift" => Box::pin(redshift::collect(task)),
        "route53" => Box::pin(route53::collect(task)),
        "s3" => Box::pin(s3::collect(task)),
        "secretsmanager" => Box::pin(secretsmanager::collect(task)),
        "service-quotas" => Box::pin(servicequotas::collect(task)),
        "sns" => Box::pin(sns::collect(task)),
        "sqs" => Box::pin(sqs::collect(task)),
        "ssm-incidents" => Box::pin(ssm_incidents::collect(task)),
        "support" => Box::pin(support::collect(task)),
        other => {
            tracing::error!(service = other, partition = %task.key, "no collector reads this service");
            return Vec::new();
        }
    };
    reading.await
}

/// Fills fields of a resource by name, checked while compiling.
macro_rules! fill {
    ($resource:ident, $ty:path { $($name:literal : $value:expr),* $(,)? }) => {
        $({
            let value = $crate::model::Value::from($value);
            $resource.set($crate::slot!($ty, $name), value);
        })*
    };
}
use fill;

/// Fields that one operation filled, by their place.
type Fields = Vec<(usize, Value)>;

/// Fills the fields of one operation: with the values of its answer, or all of them with the reason why there is none.
macro_rules! fields {
    ($outcome:expr, $ty:path, |$answer:pat_param| { $($name:literal : $value:expr),* $(,)? }) => {
        match $outcome {
            Ok($answer) => vec![$(($crate::slot!($ty, $name), $crate::model::Value::from($value))),*],
            Err(unknown) => {
                let unknown = $crate::model::Value::Unknown(unknown);
                vec![$(($crate::slot!($ty, $name), unknown.clone())),*]
            }
        }
    };
}
use fields;

fn set(resource: &mut Resource, fields: Fields) {
    for (slot, value) in fields {
        resource.set(slot, value);
    }
}

/// Completes each resource with the calls that are made for it alone, in any order: that of partitions restores it.
async fn complete<F>(resources: Vec<Resource>, read: impl Fn(&Resource) -> F) -> Vec<Resource>
where
    F: Future<Output = Fields>,
{
    let (listed, unlisted): (Vec<_>, Vec<_>) = resources.into_iter().partition(|resource| &*resource.id != UNLISTED);
    let completed = stream::iter(listed).map(|mut resource| {
        // Moved about by the stream, so kept small.
        let call = Box::pin(read(&resource));
        async move {
            set(&mut resource, call.await);
            resource
        }
    });
    completed.buffer_unordered(PREPARED).chain(stream::iter(unlisted)).collect().await
}

/// What a listing gave: all pages, or those before the one that failed.
struct Listing<T> {
    items: Vec<T>,
    failed: Option<Arc<Unknown>>,
}

impl<T> Listing<T> {
    /// The listing of an operation that has no pages.
    fn whole(answer: Result<Option<Vec<T>>, Arc<Unknown>>) -> Self {
        match answer {
            Ok(items) => Self { items: items.unwrap_or_default(), failed: None },
            Err(unknown) => Self { items: Vec::new(), failed: Some(unknown) },
        }
    }

    /// The items of a listing that fills one field: all of them, or why they are not all.
    fn complete(self) -> Result<Vec<T>, Arc<Unknown>> {
        self.failed.map_or(Ok(self.items), Err)
    }

    /// Makes resources of the items. An item without its identifier counts as a failure of the listing: what cannot be
    /// told apart cannot be judged, and must not vanish either.
    fn into_resources(
        self,
        task: &Task,
        ty: &'static ResourceType,
        operation: Operation,
        convert: impl FnMut(T) -> Option<Resource>,
    ) -> Vec<Resource> {
        let expected = self.items.len();
        let mut resources: Vec<Resource> = self.items.into_iter().filter_map(convert).collect();
        let nameless =
            (resources.len() < expected).then(|| unusable(operation, "an item comes without its identifier"));
        // What a Region does not offer, nobody has there.
        let failed = self.failed.filter(|unknown| unknown.reason != UnknownReason::NotOffered);
        if let Some(unknown) = failed.or(nameless) {
            resources.push(task.unlisted(ty, &unknown));
        }
        resources
    }
}

/// Reads all pages of a listing.
async fn pages<P, T, F>(
    operation: Operation,
    mut fetch: impl FnMut(Option<String>) -> F,
    mut split: impl FnMut(P) -> (Option<Vec<T>>, Option<String>),
) -> Listing<T>
where
    F: Future<Output = Result<P, Arc<Unknown>>>,
{
    let mut listing = Listing { items: Vec::new(), failed: None };
    let mut token: Option<String> = None;
    loop {
        match fetch(token.clone()).await {
            Err(unknown) => {
                listing.failed = Some(unknown);
                return listing;
            }
            Ok(page) => {
                let (items, next) = split(page);
                listing.items.extend(items.unwrap_or_default());
                // Some services end with an empty token instead of none.
                match next.filter(|next| !next.is_empty()) {
                    None => return listing,
                    Some(next) if token.as_ref() == Some(&next) => {
                        listing.failed = Some(unusable(operation, "the next page is the same page again"));
                        return listing;
                    }
                    Some(next) => token = Some(next),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use super::*;
    use crate::collect::aws::testing;
    use crate::model::operation::DESCRIBE_VPCS;
    use crate::model::types::ec2::VPC;

    /// A task that makes no calls.
    pub(super) fn task(service: &str) -> Task {
        testing::task(&testing::nobody(), service, Arc::default(), Duration::ZERO)
    }

    type Page = (Option<Vec<u8>>, Option<String>);

    async fn read(answers: Vec<Result<Page, Arc<Unknown>>>) -> (Listing<u8>, Vec<Option<String>>) {
        let mut answers = VecDeque::from(answers);
        let mut asked = Vec::new();
        let listing = pages(
            DESCRIBE_VPCS,
            |token| {
                asked.push(token);
                std::future::ready(answers.pop_front().expect("no further page"))
            },
            |page| page,
        )
        .await;
        (listing, asked)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it stands for an answer, and others are errors")]
    fn page(items: &[u8], next: Option<&str>) -> Result<Page, Arc<Unknown>> {
        Ok((Some(items.to_vec()), next.map(str::to_owned)))
    }

    #[tokio::test]
    async fn every_page_is_read_in_turn() {
        let (listing, asked) =
            read(vec![page(&[1], Some("a")), Ok((None, Some("b".to_owned()))), page(&[2], Some(""))]).await;
        assert_eq!(listing.items, [1, 2]);
        assert_eq!(listing.failed, None);
        assert_eq!(asked, [None, Some("a".to_owned()), Some("b".to_owned())]);
    }

    #[tokio::test]
    async fn what_was_read_before_a_failure_is_kept() {
        let denied = Arc::new(Unknown::new(UnknownReason::Denied, ""));
        let (listing, _) = read(vec![page(&[1], Some("a")), Err(Arc::clone(&denied))]).await;
        assert_eq!(listing.items, [1]);
        assert_eq!(listing.failed, Some(denied));
    }

    #[tokio::test]
    async fn a_listing_that_goes_in_circles_is_not_complete() {
        let (listing, _) = read(vec![page(&[1], Some("a")), page(&[2], Some("a"))]).await;
        assert_eq!(listing.items, [1, 2]);
        assert!(listing.failed.is_some());
    }

    #[test]
    fn an_item_without_its_identifier_does_not_vanish() {
        let task = task("ec2");
        let listing = Listing { items: vec![Some("vpc-1"), None], failed: None };
        let vpcs = listing.into_resources(&task, &VPC, DESCRIBE_VPCS, |id| Some(task.resource(&VPC, id?)));
        assert_eq!(vpcs.iter().map(|vpc| &*vpc.id).collect::<Vec<_>>(), ["vpc-1", UNLISTED]);
    }

    #[test]
    fn a_collection_can_move_between_threads() {
        fn assert_send<T: Send>(_: fn(&'static Task) -> T) {}
        assert_send(collect);
    }
}
