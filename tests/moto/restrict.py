"""Denies what it is told to the audit, in one account, through IAM."""

import argparse
import json
from datetime import UTC, datetime

from scenario.accounts import AUDITOR, ROLE
from scenario.builder import Builder


def main() -> None:
    """Puts the denials in the place of earlier ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="the server's URL")
    parser.add_argument("--account", required=True, help="where the role is")
    parser.add_argument("--user", action="store_true", help="deny the user who starts")
    parser.add_argument(
        "denials", nargs="+", help="ACTION or ACTION=RESOURCE, such as s3:Get*=ARN"
    )
    arguments = parser.parse_args()

    iam = Builder(arguments.endpoint, datetime.now(UTC), 0).client(
        "iam", arguments.account
    )
    statements = [
        {"Effect": "Deny", "Action": action, "Resource": resource or "*"}
        for action, _, resource in (text.partition("=") for text in arguments.denials)
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    named = {"PolicyName": "restriction", "PolicyDocument": json.dumps(policy)}
    if arguments.user:
        iam.put_user_policy(UserName=AUDITOR, **named)
    else:
        iam.put_role_policy(RoleName=ROLE, **named)


if __name__ == "__main__":
    main()
