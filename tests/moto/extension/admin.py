"""The admin API under `/sonae-test/`: JSON in, JSON out."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.moto_api._internal.models import moto_api_backend
from werkzeug.wrappers import Request, Response

from .registry import ENDPOINTS, endpoint
from .shapes import ShapeMismatch
from .state import State

PREFIX = "/sonae-test/"


@dataclass(kw_only=True)
class Clock:
    """The fixed time, or null for the real one."""

    now: str | None


def respond(request: Request, state: State) -> Response:
    """Serves one admin request."""
    path = request.path.removeprefix(PREFIX).strip("/")
    if (request.method, path) not in ENDPOINTS:
        return _json({"error": f"there is no {request.method} {request.path}"}, 404)
    function, payload_type = ENDPOINTS[request.method, path]
    payload: Any = request.args.to_dict()
    try:
        if payload_type is not None:
            payload = payload_type(**json.loads(request.get_data() or b"{}"))
        return _json(function(state, payload), 200)
    except (TypeError, ValueError, LookupError, ShapeMismatch) as error:
        return _json({"error": str(error)}, 400)


def _json(body: Any, status: int) -> Response:
    text = json.dumps(body, ensure_ascii=False, default=str)
    return Response(text, status, content_type="application/json; charset=utf-8")


@endpoint("POST", "reset")
def reset(state: State, _: Any) -> dict[str, str]:
    """Forgets everything: moto's resources, IAM enforcement and what tests have set."""
    moto_api_backend.reset()
    settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
    ActionAuthenticatorMixin.request_count = 0
    state.forget()
    return {"status": "ok"}


@endpoint("GET", "calls")
def report_calls(state: State, wanted: dict[str, str]) -> dict[str, Any]:
    """The call log, narrowed to the given values of its fields."""
    return state.calls.report(wanted)


@endpoint("POST", "calls")
@endpoint("DELETE", "calls")
def clear_calls(state: State, _: Any) -> dict[str, str]:
    """Clears the call log."""
    state.calls.clear()
    return {"status": "ok"}


@endpoint("POST", "clock", Clock)
def set_clock(state: State, clock: Clock) -> dict[str, Any]:
    """Fixes the time from which previews and restore windows are computed."""
    state.fixed_time = datetime.fromisoformat(clock.now) if clock.now else None
    if state.fixed_time and state.fixed_time.tzinfo is None:
        state.fixed_time = state.fixed_time.replace(tzinfo=UTC)
    return {"now": state.now().isoformat()}
