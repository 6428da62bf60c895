"""Answers, or single members of answers, that a test dictates."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from . import shapes
from .call import Call, operation_model
from .registry import endpoint
from .state import Selector, State


@dataclass(kw_only=True)
class Override(Selector):
    """Members to set or remove in the answers of one operation.

    They are those of the structures that have all values of `match`,
    wherever in the answer, or of the answer itself when `match` is empty.
    """

    match: dict[str, Any] = field(default_factory=dict)
    set: dict[str, Any] = field(default_factory=dict)
    unset: list[str] = field(default_factory=list)
    applied: int = 0

    def __post_init__(self) -> None:
        operation_model(self.service, self.operation)

    def apply(self, output: dict[str, Any]) -> None:
        """Changes the answer in place."""
        for structure in _matching(output, self.match) if self.match else [output]:
            structure.update(self.set)
            for name in self.unset:
                structure.pop(name, None)
            self.applied += 1


@dataclass(kw_only=True)
class CannedAnswer(Selector):
    """A whole answer to one operation, in moto's place."""

    answer: dict[str, Any]

    def __post_init__(self) -> None:
        shapes.check_output(operation_model(self.service, self.operation), self.answer)


def canned_answer(call: Call, state: State) -> dict[str, Any] | None:
    """The answer that a test has put in moto's place, the latest first."""
    for canned in reversed(state.answers):
        if canned.selects(call):
            return canned.answer
    return None


def _matching(value: Any, match: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if all(value.get(name) == wanted for name, wanted in match.items()):
            yield value
        for item in list(value.values()):
            yield from _matching(item, match)
    elif isinstance(value, list):
        for item in value:
            yield from _matching(item, match)


@endpoint("POST", "overrides", Override)
def add_override(state: State, override: Override) -> dict[str, Any]:
    """Adds an override; later ones win over earlier ones."""
    state.overrides.append(override)
    return {"overrides": len(state.overrides)}


@endpoint("GET", "overrides")
def list_overrides(state: State, _: Any) -> list[dict[str, Any]]:
    """The overrides and how often each was applied."""
    return [asdict(override) for override in state.overrides]


@endpoint("DELETE", "overrides")
def clear_overrides(state: State, _: Any) -> dict[str, Any]:
    """Removes all overrides."""
    state.overrides.clear()
    return {"overrides": 0}


@endpoint("POST", "answers", CannedAnswer)
def add_answer(state: State, answer: CannedAnswer) -> dict[str, Any]:
    """Adds a canned answer."""
    state.answers.append(answer)
    return {"answers": len(state.answers)}


@endpoint("DELETE", "answers")
def clear_answers(state: State, _: Any) -> dict[str, Any]:
    """Removes all canned answers."""
    state.answers.clear()
    return {"answers": 0}
