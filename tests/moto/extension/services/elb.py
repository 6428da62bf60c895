"""Elastic Load Balancing: the zones of what moto knows by its subnets and addresses."""

from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from ..call import Call
from ..registry import amends
from ..state import State


@amends("elb", "DescribeLoadBalancers")
def describe_load_balancers(
    call: Call, _: State, output: dict[str, Any]
) -> dict[str, Any]:
    """A Classic Load Balancer in a VPC is enabled in the zones of its subnets."""
    for balancer in output["LoadBalancerDescriptions"]:
        subnets = ec2_backends[call.account][call.region].describe_subnets(
            balancer.get("Subnets", [])
        )
        if balancer.get("Subnets"):
            zones = {subnet.availability_zone for subnet in subnets}
            balancer["AvailabilityZones"] = sorted(zones)
    return output


@amends("elbv2", "DescribeTargetHealth")
def describe_target_health(
    call: Call, _: State, output: dict[str, Any]
) -> dict[str, Any]:
    """An IP address has the zone of its subnet, or all outside of the VPC."""
    backend = elbv2_backends[call.account][call.region]
    group = backend.target_groups[call.params["TargetGroupArn"]]
    if group.target_type != "ip":
        return output
    subnets = [
        subnet
        for subnet in ec2_backends[call.account][call.region].describe_subnets()
        if subnet.vpc_id == group.vpc_id
    ]
    for described in output["TargetHealthDescriptions"]:
        target = described["Target"]
        address = ip_address(target["Id"])
        zones = [
            subnet.availability_zone
            for subnet in subnets
            if address in ip_network(subnet.cidr_block)
        ]
        target["AvailabilityZone"] = zones[0] if zones else "all"
    return output
