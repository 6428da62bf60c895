"""The organisation is what its list of cases says, seen by the auditor that tests use."""

import json
import subprocess
import sys
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from conftest import HERE, NOW, OSAKA, TOKYO, Server

RESOURCES = 103


class Auditor:
    """Reads the organisation with the rights of the audit, IAM being enforced."""

    def __init__(self, server: Server, made: dict[str, Any]) -> None:
        self.server = server
        self.accounts: dict[str, str] = made["accounts"]
        self.cases: dict[str, Any] = made["cases"]
        key = self.cases["auditor"]
        self.key = (key["access_key_id"], key["secret_access_key"])

    def client(
        self, service: str, account: str | None, region: str = TOKYO
    ) -> BaseClient:
        """A client in an account by its purpose, in the management account for None."""
        if account is None:
            return self.server.client(service, region, key=self.key)
        return self.server.client(service, region, self.accounts[account], self.key)


@pytest.fixture(scope="module")
def auditor(running: Server) -> Auditor:
    """The organisation, built by the script."""
    running.admin("POST", "reset")
    command = [sys.executable, str(HERE / "organisation.py"), "--endpoint", running.url]
    command += [
        "--resources",
        str(RESOURCES),
        "--now",
        NOW.isoformat(),
        "--accounts",
        "6",
    ]
    made = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    running.enforce_iam()
    return Auditor(running, made)


def test_accounts_and_units(auditor: Auditor) -> None:
    organizations = auditor.client("organizations", None, "us-east-1")
    names = {a["Id"]: a["Name"] for a in organizations.list_accounts()["Accounts"]}
    assert names[auditor.accounts["databases"]] == "<script>alert(1)</script>"
    assert names[auditor.accounts["storage"]].startswith("=HYPERLINK(")
    assert len(names) == 7
    unit = auditor.cases["organizational_units"]["Suspended"]
    [account] = organizations.list_accounts_for_parent(ParentId=unit)["Accounts"]
    assert account["Id"] == auditor.accounts["suspended"]


def test_the_role_only_reads(auditor: Auditor) -> None:
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        auditor.client("ec2", "network").create_vpc(CidrBlock="10.0.0.0/16")


class TestNetwork:
    """Egress."""

    def test_routes(self, auditor: Auditor) -> None:
        ec2 = auditor.client("ec2", "network")
        tables = {
            t["RouteTableId"]: t for t in ec2.describe_route_tables()["RouteTables"]
        }
        gateways = {
            g["NatGatewayId"]: g for g in ec2.describe_nat_gateways()["NatGateways"]
        }
        subnets = {s["SubnetId"]: s for s in ec2.describe_subnets()["Subnets"]}
        assert len(subnets) > RESOURCES
        assert len(tables) > RESOURCES

        def zones(case: dict[str, Any]) -> list[str]:
            return [subnets[s]["AvailabilityZone"][-1] for s in case["subnets"]]

        def egress(case: dict[str, Any]) -> list[dict[str, Any]]:
            routes = [r for t in case["route_tables"] for r in tables[t]["Routes"]]
            return [r for r in routes if r.get("DestinationCidrBlock") == "0.0.0.0/0"]

        shared = auditor.cases["nat_shared_by_three_zones"]
        assert zones(shared) == ["a", "c", "d"]
        assert {r["NatGatewayId"] for r in egress(shared)} == set(
            shared["nat_gateways"]
        )
        assert (
            len({r["NatGatewayId"] for r in egress(auditor.cases["nat_per_zone"])}) == 3
        )

        inherited = auditor.cases["nat_through_main_route_table"]
        [association] = tables[inherited["route_tables"][0]]["Associations"]
        assert association["Main"] and "SubnetId" not in association
        [route] = egress(auditor.cases["nat_deleted_with_route"])
        assert route["State"] == "blackhole"
        [gateway] = auditor.cases["nat_regional_without_zone_d"]["nat_gateways"]
        assert gateways[gateway]["AvailabilityMode"] == "regional"
        [route] = egress(auditor.cases["egress_through_transit_gateway"])
        assert route["TransitGatewayId"].startswith("tgw-")

    def test_hostile_tags(self, auditor: Auditor) -> None:
        subnets = auditor.client("ec2", "network").describe_subnets()["Subnets"]
        values = {tag["Value"] for s in subnets for tag in s.get("Tags", ())}
        assert {"<script>alert(1)</script>", "first line\nsecond line"} <= values
        assert max(map(len, values)) == 256


class TestBuckets:
    """S3."""

    def test_states_of_versioning(self, auditor: Auditor) -> None:
        s3 = auditor.client("s3", "storage")
        states = {
            case: (answer.get("Status"), answer.get("MFADelete"))
            for case in (
                "bucket_versioning_enabled",
                "bucket_versioning_suspended",
                "bucket_never_versioned",
                "bucket_mfa_delete",
            )
            if (answer := s3.get_bucket_versioning(Bucket=auditor.cases[case]))
        }
        assert list(states.values()) == [
            ("Enabled", None),
            ("Suspended", None),
            (None, None),
            ("Enabled", "Enabled"),
        ]
        assert len(s3.list_buckets()["Buckets"]) > RESOURCES

    def test_destinations_of_replication(self, auditor: Auditor) -> None:
        s3 = auditor.client("s3", "storage")

        def rule(bucket: str) -> dict[str, Any]:
            configuration = s3.get_bucket_replication(Bucket=bucket)
            [found] = configuration["ReplicationConfiguration"]["Rules"]
            return found

        cases = auditor.cases
        to_osaka = rule(cases["bucket_replicated_to_osaka"])
        replica = cases["bucket_replica_in_osaka"]
        assert to_osaka["Destination"]["Bucket"] == f"arn:aws:s3:::{replica}"
        assert to_osaka["DeleteMarkerReplication"]["Status"] == "Enabled"
        assert s3.get_bucket_location(Bucket=replica)["LocationConstraint"] == OSAKA
        to_vault = rule(cases["bucket_replicated_to_other_account"])
        assert to_vault["Destination"]["Account"] == auditor.accounts["vault"]
        outside = rule(cases["bucket_replicated_outside_organisation"])
        assert outside["Destination"]["Account"] not in auditor.accounts.values()
        foreign = outside["Destination"]["Bucket"].rpartition(":")[2]
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.get_bucket_versioning(Bucket=foreign)
        assert rule(cases["bucket_replication_disabled"])["Status"] == "Disabled"


class TestDatabases:
    """RDS."""

    def test_instances(self, auditor: Auditor) -> None:
        pages = list(
            auditor.client("rds", "databases")
            .get_paginator("describe_db_instances")
            .paginate()
        )
        assert len(pages) > 1
        instances = {
            i["DBInstanceIdentifier"]: i for p in pages for i in p["DBInstances"]
        }
        cases = auditor.cases
        multi, single = (
            instances[cases["db_multi_az"]],
            instances[cases["db_single_az"]],
        )
        assert multi["SecondaryAvailabilityZone"] != multi["AvailabilityZone"]
        assert "SecondaryAvailabilityZone" not in single
        for days in (0, 1, 7, 35):
            instance = instances[cases[f"db_retention_{days}"]]
            assert instance["BackupRetentionPeriod"] == days
        replica = instances[cases["db_read_replica_retention_0"]]
        assert replica["ReadReplicaSourceDBInstanceIdentifier"] == cases["db_multi_az"]
        stale = instances[cases["db_stale_restore_window"]]
        assert (NOW - stale["LatestRestorableTime"]).days == 3
        document = cases["documentdb_in_two_zones"]
        members = [
            i for i in instances.values() if i.get("DBClusterIdentifier") == document
        ]
        assert {i["Engine"] for i in members} == {"docdb"}
        assert len({i["AvailabilityZone"] for i in members}) == 2

    def test_clusters(self, auditor: Auditor) -> None:
        rds = auditor.client("rds", "databases")
        clusters = {
            c["DBClusterIdentifier"]: c
            for c in rds.describe_db_clusters()["DBClusters"]
        }
        cases = auditor.cases
        assert len(clusters[cases["aurora_one_member"]]["DBClusterMembers"]) == 1
        assert (
            len(clusters[cases["aurora_members_in_one_zone"]]["DBClusterMembers"]) == 2
        )
        assert clusters[cases["documentdb_in_two_zones"]]["Engine"] == "docdb"
        [group] = rds.describe_global_clusters()["GlobalClusters"]
        regions = [
            m["DBClusterArn"].split(":")[3] for m in group["GlobalClusterMembers"]
        ]
        assert regions == [TOKYO, OSAKA]

    def test_what_is_in_osaka(self, auditor: Auditor) -> None:
        rds = auditor.client("rds", "databases", OSAKA)
        backups = rds.describe_db_instance_automated_backups()[
            "DBInstanceAutomatedBackups"
        ]
        assert [(b["DBInstanceIdentifier"], b["Region"]) for b in backups] == [
            (auditor.cases["db_backups_replicated_to_osaka"], TOKYO)
        ]
        copied = auditor.cases["db_snapshot_copied_to_osaka"]
        [snapshot] = rds.describe_db_snapshots(DBSnapshotIdentifier=copied)[
            "DBSnapshots"
        ]
        assert snapshot["SourceRegion"] == TOKYO
        replica = auditor.cases["db_read_replica_in_osaka"]
        [instance] = rds.describe_db_instances(DBInstanceIdentifier=replica)[
            "DBInstances"
        ]
        assert instance["AvailabilityZone"].startswith(OSAKA)


class TestBackups:
    """AWS Backup."""

    def test_selections(self, auditor: Auditor) -> None:
        backup = auditor.client("backup", "databases")

        def selection(name: str) -> dict[str, Any]:
            case = auditor.cases[f"backup_selection_{name}"]
            got = backup.get_backup_selection(
                BackupPlanId=case["plan"], SelectionId=case["selection"]
            )
            return got["BackupSelection"]

        assert selection("by_arn")["Resources"][0].endswith(":db:multi-az")
        assert "*" in selection("by_wildcard")["Resources"][0]
        assert selection("by_tag")["ListOfTags"][0]["ConditionKey"] == "Backup"
        assert selection("by_condition")["Conditions"]["StringEquals"]
        assert len(selection("with_exceptions")["NotResources"]) == 2

    def test_plans_run(self, auditor: Auditor) -> None:
        backup = auditor.client("backup", "databases")
        gaps = {}
        for name, plan in auditor.cases["backup_plans"].items():
            got = backup.get_backup_plan(BackupPlanId=plan, MaxScheduledRunsPreview=2)
            first, second = (
                run["ExecutionTime"] for run in got["ScheduledRunsPreview"]
            )
            gaps[name] = (second - first).total_seconds() / 3600
        assert gaps == {
            "daily": 24,
            "hourly_with_default_start_window": 1,
            "continuous": 24,
            "weekly": 168,
            "monthly": 720,
        }

    def test_vaults_and_recovery_points(self, auditor: Auditor) -> None:
        backup = auditor.client("backup", "databases")
        vaults = {
            v["BackupVaultName"]: v
            for v in backup.list_backup_vaults()["BackupVaultList"]
        }
        locks = {name: (v["Locked"], "LockDate" in v) for name, v in vaults.items()}
        assert locks == {
            "unlocked": (False, False),
            "governance": (True, False),
            "compliance": (True, True),
        }
        assert vaults["governance"]["NumberOfRecoveryPoints"] == 6
        protected = backup.list_protected_resources()["Results"]
        assert len(protected) == 5
        states = [job["State"] for job in backup.list_copy_jobs()["CopyJobs"]]
        assert states == ["COMPLETED", "COMPLETED", "FAILED"]
        for account, count in {"databases": 2, "vault": 1}.items():
            osaka = auditor.client("backup", account, OSAKA)
            points = osaka.list_recovery_points_by_backup_vault(
                BackupVaultName="compliance"
            )
            assert len(points["RecoveryPoints"]) == count

    def test_a_region_without_s3(self, auditor: Auditor) -> None:
        settings = auditor.client("backup", "storage").describe_region_settings()
        assert settings["ResourceTypeOptInPreference"]["S3"] is False


def test_trusted_advisor(auditor: Auditor) -> None:
    support = auditor.client("support", "network", "us-east-1")
    result = support.describe_trusted_advisor_check_result(checkId="c1dfptbg10")[
        "result"
    ]
    assert result["status"] == "error"
    shared = auditor.cases["nat_shared_by_three_zones"]
    assert shared["subnets"][1] in result["flaggedResources"][0]["metadata"]
    with pytest.raises(ClientError, match="SubscriptionRequiredException"):
        auditor.client("support", "vault", "us-east-1").describe_trusted_advisor_checks(
            language="en"
        )


def test_config(auditor: Auditor) -> None:
    recording = {}
    for account in ("storage", "databases", "network"):
        config = auditor.client("config", account)
        status = config.describe_configuration_recorder_status()
        recording[account] = [
            r["recording"] for r in status["ConfigurationRecordersStatus"]
        ]
    assert recording == {"storage": [True], "databases": [False], "network": []}
    config = auditor.client("config", "storage")
    rules = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    types = {r["ConfigRuleName"]: r["Compliance"]["ComplianceType"] for r in rules}
    assert types[auditor.cases["config_rule_with_results"]] == "NON_COMPLIANT"
    assert types[auditor.cases["config_rule_without_results"]] == "INSUFFICIENT_DATA"
