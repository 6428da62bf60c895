"""What runs in zones: Auto Scaling groups, load balancers, containers and functions."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from botocore.client import BaseClient

from .core import (
    Organisation,
    Resource,
    Tri,
    by_key,
    every,
    or_none,
    pages,
    some,
    verdict,
)

HOUR = timedelta(hours=1)
ZONES_NEEDED = 2
LARGEST_SHARE = 66
# Services that hand an event over and do not wait.
ASYNCHRONOUS = {
    f"{service}.amazonaws.com"
    for service in (
        "cloudformation",
        "codecommit",
        "config",
        "events",
        "iot",
        "logs",
        "s3",
        "ses",
        "sns",
    )
}
EXTERNAL_VERSIONS = {None: "default", "$Default": "default", "$Latest": "latest"}


class Group(Resource):
    """An Auto Scaling group; `raw` holds the subnets and images of its place too."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on groups."""
        group, place = self.raw["group"], self.raw["place"]
        launches = group["MaxSize"] > 0
        yield (
            "asg-multi-az",
            verdict(launches, self._spans_zones(organisation)),
        )
        registers = bool(group["TargetGroupARNs"] or group["LoadBalancerNames"])
        checked = "ELB" in group["HealthCheckType"].split(",")
        yield (
            "asg-elb-health-check",
            verdict(registers or checked, registers and checked),
        )
        yield "asg-subnet-ips", verdict(launches, self._has_room(place["subnets"]))
        yield "asg-resources-exist", verdict(launches, self._can_launch(place))

    def _spans_zones(self, organisation: Organisation) -> bool:
        group = self.raw["group"]
        rto = organisation.workload(self).rto.get("az")
        hurried = rto is not None and rto <= HOUR and group["DesiredCapacity"] > 0
        enough = group["MinSize"] >= 2 or not hurried
        return len(set(group["AvailabilityZones"])) >= ZONES_NEEDED and enough

    def _has_room(self, subnets: dict[str, Any]) -> Tri:
        group = self.raw["group"]
        names = group["VPCZoneIdentifier"].split(",")
        if any(name not in subnets for name in names):
            return None
        free = Counter[str]()
        for name in names:
            subnet = subnets[name]
            free[subnet["AvailabilityZone"]] += subnet["AvailableIpAddressCount"]
        running = Counter(it["AvailabilityZone"] for it in group["Instances"])
        can_grow = free.total() >= group["MaxSize"] - running.total()
        survives = all(
            free.total() - free[lost]
            >= group["DesiredCapacity"] - (running.total() - running[lost])
            for lost in free
        )
        return can_grow and (survives or len(free) == 1)

    def _can_launch(self, place: dict[str, Any]) -> Tri:
        group = self.raw["group"]
        template = group["LaunchTemplate"]
        versions = place["templates"].get(template["LaunchTemplateId"])
        image: Tri = None
        if versions is not None:
            wanted = template.get("Version")
            wanted = EXTERNAL_VERSIONS.get(wanted, wanted)
            names = [
                it["image"] for it in versions if wanted in (it["kind"], it["number"])
            ]
            # Of a version that is neither the latest nor the default nothing is read.
            image = names[0] in place["images"] if names else None
        return every(
            [
                versions is not None,
                image,
                *(arn in place["target_groups"] for arn in group["TargetGroupARNs"]),
                *(it in place["load_balancers"] for it in group["LoadBalancerNames"]),
            ]
        )


class LoadBalancer(Resource):
    """A load balancer, new or classic."""

    def verdicts(self, _: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on load balancers."""
        zones = self.raw["zones"]
        yield "elb-multi-az", verdict(True, len(zones) >= ZONES_NEEDED)
        optional = self.raw["type"] in {"network", "classic"}
        yield "elb-cross-zone", verdict(optional, self.raw["cross_zone"])


class TargetGroup(Resource):
    """A target group; `raw` holds its targets and the zones of instances too."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on target groups."""
        group = self.raw["group"]
        used = bool(group["LoadBalancerArns"])
        kind = group["TargetType"]
        workload = organisation.workload(self)
        limits = [
            limit
            for limit in (workload.rto.get("infrastructure"), workload.month_budget)
            if limit is not None
        ]
        detection = (
            timedelta(seconds=group["HealthCheckIntervalSeconds"])
            * group["UnhealthyThresholdCount"]
        )
        yield (
            "tg-health-check-detect",
            verdict(
                used and kind != "lambda" and bool(limits),
                group["HealthCheckEnabled"]
                and all(detection <= limit / 2 for limit in limits),
            ),
        )
        codes = group.get("Matcher", {}).get("HttpCode")
        over_http = group["HealthCheckProtocol"] in {"HTTP", "HTTPS"}
        yield (
            "tg-matcher",
            verdict(
                used and over_http and codes is not None,
                not any(_takes_errors(part) for part in (codes or "").split(",")),
            ),
        )
        serving = [
            target
            for target in self.raw["targets"]
            if target["TargetHealth"]["State"] not in {"draining", "unused"}
        ]
        yield (
            "elb-target-balance",
            verdict(
                used and kind in {"instance", "ip"} and bool(serving),
                self._is_balanced(serving),
            ),
        )

    def _is_balanced(self, serving: list[dict[str, Any]]) -> Tri:
        zones = []
        for described in serving:
            target = described["Target"]
            zone = target.get("AvailabilityZone")
            zone = zone or self.raw["instance_zones"].get(target["Id"])
            if zone in {None, "all"}:
                return None
            zones.append(zone)
        counts = Counter(zones).most_common()
        if not counts:
            return None
        most, least = counts[0][1], counts[-1][1]
        healthy = {
            zone
            for zone, described in zip(zones, serving)
            if described["TargetHealth"]["State"] == "healthy"
        }
        even = most - least <= 1 or 100 * most / len(zones) <= LARGEST_SHARE
        return len(healthy) >= ZONES_NEEDED and even


def _takes_errors(part: str) -> bool:
    """Whether a part of a matcher is a range that reaches the errors."""
    first, _, last = part.partition("-")
    return bool(last) and first != last and int(last) >= 400


class Service(Resource):
    """An ECS service; `raw` holds the zones of subnets too."""

    def verdicts(self, organisation: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on zones."""
        service = self.raw["service"]
        vpc = service.get("networkConfiguration", {}).get("awsvpcConfiguration")
        # On the network of its instances the service does not say where it runs.
        spread = _in_zones(vpc["subnets"], self.raw["zones"]) if vpc else None
        strategies = service.get("placementStrategy", [])
        zones_first = not strategies or (
            strategies[0]["type"] == "spread"
            and strategies[0]["field"] == "attribute:ecs.availability-zone"
        )
        rto = organisation.workload(self).rto.get("az")
        single = service["desiredCount"] == 1
        yield (
            "ecs-multi-az",
            verdict(
                service["status"] == "ACTIVE"
                and service["schedulingStrategy"] == "REPLICA"
                and service.get("launchType") != "EXTERNAL",
                every(
                    [
                        spread,
                        zones_first,
                        not (single and rto is not None and rto <= HOUR),
                    ]
                ),
            ),
        )


class NodeGroup(Resource):
    """An EKS node group; `raw` holds the zones of subnets too."""

    def verdicts(self, _: Organisation) -> Iterator[tuple[str, str]]:
        """The rule on zones."""
        subnets = self.raw["group"]["subnets"]
        yield (
            "eks-nodegroup-multi-az",
            verdict(True, _in_zones(subnets, self.raw["zones"])),
        )


class Function(Resource):
    """A Lambda function; `raw` holds the zones of subnets too."""

    def verdicts(self, _: Organisation) -> Iterator[tuple[str, str]]:
        """The rules on functions."""
        function, configurations = self.raw["function"], self.raw["configurations"]
        subnets = function.get("VpcConfig", {}).get("SubnetIds", [])
        yield (
            "lambda-vpc-multi-az",
            verdict(bool(subnets), _in_zones(subnets, self.raw["zones"])),
        )
        queue = function.get("DeadLetterConfig", {}).get("TargetArn")
        kept = queue or some(
            bool(it.get("DestinationConfig", {}).get("OnFailure"))
            for it in configurations
        )
        yield (
            "lambda-failure-destination",
            verdict(
                bool(configurations) or bool(self.raw["callers"] & ASYNCHRONOUS),
                bool(kept),
            ),
        )


def _in_zones(subnets: list[str], zones: dict[str, str]) -> Tri:
    """Whether subnets are in enough zones."""
    if any(subnet not in zones for subnet in subnets):
        return None
    return len({zones[subnet] for subnet in subnets}) >= ZONES_NEEDED


def read(organisation: Organisation) -> Iterator[Resource]:
    """The compute of all accounts and Regions."""
    for account in organisation.accounts:
        for region in organisation.manifest["regions"]:
            yield from _Place(organisation, account, region).read()


class _Place:
    """One account and Region."""

    def __init__(self, organisation: Organisation, account: str, region: str) -> None:
        self.organisation = organisation
        self.account = account
        self.region = region
        self.subnets = {
            subnet["SubnetId"]: subnet
            for subnet in pages(self._client("ec2"), "describe_subnets", "Subnets")
        }
        self.zones = {
            name: subnet["AvailabilityZoneId"] for name, subnet in self.subnets.items()
        }

    def _client(self, service: str) -> BaseClient:
        return self.organisation.client(service, self.account, self.region)

    def read(self) -> Iterator[Resource]:
        """Everything here."""
        newer = list(self._load_balancers())
        classic = list(self._classic_load_balancers())
        groups = list(self._target_groups())
        yield from newer
        yield from classic
        yield from groups
        yield from self._groups(groups, classic)
        yield from self._services()
        yield from self._node_groups()
        yield from self._functions()

    def _load_balancers(self) -> Iterator[LoadBalancer]:
        elbv2 = self._client("elbv2")
        for raw in pages(elbv2, "describe_load_balancers", "LoadBalancers"):
            arn = raw["LoadBalancerArn"]
            attributes = by_key(
                elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)[
                    "Attributes"
                ]
            )
            described = {
                "type": raw["Type"],
                "zones": {zone["ZoneName"] for zone in raw["AvailabilityZones"]},
                "cross_zone": attributes["load_balancing.cross_zone.enabled"] == "true",
            }
            name = arn.split(":loadbalancer/")[1]
            tags = self._tags(elbv2, arn)
            yield LoadBalancer(self.account, self.region, name, arn, tags, described)

    @staticmethod
    def _tags(elbv2: BaseClient, arn: str) -> dict[str, str]:
        [described] = elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
        return by_key(described["Tags"])

    def _classic_load_balancers(self) -> Iterator[LoadBalancer]:
        elb = self._client("elb")
        for raw in pages(elb, "describe_load_balancers", "LoadBalancerDescriptions"):
            name = raw["LoadBalancerName"]
            attributes = elb.describe_load_balancer_attributes(LoadBalancerName=name)
            crossing = attributes["LoadBalancerAttributes"]["CrossZoneLoadBalancing"]
            described = {
                "type": "classic",
                "zones": set(raw["AvailabilityZones"]),
                "cross_zone": crossing["Enabled"],
            }
            [tags] = elb.describe_tags(LoadBalancerNames=[name])["TagDescriptions"]
            arn = (
                f"arn:aws:elasticloadbalancing:{self.region}:{self.account}"
                f":loadbalancer/{name}"
            )
            tagged = by_key(tags["Tags"])
            yield LoadBalancer(self.account, self.region, name, arn, tagged, described)

    def _target_groups(self) -> Iterator[TargetGroup]:
        elbv2 = self._client("elbv2")
        instance_zones = {
            instance["InstanceId"]: instance["Placement"]["AvailabilityZone"]
            for reservation in pages(
                self._client("ec2"), "describe_instances", "Reservations"
            )
            for instance in reservation["Instances"]
            if instance["State"]["Name"] not in {"terminated", "shutting-down"}
        }
        for raw in pages(elbv2, "describe_target_groups", "TargetGroups"):
            arn = raw["TargetGroupArn"]
            described = {
                "group": raw,
                "targets": elbv2.describe_target_health(TargetGroupArn=arn)[
                    "TargetHealthDescriptions"
                ],
                "instance_zones": instance_zones,
            }
            name = arn.split(":targetgroup/")[1]
            tags = self._tags(elbv2, arn)
            yield TargetGroup(self.account, self.region, name, arn, tags, described)

    def _groups(
        self, target_groups: list[TargetGroup], classic: list[LoadBalancer]
    ) -> Iterator[Group]:
        ec2 = self._client("ec2")
        templates: dict[str, list[dict[str, Any]]] = {}
        named = set()
        for template in pages(ec2, "describe_launch_templates", "LaunchTemplates"):
            identifier = template["LaunchTemplateId"]
            templates[identifier] = []
            for kind in ("default", "latest"):
                number = template[f"{kind.title()}VersionNumber"]
                [version] = ec2.describe_launch_template_versions(
                    LaunchTemplateId=identifier, Versions=[str(number)]
                )["LaunchTemplateVersions"]
                image = version["LaunchTemplateData"].get("ImageId")
                named.add(image)
                templates[identifier].append(
                    {"kind": kind, "number": str(number), "image": image}
                )
        by_id = [{"Name": "image-id", "Values": sorted(filter(None, named)) or ["-"]}]
        images = [
            *pages(ec2, "describe_images", "Images", Owners=["self"]),
            *pages(ec2, "describe_images", "Images", Filters=by_id),
        ]
        place = {
            "subnets": self.subnets,
            "templates": templates,
            "images": {
                image["ImageId"] for image in images if image["State"] == "available"
            },
            "target_groups": {group.arn for group in target_groups},
            "load_balancers": {balancer.id for balancer in classic},
        }
        autoscaling = self._client("autoscaling")
        for raw in pages(
            autoscaling, "describe_auto_scaling_groups", "AutoScalingGroups"
        ):
            yield Group(
                self.account,
                self.region,
                raw["AutoScalingGroupName"],
                raw["AutoScalingGroupARN"],
                by_key(raw["Tags"]),
                {"group": raw, "place": place},
            )

    def _services(self) -> Iterator[Service]:
        ecs = self._client("ecs")
        for cluster in pages(ecs, "list_clusters", "clusterArns"):
            for arn in pages(ecs, "list_services", "serviceArns", cluster=cluster):
                [raw] = ecs.describe_services(
                    cluster=cluster, services=[arn], include=["TAGS"]
                )["services"]
                name = f"{cluster.split('/')[-1]}/{raw['serviceName']}"
                tags = {tag["key"]: tag["value"] for tag in raw.get("tags", [])}
                described = {"service": raw, "zones": self.zones}
                yield Service(self.account, self.region, name, arn, tags, described)

    def _node_groups(self) -> Iterator[NodeGroup]:
        eks = self._client("eks")
        for cluster in pages(eks, "list_clusters", "clusters"):
            for name in pages(
                eks, "list_nodegroups", "nodegroups", clusterName=cluster
            ):
                raw = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)[
                    "nodegroup"
                ]
                yield NodeGroup(
                    self.account,
                    self.region,
                    f"{cluster}/{name}",
                    raw["nodegroupArn"],
                    raw["tags"],
                    {"group": raw, "zones": self.zones},
                )

    def _functions(self) -> Iterator[Function]:
        functions = self._client("lambda")
        for raw in pages(functions, "list_functions", "Functions"):
            name, arn = raw["FunctionName"], raw["FunctionArn"]
            policy = or_none(
                "ResourceNotFoundException",
                lambda: functions.get_policy(FunctionName=name)["Policy"],
            )
            statements = json.loads(policy)["Statement"] if policy else []
            described = {
                "function": raw,
                "zones": self.zones,
                "configurations": list(
                    pages(
                        functions,
                        "list_function_event_invoke_configs",
                        "FunctionEventInvokeConfigs",
                        FunctionName=name,
                    )
                ),
                "callers": {
                    statement["Principal"]["Service"] for statement in statements
                },
            }
            tags = functions.list_tags(Resource=arn)["Tags"]
            yield Function(self.account, self.region, name, arn, tags, described)
