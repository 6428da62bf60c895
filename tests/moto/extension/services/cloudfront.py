"""CloudFront: what moto leaves out of distributions when it lists them."""

from typing import Any

from moto.cloudfront.models import cloudfront_backends

from ..call import Call
from ..registry import amends
from ..state import State


@amends("cloudfront", "ListDistributions")
def list_distributions(call: Call, _: State, output: dict[str, Any]) -> dict[str, Any]:
    """Adds the origins, who uses them, and whether the distribution is on."""
    distributions = cloudfront_backends[call.account]["aws"].distributions
    for summary in output["DistributionList"].get("Items", []):
        config = distributions[summary["Id"]].distribution_config
        behavior = config.DefaultCacheBehavior
        origins = [
            {"Id": origin.id, "DomainName": origin.domain_name}
            for origin in config.Origins["Items"]
        ]
        summary |= {
            "Enabled": config.Enabled in (True, "true"),
            "Comment": config.Comment,
            "Origins": {"Quantity": len(origins), "Items": origins},
            "OriginGroups": {"Quantity": 0},
            "DefaultCacheBehavior": {
                "TargetOriginId": behavior.target_origin_id,
                "ViewerProtocolPolicy": behavior.viewer_protocol_policy,
            },
        }
    return output
