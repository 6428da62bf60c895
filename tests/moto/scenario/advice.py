"""What Trusted Advisor and AWS Config say, rightly and wrongly."""

from typing import Any

from .builder import EMOJI, FORMULA, TOKYO, Builder

TRUST = "arn:aws:iam::{}:role/config"


def build(builder: Builder) -> None:
    """Findings of both services, and accounts where they are not to be had."""
    _trusted_advisor(builder)
    builder.admin("support-plan", account=builder.accounts["vault"], sufficient=False)
    builder.cases["support_plan_too_low"] = builder.accounts["vault"]
    _config(builder)


def _trusted_advisor(builder: Builder) -> None:
    databases, network, storage = (
        builder.accounts[name] for name in ("databases", "network", "storage")
    )
    cases = builder.cases
    shared = cases["nat_shared_by_three_zones"]
    subnet, gateway = shared["subnets"][1], shared["nat_gateways"][0]
    gateway_arn = f"arn:aws:ec2:{TOKYO}:{network}:natgateway/{gateway}"
    results = {
        (databases, "f2iK5R6Dep"): [
            _flagged(
                "warning", f"{TOKYO}a", cases["db_single_az"], "vpc", "No", "Yellow"
            ),
            _flagged(
                "warning", f"{TOKYO}a", cases["db_multi_az"], "vpc", "No", "Yellow"
            ),
        ],
        (databases, "opQPADkZvH"): [
            _flagged("error", f"{TOKYO}a", cases["db_retention_0"], "vpc", "0", "Red")
        ],
        (network, "c1dfptbg10"): [
            _flagged(
                "error",
                "Red",
                TOKYO,
                f"{TOKYO}a",
                gateway,
                f"{TOKYO}c",
                subnet,
                shared["route_tables"][0],
                gateway_arn,
                builder.ago(hours=6),
            )
        ],
        # It says nothing about the bucket that was never versioned.
        (storage, "R365s2Qddf"): [
            _flagged(
                "warning",
                TOKYO,
                cases["bucket_versioning_suspended"],
                "Suspended",
                "No",
                "Yellow",
            ),
            _flagged(
                "ok",
                TOKYO,
                cases["bucket_versioning_enabled"],
                "Enabled",
                "No",
                "Green",
            ),
        ],
    }
    for (account, check), flagged in results.items():
        builder.admin(
            "trusted-advisor",
            account=account,
            check=check,
            result={"timestamp": builder.ago(hours=6), "flaggedResources": flagged},
        )
    cases["trusted_advisor_agrees"] = ["db_single_az", "nat_shared_by_three_zones"]
    cases["trusted_advisor_disagrees"] = ["db_multi_az", "bucket_never_versioned"]


def _flagged(status: str, *metadata: str) -> dict[str, Any]:
    return {
        "status": status,
        "region": TOKYO,
        "resourceId": "/".join(metadata[:3]),
        "isSuppressed": False,
        "metadata": list(metadata),
    }


def _config(builder: Builder) -> None:
    """Recording in one account, set up but stopped in another, absent elsewhere."""
    for purpose, is_on in {"storage": True, "databases": False}.items():
        account = builder.accounts[purpose]
        config = builder.client("config", account)
        config.put_configuration_recorder(
            ConfigurationRecorder={
                "name": "default",
                "roleARN": TRUST.format(account),
                "recordingGroup": {
                    "allSupported": True,
                    "includeGlobalResourceTypes": True,
                },
            }
        )
        config.put_delivery_channel(
            DeliveryChannel={"name": "default", "s3BucketName": f"config-{account}"}
        )
        if is_on:
            config.start_configuration_recorder(ConfigurationRecorderName="default")
    builder.cases["config_recording"] = builder.accounts["storage"]
    builder.cases["config_stopped"] = builder.accounts["databases"]

    account = builder.accounts["storage"]
    config = builder.client("config", account)
    rules = {
        "s3-bucket-versioning-enabled": "S3_BUCKET_VERSIONING_ENABLED",
        "s3-bucket-replication-enabled": "S3_BUCKET_REPLICATION_ENABLED",
    }
    for name, identifier in rules.items():
        config.put_config_rule(
            ConfigRule={
                "ConfigRuleName": name,
                "Source": {"Owner": "AWS", "SourceIdentifier": identifier},
            }
        )
    compliance = {
        builder.cases["bucket_versioning_enabled"]: "COMPLIANT",
        builder.cases["bucket_versioning_suspended"]: "NON_COMPLIANT",
        builder.cases["bucket_never_versioned"]: "NON_COMPLIANT",
    }
    results = [
        {
            "ResourceType": "AWS::S3::Bucket",
            "ResourceId": bucket,
            "ComplianceType": state,
            "ResultRecordedTime": builder.ago(hours=1),
            "Annotation": f"{FORMULA} {EMOJI}",
        }
        for bucket, state in compliance.items()
    ]
    builder.admin(
        "config-compliance",
        account=account,
        region=TOKYO,
        rule="s3-bucket-versioning-enabled",
        results=results,
    )
    builder.cases["config_rule_with_results"] = "s3-bucket-versioning-enabled"
    builder.cases["config_rule_without_results"] = "s3-bucket-replication-enabled"
