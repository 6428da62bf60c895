"""Account Management: the Regions of an account."""

from typing import Any

from moto.ec2.models import ec2_backends

from ..call import Call
from ..registry import answers
from ..state import State

OPT_STATUS = {
    "opt-in-not-required": "ENABLED_BY_DEFAULT",
    "opted-in": "ENABLED",
    "not-opted-in": "DISABLED",
}


@answers("account", "ListRegions")
def list_regions(call: Call, _: State) -> dict[str, Any]:
    """The Regions that EC2 knows, with its word for whether they can be used."""
    regions = ec2_backends[call.account]["us-east-1"].describe_regions([])
    return {
        "Regions": [
            {
                "RegionName": region.name,
                "RegionOptStatus": OPT_STATUS[region.opt_in_status],
            }
            for region in sorted(regions, key=lambda region: region.name)
        ]
    }
