//! The one place where the SDK is configured: HTTP client, time-outs, retries, credentials of the caller.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;

/// How a scan talks to AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Where every service is asked instead of at AWS: a test server, a proxy.
    pub endpoint_url: Option<String>,
    /// The profile of the shared configuration files; none follows `AWS_PROFILE`.
    pub profile: Option<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How much at once.
    pub concurrency: Concurrency,
    /// Whether a progress bar may be drawn; it is drawn on terminals only.
    pub progress: bool,
}

/// How long to wait for AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For the answer to one attempt.
    pub attempt: Duration,
    /// For a call with all its attempts.
    pub operation: Duration,
    /// How long a call may go on retrying an endpoint that has answered nobody yet, within three attempts. Without
    /// this limit, one Region that is cut off would cost all attempts of a call times the connect time-out.
    pub patience: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            // Pages of AWS come within a few seconds; what takes longer is asked again.
            attempt: Duration::from_secs(10),
            operation: Duration::from_mins(1),
            patience: Duration::from_secs(10),
        }
    }
}

/// How much is under way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// Calls in the whole scan.
    pub calls: usize,
    /// Calls in one account.
    pub account_calls: usize,
    /// Calls of one service in one account and Region.
    pub partition_calls: usize,
    /// Partitions.
    pub partitions: usize,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self { calls: 64, account_calls: 32, partition_calls: 8, partitions: 128 }
    }
}

/// Attempts of one call. Throttled organisations need more than the SDK's three.
const MAX_ATTEMPTS: u32 = 6;

/// Credentials are renewed this long before they expire, so that none expires under way.
const RENEW_BEFORE: Duration = Duration::from_mins(5);

/// The SDK configuration with the caller's own credentials, from which all others are made.
///
/// Credentials come from the SDK's standard chain: environment, profiles, IAM Identity Center, web identity, the roles
/// of containers and instances. Only `fallback` is ours: the Region where none is configured.
pub async fn root_config(options: &Options, fallback: Region) -> SdkConfig {
    // A dated version, so that an update of the SDK cannot change time-outs or retries unseen.
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http_client())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(options.timeouts.connect)
                .operation_attempt_timeout(options.timeouts.attempt)
                .operation_timeout(options.timeouts.operation)
                .build(),
        )
        .retry_config(RetryConfig::adaptive().with_max_attempts(MAX_ATTEMPTS))
        .identity_cache(identity_cache());
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    let config = loader.load().await;
    if config.region().is_some() { config } else { config.into_builder().region(fallback).build() }
}

/// A cache for the credentials of one account.
///
/// Never shared between accounts: the SDK's cache holds 64 entries and evicts at random beyond, which would assume
/// roles again and again in a larger organisation.
pub fn identity_cache() -> aws_smithy_runtime_api::client::identity::SharedIdentityCache {
    IdentityCache::lazy().buffer_time(RENEW_BEFORE).build()
}

/// The HTTP client with its pool of connections, one for the whole scan. Follows the proxy variables of the
/// environment, as the SDK's own default client does.
pub(super) fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder();
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        // ring needs no C build of aws-lc; the price is no post-quantum key exchange.
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).proxy_config(ProxyConfig::from_env()).build()
    })
}
