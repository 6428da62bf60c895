"""One module per AWS service; importing it enters its operations in the registry."""

from . import backup, config, ec2, rds, s3, support
from . import dynamodb, elasticache, kafka, memorydb, redshift

SERVICES = (
    *(backup, config, ec2, rds, s3, support),
    *(dynamodb, elasticache, kafka, memorydb, redshift),
)
