"""One module per AWS service; importing it enters its operations in the registry."""

import importlib
import pkgutil

SERVICES = tuple(
    importlib.import_module(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
)
