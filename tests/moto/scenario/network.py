"""VPCs whose subnets reach the internet in good and in fragile ways."""

from typing import Any

from botocore.client import BaseClient

from .builder import (
    EMOJI,
    JAPANESE,
    NEWLINE,
    OSAKA,
    SCRIPT,
    TOKYO,
    Builder,
    hostile_tags,
    long_text,
)

ANYWHERE = "0.0.0.0/0"
SUBNETS_PER_VPC = 200


class Vpc:
    """A VPC with a public subnet for gateways and private subnets by zone."""

    def __init__(self, ec2: BaseClient, number: int, name: str) -> None:
        self.ec2 = ec2
        self.prefix = f"10.{number}"
        self.name = name
        self.region = ec2.meta.region_name
        tag = [{"Key": "Name", "Value": name}]
        self.tags = tag
        self.id = ec2.create_vpc(
            CidrBlock=f"{self.prefix}.0.0/16", TagSpecifications=_tagged("vpc", tag)
        )["Vpc"]["VpcId"]
        self._subnets = 0

    def subnet(self, zone: str, tags: list[dict[str, str]] | None = None) -> str:
        """A subnet in a zone, given by its letter."""
        made = self.ec2.create_subnet(
            VpcId=self.id,
            CidrBlock=f"{self.prefix}.{self._subnets}.0/24",
            AvailabilityZone=f"{self.region}{zone}",
            TagSpecifications=_tagged("subnet", tags or self.tags),
        )
        self._subnets += 1
        return made["Subnet"]["SubnetId"]

    def nat_gateway(self, zone: str) -> str:
        """A public NAT gateway in a subnet of its own."""
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        made = self.ec2.create_nat_gateway(
            SubnetId=self.subnet(zone),
            AllocationId=address,
            TagSpecifications=_tagged("natgateway", self.tags),
        )
        return made["NatGateway"]["NatGatewayId"]

    def main_route_table(self) -> str:
        """The table that subnets without one of their own inherit."""
        [table] = self.ec2.describe_route_tables(
            Filters=[
                {"Name": "vpc-id", "Values": [self.id]},
                {"Name": "association.main", "Values": ["true"]},
            ]
        )["RouteTables"]
        return table["RouteTableId"]

    def route_table(self, *subnets: str, **target: str) -> str:
        """A table of the subnets with a default route, e.g. `NatGatewayId=...`."""
        table = self.ec2.create_route_table(
            VpcId=self.id, TagSpecifications=_tagged("route-table", self.tags)
        )["RouteTable"]["RouteTableId"]
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        self.default_route(table, **target)
        return table

    def default_route(self, table: str, **target: str) -> None:
        """A route to everywhere."""
        self.ec2.create_route(
            RouteTableId=table, DestinationCidrBlock=ANYWHERE, **target
        )


def build(builder: Builder) -> None:
    """The network account's VPCs."""
    account = builder.accounts["network"]
    ec2 = builder.client("ec2", account)
    cases = builder.cases

    vpc = Vpc(ec2, 1, SCRIPT)
    subnets = [vpc.subnet(zone) for zone in "acd"]
    gateway = vpc.nat_gateway("a")
    table = vpc.route_table(*subnets, NatGatewayId=gateway)
    cases["nat_shared_by_three_zones"] = _case(vpc, subnets, [gateway], table)

    vpc = Vpc(ec2, 2, JAPANESE)
    cases["nat_per_zone"] = _nat_per_zone(vpc, "acd")

    vpc = Vpc(ec2, 3, EMOJI)
    subnets = [vpc.subnet(zone) for zone in "ac"]
    gateway = vpc.nat_gateway("a")
    table = vpc.main_route_table()
    vpc.default_route(table, NatGatewayId=gateway)
    cases["nat_through_main_route_table"] = _case(vpc, subnets, [gateway], table)

    vpc = Vpc(ec2, 4, NEWLINE)
    subnets = [vpc.subnet("a")]
    gateway = vpc.nat_gateway("a")
    table = vpc.route_table(*subnets, NatGatewayId=gateway)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    cases["nat_deleted_with_route"] = _case(vpc, subnets, [gateway], table)

    vpc = Vpc(ec2, 5, long_text(256))
    subnets = [vpc.subnet(zone) for zone in "acd"]
    gateway = vpc.nat_gateway("a")
    table = vpc.route_table(*subnets, NatGatewayId=gateway)
    zones = [f"{TOKYO}{zone}" for zone in "ac"]
    builder.admin(
        "regional-nat-gateways",
        account=account,
        region=TOKYO,
        nat_gateway_id=gateway,
        zones=zones,
    )
    case = _case(vpc, subnets, [gateway], table)
    cases["nat_regional_without_zone_d"] = case | {"zones": zones}

    vpc = Vpc(ec2, 6, "central egress")
    subnets = [vpc.subnet(zone) for zone in "ac"]
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    table = vpc.route_table(*subnets, TransitGatewayId=transit)
    case = _case(vpc, subnets, [], table)
    cases["egress_through_transit_gateway"] = case | {"transit_gateway": transit}

    vpc = Vpc(ec2, 7, "public")
    subnets = [vpc.subnet("a")]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc.id)
    table = vpc.route_table(*subnets, GatewayId=gateway)
    cases["egress_through_internet_gateway"] = _case(vpc, subnets, [], table)

    osaka = builder.client("ec2", account, OSAKA)
    cases["nat_per_zone_in_osaka"] = _nat_per_zone(Vpc(osaka, 1, "大阪"), "abc")

    cases["many_subnets"] = _many(builder, ec2)


def _nat_per_zone(vpc: Vpc, zones: str) -> dict[str, Any]:
    subnets, gateways, tables = [], [], []
    for zone in zones:
        subnets.append(vpc.subnet(zone))
        gateways.append(vpc.nat_gateway(zone))
        tables.append(vpc.route_table(subnets[-1], NatGatewayId=gateways[-1]))
    return _case(vpc, subnets, gateways, *tables)


def _many(builder: Builder, ec2: BaseClient) -> dict[str, Any]:
    """More subnets and route tables than a page holds, every third in the NAT's zone."""
    vpcs: list[Vpc] = []
    for number in range(builder.resources):
        if number % SUBNETS_PER_VPC == 0:
            vpcs.append(Vpc(ec2, 100 + len(vpcs), f"many {len(vpcs)}"))
            gateway = vpcs[-1].nat_gateway("a")
        subnet = vpcs[-1].subnet("acd"[number % 3], hostile_tags(number))
        vpcs[-1].route_table(subnet, NatGatewayId=gateway)
    return {
        "vpcs": [vpc.id for vpc in vpcs],
        "subnets": builder.resources,
        "in_another_zone_than_their_nat": sum(
            n % 3 > 0 for n in range(builder.resources)
        ),
    }


def _case(
    vpc: Vpc, subnets: list[str], gateways: list[str], *tables: str
) -> dict[str, Any]:
    return {
        "vpc": vpc.id,
        "subnets": subnets,
        "nat_gateways": gateways,
        "route_tables": list(tables),
    }


def _tagged(resource_type: str, tags: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"ResourceType": resource_type, "Tags": tags}]
