"""CloudFormation stacks: whether they can be built again, and as they are."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from .core import Organisation, Resource, by_key, pages, verdict

PLACE = re.compile(r"\bap-northeast-[13][a-d]?\b|\bami-[0-9a-f]{17}\b")


class Stack(Resource):
    """A stack; `raw` holds its template too."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on stacks."""
        workload = organisation.workload(self)
        status = self.raw["StackStatus"]
        stands = not status.startswith("DELETE") and status != "REVIEW_IN_PROGRESS"
        drift = self.raw["DriftInformation"]
        checked = drift.get("LastCheckTimestamp")
        in_sync = (
            drift["StackDriftStatus"] == "IN_SYNC"
            and checked is not None
            and organisation.now - checked <= timedelta(days=30)
        )
        yield "iac-drift", verdict(stands, in_sync)
        matters = workload.tier in {"critical", "important"}
        root = "ParentId" not in self.raw
        protected = self.raw["EnableTerminationProtection"]
        yield (
            "iac-termination-protection",
            verdict(stands and matters and root, protected),
        )
        literal = any(_literals(self.raw["template"].get("Resources", {})))
        yield (
            "iac-region-parameterised",
            verdict(stands and workload.dr_region is not None, not literal),
        )


def _literals(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "Metadata":
                yield from _literals(item)
    elif isinstance(value, list):
        for item in value:
            yield from _literals(item)
    elif isinstance(value, str):
        yield from PLACE.findall(value)


def read(organisation: Organisation) -> Iterator[Resource]:
    """The stacks of all accounts and Regions."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            client = organisation.client("cloudformation", account, region)
            for raw in pages(client, "describe_stacks", "Stacks"):
                name, arn = raw["StackName"], raw["StackId"]
                body = client.get_template(StackName=arn)["TemplateBody"]
                template = json.loads(body) if isinstance(body, str) else body
                raw["template"] = template
                yield Stack(account, region, name, arn, by_key(raw["Tags"]), raw)
