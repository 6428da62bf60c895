"""Builds an AWS organisation on a test server and prints what it made, as JSON."""

import argparse
import json
from datetime import UTC, datetime

import requests

from scenario import accounts, advice, backups, buckets, databases, network, recovery
from scenario import accounts, advice, backups, buckets, databases, network
from scenario import caches, streams, tables, warehouses
from scenario import accounts, advice, backups, buckets, databases, keys, network
from scenario import compute
from scenario import edge
from scenario import monitoring, stacks
from scenario import files, servers
from scenario.builder import MANAGEMENT, REGIONS, Builder


def main() -> None:
    """Builds the organisation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint", required=True, help="the server's URL")
    parser.add_argument(
        "--accounts", type=int, default=5, help="member accounts, at least 5"
    )
    parser.add_argument("--seed", type=int, default=1, help="makes ids reproducible")
    parser.add_argument(
        "--resources",
        type=int,
        default=120,
        help="databases, subnets and buckets in bulk",
    )
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="the time that all ages count from"
    )
    arguments = parser.parse_args()
    if arguments.accounts < len(accounts.MEMBERS):
        parser.error(f"--accounts is at least {len(accounts.MEMBERS)}")

    endpoint = arguments.endpoint.rstrip("/")
    now = arguments.now or datetime.now(UTC).replace(microsecond=0)
    if now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    _start_afresh(endpoint, arguments.seed)
    builder = Builder(endpoint, now, arguments.resources)
    if arguments.now:
        builder.admin("clock", now=now.isoformat())

    accounts.build(builder, arguments.accounts)
    network.build(builder)
    buckets.build(builder)
    databases.build(builder)
    backups.build(builder)
    recovery.build(builder)
    keys.build(builder)
    compute.build(builder)
    advice.build(builder)
    tables.build(builder)
    caches.build(builder)
    warehouses.build(builder)
    streams.build(builder)
    edge.build(builder)
    monitoring.build(builder)
    stacks.build(builder)
    servers.build(builder)
    files.build(builder)

    made = {
        "endpoint": endpoint,
        "now": now.isoformat(),
        "management_account": MANAGEMENT,
        "accounts": builder.accounts,
        "regions": list(REGIONS),
        "role": accounts.ROLE,
        "cases": builder.cases,
    }
    print(json.dumps(made, ensure_ascii=False, indent=2))


def _start_afresh(endpoint: str, seed: int) -> None:
    """Empties the server and makes the ids to come reproducible."""
    for path in ("sonae-test/reset", f"moto-api/seed?a={seed}"):
        requests.post(f"{endpoint}/{path}").raise_for_status()


if __name__ == "__main__":
    main()
