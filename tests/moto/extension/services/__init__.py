"""One module per AWS service; importing it enters its operations in the registry."""

from . import backup, config, ec2, elb, functions, rds, s3, support

SERVICES = (backup, config, ec2, elb, functions, rds, s3, support)
