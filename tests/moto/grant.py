"""Gives the audit what `sonae iam-policy` says that it needs, and nothing else.

The role and the user are its own, so that no other test sees them.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scenario.builder import MANAGEMENT, Builder

USER = "sonae-least-privilege"


def main() -> None:
    """Prints a key of the user that starts the audit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="the server's URL")
    parser.add_argument("--role", required=True, help="its name in every account")
    parser.add_argument(
        "--policies", required=True, type=Path, help="what iam-policy printed"
    )
    parser.add_argument("accounts", nargs="+", help="where the role is needed")
    arguments = parser.parse_args()

    policies = json.loads(arguments.policies.read_text(encoding="utf-8"))
    builder = Builder(arguments.endpoint, datetime.now(UTC), 0)
    # For moto a user is not part of its account's root.
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:user/{USER}"},
    }
    for account in arguments.accounts:
        iam = builder.client("iam", account)
        document = {"Version": "2012-10-17", "Statement": [trust]}
        iam.create_role(
            RoleName=arguments.role, AssumeRolePolicyDocument=json.dumps(document)
        )
        for arn in _managed(iam, arguments.role, policies["member_role"]):
            iam.attach_role_policy(RoleName=arguments.role, PolicyArn=arn)

    iam = builder.client("iam", MANAGEMENT)
    iam.create_user(UserName=USER)
    for arn in _managed(iam, USER, policies["auditing_principal"]):
        iam.attach_user_policy(UserName=USER, PolicyArn=arn)
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    print(json.dumps({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}))


def _managed(iam: Any, name: str, documents: list[Any]) -> list[str]:
    """The documents as managed policies."""
    return [
        iam.create_policy(
            PolicyName=f"{name}-{number}",
            PolicyDocument=json.dumps(document, separators=(",", ":")),
        )["Policy"]["Arn"]
        for number, document in enumerate(documents, 1)
    ]


if __name__ == "__main__":
    main()
