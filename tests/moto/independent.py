"""Reads an organisation with boto3 and says which verdict each rule should give.

A second opinion on Sonae: written from the rules' criteria and the AWS documentation,
never from Sonae's code. Prints {"rule|account|region|resource": status} as JSON.
"""

import argparse
import importlib
import json
import pkgutil
from datetime import datetime
from pathlib import Path

import reading
from reading.core import Organisation


def main() -> None:
    """Prints the verdicts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True, help="the server's URL")
    parser.add_argument(
        "--manifest", type=Path, required=True, help="Sonae's manifest, as JSON"
    )
    parser.add_argument(
        "--now", type=datetime.fromisoformat, required=True, help="when the scan began"
    )
    arguments = parser.parse_args()
    manifest = json.loads(arguments.manifest.read_text("utf-8"))
    modules = (
        importlib.import_module(f"reading.{module.name}")
        for module in pkgutil.iter_modules(reading.__path__)
    )
    readers = [module.read for module in modules if hasattr(module, "read")]
    organisation = Organisation(
        arguments.endpoint, manifest, arguments.now, readers=readers
    )
    verdicts = {
        f"{rule}|{found.account}|{found.region}|{found.id}": status
        for found in organisation.resources
        for rule, status in found.verdicts(organisation)
    }
    print(json.dumps(verdicts, ensure_ascii=False, indent=0, sort_keys=True))


if __name__ == "__main__":
    main()
