"""The organisation itself: accounts, organisational units and the auditor's access."""

import json
from collections.abc import Mapping
from typing import Any

from .builder import FORMULA, MANAGEMENT, SCRIPT, Builder

ROLE = "SonaeReadOnly"
AUDITOR = "sonae-auditor"

# What each account is for, and its name, which may be any printable ASCII.
MEMBERS = {
    "network": "network",
    "databases": SCRIPT,
    "storage": FORMULA,
    "vault": "backup vault",
    "suspended": "retired",
}
READ_ACTIONS = [
    f"{service}:{verb}*"
    for service in (
        "autoscaling",
        "backup",
        "cloudformation",
        "cloudwatch",
        "config",
        "dlm",
        "drs",
        "dynamodb",
        "ec2",
        "ecr",
        "ecs",
        "eks",
        "lambda",
        "elasticfilesystem",
        "elasticloadbalancing",
        "events",
        "fis",
        "fsx",
        "kms",
        "rds",
        "s3",
        "secretsmanager",
        "sns",
        "ssm-incidents",
        "support",
        "elasticache",
        "es",
        "kafka",
        "kinesis",
        "memorydb",
        "mq",
        "redshift",
        "sqs",
        "account",
        "acm",
        "arc-region-switch",
        "cloudfront",
        "directconnect",
        "network-firewall",
        "route53",
        "servicequotas",
    )
    for verb in ("Describe", "Get", "List")
]


def build(builder: Builder, count: int) -> None:
    """An organisation of so many member accounts, one of them in the Suspended unit."""
    organizations = builder.client("organizations", MANAGEMENT)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    units = {
        name: organizations.create_organizational_unit(ParentId=root, Name=name)[
            "OrganizationalUnit"
        ]["Id"]
        for name in ("Workloads", "Suspended")
    }
    members = dict(MEMBERS)
    for number in range(len(members) + 1, count + 1):
        members[f"other_{number}"] = f"other {number}"
    for purpose, name in members.items():
        status = organizations.create_account(
            AccountName=name, Email=f"{purpose}@works.example"
        )["CreateAccountStatus"]
        account = builder.accounts[purpose] = status["AccountId"]
        unit = units["Suspended" if purpose == "suspended" else "Workloads"]
        organizations.move_account(
            AccountId=account, SourceParentId=root, DestinationParentId=unit
        )
    builder.cases["organizational_units"] = units
    for account in (MANAGEMENT, *builder.accounts.values()):
        _create_role(builder, account)
    builder.cases["auditor"] = _create_auditor(builder)


def _create_role(builder: Builder, account: str) -> None:
    """The role that the audit assumes in an account."""
    iam = builder.client("iam", account)
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"},
    }
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=_policy(trust))
    read = {"Effect": "Allow", "Action": READ_ACTIONS, "Resource": "*"}
    iam.put_role_policy(RoleName=ROLE, PolicyName="read", PolicyDocument=_policy(read))


def _create_auditor(builder: Builder) -> dict[str, str]:
    """The user that starts the audit, with a key that IAM enforcement accepts."""
    iam = builder.client("iam", MANAGEMENT)
    iam.create_user(UserName=AUDITOR)
    actions = ["organizations:Describe*", "organizations:List*", "sts:*"]
    start = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    iam.put_user_policy(
        UserName=AUDITOR, PolicyName="start", PolicyDocument=_policy(start)
    )
    key = iam.create_access_key(UserName=AUDITOR)["AccessKey"]
    return {
        "user": AUDITOR,
        "access_key_id": key["AccessKeyId"],
        "secret_access_key": key["SecretAccessKey"],
    }


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
