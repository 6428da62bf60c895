"""What the extension remembers: settings made by tests and resources moto does not hold."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any, TypeVar

from .call import Call

Scoped = TypeVar("Scoped")
GLOBAL = "global"


@dataclass(kw_only=True)
class Selector:
    """Which calls something applies to; what is left out selects everything."""

    account: str | None = None
    region: str | None = None
    service: str | None = None
    operation: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def selects(self, call: Call) -> bool:
        """Whether the call is one of those."""
        wanted = (self.account, self.region, self.service, self.operation)
        actual = (call.account, call.region, call.service, call.operation)
        if any(w is not None and w != a for w, a in zip(wanted, actual, strict=True)):
            return False
        return all(
            call.params.get(name) == value for name, value in self.params.items()
        )


@dataclass(kw_only=True)
class Record:
    """One call that was answered."""

    account: str
    region: str
    service: str
    operation: str
    status: int
    error: str | None = None


class CallLog:
    """Every API call since the log was last cleared."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._lock = Lock()

    def add(self, call: Call, status: int, error: str | None) -> None:
        """Remembers how a call was answered."""
        record = Record(
            account=call.account,
            region=call.region,
            service=call.service,
            operation=call.operation,
            status=status,
            error=error,
        )
        with self._lock:
            self._records.append(record)

    def clear(self) -> None:
        """Forgets all calls."""
        with self._lock:
            self._records.clear()

    def report(self, wanted: dict[str, str]) -> dict[str, Any]:
        """The calls whose fields have the wanted values, and how many of each operation."""
        with self._lock:
            calls = [asdict(record) for record in self._records]
        calls = [
            call for call in calls if all(str(call[k]) == v for k, v in wanted.items())
        ]
        counts = Counter(f"{call['service']}:{call['operation']}" for call in calls)
        return {
            "total": len(calls),
            "counts": dict(sorted(counts.items())),
            "calls": calls,
        }


class State:
    """Everything that a reset forgets, apart from moto's own resources."""

    def __init__(self) -> None:
        self.calls = CallLog()
        self.hang_over = Event()
        self.forget()

    def forget(self) -> None:
        """Back to a fresh server."""
        self.hang_over.set()
        self.hang_over = Event()
        self.calls.clear()
        self.faults: list[Any] = []
        self.page_limits: dict[str, int] = {}
        self.fixed_time: datetime | None = None
        self.forget_resources()

    def forget_resources(self) -> None:
        """Drops what belongs to resources, as moto's own reset does."""
        self.overrides: list[Any] = []
        self.answers: list[Any] = []
        self._scopes: dict[tuple[type, str, str], Any] = {}

    def scoped(
        self, kind: type[Scoped], account: str = GLOBAL, region: str = GLOBAL
    ) -> Scoped:
        """A service's data for one account and Region, made when first asked for."""
        key = (kind, account, region)
        if key not in self._scopes:
            self._scopes[key] = kind()
        return self._scopes[key]

    def now(self) -> datetime:
        """The time from which the extension computes, which a test may fix."""
        return self.fixed_time or datetime.now(UTC).replace(microsecond=0)
