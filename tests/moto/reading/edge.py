"""Ways in and out of VPCs, DNS, CloudFront, certificates and contacts, and their verdicts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from .core import Json, Organisation, Resource, Tri, by_key, every, pages, some, verdict

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def read(organisation: Organisation) -> Iterator[Resource]:
    """All of them, account by account."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _region(organisation, account, region)
        yield from _records(organisation, account)
        yield from _distributions(organisation, account)
        yield _contacts(organisation, account)


def wants_zones_apart(organisation: Organisation, resource: Resource) -> bool:
    """Whether the loss of a zone must be over within the hour."""
    rto = organisation.workload(resource).rto.get("az")
    return rto is not None and rto <= HOUR


def two_of(values: list[str | None]) -> Tri:
    """Whether there are two different ones; None is one that is not known."""
    known = {value for value in values if value is not None}
    if len(known) > 1:
        return True
    return None if None in values else False


class VpnConnection(Resource):
    """A Site-to-Site VPN connection."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """Both tunnels carry traffic."""
        telemetry = self.raw["VgwTelemetry"]
        up = [tunnel for tunnel in telemetry if tunnel["Status"] == "UP"]
        in_service = self.raw["State"] in {"available", "modifying"}
        yield "vpn-two-tunnels", verdict(in_service, len(up) == 2)


class VpcEndpoint(Resource):
    """A VPC endpoint."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """An interface endpoint has network interfaces in two zones."""
        endpoint, zones = self.raw["endpoint"], self.raw["zones"]
        applies = (
            endpoint["VpcEndpointType"] == "Interface"
            and not endpoint.get("RequesterManaged", False)
            and endpoint["State"].lower() == "available"
            and wants_zones_apart(organisation, self)
        )
        found = [zones.get(subnet) for subnet in endpoint["SubnetIds"]]
        yield "vpce-multi-az", verdict(applies, two_of(found))


class Firewall(Resource):
    """A network firewall in a VPC."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """Endpoints in two zones, and no subnet depends on another zone's."""
        zones = self.raw["zones"]
        attachments = [
            state["Attachment"]
            for state in self.raw["status"].get("SyncStates", {}).values()
        ]
        ready = [a for a in attachments if a["Status"] in {"READY", "SCALING"}]
        spread = two_of([zones.get(attachment["SubnetId"]) for attachment in ready])
        zone_of = {a["EndpointId"]: zones.get(a["SubnetId"]) for a in attachments}
        stays = every(
            zone_of[route["GatewayId"]] == zones[subnet]
            for subnet, routes in self.raw["routes"].items()
            for route in routes
            if route.get("GatewayId") in zone_of
        )
        yield (
            "netfw-multi-az",
            verdict(wants_zones_apart(organisation, self), every([spread, stays])),
        )


class VirtualInterface(Resource):
    """A Direct Connect virtual interface."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """Its gateway is reached from two locations."""
        in_service = self.raw["virtualInterfaceState"] in {
            "available",
            "testing",
            "down",
            "unknown",
        }
        private = self.raw["virtualInterfaceType"] != "public"
        locations = self._locations(organisation)
        yield "dx-two-locations", verdict(in_service and private, two_of(locations))

    def _locations(self, organisation: Organisation) -> list[str | None]:
        known = {
            interface.id: interface
            for interface in organisation.of_type(VirtualInterface)
        }
        if gateway := self.raw.get("virtualGatewayId"):
            found = [
                interface
                for interface in known.values()
                if interface.raw.get("virtualGatewayId") == gateway
                and (interface.account, interface.region)
                == (self.account, self.region)
            ]
            return [interface.location for interface in found if interface.works]
        attached = self.raw["attached"]
        unread: list[str | None] = [None for name in attached if name not in known]
        return unread + [
            known[name].location
            for name in attached
            if name in known and known[name].works
        ]

    @property
    def works(self) -> bool:
        """Whether BGP is up, or down for a test only."""
        return self.raw["virtualInterfaceState"] in {"available", "testing"}

    @property
    def location(self) -> str:
        """The Direct Connect location."""
        return self.raw["location"]


class Record(Resource):
    """A DNS record that takes part in a failover."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """It fails over, fast, by a health check that is there."""
        role, check = self.raw.get("Failover"), self.raw.get("HealthCheckId")
        alias = self.raw.get("AliasTarget")
        others = [
            record
            for record in organisation.of_type(Record)
            if record.group == self.group and record.id != self.id
        ]
        paired = any(record.raw["Failover"] != role for record in others)
        apart = check is None or all(
            record.raw.get("HealthCheckId") != check for record in others
        )
        watched = bool(check or (alias and alias["EvaluateTargetHealth"]))
        yield (
            "r53-failover-records-paired",
            verdict(
                role is not None, paired and apart and (role != "PRIMARY" or watched)
            ),
        )
        ttl = timedelta(seconds=self.raw.get("TTL", 0))
        yield "r53-ttl-failover", verdict(alias is None, ttl <= MINUTE)
        # A record may name a health check of another account.
        disabled = {
            name: config.get("Disabled", False)
            for record in organisation.of_type(Record)
            for name, config in record.raw["checks"].items()
        }
        yield (
            "r53-health-check-exists",
            verdict(check is not None, disabled.get(check, True) is False),
        )

    @property
    def group(self) -> tuple[Any, ...] | None:
        """What the records of a failover pair have in common."""
        if "Failover" not in self.raw:
            return None
        zone = self.id.split("/", 1)[0]
        return (self.account, zone, self.raw["Name"], self.raw["Type"])


class Distribution(Resource):
    """A CloudFront distribution."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """A cache behavior uses a group of origins."""
        workload = organisation.workload(self)
        hurried = any(
            workload.rto.get(scope, timedelta.max) <= HOUR for scope in ("az", "region")
        )
        applies = self.raw["Enabled"] and (workload.dr_region is not None or hurried)
        behaviors = [
            self.raw["DefaultCacheBehavior"],
            *self.raw.get("CacheBehaviors", {}).get("Items", []),
        ]
        groups = {group["Id"] for group in self.raw["OriginGroups"].get("Items", [])}
        used = {behavior["TargetOriginId"] for behavior in behaviors}
        yield "cloudfront-origin-failover", verdict(applies, bool(groups & used))


class Certificate(Resource):
    """An ACM certificate."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The DR Region has a certificate for the same names."""
        declared = self._declared(organisation)
        primary, dr_region = declared.get("primary_region"), declared.get("dr_region")
        regional_users = [
            user for user in self.raw["InUseBy"] if user.split(":")[2] != "cloudfront"
        ]
        applies = (
            dr_region is not None
            and self.region == primary
            and self.raw["Status"] == "ISSUED"
            and bool(regional_users)
        )
        others = [
            other
            for other in organisation.of_type(Certificate)
            if (other.account, other.region) == (self.account, dr_region)
            and other.raw["Status"] == "ISSUED"
            and other.raw["NotAfter"] > organisation.now
        ]
        there: Tri = some(other.serves(self.names) for other in others)
        if there is False and dr_region not in organisation.manifest["regions"]:
            there = None
        yield "cert-in-dr-region", verdict(applies, there)

    def _declared(self, organisation: Organisation) -> Json:
        for declared in organisation.manifest["workloads"]:
            select = declared.get("select", {})
            if select and all(organisation._holds(select, self)):
                return declared
        return organisation.manifest.get("defaults", {})

    @property
    def names(self) -> list[str]:
        """All domain names."""
        return self.raw["SubjectAlternativeNames"]

    def serves(self, names: list[str]) -> bool:
        """Whether TLS clients accept it for all of these names."""
        return all(
            any(
                own == name or (own[:2] == "*." and own[2:] == name.split(".", 1)[-1])
                for own in self.names
            )
            for name in names
        )


class Contacts(Resource):
    """The alternate contacts of an account."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """Operations and security can be reached."""
        wanted = {"OPERATIONS", "SECURITY"}
        yield "ops-alternate-contacts", verdict(True, wanted <= self.raw["kinds"])


def _region(
    organisation: Organisation, account: str, region: str
) -> Iterator[Resource]:
    ec2 = organisation.client("ec2", account, region)
    prefix = f"arn:aws:ec2:{region}:{account}"
    subnets = list(pages(ec2, "describe_subnets", "Subnets"))
    zones = {subnet["SubnetId"]: subnet["AvailabilityZoneId"] for subnet in subnets}
    for raw in ec2.describe_vpn_connections()["VpnConnections"]:
        name, tags = raw["VpnConnectionId"], by_key(raw.get("Tags", []))
        arn = f"{prefix}:vpn-connection/{name}"
        yield VpnConnection(account, region, name, arn, tags, raw)
    for raw in pages(ec2, "describe_vpc_endpoints", "VpcEndpoints"):
        name, tags = raw["VpcEndpointId"], by_key(raw.get("Tags", []))
        arn = f"{prefix}:vpc-endpoint/{name}"
        found = {"endpoint": raw, "zones": zones}
        yield VpcEndpoint(account, region, name, arn, tags, found)

    firewalls = organisation.client("network-firewall", account, region)
    for listed in pages(firewalls, "list_firewalls", "Firewalls"):
        arn = listed["FirewallArn"]
        raw = firewalls.describe_firewall(FirewallArn=arn)
        firewall = raw["Firewall"]
        found = {
            "status": raw["FirewallStatus"],
            "zones": zones,
            "routes": _routes(ec2, subnets, firewall["VpcId"]),
        }
        tags = by_key(firewall.get("Tags", []))
        yield Firewall(account, region, listed["FirewallName"], arn, tags, found)

    direct = organisation.client("directconnect", account, region)
    for raw in direct.describe_virtual_interfaces()["virtualInterfaces"]:
        name, tags = raw["virtualInterfaceId"], raw.get("tags", [])
        gateway = raw.get("directConnectGatewayId")
        attachments = (
            direct.describe_direct_connect_gateway_attachments(
                directConnectGatewayId=gateway
            )["directConnectGatewayAttachments"]
            if gateway
            else []
        )
        attached = [
            attachment["virtualInterfaceId"]
            for attachment in attachments
            if attachment["attachmentState"] in {"attaching", "attached"}
        ]
        arn = f"arn:aws:directconnect:{region}:{account}:dxvif/{name}"
        own = {tag["key"]: tag.get("value", "") for tag in tags}
        found = raw | {"attached": attached}
        yield VirtualInterface(account, region, name, arn, own, found)

    acm = organisation.client("acm", account, region)
    kinds = acm.meta.service_model.shape_for("KeyAlgorithm").enum
    listed_certificates = pages(
        acm,
        "list_certificates",
        "CertificateSummaryList",
        Includes={"keyTypes": list(kinds)},
    )
    for listed in listed_certificates:
        arn = listed["CertificateArn"]
        raw = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        own = by_key(acm.list_tags_for_certificate(CertificateArn=arn)["Tags"])
        name = arn.rsplit("/", 1)[-1]
        yield Certificate(account, region, name, arn, own, raw)


def _routes(ec2: Any, subnets: list[Json], vpc: str) -> dict[str, list[Json]]:
    """The routes in effect by subnet of a VPC."""
    tables = [
        table
        for table in pages(ec2, "describe_route_tables", "RouteTables")
        if table["VpcId"] == vpc
    ]
    own, main = {}, []
    for table in tables:
        for association in table["Associations"]:
            if association.get("Main"):
                main = table["Routes"]
            elif "SubnetId" in association:
                own[association["SubnetId"]] = table["Routes"]
    return {
        subnet["SubnetId"]: own.get(subnet["SubnetId"], main)
        for subnet in subnets
        if subnet["VpcId"] == vpc
    }


def _records(organisation: Organisation, account: str) -> Iterator[Record]:
    route53 = organisation.client("route53", account, "us-east-1")
    checks = {
        check["Id"]: check["HealthCheckConfig"]
        for check in pages(route53, "list_health_checks", "HealthChecks")
    }
    for zone in pages(route53, "list_hosted_zones", "HostedZones"):
        zone_id = zone["Id"].removeprefix("/hostedzone/")
        tags = by_key(
            route53.list_tags_for_resource(
                ResourceType="hostedzone", ResourceId=zone_id
            )["ResourceTagSet"]["Tags"]
        )
        for raw in pages(
            route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id
        ):
            if "Failover" not in raw and "HealthCheckId" not in raw:
                continue
            name = f"{zone_id}/{raw['Name'].removesuffix('.')}/{raw['Type']}"
            if "SetIdentifier" in raw:
                name += f"/{raw['SetIdentifier']}"
            found = raw | {"checks": checks}
            yield Record(account, "global", name, "", tags, found)


def _distributions(organisation: Organisation, account: str) -> Iterator[Distribution]:
    cloudfront = organisation.client("cloudfront", account, "us-east-1")
    for page in cloudfront.get_paginator("list_distributions").paginate():
        for raw in page["DistributionList"].get("Items", []):
            arn = raw["ARN"]
            tags = by_key(
                cloudfront.list_tags_for_resource(Resource=arn)["Tags"].get("Items", [])
            )
            yield Distribution(account, "global", raw["Id"], arn, tags, raw)


def _contacts(organisation: Organisation, account: str) -> Contacts:
    client = organisation.client("account", account, "us-east-1")
    kinds = set()
    for kind in ("OPERATIONS", "SECURITY"):
        try:
            client.get_alternate_contact(AlternateContactType=kind)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            continue
        kinds.add(kind)
    return Contacts(account, "global", account, "", {}, {"kinds": kinds})
