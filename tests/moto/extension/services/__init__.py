"""One module per AWS service; importing it enters its operations in the registry."""

from . import (
    account,
    acm,
    arcregionswitch,
    backup,
    cloudfront,
    config,
    directconnect,
    ec2,
    rds,
    s3,
    servicequotas,
    support,
)

SERVICES = (
    backup,
    config,
    ec2,
    rds,
    s3,
    support,
    account,
    acm,
    arcregionswitch,
    cloudfront,
    directconnect,
    servicequotas,
)
