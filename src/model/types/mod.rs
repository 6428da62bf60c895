//! Every resource type, one file a service. A new field is one line here and the line that fills it.

pub mod account;
pub mod acm;
pub mod arcregionswitch;
pub mod autoscaling;
pub mod backup;
pub mod cloudformation;
pub mod cloudfront;
pub mod cloudwatch;
pub mod cloudwatch_metrics;
pub mod config;
pub mod directconnect;
pub mod dlm;
pub mod drs;
pub mod dynamodb;
pub mod ec2;
pub mod ecr;
pub mod ecs;
pub mod efs;
pub mod eks;
pub mod elasticache;
pub mod elb;
pub mod elbv2;
pub mod events;
pub mod fis;
pub mod fsx;
pub mod kafka;
pub mod kinesis;
pub mod kms;
pub mod lambda;
pub mod memorydb;
pub mod mq;
pub mod networkfirewall;
pub mod opensearch;
pub mod organizations;
pub mod rds;
pub mod recovery;
pub mod redshift;
pub mod route53;
pub mod s3;
pub mod secretsmanager;
pub mod servicequotas;
pub mod sns;
pub mod sqs;
pub mod ssm_incidents;
pub mod support;
pub mod workload;

use super::operation::Operation;
use super::schema::{Field, ResourceType, Source, Type};

/// All types, in the order of reports.
pub static ALL: &[&ResourceType] = &[
    &workload::WORKLOAD,
    &recovery::STORE,
    &recovery::RECOVERY_ESTIMATE,
    &organizations::ACCOUNT,
    &ec2::AVAILABILITY_ZONE,
    &ec2::VPC,
    &ec2::SUBNET,
    &ec2::ROUTE_TABLE,
    &ec2::NAT_GATEWAY,
    &ec2::INSTANCE,
    &ec2::IMAGE,
    &ec2::LAUNCH_TEMPLATE,
    &ec2::VPN_CONNECTION,
    &ec2::VPC_ENDPOINT,
    &ec2::VOLUME,
    &ec2::SNAPSHOT,
    &dlm::LIFECYCLE_POLICY,
    &drs::SOURCE_SERVER,
    &efs::FILE_SYSTEM,
    &fsx::FILE_SYSTEM,
    &fsx::BACKUP,
    &s3::BUCKET,
    &rds::DB_INSTANCE,
    &rds::DB_CLUSTER,
    &rds::GLOBAL_CLUSTER,
    &rds::DB_SNAPSHOT,
    &rds::DB_CLUSTER_SNAPSHOT,
    &rds::AUTOMATED_BACKUP,
    &backup::BACKUP_PLAN,
    &backup::BACKUP_SELECTION,
    &backup::BACKUP_VAULT,
    &backup::PROTECTED_RESOURCE,
    &backup::RECOVERY_POINT,
    &backup::REGION_SETTINGS,
    &backup::RESTORE_JOB,
    &cloudwatch_metrics::REPLICA_LAG,
    &support::TRUSTED_ADVISOR_CHECK,
    &config::CONFIGURATION_RECORDER,
    &config::CONFIG_RULE,
    &dynamodb::TABLE,
    &dynamodb::LEGACY_GLOBAL_TABLE,
    &elasticache::REPLICATION_GROUP,
    &elasticache::SERVERLESS_CACHE,
    &elasticache::GLOBAL_REPLICATION_GROUP,
    &memorydb::CLUSTER,
    &opensearch::DOMAIN,
    &redshift::CLUSTER,
    &redshift::SNAPSHOT_SCHEDULE,
    &kinesis::STREAM,
    &kafka::CLUSTER,
    &mq::BROKER,
    &sqs::QUEUE,
    &kms::KEY,
    &kms::ALIAS,
    &secretsmanager::SECRET,
    &ecr::REPOSITORY,
    &ecr::REPLICATION_CONFIGURATION,
    &autoscaling::AUTO_SCALING_GROUP,
    &autoscaling::LAUNCH_CONFIGURATION,
    &elbv2::LOAD_BALANCER,
    &elbv2::TARGET_GROUP,
    &elb::LOAD_BALANCER,
    &ecs::CLUSTER,
    &ecs::SERVICE,
    &eks::CLUSTER,
    &eks::NODEGROUP,
    &lambda::FUNCTION,
    &directconnect::VIRTUAL_INTERFACE,
    &networkfirewall::FIREWALL,
    &route53::HOSTED_ZONE,
    &route53::RECORD_SET,
    &route53::HEALTH_CHECK,
    &cloudfront::DISTRIBUTION,
    &acm::CERTIFICATE,
    &servicequotas::QUOTA,
    &arcregionswitch::PLAN,
    &account::REGION,
    &account::ALTERNATE_CONTACTS,
    &cloudwatch::ALARM,
    &cloudwatch::COMPOSITE_ALARM,
    &sns::SUBSCRIPTION,
    &events::RULE,
    &ssm_incidents::REPLICATION_SET,
    &fis::EXPERIMENT,
    &cloudformation::STACK,
];

/// Services that answer for the whole account at one place: their partitions have the Region `global`.
pub const GLOBAL_SERVICES: &[&str] = &["support", "route53", "cloudfront", "arc-region-switch", "account"];

/// Services that are asked once, with the caller's own credentials.
pub const ORGANIZATION_SERVICES: &[&str] = &["organizations"];

/// What stands for the fields that the mechanisms in `rules/recovery/` name.
pub const RECOVERY: &str = "recovery";

/// What stands for every type of [`rebuilt`] in what a field is derived from.
pub const REBUILT: &str = "rebuilt";

/// What a rebuild in another Region needs besides data stores. What AWS makes by itself, such as main route tables and
/// the instances of an Auto Scaling group, is no part of it.
const REBUILT_TYPES: &[&str] = &[
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupVault",
    "AWS::EC2::NatGateway",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    "AWS::EKS::Cluster",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::Lambda::Function",
    "AWS::Route53::HostedZone",
    "AWS::SQS::Queue",
];

/// The types whose resources infrastructure as code must be able to build again.
pub fn rebuilt() -> impl Iterator<Item = &'static ResourceType> {
    // Volumes are data stores too, but come and go with their instances.
    ALL.iter().copied().filter(|ty| (ty.stateful && ty.name != "AWS::EC2::Volume") || REBUILT_TYPES.contains(&ty.name))
}

/// The type of that name.
pub fn find(name: &str) -> Option<&'static ResourceType> {
    ALL.iter().copied().find(|ty| ty.name == name)
}

const STR: Type = Type::Str;
const BOOL: Type = Type::Bool;
const INT: Type = Type::Int;
const TIME: Type = Type::Timestamp;
const DURATION: Type = Type::Duration;
const STRINGS: Type = Type::List(&Type::Str);

const fn api(name: &'static str, ty: Type, operation: Operation, doc: &'static str) -> Field {
    Field { name, ty, source: Source::Api(operation), doc }
}

const fn derived(name: &'static str, ty: Type, from: &'static [&'static str], doc: &'static str) -> Field {
    Field { name, ty, source: Source::Derived(from), doc }
}

const fn declared(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, source: Source::Declared, doc }
}

const fn part(name: &'static str, ty: Type, doc: &'static str) -> Field {
    Field { name, ty, source: Source::Part, doc }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `AWS::S3::Bucket.tags` -> the field.
    fn resolve(path: &str) -> Option<&'static Field> {
        let (ty, field) = path.rsplit_once('.')?;
        Some(find(ty)?.field(field)?.1)
    }

    #[test]
    fn every_derived_field_names_fields_that_exist() {
        for ty in ALL {
            for field in ty.fields {
                if let Source::Derived(from) = field.source {
                    for path in from.iter().filter(|path| **path != REBUILT && **path != RECOVERY) {
                        assert!(resolve(path).is_some(), "{}.{} is derived from {path}", ty.name, field.name);
                    }
                }
            }
        }
    }

    #[test]
    fn names_are_unique_and_documented() {
        let mut names = std::collections::HashSet::new();
        for ty in ALL {
            assert!(names.insert(ty.name), "{} twice", ty.name);
            let mut fields = std::collections::HashSet::new();
            for field in ty.fields {
                assert!(fields.insert(field.name), "{}.{} twice", ty.name, field.name);
                assert!(field.doc.ends_with('.'), "{}.{}: the documentation is a sentence", ty.name, field.name);
            }
        }
    }

    #[test]
    fn what_is_listed_by_an_operation_belongs_to_its_service() {
        for ty in ALL {
            if let Some(operation) = ty.listed_by {
                assert_eq!(operation.service, ty.service, "{}", ty.name);
            }
        }
    }
}
