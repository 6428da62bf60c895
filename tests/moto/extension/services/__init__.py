"""One module per AWS service; importing it enters its operations in the registry."""

from . import backup, config, dlm, drs, ec2, efs, rds, s3, support

SERVICES = (backup, config, dlm, drs, ec2, efs, rds, s3, support)
