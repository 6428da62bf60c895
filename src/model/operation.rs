//! The AWS operations that fill fields.

use std::fmt;

/// A read operation of an AWS API.
///
/// IAM action names differ from API names here and there, above all in S3: "Actions, resources, and condition keys" of
/// the Service Authorization Reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The service, by the name that the AWS CLI has for it: `s3`, `efs`, `elbv2`.
    pub service: &'static str,
    /// The API operation: `GetBucketVersioning`.
    pub name: &'static str,
    /// The IAM action to grant: `s3:GetBucketVersioning`.
    pub action: &'static str,
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.service, self.name)
    }
}

macro_rules! operations {
    ($($constant:ident = $service:literal : $name:literal $(as $($action:literal):+)?;)*) => {
        $(
            #[doc = concat!("`", $service, ":", $name, "`")]
            pub const $constant: Operation = Operation {
                service: $service,
                name: $name,
                action: operations!(@action $service, $name $(, $($action),+)?),
            };
        )*
        /// Every operation that the program may call.
        pub const ALL: &[Operation] = &[$($constant),*];
    };
    (@action $service:literal, $name:literal) => { concat!($service, ":", $name) };
    (@action $service:literal, $name:literal, $action:literal) => { concat!($service, ":", $action) };
    (@action $service:literal, $name:literal, $prefix:literal, $action:literal) => { concat!($prefix, ":", $action) };
}

operations! {
    GET_CALLER_IDENTITY = "sts":"GetCallerIdentity";
    ASSUME_ROLE = "sts":"AssumeRole";

    LIST_ACCOUNTS = "organizations":"ListAccounts";
    LIST_ACCOUNTS_FOR_PARENT = "organizations":"ListAccountsForParent";
    LIST_ORGANIZATIONAL_UNITS_FOR_PARENT = "organizations":"ListOrganizationalUnitsForParent";

    DESCRIBE_REGIONS = "ec2":"DescribeRegions";
    DESCRIBE_AVAILABILITY_ZONES = "ec2":"DescribeAvailabilityZones";
    DESCRIBE_VPCS = "ec2":"DescribeVpcs";
    DESCRIBE_SUBNETS = "ec2":"DescribeSubnets";
    DESCRIBE_ROUTE_TABLES = "ec2":"DescribeRouteTables";
    DESCRIBE_NAT_GATEWAYS = "ec2":"DescribeNatGateways";
    DESCRIBE_INSTANCES = "ec2":"DescribeInstances";
    DESCRIBE_IMAGES = "ec2":"DescribeImages";
    DESCRIBE_LAUNCH_TEMPLATES = "ec2":"DescribeLaunchTemplates";
    DESCRIBE_LAUNCH_TEMPLATE_VERSIONS = "ec2":"DescribeLaunchTemplateVersions";
    DESCRIBE_VPN_CONNECTIONS = "ec2":"DescribeVpnConnections";
    DESCRIBE_VPC_ENDPOINTS = "ec2":"DescribeVpcEndpoints";
    DESCRIBE_VOLUMES = "ec2":"DescribeVolumes";
    DESCRIBE_SNAPSHOTS = "ec2":"DescribeSnapshots";

    LIST_BUCKETS = "s3":"ListBuckets" as "ListAllMyBuckets";
    GET_BUCKET_VERSIONING = "s3":"GetBucketVersioning";
    GET_BUCKET_REPLICATION = "s3":"GetBucketReplication" as "GetReplicationConfiguration";
    GET_OBJECT_LOCK_CONFIGURATION = "s3":"GetObjectLockConfiguration" as "GetBucketObjectLockConfiguration";
    GET_BUCKET_LIFECYCLE_CONFIGURATION = "s3":"GetBucketLifecycleConfiguration" as "GetLifecycleConfiguration";
    GET_BUCKET_TAGGING = "s3":"GetBucketTagging";
    GET_BUCKET_ENCRYPTION = "s3":"GetBucketEncryption" as "GetEncryptionConfiguration";

    DESCRIBE_DB_INSTANCES = "rds":"DescribeDBInstances";
    DESCRIBE_DB_CLUSTERS = "rds":"DescribeDBClusters";
    DESCRIBE_GLOBAL_CLUSTERS = "rds":"DescribeGlobalClusters";
    DESCRIBE_DB_SNAPSHOTS = "rds":"DescribeDBSnapshots";
    DESCRIBE_DB_CLUSTER_SNAPSHOTS = "rds":"DescribeDBClusterSnapshots";
    DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS = "rds":"DescribeDBInstanceAutomatedBackups";

    LIST_BACKUP_PLANS = "backup":"ListBackupPlans";
    GET_BACKUP_PLAN = "backup":"GetBackupPlan";
    LIST_BACKUP_SELECTIONS = "backup":"ListBackupSelections";
    GET_BACKUP_SELECTION = "backup":"GetBackupSelection";
    LIST_BACKUP_VAULTS = "backup":"ListBackupVaults";
    LIST_BACKUP_TAGS = "backup":"ListTags";
    LIST_PROTECTED_RESOURCES = "backup":"ListProtectedResources";
    LIST_RECOVERY_POINTS_BY_BACKUP_VAULT = "backup":"ListRecoveryPointsByBackupVault";
    DESCRIBE_REGION_SETTINGS = "backup":"DescribeRegionSettings";
    GET_BACKUP_VAULT_ACCESS_POLICY = "backup":"GetBackupVaultAccessPolicy";
    DESCRIBE_PROTECTED_RESOURCE = "backup":"DescribeProtectedResource";
    LIST_RESTORE_JOBS = "backup":"ListRestoreJobs";

    LIST_METRICS = "cloudwatch":"ListMetrics";
    GET_METRIC_DATA = "cloudwatch":"GetMetricData";
    GET_BACKUP_VAULT_NOTIFICATIONS = "backup":"GetBackupVaultNotifications";

    DESCRIBE_TRUSTED_ADVISOR_CHECKS = "support":"DescribeTrustedAdvisorChecks";
    DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT = "support":"DescribeTrustedAdvisorCheckResult";

    DESCRIBE_CONFIGURATION_RECORDERS = "config":"DescribeConfigurationRecorders";
    DESCRIBE_CONFIGURATION_RECORDER_STATUS = "config":"DescribeConfigurationRecorderStatus";
    DESCRIBE_CONFIG_RULES = "config":"DescribeConfigRules";
    DESCRIBE_COMPLIANCE_BY_CONFIG_RULE = "config":"DescribeComplianceByConfigRule";
    GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE = "config":"GetComplianceDetailsByConfigRule";

    LIST_TABLES = "dynamodb":"ListTables";
    DESCRIBE_TABLE = "dynamodb":"DescribeTable";
    DESCRIBE_CONTINUOUS_BACKUPS = "dynamodb":"DescribeContinuousBackups";
    LIST_TAGS_OF_RESOURCE = "dynamodb":"ListTagsOfResource";
    LIST_GLOBAL_TABLES = "dynamodb":"ListGlobalTables";

    DESCRIBE_REPLICATION_GROUPS = "elasticache":"DescribeReplicationGroups";
    DESCRIBE_GLOBAL_REPLICATION_GROUPS = "elasticache":"DescribeGlobalReplicationGroups";
    DESCRIBE_SERVERLESS_CACHES = "elasticache":"DescribeServerlessCaches";
    LIST_CACHE_TAGS = "elasticache":"ListTagsForResource";

    DESCRIBE_MEMORYDB_CLUSTERS = "memorydb":"DescribeClusters";
    LIST_MEMORYDB_TAGS = "memorydb":"ListTags";

    LIST_DOMAIN_NAMES = "opensearch":"ListDomainNames" as "es":"ListDomainNames";
    DESCRIBE_DOMAINS = "opensearch":"DescribeDomains" as "es":"DescribeDomains";
    LIST_DOMAIN_TAGS = "opensearch":"ListTags" as "es":"ListTags";

    DESCRIBE_REDSHIFT_CLUSTERS = "redshift":"DescribeClusters";
    DESCRIBE_SNAPSHOT_SCHEDULES = "redshift":"DescribeSnapshotSchedules";

    LIST_STREAMS = "kinesis":"ListStreams";
    DESCRIBE_STREAM_SUMMARY = "kinesis":"DescribeStreamSummary";
    LIST_TAGS_FOR_STREAM = "kinesis":"ListTagsForStream";

    LIST_CLUSTERS_V2 = "kafka":"ListClustersV2";

    LIST_BROKERS = "mq":"ListBrokers";
    LIST_BROKER_TAGS = "mq":"ListTags";

    LIST_QUEUES = "sqs":"ListQueues";
    GET_QUEUE_ATTRIBUTES = "sqs":"GetQueueAttributes";
    LIST_QUEUE_TAGS = "sqs":"ListQueueTags";
    LIST_KEYS = "kms":"ListKeys";
    LIST_ALIASES = "kms":"ListAliases";
    DESCRIBE_KEY = "kms":"DescribeKey";
    LIST_RESOURCE_TAGS = "kms":"ListResourceTags";

    LIST_SECRETS = "secretsmanager":"ListSecrets";
    DESCRIBE_SECRET = "secretsmanager":"DescribeSecret";

    DESCRIBE_REPOSITORIES = "ecr":"DescribeRepositories";
    DESCRIBE_REGISTRY = "ecr":"DescribeRegistry";
    LIST_TAGS_FOR_REPOSITORY = "ecr":"ListTagsForResource";
    DESCRIBE_AUTO_SCALING_GROUPS = "autoscaling":"DescribeAutoScalingGroups";
    DESCRIBE_LAUNCH_CONFIGURATIONS = "autoscaling":"DescribeLaunchConfigurations";

    DESCRIBE_LOAD_BALANCERS = "elbv2":"DescribeLoadBalancers" as "elasticloadbalancing":"DescribeLoadBalancers";
    DESCRIBE_LOAD_BALANCER_ATTRIBUTES =
        "elbv2":"DescribeLoadBalancerAttributes" as "elasticloadbalancing":"DescribeLoadBalancerAttributes";
    DESCRIBE_LOAD_BALANCER_TAGS = "elbv2":"DescribeTags" as "elasticloadbalancing":"DescribeTags";
    DESCRIBE_TARGET_GROUPS = "elbv2":"DescribeTargetGroups" as "elasticloadbalancing":"DescribeTargetGroups";
    DESCRIBE_TARGET_HEALTH = "elbv2":"DescribeTargetHealth" as "elasticloadbalancing":"DescribeTargetHealth";

    DESCRIBE_CLASSIC_LOAD_BALANCERS = "elb":"DescribeLoadBalancers" as "elasticloadbalancing":"DescribeLoadBalancers";
    DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES =
        "elb":"DescribeLoadBalancerAttributes" as "elasticloadbalancing":"DescribeLoadBalancerAttributes";
    DESCRIBE_CLASSIC_LOAD_BALANCER_TAGS = "elb":"DescribeTags" as "elasticloadbalancing":"DescribeTags";

    LIST_ECS_CLUSTERS = "ecs":"ListClusters";
    LIST_SERVICES = "ecs":"ListServices";
    DESCRIBE_SERVICES = "ecs":"DescribeServices";

    LIST_EKS_CLUSTERS = "eks":"ListClusters";
    LIST_NODEGROUPS = "eks":"ListNodegroups";
    DESCRIBE_NODEGROUP = "eks":"DescribeNodegroup";

    LIST_FUNCTIONS = "lambda":"ListFunctions";
    LIST_FUNCTION_TAGS = "lambda":"ListTags";
    LIST_FUNCTION_EVENT_INVOKE_CONFIGS = "lambda":"ListFunctionEventInvokeConfigs";
    GET_FUNCTION_POLICY = "lambda":"GetPolicy";
    DESCRIBE_VIRTUAL_INTERFACES = "directconnect":"DescribeVirtualInterfaces";
    DESCRIBE_DIRECT_CONNECT_GATEWAY_ATTACHMENTS = "directconnect":"DescribeDirectConnectGatewayAttachments";

    LIST_FIREWALLS = "network-firewall":"ListFirewalls";
    DESCRIBE_FIREWALL = "network-firewall":"DescribeFirewall";

    LIST_HOSTED_ZONES = "route53":"ListHostedZones";
    LIST_RESOURCE_RECORD_SETS = "route53":"ListResourceRecordSets";
    LIST_TAGS_FOR_HOSTED_ZONES = "route53":"ListTagsForResources";
    LIST_HEALTH_CHECKS = "route53":"ListHealthChecks";

    LIST_DISTRIBUTIONS = "cloudfront":"ListDistributions";
    LIST_DISTRIBUTION_TAGS = "cloudfront":"ListTagsForResource";

    LIST_CERTIFICATES = "acm":"ListCertificates";
    DESCRIBE_CERTIFICATE = "acm":"DescribeCertificate";
    LIST_TAGS_FOR_CERTIFICATE = "acm":"ListTagsForCertificate";

    GET_SERVICE_QUOTA = "service-quotas":"GetServiceQuota" as "servicequotas":"GetServiceQuota";
    GET_AWS_DEFAULT_SERVICE_QUOTA =
        "service-quotas":"GetAWSDefaultServiceQuota" as "servicequotas":"GetAWSDefaultServiceQuota";

    LIST_REGION_SWITCH_PLANS = "arc-region-switch":"ListPlans";

    LIST_REGIONS = "account":"ListRegions";
    GET_ALTERNATE_CONTACT = "account":"GetAlternateContact";
    DESCRIBE_ALARMS = "cloudwatch":"DescribeAlarms";

    LIST_SUBSCRIPTIONS = "sns":"ListSubscriptions";

    LIST_RULES = "events":"ListRules";
    LIST_TARGETS_BY_RULE = "events":"ListTargetsByRule";

    LIST_REPLICATION_SETS = "ssm-incidents":"ListReplicationSets";
    GET_REPLICATION_SET = "ssm-incidents":"GetReplicationSet";

    LIST_EXPERIMENTS = "fis":"ListExperiments";

    DESCRIBE_STACKS = "cloudformation":"DescribeStacks";
    LIST_STACK_RESOURCES = "cloudformation":"ListStackResources";
    GET_TEMPLATE = "cloudformation":"GetTemplate";
    GET_LIFECYCLE_POLICIES = "dlm":"GetLifecyclePolicies";
    GET_LIFECYCLE_POLICY = "dlm":"GetLifecyclePolicy";

    DESCRIBE_SOURCE_SERVERS = "drs":"DescribeSourceServers";

    DESCRIBE_FILE_SYSTEMS = "efs":"DescribeFileSystems" as "elasticfilesystem":"DescribeFileSystems";
    DESCRIBE_MOUNT_TARGETS = "efs":"DescribeMountTargets" as "elasticfilesystem":"DescribeMountTargets";
    DESCRIBE_BACKUP_POLICY = "efs":"DescribeBackupPolicy" as "elasticfilesystem":"DescribeBackupPolicy";
    DESCRIBE_REPLICATION_CONFIGURATIONS = "efs":"DescribeReplicationConfigurations" as "elasticfilesystem":"DescribeReplicationConfigurations";

    FSX_DESCRIBE_FILE_SYSTEMS = "fsx":"DescribeFileSystems";
    DESCRIBE_BACKUPS = "fsx":"DescribeBackups";
}
