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
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

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
}

/// So many calls without any answer, and the endpoint counts as dead for the accounts that have not asked it yet.
const DEAD_AFTER: u32 = 3;

impl Endpoint {
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
            && call.started.elapsed() >= self.meter.patience
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
        error.is_timeout_error()
            || error.as_connector_error().is_some_and(|error| error.is_timeout() || error.is_io())
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
    // The SDK's name of a service is the prefix of its IAM actions in capitals, but for one.
    let service = if service == "Config Service" { "config" } else { service };
    operation::ALL
        .iter()
        .copied()
        .find(|operation| operation.name == name && operation.service.eq_ignore_ascii_case(service))
}

/// Parts of the error codes with which services say "slow down".
const THROTTLES: &[&str] = &["Throttl", "RequestLimitExceeded", "SlowDown", "TooManyRequests", "BandwidthLimitExceeded"];

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
