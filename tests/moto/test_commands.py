"""Every AWS CLI command that rules, runbooks and scenarios show exists, with its parameters."""

import re
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, ServiceModel

RULES = Path(__file__).parents[2] / "rules"
SESSION = botocore.session.get_session()

# What the AWS CLI takes with every command.
GLOBAL = {"region", "query", "output", "cli-input-json", "max-items"}
# Conveniences of the AWS CLI that the service does not have.
ADDED = {("ec2", "run-instances"): {"count"}, ("fis", "start-experiment"): {"client-token"}}
# A command, up to the end of its line or the next one. Prose names commands without parameters.
COMMAND = re.compile(r"(?<![\w-])aws ([a-z0-9-]+) ([a-z0-9-]+)([^\n|;&]*)")


@cache
def service(name: str) -> ServiceModel:
    """A service by its name in the AWS CLI."""
    return SESSION.get_service_model("s3" if name == "s3api" else name)


@cache
def waiters(name: str) -> set[str]:
    """What `aws SERVICE wait` can wait for."""
    model = SESSION.get_waiter_model(name)
    return {xform_name(waiter, "-") for waiter in model.waiter_names}


def operation(model: ServiceModel, name: str) -> OperationModel | None:
    """An operation by its name in the AWS CLI."""
    names = {xform_name(known, "-"): known for known in model.operation_names}
    return model.operation_model(names[name]) if name in names else None


def problems_of(name: str, command: str, rest: str) -> list[str]:
    """What the service does not know of a command."""
    if command == "wait":
        waiter = rest.split()[0]
        return [] if waiter in waiters(name) else [f"nothing to wait for: {waiter}"]
    found = operation(service(name), command)
    if found is None:
        return ["no such operation"]
    members = found.input_shape.members if found.input_shape else {}
    known = {xform_name(member, "-") for member in members}
    given = set(re.findall(r"\s--([a-z0-9-]+)", rest))
    added = ADDED.get((name, command), set())
    taken = known | {f"no-{flag}" for flag in known} | GLOBAL | added
    problems = [f"no such parameter: --{flag}" for flag in sorted(given - taken)]
    if given and "cli-input-json" not in given and not added:
        required = found.input_shape.required_members if found.input_shape else []
        lacking = {xform_name(member, "-") for member in required} - given
        problems += [f"--{flag} is missing" for flag in sorted(lacking)]
    return problems


def test_commands_are_those_of_the_services() -> None:
    problems, seen = [], 0
    for path in sorted(RULES.rglob("*.yaml")):
        text = re.sub(r"\\\n\s*", " ", path.read_text(encoding="utf-8"))
        for name, command, rest in COMMAND.findall(text):
            # `aws s3` and `aws configure` are the AWS CLI's own.
            if name in {"s3", "configure"}:
                continue
            seen += 1
            place = f"{path.relative_to(RULES)}: aws {name} {command}"
            found = problems_of(name, command, rest)
            problems += [f"{place}: {problem}" for problem in found]
    assert not problems, "\n".join(problems)
    assert seen > 200
