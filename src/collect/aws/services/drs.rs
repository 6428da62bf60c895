//! AWS Elastic Disaster Recovery.

use aws_sdk_drs::operation::describe_source_servers::DescribeSourceServersOutput;
use aws_sdk_drs::types as sdk;
use jiff::{Span, SpanRelativeTo};

use super::convert::{Tags, arn, instant, unheld};
use super::{fill, pages};
use crate::collect::aws::Task;
use crate::model::operation::DESCRIBE_SOURCE_SERVERS;
use crate::model::types::drs::SOURCE_SERVER;
use crate::model::{Resource, Seconds, Value};

/// Reads the servers that are replicated to a Region.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&SOURCE_SERVER, DESCRIBE_SOURCE_SERVERS) {
        return Vec::new();
    }
    let client = &task.clients.drs();
    let listing = pages(
        DESCRIBE_SOURCE_SERVERS,
        |token| {
            let request = client.describe_source_servers().set_next_token(token);
            // Where nobody ever set the service up, there are no servers.
            task.call_unless(DESCRIBE_SOURCE_SERVERS, request.send(), |error| {
                let none = || DescribeSourceServersOutput::builder().build();
                error.is_uninitialized_account_exception().then(none)
            })
        },
        |page| (page.items, page.next_token),
    )
    .await;
    listing.into_resources(task, &SOURCE_SERVER, DESCRIBE_SOURCE_SERVERS, |server| {
        let id = server.source_server_id?;
        let mut resource = task.resource(&SOURCE_SERVER, &id);
        resource.arn = server.arn.map_or_else(|| arn(task, "drs", &format!("source-server/{id}")), Into::into);
        let tags = server.tags.unwrap_or_default();
        let tags = Tags::new(tags.into_iter().map(|(key, value)| (Some(key), Some(value))));
        let hints = server.source_properties.and_then(|properties| properties.identification_hints);
        let hostname = hints.as_ref().and_then(|hints| hints.hostname.clone());
        if let Some(name) = tags.name().or(hostname.filter(|name| !name.is_empty()).map(Into::into)) {
            resource.name = name;
        }
        let replication = server.data_replication_info;
        let state = replication.as_ref().and_then(|replication| replication.data_replication_state.as_ref());
        let launch = server.life_cycle.and_then(|life| life.last_launch).and_then(|launch| launch.initiated);
        let origin = server.source_cloud_properties;
        fill!(resource, SOURCE_SERVER {
            "tags": tags,
            "replication_state": state.map(sdk::DataReplicationState::as_str),
            "lag": duration(replication.as_ref().and_then(|replication| replication.lag_duration.as_deref())),
            "replication_direction": server.replication_direction.as_ref().map(sdk::ReplicationDirection::as_str),
            "last_launch_result": server.last_launch_result.as_ref().map(sdk::LastLaunchResult::as_str),
            "last_launch_type": launch
                .as_ref()
                .and_then(|launch| launch.r#type.as_ref())
                .map(sdk::LastLaunchType::as_str),
            "last_launched": instant(DESCRIBE_SOURCE_SERVERS, launch.and_then(|launch| launch.api_call_date_time)),
            "origin_account": origin.as_ref().and_then(|origin| origin.origin_account_id.clone()),
            "origin_region": origin.and_then(|origin| origin.origin_region),
            "origin_instance_id": hints.and_then(|hints| hints.aws_instance_id).filter(|id| !id.is_empty()),
        });
        Some(resource)
    })
}

/// A length of time as ISO 8601 writes it (`PT1H5M`, `P1DT2.5S`), to the second and rounded up; absent is null.
fn duration(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let parsed = text.parse::<Span>().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()));
    match parsed {
        Ok(duration) => {
            let more = i64::from(duration.subsec_nanos() > 0);
            Value::Duration(Seconds(duration.as_secs() + more))
        }
        Err(_) => unheld(DESCRIBE_SOURCE_SERVERS, &format!("{text:?} is no length of time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_are_read() {
        for (text, seconds) in [("PT0S", 0), ("PT4M10.5S", 251), ("P1DT2H", 93_600), ("P0DT0H0M12.483S", 13)] {
            assert_eq!(duration(Some(text)), Value::Duration(Seconds(seconds)), "{text}");
        }
        assert_eq!(duration(None), Value::Null);
        assert!(duration(Some("a while")).as_unknown().is_some());
    }
}
