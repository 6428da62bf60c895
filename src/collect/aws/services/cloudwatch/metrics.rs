//! Metrics.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types as sdk;
use aws_smithy_types::DateTime;

use super::super::convert::{because, time, unusable};
use super::super::{UNLISTED, pages};
use crate::collect::aws::Task;
use crate::model::operation::{GET_METRIC_DATA, LIST_METRICS};
use crate::model::types::cloudwatch_metrics::REPLICA_LAG;
use crate::model::{Resource, Seconds, Unknown, UnknownReason, Value};
use crate::slot;

const NAMESPACE: &str = "AWS/RDS";
const METRIC: &str = "ReplicaLag";
const DIMENSION: &str = "DBInstanceIdentifier";

/// How many metrics one call may ask for.
const BATCH: usize = 500;

/// The length of a figure in seconds: a week of hours for 500 replicas is less than the 100,800 figures of one answer.
const HOUR: i32 = 3600;

const WEEK: Duration = Duration::from_hours(7 * 24);

/// Reads the lags of the read replicas of a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&REPLICA_LAG, LIST_METRICS) {
        return Vec::new();
    }
    let client = &task.clients.cloudwatch();
    let listed = replicas(task, client).await;
    if !task.wants(&REPLICA_LAG, GET_METRIC_DATA) {
        return listed;
    }
    let (mut replicas, unlisted): (Vec<_>, Vec<_>) = listed.into_iter().partition(|replica| &*replica.id != UNLISTED);
    #[expect(clippy::disallowed_methods, reason = "the last days are asked for, not those before the scan began")]
    let end = SystemTime::now();
    for batch in replicas.chunks_mut(BATCH) {
        lags(task, client, batch, end).await;
    }
    replicas.extend(unlisted);
    replicas
}

/// Lists the replicas that had a lag in the last two weeks: older metrics are not listed.
async fn replicas(task: &Task, client: &Client) -> Vec<Resource> {
    let listing = pages(
        LIST_METRICS,
        |token| {
            let dimension = sdk::DimensionFilter::builder().name(DIMENSION).build();
            let request = client.list_metrics().namespace(NAMESPACE).metric_name(METRIC).dimensions(dimension);
            task.call(LIST_METRICS, request.set_next_token(token).send())
        },
        // The same lag also comes by engine and class, which is nobody's in particular.
        |page| {
            let of_one = |metric: &sdk::Metric| metric.dimensions().len() == 1;
            (page.metrics.map(|metrics| metrics.into_iter().filter(of_one).collect()), page.next_token)
        },
    )
    .await;
    listing.into_resources(task, &REPLICA_LAG, LIST_METRICS, |metric| {
        let id = metric.dimensions?.pop()?.value?;
        let mut resource = task.resource(&REPLICA_LAG, &id);
        resource.set(slot!(REPLICA_LAG, "db_instance_identifier"), id);
        Some(resource)
    })
}

/// Reads the lags of some replicas at once.
async fn lags(task: &Task, client: &Client, replicas: &mut [Resource], end: SystemTime) {
    let answer = figures(task, client, replicas, end).await;
    for (place, replica) in replicas.iter_mut().enumerate() {
        let (maximum, until) = match &answer {
            Ok(figures) => summary(figures.get(&query_id(place)).map_or(&[][..], Vec::as_slice)),
            Err(unknown) => (Value::Unknown(Arc::clone(unknown)), Value::Unknown(Arc::clone(unknown))),
        };
        replica.set(slot!(REPLICA_LAG, "maximum"), maximum);
        replica.set(slot!(REPLICA_LAG, "replicated_until"), until);
    }
}

/// The hour that a figure is of, and the figure.
type Figure = (DateTime, f64);

/// The figures by the query that asked for them.
async fn figures(
    task: &Task,
    client: &Client,
    replicas: &[Resource],
    end: SystemTime,
) -> Result<HashMap<String, Vec<Figure>>, Arc<Unknown>> {
    let queries: Vec<sdk::MetricDataQuery> =
        replicas.iter().enumerate().map(|(place, replica)| query(place, &replica.id)).collect();
    let listing = pages(
        GET_METRIC_DATA,
        |token| {
            let request = client.get_metric_data().set_metric_data_queries(Some(queries.clone()));
            let request = request.start_time((end - WEEK).into()).end_time(end.into());
            task.call(GET_METRIC_DATA, request.set_next_token(token).send())
        },
        |page| (page.metric_data_results, page.next_token),
    )
    .await;
    let mut figures: HashMap<String, Vec<Figure>> = HashMap::new();
    for result in listing.complete()? {
        match result.status_code {
            Some(sdk::StatusCode::Forbidden) => {
                return Err(because(UnknownReason::Denied, GET_METRIC_DATA, "the metric may not be read"));
            }
            Some(sdk::StatusCode::InternalError) => {
                return Err(unusable(GET_METRIC_DATA, "an error within CloudWatch"));
            }
            _ => {}
        }
        let read = result.timestamps.unwrap_or_default().into_iter().zip(result.values.unwrap_or_default());
        figures.entry(result.id.unwrap_or_default()).or_default().extend(read);
    }
    Ok(figures)
}

fn query(place: usize, replica: &str) -> sdk::MetricDataQuery {
    let dimension = sdk::Dimension::builder().name(DIMENSION).value(replica).build();
    let metric = sdk::Metric::builder().namespace(NAMESPACE).metric_name(METRIC).dimensions(dimension).build();
    let statistic = sdk::MetricStat::builder().metric(metric).period(HOUR).stat("Maximum").build();
    sdk::MetricDataQuery::builder().id(query_id(place)).metric_stat(statistic).build()
}

fn query_id(place: usize) -> String {
    format!("q{place}")
}

/// The longest lag, and the newest hour that has any. A lag of -1 says that replication is not active.
fn summary(figures: &[Figure]) -> (Value, Value) {
    let lags = || figures.iter().filter(|(_, lag)| *lag >= 0.0);
    let longest = lags().map(|(_, lag)| lag.ceil()).max_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, reason = "seconds of a lag; the cast saturates")]
    let longest = longest.map(|lag| Seconds(lag as i64));
    let newest = lags().map(|(hour, _)| *hour).max_by_key(DateTime::as_nanos);
    (longest.into(), time(newest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_that_does_not_replicate_has_no_lag() {
        let figure = |hour: i64, lag: f64| (DateTime::from_secs(hour * 3600), lag);
        let figures = [figure(1, 0.2), figure(3, -1.0), figure(2, 41.5)];
        let until = Value::Timestamp("1970-01-01T02:00:00Z".parse().unwrap());
        assert_eq!(summary(&figures), (Value::Duration(Seconds(42)), until));
        assert_eq!(summary(&figures[1..2]), (Value::Null, Value::Null));
        assert_eq!(summary(&[]), (Value::Null, Value::Null));
    }
}
