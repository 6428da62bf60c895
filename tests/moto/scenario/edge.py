"""Ways in and out of VPCs, DNS, CloudFront, certificates and contacts, good and fragile."""

from typing import Any

from botocore.client import BaseClient

from .builder import EMOJI, OSAKA, SCRIPT, TOKYO, Builder, tags
from .network import ANYWHERE, Vpc

MKS = tags(System="mks")


def build(builder: Builder) -> None:
    """Everything of this module."""
    _vpn_connections(builder)
    _endpoints(builder)
    _firewalls(builder)
    _virtual_interfaces(builder)
    _records(builder)
    _distributions(builder)
    _certificates(builder)
    _contacts(builder)


def _vpn_connections(builder: Builder) -> None:
    """One with both tunnels up, one with a tunnel down, one that is deleted."""
    account = builder.accounts["network"]
    ec2 = builder.client("ec2", account)
    made = []
    for name in ("both up", SCRIPT, "retired"):
        customer = ec2.create_customer_gateway(
            Type="ipsec.1", PublicIp="192.0.2.1", BgpAsn=65000
        )["CustomerGateway"]["CustomerGatewayId"]
        gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        made.append(
            ec2.create_vpn_connection(
                Type="ipsec.1",
                CustomerGatewayId=customer,
                VpnGatewayId=gateway,
                TagSpecifications=[
                    {"ResourceType": "vpn-connection", "Tags": tags(Name=name)}
                ],
            )["VpnConnection"]["VpnConnectionId"]
        )
    both_up, one_down, retired = made
    up, down = (
        {"OutsideIpAddress": f"203.0.113.{number}", "Status": status}
        for number, status in ((11, "UP"), (12, "DOWN"))
    )
    _override(
        builder,
        "ec2",
        "DescribeVpnConnections",
        {"VpnConnectionId": one_down},
        VgwTelemetry=[up, down],
    )
    _override(
        builder,
        "ec2",
        "DescribeVpnConnections",
        {"VpnConnectionId": retired},
        State="deleted",
    )
    builder.cases["vpn_connections"] = {
        "both_up": both_up,
        "one_down": one_down,
        "deleted": retired,
    }


def _endpoints(builder: Builder) -> None:
    """Interface endpoints in two zones and in one, and a gateway endpoint."""
    ec2 = builder.client("ec2", builder.accounts["databases"])
    vpc = Vpc(ec2, 60, EMOJI)
    subnets = [vpc.subnet(zone) for zone in "ac"]

    def make(kind: str, service: str, *subnets: str) -> str:
        return ec2.create_vpc_endpoint(
            VpcId=vpc.id,
            ServiceName=f"com.amazonaws.{TOKYO}.{service}",
            VpcEndpointType=kind,
            **({"SubnetIds": list(subnets)} if subnets else {}),
        )["VpcEndpoint"]["VpcEndpointId"]

    managed = make("Interface", "rds-data", subnets[0])
    _override(
        builder,
        "ec2",
        "DescribeVpcEndpoints",
        {"VpcEndpointId": managed},
        RequesterManaged=True,
    )
    builder.cases["vpc_endpoints"] = {
        "two_zones": make("Interface", "kms", *subnets),
        "one_zone": make("Interface", "logs", subnets[1]),
        "gateway": make("Gateway", "s3"),
        "managed": managed,
    }


def _firewalls(builder: Builder) -> None:
    """Firewalls that keep zones apart, lead one through the other, or have one only."""
    account = builder.accounts["databases"]
    ec2 = builder.client("ec2", account)
    client = builder.client("network-firewall", account)
    # By firewall: the zones of its endpoints, and by subnet's zone that of its route.
    plans: dict[str, tuple[str, dict[str, str]]] = {
        "apart": ("ac", {"a": "a", "c": "c"}),
        "detour": ("ac", {"a": "a", "c": "a"}),
        "single": ("a", {"a": "a"}),
    }
    for number, (name, (zones, routes)) in enumerate(plans.items()):
        vpc = Vpc(ec2, 61 + number, f"firewall {name}")
        endpoints = {
            zone: (vpc.subnet(zone), f"vpce-{number:08x}{ord(zone):09x}")
            for zone in zones
        }
        for zone, through in routes.items():
            _route(builder, vpc, vpc.subnet(zone), endpoints[through][1])
        client.create_firewall(
            FirewallName=name,
            FirewallPolicyArn=f"arn:aws:network-firewall:{TOKYO}:{account}:firewall-policy/p",
            VpcId=vpc.id,
            SubnetMappings=[{"SubnetId": subnet} for subnet, _ in endpoints.values()],
        )
        states = {
            f"{TOKYO}{zone}": {
                "Attachment": {
                    "SubnetId": subnet,
                    "EndpointId": endpoint,
                    "Status": "READY",
                }
            }
            for zone, (subnet, endpoint) in endpoints.items()
        }
        builder.admin(
            "overrides",
            account=account,
            region=TOKYO,
            service="network-firewall",
            operation="DescribeFirewall",
            params={
                "FirewallArn": f"arn:aws:network-firewall:{TOKYO}:{account}:firewall/{name}"
            },
            set={
                "FirewallStatus": {
                    "Status": "READY",
                    "ConfigurationSyncStateSummary": "IN_SYNC",
                    "SyncStates": states,
                }
            },
        )
    builder.cases["firewalls"] = list(plans)


def _route(builder: Builder, vpc: Vpc, subnet: str, endpoint: str) -> None:
    """A table of a subnet whose default route leads to a firewall endpoint."""
    ec2 = vpc.ec2
    table = ec2.create_route_table(VpcId=vpc.id)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    route = {
        "DestinationCidrBlock": ANYWHERE,
        "GatewayId": endpoint,
        "Origin": "CreateRoute",
        "State": "active",
    }
    _override(
        builder,
        "ec2",
        "DescribeRouteTables",
        {"RouteTableId": table, "VpcId": vpc.id},
        Routes=[route],
    )


def _virtual_interfaces(builder: Builder) -> None:
    """Gateways that are reached from two locations, from one, and from who knows where."""
    account = builder.accounts["network"]
    two, one, unread = (f"{number:08d}-gateway" for number in (1, 2, 3))

    def interface(number: int, location: str, **members: str) -> dict[str, Any]:
        return {
            "virtualInterfaceId": f"dxvif-{number:08x}",
            "virtualInterfaceName": f"interface {number}",
            "virtualInterfaceType": "private",
            "virtualInterfaceState": "available",
            "connectionId": f"dxcon-{number:08x}",
            "location": location,
            "ownerAccount": account,
            "vlan": 100 + number,
            "tags": [{"key": "Note", "value": SCRIPT}],
        } | members

    interfaces = {
        TOKYO: [
            interface(1, "EqTY2", directConnectGatewayId=two),
            interface(2, "EqTY2", directConnectGatewayId=one),
            interface(3, "ATT1", directConnectGatewayId=unread),
            interface(4, "EqTY2", virtualGatewayId="vgw-1"),
            interface(5, "ATT1", virtualGatewayId="vgw-1"),
            interface(6, "EqTY2", virtualGatewayId="vgw-2"),
            interface(
                7, "ATT1", virtualGatewayId="vgw-2", virtualInterfaceState="down"
            ),
            interface(8, "EqTY2", virtualInterfaceType="public"),
        ],
        OSAKA: [interface(9, "EqOS1", directConnectGatewayId=two)],
    }
    for region, items in interfaces.items():
        builder.admin(
            "answers",
            account=account,
            region=region,
            service="directconnect",
            operation="DescribeVirtualInterfaces",
            answer={"virtualInterfaces": items},
        )
    attached = {
        two: [(1, TOKYO), (9, OSAKA)],
        one: [(2, TOKYO)],
        unread: [(3, TOKYO), (99, "us-west-2")],
    }
    for gateway, numbers in attached.items():
        builder.admin(
            "answers",
            account=account,
            service="directconnect",
            operation="DescribeDirectConnectGatewayAttachments",
            params={"directConnectGatewayId": gateway},
            answer={
                "directConnectGatewayAttachments": [
                    {
                        "directConnectGatewayId": gateway,
                        "virtualInterfaceId": f"dxvif-{number:08x}",
                        "virtualInterfaceRegion": region,
                        "attachmentState": "attached",
                    }
                    for number, region in numbers
                ]
            },
        )


def _records(builder: Builder) -> None:
    """Failover records in pairs and alone, with health checks that are on, off and gone."""
    account = builder.accounts["network"]
    route53 = builder.client("route53", account, "us-east-1")
    zone = route53.create_hosted_zone(Name="works.example", CallerReference="zone")
    zone_id = zone["HostedZone"]["Id"].rsplit("/", 1)[-1]
    route53.change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone_id, AddTags=MKS
    )
    route53.create_hosted_zone(Name="empty.example", CallerReference="empty")
    tokyo, osaka, off, gone = (
        route53.create_health_check(
            CallerReference=name,
            HealthCheckConfig={
                "Type": "HTTPS",
                "FullyQualifiedDomainName": f"{name}.works.example",
                "Port": 443,
                "RequestInterval": 30,
                "FailureThreshold": 3,
                "Disabled": name == "off",
            },
        )["HealthCheck"]["Id"]
        for name in ("tokyo", "osaka", "off", "gone")
    )

    def record(name: str, identifier: str, ttl: int = 60, **members: Any) -> None:
        address = {"TTL": ttl, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        record_set = {
            "Name": f"{name}.works.example",
            "Type": "A",
            "SetIdentifier": identifier,
            **({} if "AliasTarget" in members else address),
            **members,
        }
        route53.change_resource_record_sets(
            HostedZoneId=zone_id,
            ChangeBatch={
                "Changes": [{"Action": "CREATE", "ResourceRecordSet": record_set}]
            },
        )

    def alias(follows: bool) -> dict[str, Any]:
        return {
            "HostedZoneId": "Z14GRHDCWA56QT",
            "DNSName": "dualstack.web.ap-northeast-1.elb.amazonaws.com",
            "EvaluateTargetHealth": follows,
        }

    record("www", "tokyo", Failover="PRIMARY", HealthCheckId=tokyo)
    record("www", "osaka", Failover="SECONDARY", HealthCheckId=osaka)
    record("same", "tokyo", 300, Failover="PRIMARY", HealthCheckId=tokyo)
    record("same", "osaka", 300, Failover="SECONDARY", HealthCheckId=tokyo)
    record("alone", "tokyo", Failover="PRIMARY", HealthCheckId=gone)
    record("alias", "tokyo", Failover="PRIMARY", AliasTarget=alias(True))
    record("alias", "osaka", Failover="SECONDARY", AliasTarget=alias(False))
    record("blind", "tokyo", Failover="PRIMARY")
    record("blind", "osaka", Failover="SECONDARY")
    record("weighted", "tokyo", 3600, Weight=1, HealthCheckId=off)
    record("weighted", "osaka", Weight=1)
    route53.delete_health_check(HealthCheckId=gone)
    builder.cases["hosted_zone"] = zone_id


def _distributions(builder: Builder) -> None:
    """Distributions with and without an origin group, one that is off."""
    account = builder.accounts["storage"]
    cloudfront = builder.client("cloudfront", account, "us-east-1")
    made = {}
    for name in ("grouped", "single", "off"):
        made[name] = _distribution(cloudfront, name, name != "off")
    behavior = {
        "TargetOriginId": "failover",
        "ViewerProtocolPolicy": "redirect-to-https",
    }
    builder.admin(
        "overrides",
        account=account,
        service="cloudfront",
        operation="ListDistributions",
        match={"Id": made["grouped"]},
        set={"OriginGroups": _origin_group(), "DefaultCacheBehavior": behavior},
    )
    builder.cases["distributions"] = made


def _origin_group() -> dict[str, Any]:
    return {
        "Quantity": 1,
        "Items": [
            {
                "Id": "failover",
                "FailoverCriteria": {"StatusCodes": {"Quantity": 1, "Items": [503]}},
                "Members": {
                    "Quantity": 2,
                    "Items": [{"OriginId": "tokyo"}, {"OriginId": "osaka"}],
                },
            }
        ],
    }


def _distribution(client: BaseClient, name: str, enabled: bool) -> str:
    origins = [
        {
            "Id": origin,
            "DomainName": f"{origin}.s3.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }
        for origin in ("tokyo", "osaka")
    ]
    return client.create_distribution_with_tags(
        DistributionConfigWithTags={
            "DistributionConfig": {
                "CallerReference": name,
                "Comment": EMOJI,
                "Enabled": enabled,
                "Origins": {"Quantity": 2, "Items": origins},
                "DefaultCacheBehavior": {
                    "TargetOriginId": "tokyo",
                    "ViewerProtocolPolicy": "redirect-to-https",
                },
            },
            "Tags": {"Items": tags(Name=name)},
        }
    )["Distribution"]["Id"]


def _certificates(builder: Builder) -> None:
    """Certificates in use in Tokyo, with and without one in Osaka for the same names."""
    account = builder.accounts["network"]
    balancer = f"arn:aws:elasticloadbalancing:{TOKYO}:{account}:loadbalancer/app/web/1"
    distribution = f"arn:aws:cloudfront::{account}:distribution/E1"
    plans: list[tuple[str, str, list[str], list[str]]] = [
        (TOKYO, "www.works.example", ["shop.works.example"], [balancer]),
        (TOKYO, "works.example", [], [balancer, distribution]),
        (TOKYO, "cdn.works.example", [], [distribution]),
        (TOKYO, "unused.works.example", [], []),
        (OSAKA, "*.works.example", [], []),
    ]
    for region, name, others, users in plans:
        acm = builder.client("acm", account, region)
        arn = acm.request_certificate(
            DomainName=name,
            **({"SubjectAlternativeNames": [name, *others]} if others else {}),
            ValidationMethod="DNS",
            Tags=MKS,
        )["CertificateArn"]
        match = {"CertificateArn": arn}
        state = {"Status": "ISSUED", "InUse": bool(users)}
        _override(builder, "acm", "ListCertificates", match, region, **state)
        users_of = {"InUseBy": users, "Status": "ISSUED"}
        _override(builder, "acm", "DescribeCertificate", match, region, **users_of)


def _contacts(builder: Builder) -> None:
    """Accounts with both contacts, with one, and without."""
    for purpose, kinds in {
        "network": ("OPERATIONS", "SECURITY"),
        "databases": ("OPERATIONS", "SECURITY"),
        "storage": ("SECURITY",),
    }.items():
        account = builder.client("account", builder.accounts[purpose], "us-east-1")
        for kind in kinds:
            account.put_alternate_contact(
                AlternateContactType=kind,
                Name="On-call",
                Title="On-call team",
                EmailAddress="on-call@works.example",
                PhoneNumber="+81300000000",
            )


def _override(
    builder: Builder,
    service: str,
    operation: str,
    match: dict[str, str],
    region: str = TOKYO,
    **members: Any,
) -> None:
    """Sets members in the answers of an operation."""
    builder.admin(
        "overrides",
        region=region,
        service=service,
        operation=operation,
        match=match,
        set=members,
    )
