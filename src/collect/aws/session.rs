//! Who reads: the caller, and the role that the caller assumes in each account.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::Region;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_types::SdkConfig;
use tokio::sync::Semaphore;

use super::availability::may_be_missing;
use super::clients::Clients;
use super::guard::{Endpoint, Meter, Totals};
use super::http::{Concurrency, Options, identity_cache, root_config};
use super::task::{Bounds, Task};
use crate::collect::Plan;
use crate::manifest::{Manifest, Regions};
use crate::model::{Unknown, UnknownReason, operation};
use crate::snapshot::PartitionKey;

/// The name of the role sessions, as `CloudTrail` shows it.
const SESSION_NAME: &str = "sonae";

/// The Region in the keys of partitions that belong to no Region.
pub const GLOBAL: &str = "global";

/// The service in the key of the partition that holds what getting into an account took: its coverage, no resources.
pub const ACCESS: &str = "sts";

/// What is known of each service and Region.
type Endpoints = HashMap<(Arc<str>, Arc<str>), Arc<Endpoint>>;

/// The caller's session, from which those of all accounts are made.
#[derive(Debug)]
pub struct Session {
    config: SdkConfig,
    account: Arc<str>,
    /// `aws`, `aws-cn`, `aws-us-gov`: the second part of ARNs.
    partition: String,
    role: Option<String>,
    external_id: Option<String>,
    plan: Arc<Plan>,
    patience: Duration,
    concurrency: Concurrency,
    calls: Arc<Semaphore>,
    totals: Arc<Totals>,
    endpoints: Mutex<Endpoints>,
}

/// An account that can be read.
#[derive(Debug, Clone)]
pub struct Account {
    /// Twelve digits.
    pub id: Arc<str>,
    config: SdkConfig,
    calls: Arc<Semaphore>,
}

impl Session {
    /// Finds out who the caller is. The task is that of the caller's own account, with the call in its ledger.
    ///
    /// # Errors
    /// There are no credentials, or AWS does not accept them.
    pub async fn open(manifest: &Manifest, plan: Arc<Plan>, options: &Options) -> Result<(Self, Task), Arc<Unknown>> {
        let fallback = match &manifest.regions {
            Regions::List(regions) => regions.first().cloned(),
            Regions::Enabled => None,
        };
        let config = root_config(options, Region::new(fallback.unwrap_or_else(|| "us-east-1".to_owned()))).await;
        let mut session = Self {
            config,
            account: "".into(),
            partition: "aws".to_owned(),
            role: manifest.accounts.role.clone(),
            external_id: manifest.accounts.external_id.clone(),
            plan,
            patience: options.timeouts.patience,
            concurrency: options.concurrency,
            calls: Arc::new(Semaphore::new(options.concurrency.calls.max(1))),
            totals: Arc::default(),
            endpoints: Mutex::default(),
        };
        let mut task = session.access_task("".into());
        let answer = task.call(operation::GET_CALLER_IDENTITY, task.clients.sts().get_caller_identity().send()).await?;
        session.account = answer.account().unwrap_or_default().into();
        if let Some(partition) = answer.arn().and_then(|arn| arn.split(':').nth(1)) {
            partition.clone_into(&mut session.partition);
        }
        task.key.account = Arc::clone(&session.account);
        Ok((session, task))
    }

    /// The caller's account.
    pub fn account(&self) -> &Arc<str> {
        &self.account
    }

    /// What is to be read.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What the scan has cost so far.
    pub fn totals(&self) -> &Arc<Totals> {
        &self.totals
    }

    /// The Region that is asked what belongs to none.
    pub fn region(&self) -> &str {
        self.config.region().map_or("us-east-1", AsRef::as_ref)
    }

    /// A task for getting into an account, with the caller's own credentials.
    pub fn access_task(&self, account: Arc<str>) -> Task {
        let key = PartitionKey { account, region: GLOBAL.into(), service: ACCESS.into() };
        // STS counts these calls against the caller's account, whichever the role's.
        let meter = self.meter(ACCESS, self.region());
        let clients = Clients::new(self.config.clone(), Arc::clone(&self.account), meter);
        Task::new(key, clients, Arc::clone(&self.plan), self.bounds(&Arc::new(Semaphore::new(1))))
    }

    /// A task for AWS Organizations, with the caller's own credentials.
    pub fn organizations_task(&self) -> Task {
        let id = Arc::clone(&self.account);
        let key = PartitionKey { account: Arc::clone(&id), region: GLOBAL.into(), service: "organizations".into() };
        self.task(&Account { id, config: self.config.clone(), calls: self.account_calls() }, key)
    }

    /// Gets into an account: assumes the role there, if the manifest names one.
    ///
    /// # Errors
    /// Why nothing of that account can be read.
    pub async fn enter(&self, task: &Task) -> Result<Account, Arc<Unknown>> {
        let id = Arc::clone(&task.key.account);
        let Some(role) = &self.role else {
            if id == self.account {
                return Ok(Account { id, config: self.config.clone(), calls: self.account_calls() });
            }
            let why = Arc::new(Unknown {
                reason: UnknownReason::Denied,
                operation: Some(operation::ASSUME_ROLE.to_string()),
                detail: format!(
                    "the caller's credentials are those of account {}, and the manifest names no role to assume in \
                     account {id} (accounts.role)",
                    self.account
                ),
            });
            task.failed(operation::ASSUME_ROLE, &why);
            return Err(why);
        };
        let assume = AssumedRole {
            call: task
                .clients
                .sts()
                .assume_role()
                .role_arn(format!("arn:{}:iam::{id}:role/{role}", self.partition))
                .role_session_name(SESSION_NAME)
                .set_external_id(self.external_id.clone()),
            first: Mutex::default(),
        };
        let answer = task.call(operation::ASSUME_ROLE, assume.call.clone().send()).await?;
        let first = credentials(answer).map_err(|error| {
            let why = Unknown {
                reason: UnknownReason::Error,
                operation: Some(operation::ASSUME_ROLE.to_string()),
                detail: error.to_string(),
            };
            task.failed(operation::ASSUME_ROLE, &why);
            Arc::new(why)
        })?;
        *assume.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(first);
        let config = self
            .config
            .to_builder()
            .credentials_provider(SharedCredentialsProvider::new(assume))
            .identity_cache(identity_cache())
            .build();
        Ok(Account { id, config, calls: self.account_calls() })
    }

    /// A task for one partition of an account.
    pub fn task(&self, account: &Account, key: PartitionKey) -> Task {
        let region = if &*key.region == GLOBAL { self.global_region().into() } else { Arc::clone(&key.region) };
        let meter = self.meter(&key.service, &region);
        let clients = Self::clients(account, &region, meter);
        Task::new(key, clients, Arc::clone(&self.plan), self.bounds(&account.calls))
    }

    /// Clients of an account in a Region.
    pub fn clients(account: &Account, region: &str, meter: Arc<Meter>) -> Clients {
        let config = account.config.to_builder().region(Region::new(region.to_owned())).build();
        Clients::new(config, Arc::clone(&account.id), meter)
    }

    /// Where the services are that have one place for all Regions.
    fn global_region(&self) -> &'static str {
        match self.partition.as_str() {
            "aws-cn" => "cn-northwest-1",
            "aws-us-gov" => "us-gov-west-1",
            _ => "us-east-1",
        }
    }

    fn meter(&self, service: &str, region: &str) -> Arc<Meter> {
        let mut endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let endpoint = endpoints.entry((service.into(), region.into())).or_insert_with(|| {
            // What somebody else answers says nothing of what AWS offers.
            let missing = self.config.endpoint_url().is_none() && may_be_missing(service, region);
            let endpoint =
                if missing { Endpoint::beside(control_host(&self.partition, region)) } else { Endpoint::default() };
            Arc::new(endpoint)
        });
        Arc::new(Meter::new(Arc::clone(&self.totals), Arc::clone(endpoint), self.patience))
    }

    fn bounds(&self, account: &Arc<Semaphore>) -> Bounds {
        Bounds {
            whole: Arc::clone(&self.calls),
            account: Arc::clone(account),
            partition: Arc::new(Semaphore::new(self.concurrency.partition_calls.max(1))),
        }
    }

    fn account_calls(&self) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(self.concurrency.account_calls.max(1)))
    }
}

/// A host that every Region has.
fn control_host(partition: &str, region: &str) -> String {
    let suffix = match partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    };
    format!("ec2.{region}.{suffix}")
}

/// The credentials of a role, assumed anew whenever the SDK's cache says that they expire.
///
/// The SDK has such a provider, but it makes its own STS client, which would pass by the guard.
struct AssumedRole {
    call: AssumeRoleFluentBuilder,
    /// The credentials from entering the account, until the SDK's cache takes them.
    first: Mutex<Option<Credentials>>,
}

impl fmt::Debug for AssumedRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AssumedRole").finish_non_exhaustive()
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move {
            let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
            #[expect(clippy::disallowed_methods, reason = "credentials expire by the clock")]
            let now = SystemTime::now();
            match first {
                Some(credentials) if credentials.expiry().is_none_or(|expiry| expiry > now) => Ok(credentials),
                _ => credentials(self.call.clone().send().await.map_err(CredentialsError::provider_error)?),
            }
        })
    }
}

fn credentials(answer: AssumeRoleOutput) -> provider::Result {
    let credentials =
        answer.credentials.ok_or_else(|| CredentialsError::unhandled("sts:AssumeRole answered no credentials"))?;
    let expiry = SystemTime::try_from(credentials.expiration).map_err(CredentialsError::unhandled)?;
    Ok(Credentials::new(
        credentials.access_key_id,
        credentials.secret_access_key,
        Some(credentials.session_token),
        Some(expiry),
        "sonae",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::aws::testing::{Server, task};

    #[tokio::test]
    async fn a_role_is_assumed_anew_when_its_credentials_have_expired() {
        let server = Server::answering(&[(
            200,
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>renewed</AccessKeyId>\
             <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
        )]);
        let task = task(&server.url, ACCESS, Arc::default(), Duration::from_mins(1));
        let call = task.clients.sts().assume_role().role_arn("arn:aws:iam::111111111111:role/r").role_session_name("s");
        let until = |expiry| Credentials::new("first", "secret", None, Some(expiry), "test");
        #[expect(clippy::disallowed_methods, reason = "credentials expire by the clock")]
        let now = SystemTime::now();
        let hour = Duration::from_hours(1);

        let fresh = AssumedRole { call: call.clone(), first: Mutex::new(Some(until(now + hour))) };
        assert_eq!(fresh.provide_credentials().await.unwrap().access_key_id(), "first");
        assert_eq!(server.connections(), 0);
        assert_eq!(fresh.provide_credentials().await.unwrap().access_key_id(), "renewed");

        let expired = AssumedRole { call, first: Mutex::new(Some(until(now - hour))) };
        assert_eq!(expired.provide_credentials().await.unwrap().access_key_id(), "renewed");
        assert_eq!(server.connections(), 2);
        assert!(!format!("{expired:?}").contains("secret"));
    }
}
