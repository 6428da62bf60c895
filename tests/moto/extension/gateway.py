"""The WSGI application: every request passes here before and after moto."""

import traceback
from collections.abc import Container, Iterable
from copy import deepcopy
from threading import Lock
from typing import Any

from moto.moto_api._internal.models import moto_api_backend
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from . import admin, authorisation, errors, faults, overrides, paging, protocol, shapes
from .call import Call
from .errors import ApiError
from .registry import AMENDMENTS, ANSWERS, GUARDS
from .services import SERVICES
from .state import State

WARM_SERVICES: tuple[Any, ...] = (
    "backup",
    "config",
    "ec2",
    "iam",
    "organizations",
    "rds",
    "s3",
    "sts",
    "support",
    "dynamodb",
    "elasticache",
    "kafka",
    "kinesis",
    "memorydb",
    "mq",
    "opensearch",
    "redshift",
    "sqs",
)


class Gateway:
    """Moto with what it lacks in SERVICES."""

    services = SERVICES

    def __init__(self) -> None:
        self.state = State()
        self._moto = DomainDispatcherApplication(create_backend_app)
        # Moto's backends are plain objects: one request at a time keeps them whole.
        self._lock = Lock()
        self._warm_up()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = Request(environ).path
        if path.startswith(admin.PREFIX):
            with self._lock:
                response = admin.respond(Request(environ), self.state)
        elif path.startswith("/moto-api"):
            with self._lock:
                response = self._run_moto(environ)
                if path == "/moto-api/reset":
                    self.state.forget_resources()
        else:
            response = self._serve(Call(environ))
        return response(environ, start_response)

    def _warm_up(self) -> None:
        """Loads the services that audits read.

        Moto draws random numbers when a service is first used. Having done that,
        the same seed gives the same ids on a fresh server and after a reset.
        """
        for service in WARM_SERVICES:
            self._moto.app_instances[service] = create_backend_app(service)
        moto_api_backend.reset()

    def _serve(self, call: Call) -> Response:
        """Answers an API call and remembers how."""
        error_code = None
        try:
            response = self._answer(call)
        except ApiError as error:
            error_code = error.code
            response = errors.document(error, call.dialect)
        except shapes.ShapeMismatch as mismatch:
            error_code = "ShapeMismatch"
            response = Response(str(mismatch), 500, content_type="text/plain")
        except Exception as crash:  # noqa: BLE001 - the client is to see it, whatever it is
            traceback.print_exc()
            error_code = "InternalFailure"
            failure = ApiError(error_code, f"the test server failed: {crash!r}", 500)
            response = errors.document(failure, call.dialect)
        self.state.calls.add(call, response.status_code, error_code)
        return response

    def _answer(self, call: Call) -> Response:
        faults.strike(call, self.state)
        with self._lock:
            if guard := GUARDS.get(call.service):
                guard(call, self.state)
            output = self._own_output(call)
            if output is not None:
                return self._write(call, output)
            response = self._forward(call)
            if response.status_code >= 300:
                return response
            pages = call.operation in paging.UNPAGED_BY_MOTO.get(call.service, ())
            if pages or self._is_amended(call):
                output = protocol.read_output(call, response)
                accepted = shapes.problems(call.operation_model, output)
                if amend := AMENDMENTS.get((call.service, call.operation)):
                    output = amend(call, self.state, output)
                return self._write(call, output, pages, accepted)
            return protocol.with_s3_root(call, response)

    def _own_output(self, call: Call) -> dict[str, Any] | None:
        """What the extension answers itself, None when the call is moto's."""
        handler = ANSWERS.get((call.service, call.operation))
        canned = overrides.canned_answer(call, self.state)
        if canned is None and handler is None:
            return None
        authorisation.authorise(call)
        if canned is None and handler is not None:
            return deepcopy(handler(call, self.state))
        return deepcopy(canned)

    def _is_amended(self, call: Call) -> bool:
        """Whether moto's answer is not sent as it is."""
        return (call.service, call.operation) in AMENDMENTS or any(
            override.selects(call) for override in self.state.overrides
        )

    def _write(
        self,
        call: Call,
        output: dict[str, Any],
        pages: bool = True,
        accepted: Container[str] = (),
    ) -> Response:
        """The answer as tests want it, checked and on the wire."""
        for override in self.state.overrides:
            if override.selects(call):
                override.apply(output)
        shapes.check_output(call.operation_model, output, accepted)
        if pages:
            output = paging.page(call, self.state, output)
        return protocol.with_s3_root(call, protocol.write_output(call, output))

    def _forward(self, call: Call) -> Response:
        """Moto's answer, with its error pages turned into errors."""
        not_implemented = ApiError("NotImplemented", f"{call.name} is not implemented")
        host = self._moto.infer_service_region_host(call.replay(), call.request.path)
        if host is not None and self._moto.get_backend_for_host(host) is None:
            raise not_implemented
        try:
            with authorisation.signed_by(call):
                response = self._run_moto(call.replay())
        except NotImplementedError:
            raise not_implemented from None
        except KeyError as missing:
            # Moto has the service, but not in this Region.
            if missing.args == (call.region,):
                raise not_implemented from None
            raise
        if _is_unimplemented(call, response):
            raise not_implemented
        if response.status_code in (401, 403) and call.dialect != "s3":
            body = response.get_data(as_text=True)
            if refusal := authorisation.refusal_in(body, call.dialect):
                raise refusal
        return response

    def _run_moto(self, environ: dict[str, Any]) -> Response:
        body, status, headers = run_wsgi_app(self._moto, environ, buffered=True)
        return Response(body, status, headers)


def _is_unimplemented(call: Call, response: Response) -> bool:
    """Whether moto has no such operation, though it has the service."""
    body = response.get_data()
    if response.status_code >= 400 and body[:15].lower() == b"<!doctype html>":
        return True
    if call.dialect == "s3":
        # Moto lists a bucket's objects when it does not know the sub-resource.
        is_listing = protocol.root_of(response) == "ListBucketResult"
        return is_listing and not call.operation.startswith("ListObjects")
    return response.status_code == 404 and not body
