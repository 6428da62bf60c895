//! Service Quotas.

use std::sync::Arc;

use aws_sdk_servicequotas::Client;
use aws_sdk_servicequotas::error::ProvideErrorMetadata;
use aws_sdk_servicequotas::operation::get_aws_default_service_quota::GetAwsDefaultServiceQuotaOutput;
use aws_sdk_servicequotas::operation::get_service_quota::GetServiceQuotaOutput;
use aws_sdk_servicequotas::types::ServiceQuota;
use futures_util::future::join_all;

use super::fill;
use crate::collect::aws::Task;
use crate::model::operation::{GET_AWS_DEFAULT_SERVICE_QUOTA, GET_SERVICE_QUOTA};
use crate::model::types::servicequotas::{QUOTA, QUOTAS};
use crate::model::{Resource, Unknown, Value};

const NONE: &str = "NoSuchResourceException";

/// Reads the quotas of a Region that matter for rebuilding there.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&QUOTA, GET_SERVICE_QUOTA) {
        return Vec::new();
    }
    let client = &task.clients.servicequotas();
    let quotas = join_all(QUOTAS.iter().map(|(service, code)| quota(task, client, service, code))).await;
    quotas.into_iter().flatten().collect()
}

/// One quota; none where the Region does not have it.
async fn quota(task: &Task, client: &Client, service: &str, code: &str) -> Option<Resource> {
    let mut resource = task.resource(&QUOTA, &format!("{service}/{code}"));
    let quota = match applied(task, client, service, code).await {
        Ok(None) => match default(task, client, service, code).await {
            Ok(None) => return None,
            answer => answer.map(|quota| (quota, true)),
        },
        answer => answer.map(|quota| (quota, false)),
    };
    match quota {
        Ok((quota, is_default)) => {
            let quota = quota?;
            if let Some(arn) = quota.quota_arn {
                resource.arn = arn.into();
            }
            if let Some(name) = &quota.quota_name {
                resource.name = name.as_str().into();
            }
            fill!(resource, QUOTA {
                "quota_name": quota.quota_name,
                "value": quota.value.map_or(Value::Null, Value::Double),
                "is_default": is_default,
            });
        }
        Err(unknown) => resource.fields.fill(Value::Unknown(unknown)),
    }
    Some(resource)
}

/// What applies to the account; none where it has no value of its own.
async fn applied(
    task: &Task,
    client: &Client,
    service: &str,
    code: &str,
) -> Result<Option<ServiceQuota>, Arc<Unknown>> {
    let request = client.get_service_quota().service_code(service).quota_code(code).send();
    let answer = task.call_unless(GET_SERVICE_QUOTA, request, |error| {
        (error.code() == Some(NONE)).then(|| GetServiceQuotaOutput::builder().build())
    });
    Ok(answer.await?.quota)
}

async fn default(
    task: &Task,
    client: &Client,
    service: &str,
    code: &str,
) -> Result<Option<ServiceQuota>, Arc<Unknown>> {
    let request = client.get_aws_default_service_quota().service_code(service).quota_code(code).send();
    let answer = task.call_unless(GET_AWS_DEFAULT_SERVICE_QUOTA, request, |error| {
        (error.code() == Some(NONE)).then(|| GetAwsDefaultServiceQuotaOutput::builder().build())
    });
    Ok(answer.await?.quota)
}
