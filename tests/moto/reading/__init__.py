"""An independent reading of an organisation, one module for each service.

Each module but `core` has a function `read(organisation)` that gives the resources of
its service, each with the verdicts that rules on it should give.
"""
