"""EC2: routes whose NAT gateway is gone, regional NAT gateways, versions of all launch templates."""

from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends

from ..call import Call
from ..overrides import Override
from ..registry import amends, answers, endpoint
from ..state import State


@dataclass(kw_only=True)
class RegionalNatGateway:
    """A NAT gateway to be regional, with an address in each of the zones (by name)."""

    account: str
    region: str
    nat_gateway_id: str
    zones: list[str]


@amends("ec2", "DescribeRouteTables")
def describe_route_tables(
    call: Call, _: State, output: dict[str, Any]
) -> dict[str, Any]:
    """A route to a NAT gateway that is deleted is a black hole."""
    gateways = ec2_backends[call.account][call.region].nat_gateways
    for table in output["RouteTables"]:
        for route in table.get("Routes", ()):
            gateway_id = route.get("NatGatewayId")
            if gateway_id is None:
                continue
            gateway = gateways.get(gateway_id)
            if gateway is None or gateway.state == "deleted":
                route["State"] = "blackhole"
    return output


@amends("ec2", "DescribeNatGateways")
def describe_nat_gateways(_: Call, __: State, output: dict[str, Any]) -> dict[str, Any]:
    """A NAT gateway serves one zone unless a test makes it regional."""
    for gateway in output["NatGateways"]:
        gateway.setdefault("AvailabilityMode", "zonal")
        gateway.setdefault("ConnectivityType", "public")
    return output


@amends("ec2", "DescribeVpnConnections")
def describe_vpn_connections(
    _: Call, state: State, output: dict[str, Any]
) -> dict[str, Any]:
    """Both tunnels of a connection are up unless a test says otherwise."""
    for connection in output["VpnConnections"]:
        connection["VgwTelemetry"] = [
            {
                "OutsideIpAddress": f"203.0.113.{number}",
                "Status": "UP",
                "LastStatusChange": state.now(),
                "AcceptedRouteCount": 1,
            }
            for number in (1, 2)
        ]
    return output


@answers("ec2", "DescribeLaunchTemplateVersions")
def describe_launch_template_versions(call: Call, _: State) -> dict[str, Any]:
    """The wanted versions of one template, or of all, which moto does not give."""
    templates = ec2_backends[call.account][call.region].launch_templates.values()
    wanted = call.params.get("Versions", [])
    one = call.params.get("LaunchTemplateId")
    named = call.params.get("LaunchTemplateName")
    found = []
    for template in templates:
        if one not in (None, template.id) or named not in (None, template.name):
            continue
        numbers = {
            {
                "$Latest": template.latest_version_number,
                "$Default": template.default_version_number,
            }.get(version, version)
            for version in wanted
        }
        found += [
            {
                "LaunchTemplateId": template.id,
                "LaunchTemplateName": template.name,
                "VersionNumber": version.number,
                "DefaultVersion": template.is_default(version),
                "CreateTime": version.create_time,
                "LaunchTemplateData": {
                    name: value
                    for name, value in version.data.items()
                    if name in ("ImageId", "InstanceType")
                },
            }
            for version in template.versions
            if not wanted or version.number in numbers or str(version.number) in numbers
        ]
    return {"LaunchTemplateVersions": found}


@endpoint("POST", "regional-nat-gateways", RegionalNatGateway)
def make_regional(state: State, wanted: RegionalNatGateway) -> dict[str, Any]:
    """Makes a NAT gateway regional: no subnet, one address per zone."""
    backend = ec2_backends[wanted.account][wanted.region]
    if wanted.nat_gateway_id not in backend.nat_gateways:
        raise LookupError(f"there is no NAT gateway {wanted.nat_gateway_id}")
    zone_ids = {
        zone.name: zone.zone_id for zone in backend.describe_availability_zones()
    }
    addresses = [
        {
            "AllocationId": f"eipalloc-{number:017x}",
            "PublicIp": f"198.51.100.{number}",
            "AvailabilityZone": zone,
            "AvailabilityZoneId": zone_ids[zone],
            "IsPrimary": number == 1,
            "Status": "succeeded",
        }
        for number, zone in enumerate(wanted.zones, start=1)
    ]
    override = Override(
        account=wanted.account,
        region=wanted.region,
        service="ec2",
        operation="DescribeNatGateways",
        match={"NatGatewayId": wanted.nat_gateway_id},
        set={
            "AvailabilityMode": "regional",
            "AutoProvisionZones": "disabled",
            "NatGatewayAddresses": addresses,
        },
        unset=["SubnetId"],
    )
    state.overrides.append(override)
    return {"addresses": addresses}
