//! One partition being read: makes calls within the bounds, keeps the coverage ledger, turns errors into unknowns.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::SdkConfig;
use tokio::sync::Semaphore;

use crate::collect::Plan;
use crate::model::{Operation, Resource, ResourceType, Unknown, UnknownReason, Value};
use crate::snapshot::{CallStatus, Coverage, Partition, PartitionKey};

/// How many calls may be under way.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// In the whole scan.
    pub whole: Arc<Semaphore>,
    /// For one account, Region and service.
    pub partition: Arc<Semaphore>,
}

/// One service in one account and Region, being read.
#[derive(Debug)]
pub struct Task {
    /// Which partition this fills.
    pub key: PartitionKey,
    /// The SDK configuration of that account and Region.
    pub config: SdkConfig,
    /// What to read.
    pub plan: Arc<Plan>,
    bounds: Bounds,
    ledger: Mutex<BTreeMap<Operation, Coverage>>,
}

impl Task {
    /// A task that has read nothing yet.
    pub fn new(key: PartitionKey, config: SdkConfig, plan: Arc<Plan>, bounds: Bounds) -> Self {
        Self { key, config, plan, bounds, ledger: Mutex::default() }
    }

    /// Whether that operation is wanted for resources of that type.
    pub fn wants(&self, ty: &ResourceType, operation: Operation) -> bool {
        self.plan.wants(ty, operation)
    }

    /// Makes one call (one page) within the bounds and records how it ended.
    ///
    /// # Errors
    /// Why the value is unknown, for the fields that the call was to fill.
    pub fn call<T, E>(
        &self,
        operation: Operation,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> impl Future<Output = Result<T, Arc<Unknown>>>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.call_unless(operation, request, |_| None)
    }

    /// Like [`Task::call`], for operations that answer "there is none" with an error: where `absent` returns a value,
    /// the call counts as answered.
    ///
    /// # Errors
    /// Why the value is unknown, for the fields that the call was to fill.
    pub fn call_unless<T, E>(
        &self,
        operation: Operation,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        absent: impl FnOnce(&E) -> Option<T>,
    ) -> impl Future<Output = Result<T, Arc<Unknown>>>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        // A request of the SDK takes 5 KB, and futures that await others by value add up: several calls joined for each
        // of many resources overflowed the 2 MB stack of a worker thread.
        let request = Box::pin(request);
        async move {
            // Neither semaphore is ever closed, so neither acquire can fail; were it so, the call would go unbounded.
            let _partition = self.bounds.partition.acquire().await.ok();
            let _whole = self.bounds.whole.acquire().await.ok();
            let outcome = match request.await {
                Ok(answer) => Ok(answer),
                Err(error) => match error.as_service_error().and_then(absent) {
                    Some(answer) => Ok(answer),
                    None => Err(Arc::new(classify(operation, &error))),
                },
            };
            self.record(operation, outcome.as_ref().err().map(|unknown| &**unknown));
            outcome
        }
    }

    /// Records that an operation was not called, for a reason that is no error.
    pub fn skipped(&self, operation: Operation, why: &str) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = ledger.entry(operation).or_insert_with(|| empty(operation));
        entry.status = CallStatus::Skipped;
        entry.error = Some(why.to_owned());
    }

    /// A resource of this partition, whose fields nothing has read yet.
    pub fn resource(&self, ty: &'static ResourceType, id: &str) -> Resource {
        let mut resource = Resource::new(ty, "", "", id);
        resource.account = Arc::clone(&self.key.account);
        resource.region = Arc::clone(&self.key.region);
        resource
    }

    /// Stands for the resources of a type that could not be listed.
    pub fn unlisted(&self, ty: &'static ResourceType, why: &Arc<Unknown>) -> Resource {
        let mut resource = self.resource(ty, "*");
        resource.fields.fill(Value::Unknown(Arc::clone(why)));
        resource
    }

    /// The partition with these resources and the ledger so far.
    pub fn finish(&self, resources: Vec<Resource>) -> Partition {
        let mut partition = Partition::new(self.key.clone());
        partition.coverage =
            self.ledger.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        partition.resources = resources;
        partition
    }

    fn record(&self, operation: Operation, unknown: Option<&Unknown>) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = ledger.entry(operation).or_insert_with(|| empty(operation));
        entry.calls += 1;
        if let Some(unknown) = unknown {
            let status = if unknown.reason == UnknownReason::Denied { CallStatus::Denied } else { CallStatus::Error };
            if entry.error.is_none() {
                entry.error = Some(unknown.detail.clone());
            }
            entry.status = entry.status.max(status);
        }
    }
}

fn empty(operation: Operation) -> Coverage {
    Coverage { operation: operation.to_string(), calls: 0, throttles: 0, status: CallStatus::Ok, error: None }
}

/// What an error of the SDK means for the fields that the call was to fill.
pub fn classify<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Unknown
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
    let status = error.raw_response().map(|response| response.status().as_u16());
    let reason = match error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => UnknownReason::Unreachable,
        _ if code.contains("Throttl") || matches!(code, "RequestLimitExceeded" | "SlowDown" | "TooManyRequestsException" | "Throttled") => {
            UnknownReason::Throttled
        }
        _ if code.contains("AccessDenied")
            || code.contains("Unauthorized")
            || matches!(code, "InvalidClientTokenId" | "SignatureDoesNotMatch" | "AuthFailure" | "OptInRequired" | "ExpiredToken" | "ExpiredTokenException" | "UnrecognizedClientException")
            || matches!(status, Some(401 | 403)) =>
        {
            UnknownReason::Denied
        }
        _ if matches!(code, "SubscriptionRequiredException" | "NotImplemented" | "UnsupportedOperation") => UnknownReason::Unsupported,
        _ => UnknownReason::Error,
    };
    let message = error.as_service_error().and_then(ProvideErrorMetadata::message).unwrap_or_default();
    let detail = match (code, message) {
        ("", _) => match status {
            Some(status) => format!("HTTP {status} without a readable error"),
            None => DisplayErrorContext(error).to_string(),
        },
        (code, "") => code.to_owned(),
        (code, message) => format!("{code}: {message}"),
    };
    Unknown { reason, operation: Some(operation.to_string()), detail }
}
