"""One module per AWS service; importing it enters its operations in the registry."""

from . import backup, config, ec2, rds, s3, support

SERVICES = (backup, config, ec2, rds, s3, support)
