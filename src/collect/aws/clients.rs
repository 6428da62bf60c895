//! The clients of one account and Region: each with the guard, and with retry state of its own.

use std::sync::Arc;

use aws_types::SdkConfig;

use super::guard::{Guard, Meter};

/// Makes the clients of one account and Region. There is no other way to a client, so none goes unguarded.
#[derive(Debug, Clone)]
pub struct Clients {
    config: SdkConfig,
    account: Arc<str>,
    meter: Arc<Meter>,
}

impl Clients {
    /// Clients with this configuration that count into that meter.
    pub fn new(config: SdkConfig, account: Arc<str>, meter: Arc<Meter>) -> Self {
        Self { config, account, meter }
    }

    /// What these clients have cost so far.
    pub fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// The Region that is asked.
    pub fn region(&self) -> &str {
        self.config.region().map_or("", AsRef::as_ref)
    }

    /// Whether another endpoint than AWS's own is asked, such as a test server.
    pub fn endpoint_override(&self) -> bool {
        self.config.endpoint_url().is_some()
    }

    /// The SDK keeps retry budgets and send rates for the whole process, by service and Region. Without the account,
    /// one throttled account would use up the budget of all others.
    fn retry_partition(&self, service: &str) -> String {
        format!("{service}-{}-{}", self.region(), self.account)
    }
}

macro_rules! clients {
    ($($service:ident: $sdk:ident;)*) => {
        impl Clients {
            $(
                #[doc = concat!("A client of `", stringify!($service), "`.")]
                pub fn $service(&self) -> $sdk::Client {
                    $sdk::Client::from_conf(
                        $sdk::config::Builder::from(&self.config)
                            .retry_partition($sdk::config::retry::RetryPartition::new(
                                self.retry_partition(stringify!($service)),
                            ))
                            .interceptor(Guard::new(Arc::clone(&self.meter)))
                            .build(),
                    )
                }
            )*
        }
    };
}

clients! {
    account: aws_sdk_account;
    acm: aws_sdk_acm;
    arcregionswitch: aws_sdk_arcregionswitch;
    autoscaling: aws_sdk_autoscaling;
    backup: aws_sdk_backup;
    cloudformation: aws_sdk_cloudformation;
    cloudfront: aws_sdk_cloudfront;
    cloudwatch: aws_sdk_cloudwatch;
    config: aws_sdk_config;
    directconnect: aws_sdk_directconnect;
    dlm: aws_sdk_dlm;
    drs: aws_sdk_drs;
    dynamodb: aws_sdk_dynamodb;
    ec2: aws_sdk_ec2;
    ecr: aws_sdk_ecr;
    ecs: aws_sdk_ecs;
    efs: aws_sdk_efs;
    eks: aws_sdk_eks;
    elasticache: aws_sdk_elasticache;
    elasticloadbalancing: aws_sdk_elasticloadbalancing;
    elasticloadbalancingv2: aws_sdk_elasticloadbalancingv2;
    eventbridge: aws_sdk_eventbridge;
    fis: aws_sdk_fis;
    fsx: aws_sdk_fsx;
    kafka: aws_sdk_kafka;
    kinesis: aws_sdk_kinesis;
    kms: aws_sdk_kms;
    lambda: aws_sdk_lambda;
    memorydb: aws_sdk_memorydb;
    mq: aws_sdk_mq;
    networkfirewall: aws_sdk_networkfirewall;
    opensearch: aws_sdk_opensearch;
    organizations: aws_sdk_organizations;
    rds: aws_sdk_rds;
    redshift: aws_sdk_redshift;
    route53: aws_sdk_route53;
    secretsmanager: aws_sdk_secretsmanager;
    servicequotas: aws_sdk_servicequotas;
    sns: aws_sdk_sns;
    sqs: aws_sdk_sqs;
    ssmincidents: aws_sdk_ssmincidents;
    sts: aws_sdk_sts;
    support: aws_sdk_support;
}

impl Clients {
    /// A client of `s3`.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::from_conf(
            aws_sdk_s3::config::Builder::from(&self.config)
                // A test server has no DNS name for each bucket.
                .force_path_style(self.endpoint_override())
                .retry_partition(aws_sdk_s3::config::retry::RetryPartition::new(self.retry_partition("s3")))
                .interceptor(Guard::new(Arc::clone(&self.meter)))
                .build(),
        )
    }
}
