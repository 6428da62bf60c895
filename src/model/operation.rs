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

    DESCRIBE_ORGANIZATION = "organizations":"DescribeOrganization";
    LIST_ACCOUNTS = "organizations":"ListAccounts";
    LIST_ROOTS = "organizations":"ListRoots";
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
    DESCRIBE_VOLUMES = "ec2":"DescribeVolumes";
    DESCRIBE_SNAPSHOTS = "ec2":"DescribeSnapshots";

    LIST_BUCKETS = "s3":"ListBuckets" as "ListAllMyBuckets";
    GET_BUCKET_VERSIONING = "s3":"GetBucketVersioning";
    GET_BUCKET_REPLICATION = "s3":"GetBucketReplication" as "GetReplicationConfiguration";
    GET_OBJECT_LOCK_CONFIGURATION = "s3":"GetObjectLockConfiguration" as "GetBucketObjectLockConfiguration";
    GET_BUCKET_LIFECYCLE_CONFIGURATION = "s3":"GetBucketLifecycleConfiguration" as "GetLifecycleConfiguration";
    GET_BUCKET_TAGGING = "s3":"GetBucketTagging";

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

    DESCRIBE_TRUSTED_ADVISOR_CHECKS = "support":"DescribeTrustedAdvisorChecks";
    DESCRIBE_TRUSTED_ADVISOR_CHECK_RESULT = "support":"DescribeTrustedAdvisorCheckResult";

    DESCRIBE_CONFIGURATION_RECORDERS = "config":"DescribeConfigurationRecorders";
    DESCRIBE_CONFIGURATION_RECORDER_STATUS = "config":"DescribeConfigurationRecorderStatus";
    DESCRIBE_CONFIG_RULES = "config":"DescribeConfigRules";
    DESCRIBE_COMPLIANCE_BY_CONFIG_RULE = "config":"DescribeComplianceByConfigRule";
    GET_COMPLIANCE_DETAILS_BY_CONFIG_RULE = "config":"GetComplianceDetailsByConfigRule";

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
