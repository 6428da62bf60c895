//! What the manifest declares: workloads and their recovery objectives.

use super::account::OPT_STATUSES;
use super::recovery::SCOPES;
use super::{BOOL, DURATION, INT, STR, STRINGS, TIME, declared, derived, part};
use crate::model::schema::{Field, RecordType, ResourceType, Type};

/// Recovery strategies, coldest first, as in "Disaster recovery options in the cloud" (AWS whitepaper).
pub const STRATEGIES: &[&str] = &["backup_restore", "pilot_light", "warm_standby", "active_active"];

/// How much a workload matters. Anything below critical lowers the severity of its findings by one step.
pub const TIERS: &[&str] = &["critical", "important", "non_critical"];

/// One duration for each scope of disruption.
pub static BY_SCOPE: RecordType = RecordType {
    name: "durations by scope",
    fields: &[
        part("data", DURATION, "Logical data loss: deletion, corruption, ransomware."),
        part("infrastructure", DURATION, "Loss of an instance or of a disk."),
        part("az", DURATION, "Loss of an Availability Zone."),
        part("region", DURATION, "Loss of a Region."),
    ],
};

/// `objectives` in rules.
pub static OBJECTIVES: RecordType = RecordType {
    name: "objectives",
    fields: &[
        part("slo", Type::Double, "Service level objective in percent of the month; null when not declared."),
        part("slo_month_budget", DURATION, "Downtime that the SLO leaves in a month of 30 days; null without an SLO."),
        part("rpo", Type::Record(&BY_SCOPE), "Recovery point objective by scope; null where not declared."),
        part("rto", Type::Record(&BY_SCOPE), "Recovery time objective by scope; null where not declared."),
        part("rlo", STR, "Recovery level objective in words; null when not declared."),
        part("retention", DURATION, "How far back a restore must reach; null when not declared."),
    ],
};

/// Conditions of a failover.
pub static FAILOVER: RecordType = RecordType {
    name: "failover",
    fields: &[
        part("build_after", DURATION, "Time after the start of a disaster when building in the DR Region starts."),
        part("switch_after", DURATION, "Time after the start of a disaster when the service moves to the DR Region."),
        part("confirm_with_support", BOOL, "Whether the outage is confirmed with AWS Support first."),
    ],
};

/// The DR Region as an account of the workload sees it.
pub static DR_ACCESS: RecordType = RecordType {
    name: "access to the DR Region",
    fields: &[
        part("account", STR, "The account."),
        part("opt_status", Type::Enum(OPT_STATUSES), "Whether the account can use the DR Region."),
        part("zone_count", INT, "How many zones the DR Region's API answered; unknown when it was not asked."),
    ],
};

/// The network of an account of the workload, in both Regions.
pub static DR_NETWORK: RecordType = RecordType {
    name: "network in the DR Region",
    fields: &[
        part("account", STR, "The account."),
        part(
            "primary_zone_count",
            INT,
            "In how many zones a VPC of the primary Region has subnets, default VPCs aside.",
        ),
        part("dr_zone_count", INT, "The same in the DR Region."),
    ],
};

/// A quota of an account of the workload, in both Regions.
pub static DR_QUOTA: RecordType = RecordType {
    name: "quota in the DR Region",
    fields: &[
        part("account", STR, "The account."),
        part("name", STR, "What AWS calls it."),
        part("needed", Type::Double, "What the primary Region uses; where that is not counted, its quota."),
        part("value", Type::Double, "The quota in the DR Region."),
    ],
};

/// A Region switch plan in an account of the workload.
pub static SWITCH_PLAN: RecordType = RecordType {
    name: "Region switch plan",
    fields: &[
        part("name", STR, "The plan's name."),
        part("regions", STRINGS, "The Regions that it switches between."),
        part("rto", DURATION, "The RTO that it states; null when it states none."),
    ],
};

/// How much of a workload infrastructure as code can build again.
pub static IAC_COVERAGE: RecordType = RecordType {
    name: "infrastructure as code",
    fields: &[
        part(
            "total",
            INT,
            "How many of its resources a rebuild needs: data stores, networks, what computes, backup plans.",
        ),
        part("managed", INT, "How many of them a CloudFormation stack or a Terraform state of the manifest owns."),
        part("percent", INT, "The share, rounded down; null without resources."),
        part("unmanaged", STRINGS, "The others, the first ten of them."),
    ],
};

/// A rule on the default event bus that takes the issues of AWS Health.
pub static HEALTH_RULES: RecordType = RecordType {
    name: "AWS Health rules",
    fields: &[
        part("account", STR, "The account."),
        part("primary", BOOL, "Whether a rule in the primary Region is on, takes issues and has a target."),
        part("backup_region", STR, "The Region to which AWS Health sends public events as well."),
        part("backup", BOOL, "The same for that Region; unknown when it lies outside the scan."),
    ],
};

/// An alarm that neither measures nor notifies from the primary Region.
pub static OUTSIDE_MONITOR: RecordType = RecordType {
    name: "monitor outside the primary Region",
    fields: &[
        part("alarm", STR, "The alarm."),
        part("account", STR, "Its account."),
        part("region", STR, "Its Region."),
        part("namespace", STR, "The namespace of its metric."),
        part("notifies", BOOL, "Whether its actions are on and one of them reaches somebody."),
    ],
};

/// An experiment with AWS Fault Injection Service.
pub static FAULT_EXPERIMENT: RecordType = RecordType {
    name: "fault experiment",
    fields: &[
        part("id", STR, "The experiment."),
        part("account", STR, "Its account."),
        part("region", STR, "Its Region."),
        part("started", TIME, "When it was started."),
    ],
};

/// A restore by AWS Backup of a data store of the workload.
pub static STORE_RESTORE: RecordType = RecordType {
    name: "restore of a data store",
    fields: &[
        part("resource", STR, "The data store."),
        part("type", STR, "Its type."),
        part("account", STR, "The account that restored it."),
        part("region", STR, "The Region in which it was restored."),
        part("same_place", BOOL, "Whether that is the account and Region of the data store."),
        part("created", TIME, "When the restore job was created."),
        part("duration", DURATION, "How long the job took; null unless it completed."),
        part("status", STR, "How the job ended; null once AWS Backup no longer lists it."),
        part("validation_status", STR, "What validating the restored resource came to; null where nothing did."),
    ],
};

/// A data store of the workload in its primary Region, and where its writes are.
pub static STORE_COPIES: RecordType = RecordType {
    name: "data store",
    fields: &[
        part("resource", STR, "The data store."),
        part("type", STR, "Its type."),
        part("region", STR, "Its Region."),
        part("az_synchronous", BOOL, "Whether a write that was acknowledged is in another zone."),
        part("region_synchronous", BOOL, "Whether it is in another Region."),
    ],
};

/// Health checks of a target group that a load balancer sends traffic to.
pub static HEALTH_CHECK: RecordType = RecordType {
    name: "health check",
    fields: &[
        part("target_group", STR, "The target group."),
        part("region", STR, "Its Region."),
        part("detection", DURATION, "How long a target must fail before it counts as unhealthy."),
    ],
};

/// What starts work again by itself.
pub static SELF_RESTARTING: RecordType = RecordType {
    name: "self-restarting resource",
    fields: &[
        part("resource", STR, "What people call it."),
        part("type", STR, "Its type."),
        part("region", STR, "Its Region."),
    ],
};

/// `workload` in rules: what the manifest declares of a [`WORKLOAD`].
pub static WORKLOAD_RECORD: RecordType = RecordType { name: "workload", fields: FIELDS.split_at(DECLARED).0 };

/// A workload that the manifest declares.
pub static WORKLOAD: ResourceType = ResourceType {
    name: "Sonae::Workload",
    title: ("ワークロード", "Workload"),
    service: "sonae",
    listed_by: None,
    listed_within: None,
    stateful: false,
    fields: FIELDS,
};

/// What recovery of a workload can reach for one scope.
pub static RECOVERY_LINE: RecordType = RecordType {
    name: "recovery of the workload",
    fields: &[
        part("scope", Type::Enum(SCOPES), "What is lost: data, an instance or a disk, a zone, a Region."),
        part("rpo_objective", DURATION, "The RPO; null when not declared."),
        part("rto_objective", DURATION, "The RTO; null when not declared."),
        part(
            "rpo",
            DURATION,
            "The RPO of the worst store; null when nothing brings it back, unknown when no figure is known.",
        ),
        part(
            "rto",
            DURATION,
            "The RTO of the last drill, else of the worst store; null when nothing brings it back, unknown when no \
             figure is known.",
        ),
        part("rto_limited_by", STR, "The store that limits the RTO; null when a drill measured it."),
        part("rto_text", STR, "All of this in one phrase, in the language of the report."),
    ],
};

/// What the strategies of [`STRATEGIES`] leave out: nothing of the workload is in the DR Region.
const IN_PLACE: &[&str] = &["none", "backup_restore", "pilot_light", "warm_standby", "active_active"];

/// The strategy that is really in place.
pub static STRATEGY_IN_PLACE: RecordType = RecordType {
    name: "strategy in place",
    fields: &[
        part(
            "strategy",
            Type::Enum(IN_PLACE),
            "The warmest strategy that what is in the DR Region allows; none when nothing is there.",
        ),
        part("live_stores", INT, "Data stores whose data is live in the DR Region."),
        part("copied_stores", INT, "Data stores that have nothing but copies there."),
        part("stores_without", INT, "Data stores of which nothing is there."),
        part("dr_capacity", INT, "Instances and tasks that run in the DR Region."),
        part("primary_capacity", INT, "The same in the primary Region."),
    ],
};

// What a constant refers to must have a place of its own.
static RECOVERY_ITEM: Type = Type::Record(&RECOVERY_LINE);
static DR_ACCESS_ITEM: Type = Type::Record(&DR_ACCESS);
static DR_NETWORK_ITEM: Type = Type::Record(&DR_NETWORK);
static DR_QUOTA_ITEM: Type = Type::Record(&DR_QUOTA);
static SWITCH_PLAN_ITEM: Type = Type::Record(&SWITCH_PLAN);

/// How many of the fields are declared; they come first. The others are facts that follow from what the workload owns.
const DECLARED: usize = 8;

static FIELDS: &[Field] = &[
    declared("title", STR, "What people call it, in the language of the report."),
    declared("tier", Type::Enum(TIERS), "How much it matters; null when not declared."),
    declared("primary_region", STR, "The Region it runs in; null when not declared."),
    declared("dr_region", STR, "The Region it moves to; null when recovery stays in the primary Region."),
    declared("strategy", Type::Enum(STRATEGIES), "The declared recovery strategy; null when not declared."),
    declared("objectives", Type::Record(&OBJECTIVES), "What recovery must reach."),
    declared("failover", Type::Record(&FAILOVER), "When to fail over; null where not declared."),
    declared("is_default", BOOL, "Whether this is the default that resources without a workload are held to."),
    derived(
        "dr_access",
        Type::List(&DR_ACCESS_ITEM),
        &["Sonae::Account::Region.opt_status", "Sonae::EC2::AvailabilityZone.state"],
        "The DR Region as each account of the workload sees it; null without a DR Region.",
    ),
    derived(
        "dr_networks",
        Type::List(&DR_NETWORK_ITEM),
        &["AWS::EC2::VPC.is_default", "AWS::EC2::Subnet.vpc_id", "AWS::EC2::Subnet.availability_zone_id"],
        "The network of each account of the workload in both Regions; null without a primary and a DR Region.",
    ),
    derived(
        "dr_quotas",
        Type::List(&DR_QUOTA_ITEM),
        &[
            "Sonae::ServiceQuotas::Quota.value",
            "Sonae::ServiceQuotas::Quota.is_default",
            "AWS::EC2::VPC.is_default",
            "AWS::RDS::DBInstance.status",
        ],
        "Quotas of each account of the workload in both Regions; null without a primary and a DR Region.",
    ),
    derived(
        "region_switch_plans",
        Type::List(&SWITCH_PLAN_ITEM),
        &["AWS::ARCRegionSwitch::Plan.regions", "AWS::ARCRegionSwitch::Plan.recovery_time_objective_minutes"],
        "The Region switch plans in the accounts of the workload.",
    ),
    derived(
        "recovery",
        Type::List(&RECOVERY_ITEM),
        &[super::RECOVERY],
        "What recovery can reach, an item for each scope for which it has an RPO or an RTO and a store.",
    ),
    derived(
        "strategy_in_place",
        Type::Record(&STRATEGY_IN_PLACE),
        &[
            super::RECOVERY,
            "AWS::AutoScaling::AutoScalingGroup.desired_capacity",
            "AWS::AutoScaling::AutoScalingGroup.tags",
            "AWS::ECS::Service.desired_count",
            "AWS::ECS::Service.tags",
            "AWS::EC2::Instance.state",
            "AWS::EC2::Instance.tags",
        ],
        "The strategy that is really in place, by what the DR Region holds; null without a DR Region.",
    ),
    derived(
        "iac_coverage",
        Type::Record(&IAC_COVERAGE),
        &["AWS::CloudFormation::Stack.resources", super::REBUILT],
        "How much of it infrastructure as code owns.",
    ),
    derived(
        "health_rules",
        Type::List(&Type::Record(&HEALTH_RULES)),
        &["AWS::Events::Rule.takes", "AWS::Events::Rule.state", "AWS::Events::Rule.targets"],
        "By account: whether the issues of AWS Health are taken in the primary and in the backup Region.",
    ),
    derived(
        "outside_monitors",
        Type::List(&Type::Record(&OUTSIDE_MONITOR)),
        &["AWS::CloudWatch::Alarm.metrics", "AWS::CloudWatch::Alarm.notifies", "AWS::CloudWatch::Alarm.actions"],
        "The alarms of its accounts on Route 53 health checks and canaries that work without the primary Region.",
    ),
    derived(
        "fault_experiments",
        Type::List(&Type::Record(&FAULT_EXPERIMENT)),
        &["Sonae::FIS::Experiment.status", "Sonae::FIS::Experiment.created"],
        "The experiments of its accounts that ended as completed, newest first.",
    ),
    derived(
        "architecture",
        STR,
        &[
            super::REBUILT,
            "AWS::RDS::DBInstance.engine",
            "AWS::RDS::DBInstance.held_by",
            "AWS::RDS::DBCluster.engine",
            "AWS::ElastiCache::ReplicationGroup.engine",
            "AWS::ElastiCache::ServerlessCache.engine",
            "AWS::MemoryDB::Cluster.engine",
            "AWS::AmazonMQ::Broker.engine_type",
            "AWS::EFS::FileSystem.held_by",
            "AWS::FSx::FileSystem.held_by",
        ],
        "A fingerprint of its data stores: of account, Region, type, id and engine. Unknown when not all were listed.",
    ),
    derived(
        "stores",
        Type::List(&Type::Record(&STORE_COPIES)),
        &[
            super::REBUILT,
            "AWS::RDS::DBInstance.multi_az",
            "AWS::RDS::DBInstance.held_by",
            "AWS::DynamoDB::Table.multi_region_consistency",
            "AWS::ElastiCache::ReplicationGroup.effective_durability",
            "AWS::EFS::FileSystem.availability_zone_id",
            "AWS::EFS::FileSystem.held_by",
            "AWS::FSx::FileSystem.deployment_type",
            "AWS::Redshift::Cluster.multi_az",
        ],
        "Its data stores in the primary Region, and where their writes are.",
    ),
    derived(
        "restores",
        Type::List(&Type::Record(&STORE_RESTORE)),
        RESTORES,
        "The newest restore by AWS Backup of each of its data stores, account and Region, of those that succeeded, newest first.",
    ),
    derived(
        "failed_restores",
        Type::List(&Type::Record(&STORE_RESTORE)),
        RESTORES,
        "The same of those that failed or did not pass their validation, with no restore in the same place since.",
    ),
    derived(
        "health_checks",
        Type::List(&Type::Record(&HEALTH_CHECK)),
        &[
            "AWS::ElasticLoadBalancingV2::TargetGroup.tags",
            "AWS::ElasticLoadBalancingV2::TargetGroup.load_balancer_arns",
            "AWS::ElasticLoadBalancingV2::TargetGroup.health_check_enabled",
            "AWS::ElasticLoadBalancingV2::TargetGroup.health_check_interval",
            "AWS::ElasticLoadBalancingV2::TargetGroup.unhealthy_threshold_count",
        ],
        "The health checks of its target groups that a load balancer uses; those of Lambda functions are left out.",
    ),
    derived(
        "self_restarting",
        Type::List(&Type::Record(&SELF_RESTARTING)),
        &[super::REBUILT],
        "What of it starts work again by itself: Auto Scaling groups, ECS services, Lambda functions and SQS queues.",
    ),
];

const RESTORES: &[&str] = &[
    "AWS::S3::Bucket.tags",
    "AWS::S3::Bucket.restores",
    "AWS::RDS::DBInstance.tags",
    "AWS::RDS::DBInstance.restores",
    "AWS::RDS::DBCluster.tags",
    "AWS::RDS::DBCluster.restores",
    "AWS::DynamoDB::Table.tags",
    "AWS::DynamoDB::Table.restores",
    "AWS::Redshift::Cluster.tags",
    "AWS::Redshift::Cluster.restores",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::Source;

    #[test]
    fn declared_fields_come_first() {
        let declared = |field: &Field| field.source == Source::Declared;
        assert!(FIELDS.iter().take(DECLARED).all(declared));
        assert!(!FIELDS.iter().skip(DECLARED).any(declared));
    }
}
