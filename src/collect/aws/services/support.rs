//! AWS Trusted Advisor, through the Support API.

use std::sync::Arc;

use aws_sdk_support::Client;
use aws_sdk_support::error::ProvideErrorMetadata;

use super::convert::{because, list, unusable};
use super::{Fields, Listing, complete, fields, fill};
use crate::collect::aws::Task;
use crate::model::operation::{DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT, DESCRIBE_TRUSTED_ADVISOR_CHECKS};
use crate::model::types::support::{FLAGGED_RESOURCE, TRUSTED_ADVISOR_CHECK};
use crate::model::{Resource, UnknownReason, Value};
use crate::record;

/// The language in which checks name their columns; the ids do not depend on it.
const LANGUAGE: &str = "en";

const NO_PLAN: &str = "the support plan does not include Trusted Advisor";

/// Reads the checks that selected rules map to.
pub async fn collect(task: &Task) -> Vec<Resource> {
    if !task.wants(&TRUSTED_ADVISOR_CHECK, DESCRIBE_TRUSTED_ADVISOR_CHECKS) {
        return Vec::new();
    }
    let client = &task.clients.support();
    let request = async {
        let answer = client.describe_trusted_advisor_checks().language(LANGUAGE).send().await;
        answer.map(|answer| Some(answer.checks))
    };
    let answer = task.call_unless(DESCRIBE_TRUSTED_ADVISOR_CHECKS, request, |error| {
        (error.code() == Some("SubscriptionRequiredException")).then_some(None)
    });
    let mut listing = match answer.await {
        Ok(Some(checks)) => Listing { items: checks, failed: None },
        Ok(None) => {
            // No permission and no later attempt would change that answer, so it is no failure of the scan; yet nobody
            // may take it for a clean result.
            task.skipped(DESCRIBE_TRUSTED_ADVISOR_CHECKS, NO_PLAN);
            task.skipped(DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT, NO_PLAN);
            let unknown = because(UnknownReason::Unsupported, DESCRIBE_TRUSTED_ADVISOR_CHECKS, NO_PLAN);
            Listing { items: Vec::new(), failed: Some(unknown) }
        }
        Err(unknown) => Listing { items: Vec::new(), failed: Some(unknown) },
    };
    listing.items.retain(|check| task.plan.trusted_advisor_checks.contains(&check.id));
    let checks = listing.into_resources(task, &TRUSTED_ADVISOR_CHECK, DESCRIBE_TRUSTED_ADVISOR_CHECKS, |check| {
        let mut resource = task.resource(&TRUSTED_ADVISOR_CHECK, &check.id);
        resource.arn = format!("arn:aws:trustedadvisor:::check/{}", check.id).into();
        resource.name = check.name.into();
        fill!(resource, TRUSTED_ADVISOR_CHECK { "category": check.category });
        Some(resource)
    });
    if !task.wants(&TRUSTED_ADVISOR_CHECK, DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT) {
        return checks;
    }
    complete(checks, |check| result(task, client, Arc::clone(&check.id))).await
}

async fn result(task: &Task, client: &Client, check: Arc<str>) -> Fields {
    let request = client.describe_trusted_advisor_check_result().check_id(&*check).language(LANGUAGE).send();
    let answer = task.call(DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT, request).await;
    let result = answer.and_then(|answer| {
        answer.result.ok_or_else(|| unusable(DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT, "the answer holds no result"))
    });
    fields!(result, TRUSTED_ADVISOR_CHECK, |result| {
        "status": result.status,
        "timestamp": result.timestamp,
        "resources_processed": result.resources_summary.as_ref().map(|summary| summary.resources_processed),
        "resources_flagged": result.resources_summary.as_ref().map(|summary| summary.resources_flagged),
        "flagged_resources": list(Some(result.flagged_resources), |flagged| record!(FLAGGED_RESOURCE {
            "status": flagged.status,
            // A column without a value keeps its place, since the columns have no names here.
            "metadata": list(Some(flagged.metadata), Value::from),
            "region": flagged.region,
        })),
    })
}
