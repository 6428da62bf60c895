"""What runs in zones: Auto Scaling groups, load balancers, containers and functions."""

import io
import json
import zipfile
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
    tags,
)
from .network import Vpc

WEB = {"System": "web"}
# More than one call for tags, or for the description of services, takes.
MANY_TARGET_GROUPS = 18
MANY_SERVICES = 7
ELSEWHERE = "192.0.2.10"


class Site:
    """A VPC with a subnet in each of three zones, and clients of its account."""

    def __init__(self, builder: Builder, account: str, number: int) -> None:
        self.account = account
        self.ec2 = builder.client("ec2", account)
        self.elbv2 = builder.client("elbv2", account)
        self.vpc = Vpc(self.ec2, number, f"compute {number}")
        self.subnets = {zone: self.vpc.subnet(zone) for zone in "acd"}
        self.security_group = self.ec2.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [self.vpc.id]}]
        )["SecurityGroups"][0]["GroupId"]

    def target_group(
        self, name: str, system: str | None = None, **settings: Any
    ) -> str:
        """A target group, tagged with its system."""
        made = self.elbv2.create_target_group(
            Name=name,
            VpcId=self.vpc.id,
            Tags=tags(System=system) if system else tags(Name=name),
            **{"Protocol": "HTTP", "Port": 80, "TargetType": "ip"} | settings,
        )
        return made["TargetGroups"][0]["TargetGroupArn"]

    def load_balancer(self, name: str, zones: str, kind: str = "application") -> str:
        """A load balancer in zones, given by their letters."""
        made = self.elbv2.create_load_balancer(
            Name=name,
            Type=kind,
            Subnets=[self.subnets[zone] for zone in zones],
            Tags=hostile_tags(len(name)),
        )
        return made["LoadBalancers"][0]["LoadBalancerArn"]

    def listen(
        self, balancer: str, port: int, group: str, protocol: str = "HTTP"
    ) -> None:
        """Sends traffic on a port to a target group."""
        self.elbv2.create_listener(
            LoadBalancerArn=balancer,
            Protocol=protocol,
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )

    def addresses(self, zones: str) -> list[str]:
        """An address in a zone for each letter."""
        order = "acd"
        return [
            f"{self.vpc.prefix}.{order.index(zone)}.{10 + number}"
            for number, zone in enumerate(zones)
        ]


def build(builder: Builder) -> None:
    """The compute of the network and storage accounts."""
    site = Site(builder, builder.accounts["network"], 20)
    cases = builder.cases
    groups = _load_balancing(builder, site, cases)
    _auto_scaling(builder, site, groups, cases)
    _containers(builder, site, cases)
    _nodes(builder, site, cases)
    _functions(builder, site, cases)


def _load_balancing(
    builder: Builder, site: Site, cases: dict[str, Any]
) -> dict[str, str]:
    three = cases["alb_in_three_zones"] = site.load_balancer("alb-three", "acd")
    nlb = cases["nlb_in_one_zone"] = site.load_balancer("nlb-one", "a", "network")
    crossing = cases["nlb_cross_zone"] = site.load_balancer("nlb-two", "ac", "network")
    site.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=crossing,
        Attributes=[{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
    )

    groups = {
        "balanced": site.target_group("tg-balanced", "web"),
        "lopsided": site.target_group(
            "tg-lopsided", "web", Matcher={"HttpCode": "200-499"}
        ),
        "one_zone": site.target_group("tg-one-zone", "mks"),
        "unhealthy": site.target_group("tg-unhealthy", Matcher={"HttpCode": "200,401"}),
        "outside": site.target_group("tg-outside"),
        "slow": site.target_group(
            "tg-slow", "web", HealthCheckIntervalSeconds=300, UnhealthyThresholdCount=10
        ),
        "instances": site.target_group("tg-instances", TargetType="instance"),
    }
    for port, group in enumerate(groups.values(), 8000):
        site.listen(three, port, group)
    tcp = site.target_group("tg-tcp", "web", Protocol="TCP")
    for balancer in (nlb, crossing):
        site.listen(balancer, 443, tcp, "TCP")
    groups["idle"] = site.target_group(
        "tg-idle", TargetType="instance", Matcher={"HttpCode": "200-499"}
    )
    for number in range(MANY_TARGET_GROUPS):
        site.target_group(f"tg-many-{number}")

    targets = {
        "balanced": site.addresses("aaccd"),
        "lopsided": site.addresses("aaaac"),
        "one_zone": site.addresses("aa"),
        "unhealthy": site.addresses("ac"),
    }
    for case, addresses in targets.items():
        site.elbv2.register_targets(
            TargetGroupArn=groups[case], Targets=[{"Id": it} for it in addresses]
        )
    site.elbv2.register_targets(
        TargetGroupArn=groups["outside"],
        Targets=[{"Id": ELSEWHERE, "AvailabilityZone": "all"}],
    )
    builder.admin(
        "overrides",
        account=site.account,
        region=TOKYO,
        service="elbv2",
        operation="DescribeTargetHealth",
        params={"TargetGroupArn": groups["unhealthy"]},
        match={"State": "healthy"},
        set={"State": "unhealthy", "Reason": "Target.Timeout"},
    )
    cases["target_groups"] = groups
    return groups


def _auto_scaling(
    builder: Builder, site: Site, groups: dict[str, str], cases: dict[str, Any]
) -> None:
    elb = builder.client("elb", site.account)
    listeners = [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}]
    for name, zones in (("clb-two", "ac"), ("clb-one", "a")):
        elb.create_load_balancer(
            LoadBalancerName=name,
            Listeners=listeners,
            Subnets=[site.subnets[zone] for zone in zones],
            Tags=tags(System="mks"),
        )
    elb.modify_load_balancer_attributes(
        LoadBalancerName="clb-two",
        LoadBalancerAttributes={"CrossZoneLoadBalancing": {"Enabled": True}},
    )

    image = site.ec2.register_image(Name="web", RootDeviceName="/dev/xvda")["ImageId"]
    gone = site.ec2.register_image(Name="gone", RootDeviceName="/dev/xvda")["ImageId"]
    templates = {
        name: _template(site.ec2, name, ami)
        for name, ami in (("web", image), ("old", gone))
    }
    gone_group = site.target_group("tg-gone")
    small = site.ec2.create_subnet(
        VpcId=site.vpc.id,
        CidrBlock=f"{site.vpc.prefix}.200.0/28",
        AvailabilityZone=f"{TOKYO}a",
    )["Subnet"]["SubnetId"]

    autoscaling = builder.client("autoscaling", site.account)

    def group(
        name: str, zones: str, sizes: tuple[int, int, int], **settings: Any
    ) -> None:
        low, desired, high = sizes
        subnets = [site.subnets[zone] for zone in zones] or [small]
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=low,
            DesiredCapacity=desired,
            MaxSize=high,
            VPCZoneIdentifier=",".join(subnets),
            Tags=[
                {
                    "Key": "System",
                    "Value": settings.pop("system", JAPANESE),
                    "PropagateAtLaunch": False,
                }
            ],
            LaunchTemplate=settings.pop(
                "template", {"LaunchTemplateId": templates["web"], "Version": "$Latest"}
            ),
            **settings,
        )

    group(
        "asg-web",
        "ac",
        (2, 2, 6),
        system="web",
        TargetGroupARNs=[groups["instances"]],
        HealthCheckType="ELB",
        HealthCheckGracePeriod=60,
    )
    group("asg-single", "ac", (1, 1, 4), system="web", TargetGroupARNs=[groups["idle"]])
    group(SCRIPT, "a", (2, 2, 4), HealthCheckType="ELB")
    group("asg-small-subnet", "", (1, 1, 40), LoadBalancerNames=["clb-two"])
    group("asg-without-image", "ac", (0, 0, 2), template={"LaunchTemplateName": "old"})
    group(
        "asg-without-target-group",
        "ac",
        (0, 0, 2),
        TargetGroupARNs=[gone_group],
        HealthCheckType="ELB",
    )
    group(
        "asg-pinned",
        "ac",
        (0, 0, 2),
        template={"LaunchTemplateId": templates["web"], "Version": "2"},
    )
    group("asg-off", "a", (0, 0, 0))
    site.ec2.deregister_image(ImageId=gone)
    site.elbv2.delete_target_group(TargetGroupArn=gone_group)

    osaka = Vpc(builder.client("ec2", site.account, OSAKA), 20, EMOJI)
    template = _template(
        osaka.ec2, "web-dr", osaka.ec2.register_image(Name="web-dr")["ImageId"]
    )
    builder.client("autoscaling", site.account, OSAKA).create_auto_scaling_group(
        AutoScalingGroupName="asg-pilot-light",
        MinSize=0,
        DesiredCapacity=0,
        MaxSize=6,
        VPCZoneIdentifier=",".join(osaka.subnet(zone) for zone in "ab"),
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Default"},
    )
    cases["auto_scaling_group_in_two_zones"] = "asg-web"


def _template(ec2: BaseClient, name: str, image: str) -> str:
    """A launch template with three versions, the first its default."""
    data = {"ImageId": image, "InstanceType": "t3.micro"}
    made = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    for _ in range(2):
        ec2.create_launch_template_version(
            LaunchTemplateName=name, LaunchTemplateData=data
        )
    return made["LaunchTemplate"]["LaunchTemplateId"]


def _containers(builder: Builder, site: Site, cases: dict[str, Any]) -> None:
    ecs = builder.client("ecs", site.account)
    for mode in ("awsvpc", "bridge"):
        ecs.register_task_definition(
            family=mode,
            networkMode=mode,
            cpu="256",
            memory="512",
            requiresCompatibilities=["FARGATE"] if mode == "awsvpc" else ["EC2"],
            containerDefinitions=[{"name": "app", "image": "app", "memory": 512}],
        )
    ecs.create_cluster(clusterName="main")
    ecs.create_cluster(clusterName="empty")

    def service(name: str, zones: str, count: int, **settings: Any) -> None:
        network = {
            "awsvpcConfiguration": {
                "subnets": [site.subnets[zone] for zone in zones],
                "securityGroups": [site.security_group],
            }
        }
        settings = {"launchType": "FARGATE", "taskDefinition": "awsvpc"} | settings
        if zones:
            settings["networkConfiguration"] = network
        ecs.create_service(
            cluster="main",
            serviceName=name,
            desiredCount=count,
            tags=[{"key": "System", "value": settings.pop("system", "web")}],
            **settings,
        )

    service("two-zones", "ac", 2)
    service("one-zone", "a", 2)
    service("single", "ac", 1)
    service("single-for-a-day", "ac", 1, system=NEWLINE)
    service("bridge", "", 2, launchType="EC2", taskDefinition="bridge")
    binpack = [{"type": "binpack", "field": "memory"}]
    spread = [{"type": "spread", "field": "attribute:ecs.availability-zone"}, *binpack]
    for name, strategy in (("binpack", binpack), ("spread", spread)):
        service(name, "ac", 2, launchType="EC2", placementStrategy=strategy)
        # Moto forgets the strategy.
        builder.admin(
            "overrides",
            account=site.account,
            region=TOKYO,
            service="ecs",
            operation="DescribeServices",
            match={"serviceName": name},
            set={"placementStrategy": strategy},
        )
    service(
        "daemon",
        "",
        1,
        launchType="EC2",
        taskDefinition="bridge",
        schedulingStrategy="DAEMON",
    )
    for number in range(MANY_SERVICES):
        service(f"many-{number}", "cd", 2)
    cases["ecs_service_in_two_zones"] = "main/two-zones"


def _nodes(builder: Builder, site: Site, cases: dict[str, Any]) -> None:
    eks = builder.client("eks", site.account)
    role = f"arn:aws:iam::{site.account}:role/eks"
    subnets = list(site.subnets.values())
    eks.create_cluster(
        name="main", roleArn=role, resourcesVpcConfig={"subnetIds": subnets}
    )
    for name, zones in (("general", "acd"), ("gpu", "a")):
        eks.create_nodegroup(
            clusterName="main",
            nodegroupName=name,
            subnets=[site.subnets[zone] for zone in zones],
            nodeRole=role,
            tags={"System": "web"},
        )
    cases["node_group_in_one_zone"] = "main/gpu"


def _functions(builder: Builder, site: Site, cases: dict[str, Any]) -> None:
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }
    role = builder.client("iam", site.account).create_role(
        RoleName="function",
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [trust]}
        ),
    )["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "")
    functions = builder.client("lambda", site.account)
    queue = f"arn:aws:sqs:{TOKYO}:{site.account}:failed"
    topic = f"arn:aws:sns:{TOKYO}:{site.account}:failed"

    def function(
        name: str, zones: str = "", principal: str | None = None, **settings: Any
    ) -> None:
        if zones:
            subnets = [site.subnets[zone] for zone in zones]
            settings["VpcConfig"] = {
                "SubnetIds": subnets,
                "SecurityGroupIds": [site.security_group],
            }
        functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            Tags={"System": "web"},
            **settings,
        )
        if principal:
            functions.add_permission(
                FunctionName=name,
                StatementId="source",
                Action="lambda:InvokeFunction",
                Principal=principal,
            )

    function("two-zones", "ac", "apigateway.amazonaws.com")
    function("one-zone", "a")
    function("outside-of-a-vpc")
    function("async-with-queue", principal="s3.amazonaws.com")
    # Moto forgets the queue.
    builder.admin(
        "overrides",
        account=site.account,
        region=TOKYO,
        service="lambda",
        operation="ListFunctions",
        match={"FunctionName": "async-with-queue"},
        set={"DeadLetterConfig": {"TargetArn": queue}},
    )
    function("async-with-destination", principal="events.amazonaws.com")
    function("async-with-nothing", principal="sns.amazonaws.com")
    function("async-with-retries")
    functions.put_function_event_invoke_config(
        FunctionName="async-with-destination",
        DestinationConfig={"OnFailure": {"Destination": topic}},
    )
    functions.put_function_event_invoke_config(
        FunctionName="async-with-retries", MaximumRetryAttempts=0
    )
    cases["function_in_one_zone"] = "one-zone"
