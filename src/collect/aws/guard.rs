//! The guard on every client: only reads pass, and what passes is counted.

use std::collections::BTreeMap;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextMut,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata, OrchestratorError};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use tokio::sync::OnceCell;

use super::task::chain;
use crate::model::{Operation, operation};

/// A call that was refused before anything was sent.
#[derive(Debug, thiserror::Error)]
#[error("{0} was not sent: it is none of the read operations that sonae may call")]
pub struct Refused(String);

/// What the scan has cost so far.
#[derive(Debug, Default)]
pub struct Totals {
    calls: AtomicU64,
    attempts: AtomicU64,
    throttles: AtomicU64,
    bytes: AtomicU64,
}

impl Totals {
    /// Calls, each page counted.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Attempts, the first of each call counted.
    pub fn attempts(&self) -> u64 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Attempts that were answered with "slow down".
    pub fn throttles(&self) -> u64 {
        self.throttles.load(Ordering::Relaxed)
    }

    /// Bytes of all answers.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// What the calls of one operation cost in one account and Region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Calls, each page counted.
    pub calls: u64,
    /// Attempts, the first of each call counted.
    pub attempts: u64,
    /// Attempts that were answered with "slow down".
    pub throttles: u64,
    /// Bytes of the answers.
    pub bytes: u64,
    /// The time from the first attempt of each call to its end.
    pub elapsed: Duration,
}

/// Whether one service answers in one Region at all, as all accounts together have learnt.
#[derive(Debug, Default)]
pub struct Endpoint {
    answered: AtomicBool,
    unreachable: Mutex<(u32, String)>,
    /// A host of the same Region that is there whatever services are; none where the endpoint is not AWS's own.
    control: Option<String>,
    nowhere: OnceCell<bool>,
}

/// So many calls without any answer, and the endpoint counts as dead for the accounts that have not asked it yet.
const DEAD_AFTER: u32 = 3;

impl Endpoint {
    /// An endpoint of AWS in a Region whose name can be told from a name service that is down, since `control` is a
    /// host of the same Region that is always there.
    pub fn beside(control: String) -> Self {
        Self { control: Some(control), ..Self::default() }
    }

    /// Whether it has turned out not to exist.
    pub fn is_nowhere(&self) -> bool {
        self.nowhere.get() == Some(&true)
    }

    /// Whether an endpoint does not exist whose name was not found: names of the Region are found, this one is not. AWS
    /// gives a name to every service that a Region offers ("Service endpoints", AWS General Reference).
    pub async fn exists_not(&self) -> bool {
        let Some(control) = &self.control else { return false };
        let looked_up = || async { !self.answered() && tokio::net::lookup_host((control.as_str(), 443)).await.is_ok() };
        *self.nowhere.get_or_init(looked_up).await
    }

    /// Whether it has answered anybody.
    pub fn answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// Counts a call that got no answer.
    pub fn unreachable(&self, why: &str) {
        let mut unreachable = lock(&self.unreachable);
        unreachable.0 += 1;
        why.clone_into(&mut unreachable.1);
    }

    /// Why nobody needs to ask it any more.
    pub fn dead(&self) -> Option<String> {
        if self.answered() {
            return None;
        }
        let unreachable = lock(&self.unreachable);
        (unreachable.0 >= DEAD_AFTER).then(|| unreachable.1.clone())
    }
}

/// What the calls of one service in one account and Region cost.
#[derive(Debug, Default)]
pub struct Meter {
    /// Of the whole scan.
    pub totals: Arc<Totals>,
    /// The endpoint that these calls go to.
    pub endpoint: Arc<Endpoint>,
    /// See [`Timeouts::patience`](super::http::Timeouts::patience).
    pub patience: Duration,
    costs: Mutex<BTreeMap<Operation, Cost>>,
}

impl Meter {
    /// A meter that has counted nothing yet.
    pub fn new(totals: Arc<Totals>, endpoint: Arc<Endpoint>, patience: Duration) -> Self {
        Self { totals, endpoint, patience, costs: Mutex::default() }
    }

    /// What each operation has cost so far.
    pub fn costs(&self) -> BTreeMap<Operation, Cost> {
        lock(&self.costs).clone()
    }

    fn count(&self, operation: Operation, change: impl FnOnce(&mut Cost)) {
        change(lock(&self.costs).entry(operation).or_default());
    }
}

/// The interceptor that every client carries.
#[derive(Debug, Clone)]
pub struct Guard {
    meter: Arc<Meter>,
}

impl Guard {
    /// A guard that counts into that meter.
    pub fn new(meter: Arc<Meter>) -> Self {
        Self { meter }
    }
}

/// So many attempts at an endpoint that has answered nobody, and the call is over: more would mostly be waiting between
/// attempts.
const ATTEMPTS_UNANSWERED: u32 = 3;

fn attempts(config: &ConfigBag) -> u32 {
    config.load::<RequestAttempts>().map_or(0, RequestAttempts::attempts)
}

/// The call that an interceptor hook belongs to.
#[derive(Debug, Clone, Copy)]
struct Call {
    operation: Operation,
    started: Instant,
}

impl Storable for Call {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "sonae guard"
    }

    // The first hook that knows the operation; nothing has been sent, signed or even serialised.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = match config.load::<Metadata>() {
            Some(metadata) => allowed(metadata.service(), metadata.name())
                .ok_or_else(|| Refused(format!("{}:{}", metadata.service(), metadata.name())))?,
            None => return Err(Refused("an operation without a name".to_owned()).into()),
        };
        config.interceptor_state().store_put(Call { operation, started: Instant::now() });
        self.meter.totals.calls.fetch_add(1, Ordering::Relaxed);
        self.meter.count(operation, |cost| cost.calls += 1);
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(call) = config.load::<Call>() {
            self.meter.totals.attempts.fetch_add(1, Ordering::Relaxed);
            self.meter.count(call.operation, |cost| cost.attempts += 1);
        }
        Ok(())
    }

    fn modify_before_attempt_completion(
        &self,
        context: &mut FinalizerInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(call) = config.load::<Call>() else { return Ok(()) };
        if let Some(response) = context.response() {
            self.meter.endpoint.answered.store(true, Ordering::Relaxed);
            let bytes = response.body().bytes().map_or(0, |bytes| bytes.len() as u64);
            let throttles = u64::from(is_throttle(response));
            self.meter.totals.bytes.fetch_add(bytes, Ordering::Relaxed);
            self.meter.totals.throttles.fetch_add(throttles, Ordering::Relaxed);
            self.meter.count(call.operation, |cost| {
                cost.bytes += bytes;
                cost.throttles += throttles;
            });
        } else if !self.meter.endpoint.answered()
            && (attempts(config) >= ATTEMPTS_UNANSWERED || call.started.elapsed() >= self.meter.patience)
            && let Some(outcome) = context.output_or_error_mut()
        {
            give_up(outcome);
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        _: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(call) = config.load::<Call>() {
            self.meter.count(call.operation, |cost| cost.elapsed += call.started.elapsed());
        }
        Ok(())
    }
}

/// Makes an attempt that found nobody the last one: the SDK retries time-outs and input-output errors, but no
/// connection error of another kind.
fn give_up<O, E: std::fmt::Debug + std::error::Error + 'static>(outcome: &mut Result<O, OrchestratorError<E>>) {
    let lost = |error: &OrchestratorError<E>| {
        error.is_timeout_error() || error.as_connector_error().is_some_and(|error| error.is_timeout() || error.is_io())
    };
    if !outcome.as_ref().err().is_some_and(lost) {
        return;
    }
    let last = ConnectorError::other("no answer".into(), None);
    if let Err(error) = mem::replace(outcome, Err(OrchestratorError::connector(last))) {
        let last = ConnectorError::other(chain(&error).into(), None);
        *outcome = Err(OrchestratorError::connector(last));
    }
}

/// The operation of the model that an operation of the SDK is, if it may be called.
fn allowed(service: &str, name: &str) -> Option<Operation> {
    // The SDK's name of a service is that of the AWS CLI with capitals and spaces, but for a few.
    let service = match service {
        "Config Service" => "config",
        "Elastic Load Balancing" => "elb",
        "Elastic Load Balancing v2" => "elbv2",
        "EventBridge" => "events",
        other => other,
    };
    let same = |ours: &str| letters(ours).eq(letters(service));
    operation::ALL.iter().copied().find(|operation| operation.name == name && same(operation.service))
}

/// The letters of a service's name, however it is written.
fn letters(service: &str) -> impl Iterator<Item = char> {
    service.chars().filter(|letter| !matches!(letter, ' ' | '-')).map(|letter| letter.to_ascii_lowercase())
}

/// Parts of the error codes with which services say "slow down".
const THROTTLES: &[&str] =
    &["Throttl", "RequestLimitExceeded", "SlowDown", "TooManyRequests", "BandwidthLimitExceeded"];

/// Whether an error code says "slow down".
pub(super) fn is_throttle_code(code: &str) -> bool {
    THROTTLES.iter().any(|part| code.contains(part))
}

/// Whether an answer says "slow down". Read from the answer itself, since the error is not typed at this place.
fn is_throttle(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    if status < 400 {
        return false;
    }
    status == 429
        || response.headers().get("x-amzn-errortype").is_some_and(is_throttle_code)
        || response.body().bytes().is_some_and(|body| is_throttle_code(&String::from_utf8_lossy(body)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Counters stay meaningful when another task panics between two of them.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::result::SdkError;

    use super::*;
    use crate::collect::aws::testing::{Server, nobody, task};
    use crate::model::UnknownReason;
    use crate::snapshot::CallStatus;

    const PATIENT: Duration = Duration::from_mins(1);
    const NO_BUCKETS: &str = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";

    #[tokio::test]
    async fn a_write_never_leaves_the_program() {
        let server = Server::answering(&[(200, NO_BUCKETS)]);
        let task = task(&server.url, "s3", Arc::default(), PATIENT);
        let s3 = task.clients.s3();
        let error = s3.delete_bucket().bucket("assets").send().await.unwrap_err();
        assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error:?}");
        assert!(chain(&error).contains("S3:DeleteBucket was not sent"), "{}", chain(&error));
        let error = task.clients.rds().delete_db_instance().db_instance_identifier("db").send().await.unwrap_err();
        assert!(chain(&error).contains("RDS:DeleteDBInstance was not sent"), "{}", chain(&error));
        assert_eq!(server.connections(), 0);

        s3.list_buckets().send().await.unwrap();
        assert_eq!(server.connections(), 1);
    }

    #[tokio::test]
    async fn throttled_attempts_are_counted_for_their_operation() {
        let slow_down = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        let server = Box::leak(Box::new([(503, slow_down), (503, slow_down), (200, NO_BUCKETS)]));
        let server = Server::answering(server);
        let task = task(&server.url, "s3", Arc::default(), PATIENT);
        task.call(operation::LIST_BUCKETS, task.clients.s3().list_buckets().send()).await.unwrap();
        let partition = task.finish(Vec::new());
        let [coverage] = partition.coverage.as_slice() else { panic!("{:?}", partition.coverage) };
        assert_eq!((coverage.calls, coverage.throttles, coverage.status), (1, 2, CallStatus::Ok));
        let meter = task.clients.meter();
        assert_eq!(meter.costs()[&operation::LIST_BUCKETS].attempts, 3);
        assert_eq!((meter.totals.calls(), meter.totals.attempts(), meter.totals.throttles()), (1, 3, 2));
        assert!(meter.totals.bytes() > 0);
    }

    #[tokio::test]
    async fn an_endpoint_that_answers_nobody_is_asked_until_patience_ends() {
        let (endpoint, url) = (Arc::default(), nobody());
        let impatient = task(&url, "s3", Arc::clone(&endpoint), Duration::ZERO);
        let s3 = impatient.clients.s3();
        let why = impatient.call(operation::LIST_BUCKETS, s3.list_buckets().send()).await.unwrap_err();
        assert_eq!(why.reason, UnknownReason::Unreachable);
        assert_eq!(impatient.clients.meter().totals.attempts(), 1);

        // The rest of the partition is not asked, and says why.
        let versioning = s3.get_bucket_versioning().bucket("assets").send();
        let rest = impatient.call(operation::GET_BUCKET_VERSIONING, versioning).await.unwrap_err();
        assert_eq!((rest.reason, &rest.detail), (UnknownReason::Unreachable, &why.detail));
        assert_eq!(rest.operation.as_deref(), Some("s3:GetBucketVersioning"));
        assert_eq!(impatient.clients.meter().totals.calls(), 1);
        let coverage = impatient.finish(Vec::new()).coverage;
        assert_eq!(
            coverage.iter().map(|entry| (entry.calls, entry.status)).collect::<Vec<_>>(),
            [(0, CallStatus::Error), (1, CallStatus::Error),]
        );

        // Patience alone does not mean all attempts.
        let patient = task(&url, "s3", Arc::default(), PATIENT);
        let s3 = patient.clients.s3();
        patient.call(operation::LIST_BUCKETS, s3.list_buckets().send()).await.unwrap_err();
        assert_eq!(patient.clients.meter().totals.attempts(), 3);

        // After two more accounts, the next ones do not ask at all.
        for asked in [1, 1, 0] {
            let other = task(&url, "s3", Arc::clone(&endpoint), Duration::ZERO);
            let s3 = other.clients.s3();
            other.call(operation::LIST_BUCKETS, s3.list_buckets().send()).await.unwrap_err();
            assert_eq!(other.clients.meter().totals.calls(), asked);
        }
    }

    #[tokio::test]
    async fn an_endpoint_that_has_answered_before_is_retried() {
        let endpoint = Arc::<Endpoint>::default();
        endpoint.answered.store(true, Ordering::Relaxed);
        let task = task(&nobody(), "s3", endpoint, Duration::ZERO);
        let s3 = task.clients.s3();
        task.call(operation::LIST_BUCKETS, s3.list_buckets().send()).await.unwrap_err();
        assert_eq!(task.clients.meter().totals.attempts(), 4);
    }

    #[test]
    fn every_client_has_the_name_that_its_operations_have_in_the_model() {
        for service in ["Backup", "Config Service", "EC2", "Organizations", "RDS", "S3", "STS", "Support"] {
            let known = |operation: &&Operation| allowed(service, operation.name) == Some(**operation);
            assert!(operation::ALL.iter().any(|operation| known(&operation)), "{service}");
        }
        assert_eq!(allowed("S3", "DeleteBucket"), None);
        assert_eq!(allowed("EC2", "ListBuckets"), None);
    }
}
