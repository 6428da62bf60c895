"""Calls that fail because a test wants them to."""

from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from .call import Call
from .errors import CONDITIONS, ApiError, condition
from .registry import endpoint
from .state import Selector, State

KINDS = (
    "throttling",
    "server_error",
    "access_denied",
    "expired_token",
    "hang",
    "error",
)
MESSAGES = {
    "throttling": "Rate exceeded",
    "server_error": "An internal error has occurred.",
    "access_denied": "User is not authorized to perform this operation",
    "expired_token": "The security token included in the request is expired",
}
_lock = Lock()


@dataclass(kw_only=True)
class Fault(Selector):
    """A failure for the selected calls.

    The first `skip` of them pass, the next `count` fail (all of them when it is null).
    `hang` waits `seconds`, then answers; `error` needs `code`, `message` and `status`.
    """

    kind: str
    count: int | None = 1
    skip: int = 0
    seconds: float = 0
    code: str = ""
    message: str = ""
    status: int = 400

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r} is not one of {', '.join(KINDS)}")
        if self.kind == "error" and not self.code:
            raise ValueError("an error needs a code")

    def take(self) -> bool:
        """Whether it strikes now; counts down."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.count == 0:
            return False
        if self.count is not None:
            self.count -= 1
        return True


def strike(call: Call, state: State) -> None:
    """Fails or delays the call if a fault is set for it."""
    with _lock:
        fault = next((f for f in state.faults if f.selects(call) and f.take()), None)
        hang_over = state.hang_over
    if fault is None:
        return
    if fault.kind == "hang":
        hang_over.wait(fault.seconds)
    elif fault.kind in CONDITIONS:
        raise condition(fault.kind, call.dialect, fault.message or MESSAGES[fault.kind])
    else:
        raise ApiError(fault.code, fault.message, fault.status)


@endpoint("POST", "faults", Fault)
def add_fault(state: State, fault: Fault) -> dict[str, Any]:
    """Adds a fault; of several that select a call, the oldest with strikes left counts."""
    with _lock:
        state.faults.append(fault)
    return {"faults": len(state.faults)}


@endpoint("GET", "faults")
def list_faults(state: State, _: Any) -> list[dict[str, Any]]:
    """The faults with the strikes they have left."""
    return [asdict(fault) for fault in state.faults]


@endpoint("DELETE", "faults")
def clear_faults(state: State, _: Any) -> dict[str, Any]:
    """Removes all faults and lets hanging calls go on."""
    with _lock:
        state.faults.clear()
        hanging, state.hang_over = state.hang_over, type(state.hang_over)()
    hanging.set()
    return {"faults": 0}
