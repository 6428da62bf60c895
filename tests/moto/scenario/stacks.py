"""CloudFormation stacks: protected or not, drifted or not, tied to a place or not."""

import json
from typing import Any

from .builder import SCRIPT, TOKYO, Builder, tags


def build(builder: Builder) -> None:
    """Stacks of the databases account."""
    account = builder.accounts["databases"]
    cloudformation = builder.client("cloudformation", account)

    def stack(
        name: str, parameter: Any, *, protected: bool = False, **described: Any
    ) -> str:
        template = {
            "Parameters": {"Zone": {"Type": "String", "Default": f"{TOKYO}a"}},
            "Mappings": {"Images": {TOKYO: {"Id": "ami-0123456789abcdef0"}}},
            "Resources": {
                "Parameter": {
                    "Type": "AWS::SSM::Parameter",
                    "Metadata": {"Note": f"{SCRIPT} was in {TOKYO}"},
                    "Properties": {
                        "Name": f"/stacks/{name}",
                        "Type": "String",
                        "Value": parameter,
                    },
                }
            },
        }
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=json.dumps(template),
            EnableTerminationProtection=protected,
            Tags=tags(System="mks"),
        )
        # Moto knows nothing of drift, and protects what it was told to protect.
        builder.admin(
            "overrides",
            account=account,
            region=TOKYO,
            service="cloudformation",
            operation="DescribeStacks",
            match={"StackName": name},
            set={"EnableTerminationProtection": protected, **described},
        )
        return name

    def drift(status: str, **ago: float) -> dict[str, Any]:
        checked = {"LastCheckTimestamp": builder.ago(**ago)} if ago else {}
        return {"DriftInformation": {"StackDriftStatus": status, **checked}}

    builder.cases["stacks"] = {
        "good": stack(
            "good", {"Ref": "Zone"}, protected=True, **drift("IN_SYNC", days=3)
        ),
        "drifted": stack("drifted", f"{TOKYO}a", **drift("DRIFTED", days=3)),
        "checked_long_ago": stack("old", "x", **drift("IN_SYNC", days=90)),
        "never_checked": stack(
            "unchecked", "ami-0123456789abcdef0", **drift("NOT_CHECKED")
        ),
        "nested": stack(
            "nested",
            f"arn:aws:sns:{TOKYO}:111111111111:x",
            ParentId=f"arn:aws:cloudformation:{TOKYO}:{account}:stack/good/1",
            **drift("IN_SYNC", days=3),
        ),
        "review": stack(
            "review", "x", StackStatus="REVIEW_IN_PROGRESS", **drift("NOT_CHECKED")
        ),
    }
