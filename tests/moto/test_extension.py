"""The test server as its clients see it: through boto3 and the admin API."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ReadTimeoutError

from conftest import HERE, MANAGEMENT, MEMBER, NOW, OSAKA, TOKYO, Server, code_of
from extension.services.schedule import runs


def backup_plan(client: BaseClient, **rule: Any) -> str:
    """A backup plan with one rule."""
    rule = {"RuleName": "r", "TargetBackupVaultName": "v"} | rule
    plan = {"BackupPlanName": "plan", "Rules": [rule]}
    return client.create_backup_plan(BackupPlan=plan)["BackupPlanId"]


def recovery_point(number: int, **members: Any) -> dict[str, Any]:
    """A recovery point of a database."""
    vault = f"arn:aws:backup:{TOKYO}:{MANAGEMENT}:backup-vault:v"
    return {
        "RecoveryPointArn": f"arn:aws:rds:{TOKYO}:{MANAGEMENT}:snapshot:awsbackup:{number}",
        "BackupVaultName": "v",
        "BackupVaultArn": vault,
        "ResourceArn": f"arn:aws:rds:{TOKYO}:{MANAGEMENT}:db:orders",
        "ResourceType": "RDS",
        "Status": "COMPLETED",
        "CreationDate": (NOW - timedelta(hours=number)).isoformat(),
    } | members


class TestBackup:
    """AWS Backup."""

    def test_selections_come_back_as_they_were_put(self, server: Server) -> None:
        backup = server.client("backup")
        plan = backup_plan(backup)
        selection = {
            "SelectionName": "データ",
            "IamRoleArn": "arn:aws:iam::123456789012:role/backup",
            "Resources": ["arn:aws:rds:*:*:db:*"],
            "NotResources": ["arn:aws:s3:::*"],
            "ListOfTags": [
                {
                    "ConditionType": "STRINGEQUALS",
                    "ConditionKey": "k",
                    "ConditionValue": "v",
                }
            ],
            "Conditions": {
                "StringLike": [
                    {"ConditionKey": "aws:ResourceTag/k", "ConditionValue": "p*"}
                ]
            },
        }
        made = backup.create_backup_selection(
            BackupPlanId=plan, BackupSelection=selection
        )
        listed = backup.list_backup_selections(BackupPlanId=plan)[
            "BackupSelectionsList"
        ]
        assert [entry["SelectionName"] for entry in listed] == ["データ"]
        got = backup.get_backup_selection(
            BackupPlanId=plan, SelectionId=made["SelectionId"]
        )
        assert got["BackupSelection"] == selection

    def test_a_selection_needs_a_plan(self, server: Server) -> None:
        backup = server.client("backup")
        assert code_of(lambda: backup.list_backup_selections(BackupPlanId="none")) == (
            "ResourceNotFoundException",
            400,
        )

    def test_selections_belong_to_account_and_region(self, server: Server) -> None:
        backup_plan(server.client("backup"))
        for other in (
            server.client("backup", OSAKA),
            server.client("backup", account=MEMBER),
        ):
            assert other.list_backup_plans()["BackupPlansList"] == []
            settings = other.describe_region_settings()["ResourceTypeOptInPreference"]
            assert settings["S3"] is True

    def test_region_settings_change_only_what_is_named(self, server: Server) -> None:
        backup = server.client("backup")
        backup.update_region_settings(ResourceTypeOptInPreference={"S3": False})
        settings = backup.describe_region_settings()["ResourceTypeOptInPreference"]
        assert (settings["S3"], settings["RDS"]) == (False, True)

    def test_recovery_points_by_vault_resource_and_as_protected(
        self, server: Server
    ) -> None:
        backup = server.client("backup")
        backup.create_backup_vault(BackupVaultName="v")
        points = [recovery_point(n) for n in (3, 1, 2)]
        points.append(recovery_point(0, Status="PARTIAL"))
        server.admin(
            "POST", "recovery-points", account=MANAGEMENT, region=TOKYO, items=points
        )
        paginator = backup.get_paginator("list_recovery_points_by_backup_vault")
        pages = list(
            paginator.paginate(
                BackupVaultName="v",
                ByCreatedAfter=NOW - timedelta(hours=2),
                PaginationConfig={"PageSize": 2},
            )
        )
        assert [len(page["RecoveryPoints"]) for page in pages] == [2, 1]
        arn = points[0]["ResourceArn"]
        by_resource = backup.list_recovery_points_by_resource(ResourceArn=arn)
        assert len(by_resource["RecoveryPoints"]) == 4
        assert "ResourceArn" not in by_resource["RecoveryPoints"][0]
        [protected] = backup.list_protected_resources()["Results"]
        assert protected["LastBackupTime"] == NOW - timedelta(hours=1)
        described = backup.describe_protected_resource(ResourceArn=arn)
        assert described["ResourceType"] == "RDS"
        vault = backup.describe_backup_vault(BackupVaultName="v")
        assert vault["NumberOfRecoveryPoints"] == 4

    def test_jobs_are_filtered(self, server: Server) -> None:
        backup = server.client("backup")
        jobs = [
            {"CopyJobId": state, "State": state, "ResourceArn": "arn:aws:s3:::b"}
            for state in ("COMPLETED", "FAILED")
        ]
        server.admin("POST", "copy-jobs", account=MANAGEMENT, region=TOKYO, items=jobs)
        failed = backup.list_copy_jobs(ByState="FAILED")["CopyJobs"]
        assert [job["CopyJobId"] for job in failed] == ["FAILED"]
        job = {
            "RestoreJobId": "1",
            "Status": "COMPLETED",
            "ValidationStatus": "SUCCESSFUL",
        }
        server.admin(
            "POST", "restore-jobs", account=MANAGEMENT, region=TOKYO, items=[job]
        )
        assert backup.list_restore_jobs()["RestoreJobs"][0]["RestoreJobId"] == "1"

    def test_lists_of_plans_and_vaults_have_pages(self, server: Server) -> None:
        backup = server.client("backup")
        for number in range(5):
            backup.create_backup_vault(BackupVaultName=f"vault-{number}")
        pages = backup.get_paginator("list_backup_vaults").paginate(
            PaginationConfig={"PageSize": 2}
        )
        names = [
            v["BackupVaultName"] for page in pages for v in page["BackupVaultList"]
        ]
        assert names == [f"vault-{number}" for number in range(5)]
        backup_plan(backup)
        assert "NextToken" not in backup.list_backup_plans(MaxResults=1)

    def test_next_runs_of_a_plan(self, server: Server) -> None:
        server.admin("POST", "clock", now=NOW.isoformat())
        backup = server.client("backup")
        plan = backup_plan(backup, ScheduleExpression="cron(0 0/8 ? * * *)")
        got = backup.get_backup_plan(BackupPlanId=plan, MaxScheduledRunsPreview=3)
        times = [run["ExecutionTime"] for run in got["ScheduledRunsPreview"]]
        assert times == [NOW + timedelta(hours=hours) for hours in (4, 12, 20)]
        assert (
            got["ScheduledRunsPreview"][0]["RuleId"]
            == got["BackupPlan"]["Rules"][0]["RuleId"]
        )
        assert "ScheduledRunsPreview" not in backup.get_backup_plan(BackupPlanId=plan)


@pytest.mark.parametrize(
    ("expression", "timezone", "expected"),
    [
        ("cron(0 5 ? * * *)", "Etc/UTC", "2026-05-02T05:00"),
        ("cron(30 5 ? * * *)", "Asia/Tokyo", "2026-05-01T20:30"),
        ("cron(0 3 1 * ? *)", "Etc/UTC", "2026-06-01T03:00"),
        ("cron(0 3 L * ? *)", "Etc/UTC", "2026-05-31T03:00"),
        ("cron(0 3 2W * ? *)", "Etc/UTC", "2026-06-02T03:00"),
        ("cron(0 3 ? * SUN *)", "Etc/UTC", "2026-05-03T03:00"),
        ("cron(0 3 ? * 2#2 *)", "Etc/UTC", "2026-05-11T03:00"),
        ("cron(0 3 ? * 6L *)", "Etc/UTC", "2026-05-29T03:00"),
        ("cron(0/20 12 ? * MON-FRI 2026-2027)", "Etc/UTC", "2026-05-01T12:20"),
        ("rate(6 hours)", "Etc/UTC", "2026-05-01T15:00"),
    ],
)
def test_schedules(expression: str, timezone: str, expected: str) -> None:
    """The next run after noon of Friday, 1 May 2026."""
    start = NOW - timedelta(days=1, hours=3)
    [run] = runs(expression, timezone, start=start, after=NOW, count=1)
    assert run == datetime.fromisoformat(expected).replace(tzinfo=UTC)


class TestSupport:
    """Trusted Advisor."""

    WANTED = (
        "R365s2Qddf c18d2gz119 c1dfptbg10 f2iK5R6Dep c18d2gz156 opQPADkZvH "
        "44fde09ab5 c1qf5bt007 c1qf5bt011 c1qf5bt018 c18d2gz161 c18d2gz159"
    ).split()

    def test_lists_the_checks_that_rules_name(self, server: Server) -> None:
        support = server.client("support", "us-east-1")
        checks = support.describe_trusted_advisor_checks(language="en")["checks"]
        assert set(self.WANTED) <= {check["id"] for check in checks}

    def test_results_and_summaries(self, server: Server) -> None:
        support = server.client("support", "us-east-1")
        flagged = {"status": "error", "resourceId": "r", "metadata": ["Red", TOKYO]}
        server.admin(
            "POST",
            "trusted-advisor",
            account=MANAGEMENT,
            check="c1dfptbg10",
            result={"flaggedResources": [flagged]},
        )
        result = support.describe_trusted_advisor_check_result(checkId="c1dfptbg10")[
            "result"
        ]
        assert result["status"] == "error"
        assert result["flaggedResources"][0]["metadata"] == ["Red", TOKYO]
        summaries = support.describe_trusted_advisor_check_summaries(
            checkIds=["c1dfptbg10", "f2iK5R6Dep"]
        )["summaries"]
        assert [(s["status"], s["hasFlaggedResources"]) for s in summaries] == [
            ("error", True),
            ("not_available", False),
        ]
        assert (
            code_of(
                lambda: support.describe_trusted_advisor_check_result(checkId="no")
            )[0]
            == "InvalidParameterValueException"
        )

    def test_a_plan_that_is_too_low(self, server: Server) -> None:
        server.admin("POST", "support-plan", account=MEMBER, sufficient=False)
        support = server.client("support", "us-east-1", MEMBER)
        for call in (
            lambda: support.describe_trusted_advisor_checks(language="en"),
            lambda: support.describe_trusted_advisor_check_result(checkId="R365s2Qddf"),
            support.describe_cases,
        ):
            assert code_of(call) == ("SubscriptionRequiredException", 400)
        server.client("support", "us-east-1").describe_trusted_advisor_checks(
            language="en"
        )


class TestConfig:
    """AWS Config compliance."""

    def test_compliance_by_rule_and_its_details(self, server: Server) -> None:
        config = server.client("config")
        results = [
            {
                "ResourceType": "AWS::S3::Bucket",
                "ResourceId": f"bucket-{number}",
                "ComplianceType": "NON_COMPLIANT" if number % 2 else "COMPLIANT",
                "ResultRecordedTime": NOW.isoformat(),
            }
            for number in range(60)
        ]
        server.admin(
            "POST",
            "config-compliance",
            account=MANAGEMENT,
            region=TOKYO,
            rule="versioning",
            results=results,
        )
        [rule] = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
        assert rule["Compliance"]["ComplianceType"] == "NON_COMPLIANT"
        assert rule["Compliance"]["ComplianceContributorCount"] == {
            "CappedCount": 25,
            "CapExceeded": True,
        }
        pages = list(
            config.get_paginator("get_compliance_details_by_config_rule").paginate(
                ConfigRuleName="versioning", ComplianceTypes=["NON_COMPLIANT"]
            )
        )
        assert [len(page["EvaluationResults"]) for page in pages] == [10, 10, 10]

    def test_unknown_rules_and_tokens(self, server: Server) -> None:
        config = server.client("config")
        details = config.get_compliance_details_by_config_rule
        assert (
            code_of(lambda: details(ConfigRuleName="none"))[0]
            == "NoSuchConfigRuleException"
        )
        describe = config.describe_compliance_by_config_rule
        assert (
            code_of(lambda: describe(NextToken="x"))[0] == "InvalidNextTokenException"
        )


class TestEc2:
    """VPC networks."""

    @staticmethod
    def subnet(ec2: BaseClient) -> dict[str, Any]:
        """A subnet of a new VPC."""
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]

    def test_lists_have_pages(self, server: Server) -> None:
        ec2 = server.client("ec2")
        vpc = self.subnet(ec2)["VpcId"]
        for _ in range(6):
            ec2.create_route_table(VpcId=vpc)
        server.admin("POST", "page-limits", limit=3)
        for operation, member in (
            ("describe_vpcs", "Vpcs"),
            ("describe_subnets", "Subnets"),
            ("describe_route_tables", "RouteTables"),
            ("describe_nat_gateways", "NatGateways"),
        ):
            pages = [page[member] for page in ec2.get_paginator(operation).paginate()]
            assert all(len(page) <= 3 for page in pages)
            server.admin("POST", "page-limits", limit=None)
            assert list(chain(*pages)) == getattr(ec2, operation)()[member]
            server.admin("POST", "page-limits", limit=3)
        assert len(ec2.describe_route_tables(MaxResults=100)["RouteTables"]) == 3

    def test_page_sizes_and_tokens_are_checked(self, server: Server) -> None:
        ec2 = server.client("ec2")
        describe = ec2.describe_route_tables
        assert code_of(lambda: describe(MaxResults=101)) == (
            "InvalidParameterValue",
            400,
        )
        assert code_of(lambda: describe(NextToken="x")) == (
            "InvalidParameterValue",
            400,
        )

    def test_a_route_to_a_deleted_nat_gateway_is_a_blackhole(
        self, server: Server
    ) -> None:
        ec2 = server.client("ec2")
        subnet = self.subnet(ec2)
        gateway = ec2.create_nat_gateway(SubnetId=subnet["SubnetId"])["NatGateway"]
        table = ec2.create_route_table(VpcId=subnet["VpcId"])["RouteTable"][
            "RouteTableId"
        ]
        ec2.create_route(
            RouteTableId=table,
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId=gateway["NatGatewayId"],
        )

        def state() -> str:
            [described] = ec2.describe_route_tables(RouteTableIds=[table])[
                "RouteTables"
            ]
            return next(r["State"] for r in described["Routes"] if "NatGatewayId" in r)

        assert state() == "active"
        ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
        assert state() == "blackhole"

    def test_a_regional_nat_gateway(self, server: Server) -> None:
        ec2 = server.client("ec2")
        subnet = self.subnet(ec2)["SubnetId"]
        gateway = ec2.create_nat_gateway(SubnetId=subnet)["NatGateway"]["NatGatewayId"]
        [zonal] = ec2.describe_nat_gateways()["NatGateways"]
        assert (zonal["AvailabilityMode"], zonal["SubnetId"]) == ("zonal", subnet)
        server.admin(
            "POST",
            "regional-nat-gateways",
            account=MANAGEMENT,
            region=TOKYO,
            nat_gateway_id=gateway,
            zones=[f"{TOKYO}a", f"{TOKYO}c"],
        )
        [regional] = ec2.describe_nat_gateways()["NatGateways"]
        assert regional["AvailabilityMode"] == "regional"
        assert "SubnetId" not in regional
        zones = ec2.describe_availability_zones()["AvailabilityZones"]
        ids = {zone["ZoneName"]: zone["ZoneId"] for zone in zones}
        addresses = regional["NatGatewayAddresses"]
        assert [a["AvailabilityZoneId"] for a in addresses] == [
            ids[f"{TOKYO}a"],
            ids[f"{TOKYO}c"],
        ]


class TestKms:
    """Multi-Region keys."""

    def test_a_primary_stays_one_when_its_replica_is_looked_at(
        self, server: Server
    ) -> None:
        kms, osaka = server.client("kms"), server.client("kms", OSAKA)
        key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
        kms.replicate_key(KeyId=key, ReplicaRegion=OSAKA)
        for _ in range(2):
            kinds = [
                client.describe_key(KeyId=key)["KeyMetadata"][
                    "MultiRegionConfiguration"
                ]["MultiRegionKeyType"]
                for client in (osaka, kms)
            ]
            assert kinds == ["REPLICA", "PRIMARY"]


class TestRds:
    """RDS instances and their backups."""

    @staticmethod
    def create(rds: BaseClient, name: str, **members: Any) -> dict[str, Any]:
        """A database instance."""
        return rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.micro",
            Engine="mysql",
            AllocatedStorage=20,
            MasterUsername="admin",
            MasterUserPassword="password",
            **members,
        )["DBInstance"]

    def test_what_moto_leaves_out_of_instances(self, server: Server) -> None:
        server.admin("POST", "clock", now=NOW.isoformat())
        rds = server.client("rds")
        self.create(rds, "multi", MultiAZ=True, BackupRetentionPeriod=7)
        self.create(rds, "single", BackupRetentionPeriod=0)
        multi, single = rds.describe_db_instances()["DBInstances"]
        assert multi["SecondaryAvailabilityZone"] not in (
            multi["AvailabilityZone"],
            None,
        )
        assert multi["LatestRestorableTime"] == NOW - timedelta(minutes=5)
        assert "SecondaryAvailabilityZone" not in single
        assert "LatestRestorableTime" not in single
        assert multi["DbiResourceId"] != single["DbiResourceId"]

    def test_automated_backups(self, server: Server) -> None:
        server.admin("POST", "clock", now=NOW.isoformat())
        rds = server.client("rds")
        arn = self.create(rds, "kept", BackupRetentionPeriod=7)["DBInstanceArn"]
        self.create(rds, "unkept", BackupRetentionPeriod=0)
        backups = rds.describe_db_instance_automated_backups()[
            "DBInstanceAutomatedBackups"
        ]
        assert [b["DBInstanceArn"] for b in backups] == [arn]
        assert backups[0]["Region"] == TOKYO
        assert backups[0]["BackupRetentionPeriod"] == 7
        latest = NOW - timedelta(minutes=5)
        assert backups[0]["RestoreWindow"] == {
            "EarliestTime": latest - timedelta(days=7),
            "LatestTime": latest,
        }

    def test_replicated_backups_are_listed_in_the_other_region(
        self, server: Server
    ) -> None:
        rds, osaka = server.client("rds"), server.client("rds", OSAKA)
        arn = self.create(rds, "orders", BackupRetentionPeriod=7)["DBInstanceArn"]
        osaka.start_db_instance_automated_backups_replication(
            SourceDBInstanceArn=arn, BackupRetentionPeriod=14
        )
        [backup] = osaka.describe_db_instance_automated_backups()[
            "DBInstanceAutomatedBackups"
        ]
        assert (backup["Region"], backup["Status"]) == (TOKYO, "replicating")
        [instance] = rds.describe_db_instances()["DBInstances"]
        [replication] = instance["DBInstanceAutomatedBackupsReplications"]
        assert replication == {
            "DBInstanceAutomatedBackupsArn": backup["DBInstanceAutomatedBackupsArn"]
        }

    def test_overrides_change_single_members(self, server: Server) -> None:
        rds = server.client("rds")
        for name in ("stale", "fresh"):
            self.create(rds, name, BackupRetentionPeriod=7)
        server.admin(
            "POST",
            "overrides",
            service="rds",
            operation="DescribeDBInstances",
            match={"DBInstanceIdentifier": "stale"},
            set={
                "LatestRestorableTime": NOW.isoformat(),
                "AvailabilityZone": f"{TOKYO}d",
            },
            unset=["BackupTarget"],
        )
        stale, fresh = rds.describe_db_instances()["DBInstances"]
        assert stale["LatestRestorableTime"] == NOW
        assert stale["AvailabilityZone"] == f"{TOKYO}d"
        assert "BackupTarget" not in stale
        assert fresh["LatestRestorableTime"] > NOW - timedelta(days=3650)
        assert fresh["LatestRestorableTime"] != NOW
        assert server.admin("GET", "overrides")[0]["applied"] == 1


class TestS3:
    """Buckets."""

    @staticmethod
    def create(s3: BaseClient, name: str, **options: Any) -> None:
        """A bucket in the client's Region."""
        location = {"LocationConstraint": s3.meta.region_name}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=location, **options)

    def test_bucket_lists_have_pages_and_regions(self, server: Server) -> None:
        s3 = server.client("s3")
        for number in range(5):
            self.create(s3, f"bucket-{number}")
        self.create(server.client("s3", OSAKA), "osaka")
        pages = list(
            s3.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 4})
        )
        assert [len(page["Buckets"]) for page in pages] == [4, 2]
        regions = {b["Name"]: b["BucketRegion"] for p in pages for b in p["Buckets"]}
        assert (regions["bucket-0"], regions["osaka"]) == (TOKYO, OSAKA)
        assert "BucketRegion" not in s3.list_buckets()["Buckets"][0]
        server.admin("POST", "page-limits", limit=1, operation="s3:ListBuckets")
        assert len(s3.list_buckets()["Buckets"]) == 1

    def test_mfa_delete_by_override(self, server: Server) -> None:
        s3 = server.client("s3")
        for name in ("with-mfa", "without"):
            self.create(s3, name)
            s3.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": "Enabled"}
            )
        server.admin(
            "POST",
            "overrides",
            service="s3",
            operation="GetBucketVersioning",
            params={"Bucket": "with-mfa"},
            set={"MFADelete": "Enabled"},
        )
        assert s3.get_bucket_versioning(Bucket="with-mfa")["MFADelete"] == "Enabled"
        assert "MFADelete" not in s3.get_bucket_versioning(Bucket="without")

    def test_replication_comes_back_as_it_was_put(self, server: Server) -> None:
        s3 = server.client("s3")
        self.create(s3, "source")
        s3.put_bucket_versioning(
            Bucket="source", VersioningConfiguration={"Status": "Enabled"}
        )
        rule = {
            "ID": "to-osaka",
            "Priority": 1,
            "Status": "Enabled",
            "Filter": {"Prefix": "月次/"},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {"Bucket": "arn:aws:s3:::elsewhere", "Account": MEMBER},
        }
        configuration = {"Role": "arn:aws:iam::123456789012:role/r", "Rules": [rule]}
        s3.put_bucket_replication(
            Bucket="source", ReplicationConfiguration=configuration
        )
        got = s3.get_bucket_replication(Bucket="source")["ReplicationConfiguration"]
        assert got == configuration
        s3.delete_bucket_replication(Bucket="source")
        assert (
            code_of(lambda: s3.get_bucket_replication(Bucket="source"))[0]
            == "ReplicationConfigurationNotFoundError"
        )

    def test_lifecycle_and_lock_come_back_as_they_were_put(
        self, server: Server
    ) -> None:
        s3 = server.client("s3")
        self.create(s3, "kept", ObjectLockEnabledForBucket=True)
        expiry = {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3}
        rule = {
            "ID": "expire",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": expiry,
        }
        s3.put_bucket_lifecycle_configuration(
            Bucket="kept", LifecycleConfiguration={"Rules": [rule]}
        )
        assert s3.get_bucket_lifecycle_configuration(Bucket="kept")["Rules"] == [rule]
        retention = {"Mode": "GOVERNANCE", "Days": 30}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
        s3.put_object_lock_configuration(Bucket="kept", ObjectLockConfiguration=lock)
        got = s3.get_object_lock_configuration(Bucket="kept")
        assert got["ObjectLockConfiguration"] == lock

    def test_root_elements_are_those_of_s3(self, server: Server) -> None:
        s3 = server.client("s3")
        self.create(s3, "bucket")
        rule = {"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}}
        s3.put_bucket_lifecycle_configuration(
            Bucket="bucket",
            LifecycleConfiguration={"Rules": [rule | {"Expiration": {"Days": 30}}]},
        )
        bodies: list[bytes] = []
        s3.meta.events.register(
            "before-parse.s3",
            lambda response_dict, **_: bodies.append(response_dict["body"]),
        )
        s3.list_buckets()
        s3.get_bucket_versioning(Bucket="bucket")
        s3.get_bucket_accelerate_configuration(Bucket="bucket")
        s3.get_bucket_lifecycle_configuration(Bucket="bucket")
        roots = [ElementTree.fromstring(body).tag.rpartition("}")[2] for body in bodies]
        assert roots == [
            "ListAllMyBucketsResult",
            "VersioningConfiguration",
            "AccelerateConfiguration",
            "LifecycleConfiguration",
        ]

    def test_buckets_of_other_regions_redirect_if_so_set(self, server: Server) -> None:
        self.create(server.client("s3", OSAKA), "far")
        tokyo = server.client("s3")
        assert "Status" not in tokyo.get_bucket_versioning(Bucket="far")
        server.admin("POST", "s3-redirects", enabled=True)
        server.client("s3", OSAKA).get_bucket_versioning(Bucket="far")
        server.admin("POST", "calls")
        # This SDK takes the Region from the redirect and signs again.
        with suppress(ClientError):
            tokyo.get_bucket_versioning(Bucket="far")
        first = server.admin("GET", "calls")["calls"][0]
        assert (first["status"], first["error"]) == (301, "PermanentRedirect")
        assert tokyo.get_bucket_location(Bucket="far")["LocationConstraint"] == OSAKA


class TestErrors:
    """What moto lacks, refusals and injected faults, in each protocol."""

    @pytest.mark.parametrize(
        ("service", "operation", "arguments"),
        [
            ("backup", "list_frameworks", {}),
            ("config", "get_discovered_resource_counts", {}),
            ("ec2", "describe_fast_snapshot_restores", {}),
            ("rds", "describe_certificates", {}),
            ("dax", "describe_clusters", {}),
            ("s3control", "list_jobs", {"AccountId": MANAGEMENT}),
        ],
    )
    def test_what_moto_lacks_is_a_clean_error(
        self, server: Server, service: str, operation: str, arguments: dict[str, str]
    ) -> None:
        client = server.client(service, OSAKA)
        if service == "s3control":
            # The SDK would put the account into the host name.
            client.meta.events.register(
                "before-sign",
                lambda request, **_: _without_host_prefix(server, request),
            )
        assert code_of(lambda: getattr(client, operation)(**arguments)) == (
            "NotImplemented",
            400,
        )

    @pytest.mark.parametrize(
        ("service", "operation", "refusal", "unknown"),
        [
            ("backup", "list_protected_resources", "AccessDeniedException", "UnrecognizedClientException"),
            ("backup", "list_backup_vaults", "AccessDeniedException", "UnrecognizedClientException"),
            ("config", "describe_config_rules", "AccessDeniedException", "UnrecognizedClientException"),
            ("support", "describe_cases", "AccessDeniedException", "UnrecognizedClientException"),
            ("organizations", "list_accounts", "AccessDeniedException", "UnrecognizedClientException"),
            ("ec2", "describe_vpcs", "UnauthorizedOperation", "AuthFailure"),
            ("rds", "describe_db_instances", "AccessDenied", "InvalidClientTokenId"),
            ("s3", "list_buckets", "AccessDenied", "InvalidAccessKeyId"),
        ],
    )  # fmt: skip
    def test_iam_is_enforced(
        self, server: Server, service: str, operation: str, refusal: str, unknown: str
    ) -> None:
        iam = server.client("iam")
        iam.create_user(UserName="auditor")
        made = iam.create_access_key(UserName="auditor")["AccessKey"]
        key = (made["AccessKeyId"], made["SecretAccessKey"])
        self.allow(iam, "sts:*")
        server.enforce_iam()
        region = "us-east-1" if service == "support" else TOKYO
        call = getattr(server.client(service, region, key=key), operation)
        assert code_of(call) == (refusal, 403)
        forged = server.client(service, region, key=("AKIAUNKNOWN000000000", "secret"))
        assert code_of(getattr(forged, operation))[0] == unknown
        server.enforce_iam(False)
        action = {"s3": "s3:ListAllMyBuckets"}.get(service, f"{service}:*")
        self.allow(iam, action)
        server.enforce_iam()
        call()

    def test_signatures_are_verified_as_they_were_made(self, server: Server) -> None:
        iam = server.client("iam")
        iam.create_user(UserName="auditor")
        made = iam.create_access_key(UserName="auditor")["AccessKey"]
        key = (made["AccessKeyId"], made["SecretAccessKey"])
        self.allow(iam, "*")
        server.enforce_iam()
        backup = server.client("backup", key=key)
        arn = f"arn:aws:rds:{TOKYO}:{MANAGEMENT}:db:注文"
        assert (
            backup.list_recovery_points_by_resource(ResourceArn=arn)["RecoveryPoints"]
            == []
        )
        # Some SDKs write a space as %20, where Python writes a plus.
        form = "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=tag%3AA%20B&Filter.1.Value.1=x"
        assert _signed(server, "ec2", form, key).status_code == 200
        assert _signed(server, "ec2", form, (key[0], "wrong")).status_code == 401

    @staticmethod
    def allow(iam: BaseClient, action: str) -> None:
        """Lets the auditor do one thing only."""
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        iam.put_user_policy(
            UserName="auditor", PolicyName="p", PolicyDocument=json.dumps(document)
        )

    @pytest.mark.parametrize(
        ("kind", "codes"),
        [
            (
                "throttling",
                {
                    "ec2": ("RequestLimitExceeded", 503),
                    "s3": ("SlowDown", 503),
                    "rds": ("Throttling", 400),
                    "backup": ("ThrottlingException", 429),
                    "config": ("ThrottlingException", 400),
                },
            ),
            (
                "server_error",
                {
                    "ec2": ("InternalError", 500),
                    "s3": ("InternalError", 500),
                    "rds": ("InternalFailure", 500),
                    "backup": ("InternalServerException", 500),
                    "config": ("InternalServerError", 500),
                },
            ),
            (
                "access_denied",
                {
                    "ec2": ("UnauthorizedOperation", 403),
                    "s3": ("AccessDenied", 403),
                    "rds": ("AccessDenied", 403),
                    "backup": ("AccessDeniedException", 403),
                    "config": ("AccessDeniedException", 403),
                },
            ),
            (
                "expired_token",
                {
                    "ec2": ("RequestExpired", 400),
                    "s3": ("ExpiredToken", 400),
                    "rds": ("ExpiredToken", 403),
                    "backup": ("ExpiredTokenException", 403),
                    "config": ("ExpiredTokenException", 400),
                },
            ),
        ],
    )
    def test_faults_have_the_codes_of_the_protocol(
        self, server: Server, kind: str, codes: dict[str, tuple[str, int]]
    ) -> None:
        operations = {
            "ec2": "describe_vpcs",
            "s3": "list_buckets",
            "rds": "describe_db_instances",
            "backup": "list_backup_plans",
            "config": "describe_config_rules",
        }
        server.admin("POST", "faults", kind=kind, count=None)
        for service, operation in operations.items():
            call = getattr(server.client(service), operation)
            assert code_of(call) == codes[service]

    def test_faults_are_selected_skipped_and_counted(self, server: Server) -> None:
        s3 = server.client("s3")
        TestS3.create(s3, "one")
        TestS3.create(s3, "two")
        server.admin(
            "POST",
            "faults",
            kind="access_denied",
            service="s3",
            operation="GetBucketVersioning",
            params={"Bucket": "two"},
            account=MANAGEMENT,
            region=TOKYO,
            skip=1,
        )
        outcomes = []
        for name in ("one", "two", "two", "one", "two"):
            try:
                s3.get_bucket_versioning(Bucket=name)
                outcomes.append("ok")
            except ClientError as error:
                outcomes.append(error.response["Error"]["Code"])
        assert outcomes == ["ok", "ok", "AccessDenied", "ok", "ok"]
        assert server.admin("GET", "faults")[0]["count"] == 0

    def test_a_hanging_call_does_not_hold_up_others(self, server: Server) -> None:
        server.admin(
            "POST", "faults", kind="hang", seconds=30, service="rds", count=None
        )
        rds, ec2 = server.client("rds"), server.client("ec2")
        with ThreadPoolExecutor() as pool:
            hanging = pool.submit(rds.describe_db_instances)
            started = time.monotonic()
            ec2.describe_vpcs()
            assert time.monotonic() - started < 1.5
            with pytest.raises(ReadTimeoutError):
                hanging.result()
        server.admin("DELETE", "faults")
        rds.describe_db_instances()

    def test_chosen_error(self, server: Server) -> None:
        server.admin(
            "POST",
            "faults",
            kind="error",
            code="OptInRequired",
            message="no",
            status=401,
        )
        assert code_of(server.client("ec2").describe_vpcs) == ("OptInRequired", 401)


class TestAdmin:
    """The admin API itself."""

    def test_calls_are_logged(self, server: Server) -> None:
        server.client("ec2", OSAKA, MEMBER).describe_vpcs()
        server.client("s3").list_buckets()
        code_of(lambda: server.client("s3").get_bucket_versioning(Bucket="none"))
        log = server.admin("GET", "calls")
        assert log["counts"] == {
            "ec2:DescribeVpcs": 1,
            "s3:GetBucketVersioning": 1,
            "s3:ListBuckets": 1,
            "sts:AssumeRole": 1,
        }
        assert server.admin("GET", f"calls?account={MEMBER}")["calls"] == [
            {
                "account": MEMBER,
                "region": OSAKA,
                "service": "ec2",
                "operation": "DescribeVpcs",
                "status": 200,
                "error": None,
            }
        ]
        assert server.admin("GET", "calls?status=404")["total"] == 1
        server.admin("POST", "calls")
        assert server.admin("GET", "calls")["total"] == 0

    def test_canned_answers_stand_in_for_anything(self, server: Server) -> None:
        server.admin(
            "POST",
            "answers",
            service="dynamodb",
            operation="DescribeTable",
            params={"TableName": "orders"},
            answer={
                "Table": {
                    "TableName": "orders",
                    "Replicas": [{"RegionName": OSAKA, "ReplicaStatus": "ACTIVE"}],
                }
            },
        )
        dynamodb = server.client("dynamodb")
        table = dynamodb.describe_table(TableName="orders")["Table"]
        assert table["Replicas"][0]["RegionName"] == OSAKA
        code, _ = code_of(lambda: dynamodb.describe_table(TableName="other"))
        assert code == "ResourceNotFoundException"

    @pytest.mark.parametrize(
        ("path", "payload", "named"),
        [
            (
                "answers",
                {"service": "drs", "operation": "DescribeSourceServers", "answer": {"x": 1}},
                "x",
            ),
            (
                "answers",
                {"service": "rds", "operation": "DescribeEverything", "answer": {}},
                "DescribeEverything",
            ),
            (
                "recovery-points",
                {"account": MANAGEMENT, "region": TOKYO, "items": [{"Statu": "COMPLETED"}]},
                "Statu",
            ),
            (
                "recovery-points",
                {"account": MANAGEMENT, "region": TOKYO, "items": [recovery_point(1, Status="OK")]},
                "OK",
            ),
            (
                "trusted-advisor",
                {
                    "account": MANAGEMENT,
                    "check": "R365s2Qddf",
                    "result": {"flaggedResources": [{"status": "ok", "resourceId": 1}]},
                },
                "resourceId",
            ),
            ("faults", {"kind": "thrittling"}, "thrittling"),
            ("faults", {"kind": "hang", "second": 1}, "second"),
        ],
    )  # fmt: skip
    def test_mistakes_are_refused_by_name(
        self, server: Server, path: str, payload: dict[str, Any], named: str
    ) -> None:
        response = requests.post(f"{server.url}/sonae-test/{path}", json=payload)
        assert response.status_code == 400
        assert named in response.json()["error"]

    def test_an_answer_outside_its_shape_is_a_500_that_names_the_member(
        self, server: Server
    ) -> None:
        server.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
        server.admin(
            "POST",
            "overrides",
            service="ec2",
            operation="DescribeVpcs",
            match={"CidrBlock": "10.0.0.0/16"},
            set={"Colour": "blue", "IsDefault": "yes"},
        )
        # Not through the SDK, which would hide the text.
        response = _signed(server, "ec2", "Action=DescribeVpcs&Version=2016-11-15")
        assert response.status_code == 500
        assert "Colour" in response.text
        assert "IsDefault" in response.text

    def test_moto_api_is_reached_and_its_reset_resets_both(
        self, server: Server
    ) -> None:
        requests.post(f"{server.url}/moto-api/seed?a=1").raise_for_status()
        first = backup_plan(server.client("backup"))
        backup = server.client("backup")
        backup.update_region_settings(ResourceTypeOptInPreference={"S3": False})
        requests.post(f"{server.url}/moto-api/reset").raise_for_status()
        assert (
            backup.describe_region_settings()["ResourceTypeOptInPreference"]["S3"]
            is True
        )
        requests.post(f"{server.url}/moto-api/seed?a=1").raise_for_status()
        assert backup_plan(backup) == first

    def test_exits_when_its_standard_input_closes(self) -> None:
        command = [sys.executable, str(HERE / "server.py")]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None and process.stdin is not None
            assert process.stdout.readline().startswith("listening http://127.0.0.1:")
            process.stdin.close()
            assert process.wait(timeout=5) == 0


def _without_host_prefix(server: Server, request: Any) -> None:
    request.url = (
        server.url
        + request.url.partition("//")[2].partition("/")[1]
        + (request.url.partition("//")[2].partition("/")[2])
    )


def _signed(
    server: Server,
    service: str,
    form: str,
    key: tuple[str, str] = ("TESTKEY0000000000000", "s"),
) -> requests.Response:
    """The answer to a form that is sent and signed exactly as it is."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", f"{server.url}/", headers, form)
    SigV4Auth(Credentials(*key), service, TOKYO).add_auth(request)
    return requests.post(request.url, data=form, headers=dict(request.headers))
