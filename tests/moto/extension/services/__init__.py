"""One module per AWS service; importing it enters its operations in the registry."""

from . import backup, cloudwatch, config, ec2, fis, rds, s3, ssm_incidents, support

SERVICES = (backup, cloudwatch, config, ec2, fis, rds, s3, ssm_incidents, support)
