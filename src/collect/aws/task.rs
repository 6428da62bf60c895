//! One partition being read: makes calls within the bounds, keeps the coverage ledger, turns errors into unknowns.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::Semaphore;

use super::clients::Clients;
use super::guard::is_throttle_code;
use crate::collect::Plan;
use crate::model::{Operation, Resource, ResourceType, Unknown, UnknownReason, Value, operation};
use crate::snapshot::{CallStatus, Coverage, Partition, PartitionKey};

/// How many calls may be under way.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// In the whole scan.
    pub whole: Arc<Semaphore>,
    /// In one account.
    pub account: Arc<Semaphore>,
    /// For one account, Region and service.
    pub partition: Arc<Semaphore>,
}

/// One service in one account and Region, being read.
#[derive(Debug)]
pub struct Task {
    /// Which partition this fills.
    pub key: PartitionKey,
    /// The clients of that account and Region.
    pub clients: Clients,
    /// What to read.
    pub plan: Arc<Plan>,
    bounds: Bounds,
    ledger: Mutex<BTreeMap<Operation, Coverage>>,
    silence: Mutex<Silence>,
}

/// The calls without an answer since the last one that got any.
#[derive(Debug, Default)]
struct Silence {
    calls: u32,
    why: String,
}

/// So many calls in a row without an answer, and the rest of the partition is not asked.
const SILENT_CALLS: u32 = 2;

impl Task {
    /// A task that has read nothing yet.
    pub fn new(key: PartitionKey, clients: Clients, plan: Arc<Plan>, bounds: Bounds) -> Self {
        Self { key, clients, plan, bounds, ledger: Mutex::default(), silence: Mutex::default() }
    }

    /// Whether that operation is wanted for resources of that type.
    pub fn wants(&self, ty: &ResourceType, operation: Operation) -> bool {
        self.plan.wants(ty, operation)
    }

    /// Makes one call (one page) within the bounds and records how it ended. Once the endpoint has stopped answering,
    /// further calls are not made and end as the last one did.
    ///
    /// # Errors
    /// Why the value is unknown, for the fields that the call was to fill.
    pub fn call<T, E>(
        &self,
        operation: Operation,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
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
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        absent: impl FnOnce(&E) -> Option<T> + Send,
    ) -> impl Future<Output = Result<T, Arc<Unknown>>>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        // The SDK's futures are large, and collectors hold many of them in one: unboxed, they overflow the stack of a
        // worker thread in a build that is not optimised.
        self.bounded(operation, Box::pin(request), absent)
    }

    async fn bounded<T, E>(
        &self,
        operation: Operation,
        request: Pin<Box<impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send>>,
        absent: impl FnOnce(&E) -> Option<T> + Send,
    ) -> Result<T, Arc<Unknown>>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        // No semaphore is ever closed, so no acquire can fail; were it so, the call would go unbounded.
        let _partition = self.bounds.partition.acquire().await.ok();
        let _account = self.bounds.account.acquire().await.ok();
        let _whole = self.bounds.whole.acquire().await.ok();
        if self.clients.meter().endpoint.is_nowhere() {
            return Err(self.not_offered(operation));
        }
        if let Some(detail) = self.gone_silent() {
            let operation_name = Some(operation.to_string());
            let unknown = Unknown { reason: UnknownReason::Unreachable, operation: operation_name, detail };
            self.failed(operation, &unknown);
            return Err(Arc::new(unknown));
        }
        let outcome = match request.await {
            Ok(answer) => Ok(answer),
            Err(error) => match error.as_service_error().and_then(absent) {
                Some(answer) => Ok(answer),
                None if is_name_not_found(&error) && self.clients.meter().endpoint.exists_not().await => {
                    return Err(self.not_offered(operation));
                }
                None => Err(Arc::new(classify(operation, &error))),
            },
        };
        let unknown = outcome.as_ref().err().map(|unknown| &**unknown);
        self.heard(unknown);
        self.record(operation, unknown);
        outcome
    }

    /// Records that the Region does not have the service, so that there is nothing of it: that is an answer.
    fn not_offered(&self, operation: Operation) -> Arc<Unknown> {
        let detail = format!("{} is not offered in {}", self.key.service, self.clients.region());
        self.skipped(operation, &detail);
        Arc::new(Unknown { reason: UnknownReason::NotOffered, operation: Some(operation.to_string()), detail })
    }

    /// Why the rest of the partition need not be asked, if so.
    fn gone_silent(&self) -> Option<String> {
        let endpoint = &self.clients.meter().endpoint;
        let silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        // An endpoint that has never answered anybody is given one call; one that has, may have lost a packet.
        if silence.calls >= SILENT_CALLS || (silence.calls > 0 && !endpoint.answered()) {
            return Some(silence.why.clone());
        }
        endpoint.dead()
    }

    fn heard(&self, unknown: Option<&Unknown>) {
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        match unknown {
            Some(unknown) if unknown.reason == UnknownReason::Unreachable => {
                silence.calls += 1;
                silence.why.clone_from(&unknown.detail);
                self.clients.meter().endpoint.unreachable(&unknown.detail);
            }
            _ => silence.calls = 0,
        }
    }

    /// Records that an operation could not be called at all.
    pub fn failed(&self, operation: Operation, why: &Unknown) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        fail(ledger.entry(operation).or_insert_with(|| empty(operation)), why);
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
        unlisted(&self.key, ty, why)
    }

    /// The partition with these resources and the ledger so far.
    pub fn finish(&self, resources: Vec<Resource>) -> Partition {
        let mut partition = Partition::new(self.key.clone());
        let costs = self.clients.meter().costs();
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        partition.coverage = ledger
            .iter()
            .map(|(operation, coverage)| Coverage {
                throttles: costs.get(operation).map_or(0, |cost| cost.throttles),
                ..coverage.clone()
            })
            .collect();
        partition.resources = resources;
        partition
    }

    fn record(&self, operation: Operation, unknown: Option<&Unknown>) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = ledger.entry(operation).or_insert_with(|| empty(operation));
        entry.calls += 1;
        if let Some(unknown) = unknown {
            fail(entry, unknown);
        }
    }
}

/// Stands for the resources of a type that could not be listed.
pub(super) fn unlisted(key: &PartitionKey, ty: &'static ResourceType, why: &Arc<Unknown>) -> Resource {
    let mut resource = Resource::new(ty, &key.account, &key.region, "*");
    resource.fields.fill(Value::Unknown(Arc::clone(why)));
    resource
}

fn fail(entry: &mut Coverage, unknown: &Unknown) {
    if entry.error.is_none() {
        entry.error = Some(unknown.detail.clone());
    }
    entry.status = entry.status.max(status(unknown));
}

/// How a call ended whose answer is unknown for that reason.
pub(super) fn status(unknown: &Unknown) -> CallStatus {
    if unknown.reason == UnknownReason::Denied { CallStatus::Denied } else { CallStatus::Error }
}

fn empty(operation: Operation) -> Coverage {
    Coverage { operation: operation.to_string(), calls: 0, throttles: 0, status: CallStatus::Ok, error: None }
}

/// What an error of the SDK means for the fields that the call was to fill.
pub fn classify<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> Unknown
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    if let Some(unknown) = classify_credentials(operation, error) {
        return unknown;
    }
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
    let status = error.raw_response().map(|response| response.status().as_u16());
    let reason = match error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => UnknownReason::Unreachable,
        _ if is_throttle_code(code) => UnknownReason::Throttled,
        _ if is_denial_code(code) || matches!(status, Some(401 | 403)) => UnknownReason::Denied,
        _ if UNSUPPORTED.contains(&code) => UnknownReason::Unsupported,
        _ => UnknownReason::Error,
    };
    let message = error.as_service_error().and_then(ProvideErrorMetadata::message).unwrap_or_default();
    let detail = match (code, message) {
        ("", _) => match status {
            Some(status) if status >= 400 => format!("HTTP {status} without a readable error"),
            _ => chain(error),
        },
        (code, "") => code.to_owned(),
        (code, message) => format!("{code}: {message}"),
    };
    Unknown { reason, operation: Some(operation.to_string()), detail }
}

/// Whether a call failed because its host has no address, and not because the name service was busy or away.
fn is_name_not_found<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: std::error::Error + 'static,
{
    // The system tells the two apart in words only, and these are the C libraries' for "again".
    let text = matches!(error, SdkError::DispatchFailure(_)).then(|| chain(error)).unwrap_or_default();
    text.contains("dns error") && !text.contains("emporary failure") && !text.contains("ry again")
}

/// What it means that there were no credentials to sign a call with. To the SDK this is a call that was not dispatched,
/// and would look like a network that is down.
fn classify_credentials(operation: Operation, error: &(dyn std::error::Error + 'static)) -> Option<Unknown> {
    let credentials =
        std::iter::successors(Some(error), |error| error.source()).find(|error| error.is::<CredentialsError>())?;
    if let Some(renewal) = credentials.source().and_then(|source| source.downcast_ref::<AssumeRoleFailure>()) {
        return Some(classify(operation::ASSUME_ROLE, renewal));
    }
    Some(Unknown { reason: UnknownReason::Denied, operation: Some(operation.to_string()), detail: chain(credentials) })
}

type AssumeRoleFailure = SdkError<AssumeRoleError, HttpResponse>;

fn is_denial_code(code: &str) -> bool {
    code.contains("AccessDenied") || code.contains("Unauthorized") || DENIALS.contains(&code)
}

/// Codes that say "you may not", beside those that contain `AccessDenied` or `Unauthorized`.
const DENIALS: &[&str] = &[
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "OptInRequired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Codes that say "not here".
const UNSUPPORTED: &[&str] = &["SubscriptionRequiredException", "NotImplemented", "UnsupportedOperation"];

/// An error with what caused it, outermost first, without the words of the SDK's wrappers.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for error in std::iter::successors(Some(error), |error| error.source()) {
        let text = error.to_string();
        // Many errors repeat the text of their source.
        if !WRAPPERS.contains(&text.as_str()) && !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.push(text);
        }
    }
    if texts.is_empty() { error.to_string() } else { texts.join(": ") }
}

/// What the SDK says where only the cause tells anything.
const WRAPPERS: &[&str] =
    &["connector error", "dispatch failure", "io error", "other", "request has timed out", "service error", "timeout"];

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_smithy_runtime_api::client::result::ConnectorError;

    use super::*;
    use crate::collect::aws::guard::Endpoint;
    use crate::collect::aws::testing;

    #[tokio::test]
    async fn a_service_that_a_region_does_not_offer_is_an_answer() {
        let url = "http://drs.ap-northeast-1.invalid";
        let asked = |endpoint: Endpoint| async {
            let task = testing::task(url, "s3", Arc::new(endpoint), Duration::ZERO);
            let s3 = task.clients.s3();
            let first = task.call(operation::LIST_BUCKETS, s3.list_buckets().send()).await.unwrap_err();
            let second = task.call(operation::LIST_BUCKETS, s3.list_buckets().send()).await.unwrap_err();
            let status = task.finish(Vec::new()).coverage[0].status;
            (first.reason, second.reason, status)
        };
        // The names of the Region are found, but for this one.
        let nowhere = asked(Endpoint::beside("localhost".to_owned())).await;
        assert_eq!(nowhere, (UnknownReason::NotOffered, UnknownReason::NotOffered, CallStatus::Skipped));
        // No name is found.
        let offline = asked(Endpoint::beside("ec2.ap-northeast-1.invalid".to_owned())).await;
        assert_eq!(offline, (UnknownReason::Unreachable, UnknownReason::Unreachable, CallStatus::Error));
        // A server of somebody's own.
        let own = asked(Endpoint::default()).await;
        assert_eq!(own.0, UnknownReason::Unreachable);
    }

    #[test]
    fn missing_credentials_are_no_network_that_is_down() {
        let missing = CredentialsError::not_loaded("no provider in the chain");
        let error: AssumeRoleFailure = SdkError::dispatch_failure(ConnectorError::other(missing.into(), None));
        let unknown = classify(operation::LIST_BUCKETS, &error);
        assert_eq!(unknown.reason, UnknownReason::Denied);
        assert_eq!(unknown.operation.as_deref(), Some("s3:ListBuckets"));
    }

    #[test]
    fn a_role_that_cannot_be_renewed_is_named_as_the_cause() {
        let network = ConnectorError::io("connection refused".into());
        let renewal: AssumeRoleFailure = SdkError::dispatch_failure(network);
        let renewal = CredentialsError::provider_error(renewal);
        let error: AssumeRoleFailure = SdkError::dispatch_failure(ConnectorError::other(renewal.into(), None));
        let unknown = classify(operation::LIST_BUCKETS, &error);
        assert_eq!(unknown.reason, UnknownReason::Unreachable);
        assert_eq!(unknown.operation.as_deref(), Some("sts:AssumeRole"));
    }
}
