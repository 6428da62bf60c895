"""What moto lacks for a disaster-recovery audit, as a WSGI application around it.

A request travels through these modules, in this order:

`call`       which account, Region, service and operation it is
`faults`     whether a test wants this call to fail
`registry`   whether a service module answers it instead of moto, or amends moto's answer
`overrides`  single fields of the answer that a test replaces
`paging`     the answer cut into pages
`shapes`     the answer checked against the AWS service model
`protocol`   the answer written in the service's wire format

The service modules (`backup`, `config`, ...) hold one function per API operation.
"""
