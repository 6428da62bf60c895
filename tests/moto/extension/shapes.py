"""Checks that an answer is one that AWS could give."""

from collections.abc import Container, Iterator
from typing import Any

from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator


class ShapeMismatch(Exception):
    """An answer that the service model does not allow: a mistake in the test set-up."""


def check_output(
    operation: OperationModel,
    output: dict[str, Any],
    accepted: Container[str] = (),
) -> None:
    """Raises ShapeMismatch, naming each wrong member, unless AWS could answer this.

    Accepted problems are those that moto's own answer has already.
    """
    found = [p for p in problems(operation, output) if p not in accepted]
    if found:
        name = f"{operation.service_model.service_name}:{operation.name}"
        raise ShapeMismatch(f"{name} does not fit its model: " + "; ".join(found))


def problems(operation: OperationModel, output: dict[str, Any]) -> list[str]:
    """What is wrong with an answer to the operation."""
    shape = operation.output_shape
    if shape is None:
        return [f"it has no output, but {name} is given" for name in output]
    report = ParamValidator().validate(output, shape).generate_report()
    return [*report.splitlines(), *_enum_problems(shape, output, "")]


def member_shape(shape: Shape, path: str) -> Shape:
    """The shape at a dotted path, where a list stands for its members."""
    for name in path.split("."):
        if shape.type_name != "structure" or name not in shape.members:
            raise ShapeMismatch(f"{shape.name} has no member {name}")
        shape = shape.members[name]
        while shape.type_name == "list":
            shape = shape.member
    return shape


def _enum_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Strings outside their enumeration, which botocore does not look for."""
    match shape.type_name, value:
        case "structure", dict():
            for name, member in shape.members.items():
                if name in value:
                    yield from _enum_problems(member, value[name], f"{path}.{name}")
        case "list", list():
            for index, item in enumerate(value):
                yield from _enum_problems(shape.member, item, f"{path}[{index}]")
        case "map", dict():
            for key, item in value.items():
                yield from _enum_problems(shape.value, item, f"{path}[{key!r}]")
        case "string", str() if shape.enum and value not in shape.enum:
            yield f"{path} is {value!r}, not one of {', '.join(shape.enum)}"
