"""Where the service modules enter their operations and admin endpoints."""

from collections.abc import Callable
from typing import Any, TypeVar

from .call import Call
from .state import State

Output = dict[str, Any]
Answer = Callable[[Call, State], Output]
Amendment = Callable[[Call, State, Output], Output]
Guard = Callable[[Call, State], None]
Endpoint = Callable[[State, Any], Any]
Function = TypeVar("Function", bound=Callable[..., Any])

ANSWERS: dict[tuple[str, str], Answer] = {}
AMENDMENTS: dict[tuple[str, str], Amendment] = {}
GUARDS: dict[str, Guard] = {}
ENDPOINTS: dict[tuple[str, str], tuple[Endpoint, type | None]] = {}


def answers(service: str, *operations: str) -> Callable[[Function], Function]:
    """The function answers these operations in moto's place."""
    return _enter(ANSWERS, [(service, operation) for operation in operations])


def amends(service: str, *operations: str) -> Callable[[Function], Function]:
    """The function is given moto's answer to these operations and returns a better one."""
    return _enter(AMENDMENTS, [(service, operation) for operation in operations])


def guards(service: str) -> Callable[[Function], Function]:
    """The function sees every call of the service first, and may raise an ApiError."""
    return _enter(GUARDS, [service])


def endpoint(
    method: str, path: str, payload: type | None = None
) -> Callable[[Function], Function]:
    """The function serves an admin endpoint; a payload is the dataclass of its JSON body."""

    def enter(function: Function) -> Function:
        ENDPOINTS[method, path] = (function, payload)
        return function

    return enter


def _enter(table: dict[Any, Any], keys: list[Any]) -> Callable[[Function], Function]:
    def enter(function: Function) -> Function:
        table.update(dict.fromkeys(keys, function))
        return function

    return enter
