//! An estate that no organisation owns: deterministic, and as varied as real ones, unknown values among them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae::model::types::backup::{
    BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, COPY_ACTION, PLAN_RULE, RECOVERY_POINT, REGION_SETTINGS, TAG_CONDITION,
};
use sonae::model::types::ec2::{ASSOCIATION, NAT_GATEWAY, ROUTE, ROUTE_TABLE, SUBNET};
use sonae::model::types::rds::{CLUSTER_MEMBER, DB_CLUSTER, DB_INSTANCE, DB_SNAPSHOT};
use sonae::model::types::s3::{BUCKET, LIFECYCLE_RULE, REPLICATION_RULE};
use sonae::model::{Resource, ResourceType, Seconds, Unknown, UnknownReason, Value};
use sonae::{record, slot};

/// When the estate was read.
pub const NOW: Timestamp = Timestamp::constant(1_768_435_200, 0);

/// How many resources that rules are about one account has in one Region.
pub const PLACE: usize = 1000;

const REGIONS: [&str; 4] = ["ap-northeast-1", "ap-northeast-3", "us-east-1", "eu-west-1"];

/// A manifest with the workload that everything in the estate is held to.
pub const MANIFEST: &str = r"
version: 1
organization: Synthetic
workloads:
  - name: shop
    select: { tags: { System: shop } }
    tier: critical
    primary_region: ap-northeast-1
    dr_region: ap-northeast-3
    strategy: pilot_light
    objectives: { slo: 99%, rpo: { data: 24h, az: 5m, region: 48h }, rto: { data: 4h, az: 1h, region: 18h }, retention: 7d }
    failover: { build_after: 6h, switch_after: 12h }
";

/// An even number below `sides` that depends on nothing but its arguments.
fn dice(place: usize, index: usize, salt: usize, sides: usize) -> usize {
    let mut x = (place as u64) << 40 ^ (index as u64) << 16 ^ salt as u64;
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        x = (x ^ x >> 30).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(factor);
    }
    usize::try_from((x ^ x >> 31) % sides as u64).unwrap_or_default()
}

fn ago(hours: usize) -> Value {
    let hours = i64::try_from(hours).unwrap_or_default();
    NOW.checked_sub(SignedDuration::from_hours(hours)).map_or(Value::Null, Value::Timestamp)
}

fn days(days: usize) -> Value {
    Value::Duration(Seconds::from_days(i64::try_from(days).unwrap_or_default()))
}

fn denied(operation: &str) -> Value {
    let unknown = Unknown::new(UnknownReason::Denied, "User is not authorized to perform this action");
    Value::unknown(Unknown { operation: Some(operation.to_owned()), ..unknown })
}

/// Builds the resources of one account in one Region.
struct Place {
    number: usize,
    account: Arc<str>,
    region: Arc<str>,
    resources: Vec<Resource>,
}

/// Everything in one account and Region: [`PLACE`] resources that rules are about, and those that they are linked with.
pub fn place(number: usize) -> Vec<Resource> {
    let mut place = Place {
        number,
        account: format!("{:012}", 100_000_000_000 + number / REGIONS.len()).into(),
        region: REGIONS[number % REGIONS.len()].into(),
        resources: Vec::with_capacity(PLACE * 3 / 2),
    };
    place.backup();
    for index in 0..PLACE {
        match index {
            0..390 => place.bucket(index),
            390..660 => place.instance(index),
            660..760 => place.cluster(index),
            760..950 => place.subnet(index),
            950..995 => place.route_table(index),
            _ => place.vault(index),
        }
    }
    place.resources
}

/// An estate of that many resources that rules are about, in the order of reports, not linked yet.
pub fn estate(judged: usize) -> Vec<Resource> {
    let mut resources: Vec<Resource> = (0..judged.div_ceil(PLACE)).flat_map(place).collect();
    resources.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    resources
}

impl Place {
    fn dice(&self, index: usize, salt: usize, sides: usize) -> usize {
        dice(self.number, index, salt, sides)
    }

    fn resource(&self, ty: &'static ResourceType, id: &str, arn: &str) -> Resource {
        let mut resource = Resource::new(ty, "", "", id);
        resource.account = Arc::clone(&self.account);
        resource.region = Arc::clone(&self.region);
        resource.arn = arn.into();
        resource
    }

    fn tags(&self, index: usize) -> Value {
        let backup = ["daily", "hourly", "none"][self.dice(index, 1, 3)];
        Value::map([("System", "shop"), ("Backup", backup), ("Owner", "team"), ("Env", "prod")])
    }

    /// Plans, selections and settings.
    fn backup(&mut self) {
        let schedules = [("daily", "cron(0 5 ? * * *)", 8, false), ("hourly", "cron(0 * ? * * *)", 1, true)];
        for (name, schedule, window, continuous) in schedules {
            let mut plan = self.resource(&BACKUP_PLAN, name, "");
            let copy = record!(COPY_ACTION {
                "destination_vault_arn": "arn:aws:backup:ap-northeast-3:100000000000:backup-vault:dr",
                "region": "ap-northeast-3",
                "account": "100000000000",
                "delete_after": days(14),
            });
            let rule = record!(PLAN_RULE {
                "rule_id": name, "rule_name": name, "vault_name": "main", "schedule": schedule,
                "start_window": Seconds(window * 3600), "completion_window": Seconds(3600 * 24),
                "continuous": continuous, "delete_after": days(35), "copy_actions": Value::list([copy]),
            });
            plan.set(slot!(BACKUP_PLAN, "rules"), Value::list([rule]));
            self.resources.push(plan);
            let mut selection = self.resource(&BACKUP_SELECTION, name, "");
            selection.set(slot!(BACKUP_SELECTION, "plan_id"), name);
            selection.set(slot!(BACKUP_SELECTION, "resources"), Value::list([]));
            selection.set(slot!(BACKUP_SELECTION, "not_resources"), Value::list([]));
            let condition = record!(TAG_CONDITION { "operator": "equals", "key": "Backup", "value": name });
            selection.set(slot!(BACKUP_SELECTION, "any_tag"), Value::list([condition]));
            selection.set(slot!(BACKUP_SELECTION, "all_tags"), Value::list([]));
            self.resources.push(selection);
        }
        let mut settings = self.resource(&REGION_SETTINGS, "settings", "");
        let types = ["S3", "RDS", "Aurora", "DocumentDB", "Neptune"].map(|name| (name, "true"));
        settings.set(slot!(REGION_SETTINGS, "opt_in"), Value::map(types));
        self.resources.push(settings);
    }

    /// Up to three recovery points.
    fn points(&mut self, index: usize, arn: &str) {
        for copy in 0..self.dice(index, 20, 4) {
            let mut point = self.resource(&RECOVERY_POINT, &format!("{index}-{copy}"), "");
            point.set(slot!(RECOVERY_POINT, "resource_arn"), arn);
            point.set(slot!(RECOVERY_POINT, "vault_name"), "main");
            let status = if self.dice(index, 21, 20) == 0 { "PARTIAL" } else { "COMPLETED" };
            point.set(slot!(RECOVERY_POINT, "status"), status);
            point.set(slot!(RECOVERY_POINT, "created"), ago(self.dice(index, 22 + copy, 40)));
            self.resources.push(point);
        }
    }

    fn bucket(&mut self, index: usize) {
        let name = format!("bucket-{}-{index}", self.number);
        let arn = format!("arn:aws:s3:::{name}");
        let mut bucket = self.resource(&BUCKET, &name, &arn);
        bucket.set(slot!(BUCKET, "tags"), self.tags(index));
        bucket.set(slot!(BUCKET, "created"), ago(20_000));
        if self.dice(index, 2, 50) == 0 {
            bucket.set(slot!(BUCKET, "versioning"), denied("s3:GetBucketVersioning"));
            bucket.set(slot!(BUCKET, "mfa_delete"), denied("s3:GetBucketVersioning"));
        } else {
            let versioning = [Some("Enabled"), Some("Enabled"), Some("Suspended"), None][self.dice(index, 3, 4)];
            bucket.set(slot!(BUCKET, "versioning"), versioning.map(Value::str));
            bucket.set(slot!(BUCKET, "mfa_delete"), Value::Null);
        }
        let replication = (self.dice(index, 4, 3) == 0).then(|| {
            record!(REPLICATION_RULE {
                "id": "dr", "status": "Enabled", "filtered_by_tag": false, "replication_time_control": true,
                "destination_bucket": format!("bucket-{}-{index}", self.number ^ 1), "delete_marker_replication": false,
            })
        });
        bucket.set(slot!(BUCKET, "replication_rules"), Value::list(replication));
        bucket.set(slot!(BUCKET, "object_lock_enabled"), false);
        let lifecycle = record!(LIFECYCLE_RULE {
            "id": "old", "status": "Enabled", "noncurrent_expiration": days(30), "newer_noncurrent_versions": 3,
        });
        bucket.set(slot!(BUCKET, "lifecycle_rules"), Value::list([lifecycle]));
        self.resources.push(bucket);
        self.points(index, &arn);
    }

    fn instance(&mut self, index: usize) {
        let id = format!("db-{}-{index}", self.number);
        let arn = format!("arn:aws:rds:{}:{}:db:{id}", self.region, self.account);
        let mut instance = self.resource(&DB_INSTANCE, &id, &arn);
        let mut set = |slot, value| instance.set(slot, value);
        set(slot!(DB_INSTANCE, "tags"), self.tags(index));
        set(slot!(DB_INSTANCE, "engine"), Value::str("mysql"));
        set(slot!(DB_INSTANCE, "status"), Value::str("available"));
        set(slot!(DB_INSTANCE, "created"), ago(9_000));
        let cluster = (index >= 590).then(|| Value::str(format!("cluster-{}-{}", self.number, 660 + index % 100)));
        set(slot!(DB_INSTANCE, "db_cluster_identifier"), cluster.into());
        set(slot!(DB_INSTANCE, "multi_az"), Value::Bool(self.dice(index, 5, 2) == 0));
        set(slot!(DB_INSTANCE, "availability_zone"), Value::str(format!("{}{}", self.region, ["a", "c"][index % 2])));
        set(slot!(DB_INSTANCE, "backup_retention_period"), days([0, 1, 7, 14][self.dice(index, 6, 4)]));
        set(slot!(DB_INSTANCE, "preferred_backup_window"), Value::str("17:00-17:30"));
        set(slot!(DB_INSTANCE, "latest_restorable_time"), ago(self.dice(index, 7, 3)));
        set(slot!(DB_INSTANCE, "read_replica_source"), Value::Null);
        set(slot!(DB_INSTANCE, "read_replicas"), Value::list([]));
        set(slot!(DB_INSTANCE, "deletion_protection"), Value::Bool(self.dice(index, 8, 2) == 0));
        set(slot!(DB_INSTANCE, "kms_key_id"), Value::str("arn:aws:kms:ap-northeast-1:100000000000:key/1"));
        self.resources.push(instance);
        if index.is_multiple_of(3) {
            let mut snapshot = self.resource(&DB_SNAPSHOT, &format!("rds:{id}"), "");
            snapshot.set(slot!(DB_SNAPSHOT, "db_instance_identifier"), &*id);
            snapshot.set(slot!(DB_SNAPSHOT, "created"), ago(12));
            snapshot.set(slot!(DB_SNAPSHOT, "status"), "available");
            snapshot.set(slot!(DB_SNAPSHOT, "snapshot_type"), "automated");
            self.resources.push(snapshot);
        }
        self.points(index, &arn);
    }

    fn cluster(&mut self, index: usize) {
        let id = format!("cluster-{}-{index}", self.number);
        let arn = format!("arn:aws:rds:{}:{}:cluster:{id}", self.region, self.account);
        let mut cluster = self.resource(&DB_CLUSTER, &id, &arn);
        let mut set = |slot, value| cluster.set(slot, value);
        set(slot!(DB_CLUSTER, "tags"), self.tags(index));
        set(slot!(DB_CLUSTER, "engine"), Value::str("aurora-mysql"));
        set(slot!(DB_CLUSTER, "engine_mode"), Value::str("provisioned"));
        set(slot!(DB_CLUSTER, "status"), Value::str("available"));
        set(slot!(DB_CLUSTER, "multi_az"), Value::Bool(true));
        let members = (0..2).map(|member| {
            let instance = format!("db-{}-{}", self.number, 590 + (index - 660) * 2 % 70 + member);
            record!(CLUSTER_MEMBER { "db_instance_identifier": instance, "is_writer": member == 0, "promotion_tier": 1 })
        });
        set(slot!(DB_CLUSTER, "members"), Value::list(members));
        set(slot!(DB_CLUSTER, "backup_retention_period"), days([1, 7, 35][self.dice(index, 9, 3)]));
        set(slot!(DB_CLUSTER, "earliest_restorable_time"), ago(7 * 24));
        set(slot!(DB_CLUSTER, "latest_restorable_time"), ago(0));
        set(slot!(DB_CLUSTER, "backtrack_window"), Value::Null);
        set(slot!(DB_CLUSTER, "deletion_protection"), Value::Bool(self.dice(index, 10, 2) == 0));
        self.resources.push(cluster);
        self.points(index, &arn);
    }

    fn subnet(&mut self, index: usize) {
        let mut subnet = self.resource(&SUBNET, &format!("subnet-{index}"), "");
        subnet.set(slot!(SUBNET, "tags"), self.tags(index));
        subnet.set(slot!(SUBNET, "vpc_id"), format!("vpc-{}", index % 10));
        let zone = ["apne1-az4", "apne1-az1", "apne1-az2"][self.dice(index, 11, 3)];
        subnet.set(slot!(SUBNET, "availability_zone_id"), zone);
        self.resources.push(subnet);
    }

    /// A route table of four subnets, with the NAT gateway that it leads to.
    fn route_table(&mut self, index: usize) {
        let first = 760 + (index - 950) * 4;
        let gateway_id = format!("nat-{index}");
        let mut gateway = self.resource(&NAT_GATEWAY, &gateway_id, "");
        let state = if self.dice(index, 12, 30) == 0 { "deleted" } else { "available" };
        gateway.set(slot!(NAT_GATEWAY, "state"), state);
        gateway.set(slot!(NAT_GATEWAY, "vpc_id"), format!("vpc-{}", index % 10));
        gateway.set(slot!(NAT_GATEWAY, "subnet_id"), format!("subnet-{first}"));
        gateway.set(slot!(NAT_GATEWAY, "availability_mode"), "zonal");
        self.resources.push(gateway);
        let mut table = self.resource(&ROUTE_TABLE, &format!("rtb-{index}"), "");
        table.set(slot!(ROUTE_TABLE, "tags"), self.tags(index));
        table.set(slot!(ROUTE_TABLE, "vpc_id"), format!("vpc-{}", index % 10));
        let associations = (first..first + 4)
            .map(|subnet| record!(ASSOCIATION { "main": false, "subnet_id": format!("subnet-{subnet}") }));
        table.set(slot!(ROUTE_TABLE, "associations"), Value::list(associations));
        let routes = [
            record!(ROUTE { "destination": "10.0.0.0/16", "state": "active", "gateway_id": "local" }),
            record!(ROUTE { "destination": "0.0.0.0/0", "state": "active", "nat_gateway_id": gateway_id }),
        ];
        table.set(slot!(ROUTE_TABLE, "routes"), Value::list(routes));
        self.resources.push(table);
    }

    fn vault(&mut self, index: usize) {
        let mut vault = self.resource(&BACKUP_VAULT, &format!("vault-{index}"), "");
        vault.set(slot!(BACKUP_VAULT, "vault_type"), "BACKUP_VAULT");
        vault.set(slot!(BACKUP_VAULT, "locked"), self.dice(index, 13, 2) == 0);
        vault.set(slot!(BACKUP_VAULT, "min_retention"), days(7));
        vault.set(slot!(BACKUP_VAULT, "number_of_recovery_points"), 3);
        self.resources.push(vault);
    }
}
