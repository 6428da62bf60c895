"""Error answers: the codes AWS uses and the document each protocol expects."""

import json
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

REQUEST_ID = "00000000-0000-4000-8000-000000000000"

# Code and HTTP status of a condition, by the dialect of the service.
CONDITIONS: dict[str, dict[str, tuple[str, int]]] = {
    "throttling": {
        "ec2": ("RequestLimitExceeded", 503),
        "s3": ("SlowDown", 503),
        "query": ("Throttling", 400),
        "rest-xml": ("Throttling", 400),
        "rest-json": ("ThrottlingException", 429),
        "json": ("ThrottlingException", 400),
    },
    "server_error": {
        "ec2": ("InternalError", 500),
        "s3": ("InternalError", 500),
        "query": ("InternalFailure", 500),
        "rest-xml": ("InternalFailure", 500),
        "rest-json": ("InternalServerException", 500),
        "json": ("InternalServerError", 500),
    },
    "access_denied": {
        "ec2": ("UnauthorizedOperation", 403),
        "s3": ("AccessDenied", 403),
        "query": ("AccessDenied", 403),
        "rest-xml": ("AccessDenied", 403),
        "rest-json": ("AccessDeniedException", 403),
        "json": ("AccessDeniedException", 403),
    },
    "expired_token": {
        "ec2": ("RequestExpired", 400),
        "s3": ("ExpiredToken", 400),
        "query": ("ExpiredToken", 403),
        "rest-xml": ("ExpiredToken", 403),
        "rest-json": ("ExpiredTokenException", 403),
        "json": ("ExpiredTokenException", 400),
    },
    "unknown_key": {
        "ec2": ("AuthFailure", 401),
        "s3": ("InvalidAccessKeyId", 403),
        "query": ("InvalidClientTokenId", 403),
        "rest-xml": ("InvalidClientTokenId", 403),
        "rest-json": ("UnrecognizedClientException", 403),
        "json": ("UnrecognizedClientException", 403),
    },
    "wrong_signature": {
        "ec2": ("AuthFailure", 401),
        "s3": ("SignatureDoesNotMatch", 403),
        "query": ("SignatureDoesNotMatch", 403),
        "rest-xml": ("SignatureDoesNotMatch", 403),
        "rest-json": ("InvalidSignatureException", 403),
        "json": ("InvalidSignatureException", 403),
    },
    "invalid_parameter": {
        "ec2": ("InvalidParameterValue", 400),
        "s3": ("InvalidArgument", 400),
        "query": ("InvalidParameterValue", 400),
        "rest-xml": ("InvalidArgument", 400),
        "rest-json": ("InvalidParameterValueException", 400),
        "json": ("ValidationException", 400),
    },
}


@dataclass
class ApiError(Exception):
    """An error that the caller of an API is to see."""

    code: str
    message: str
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def condition(name: str, dialect: str, message: str) -> ApiError:
    """The error for a condition, as a service of this dialect words it."""
    by_dialect = CONDITIONS[name]
    code, status = by_dialect.get(dialect) or by_dialect["json"]
    return ApiError(code, message, status)


def document(error: ApiError, dialect: str) -> Response:
    """The HTTP answer that says the error in the given dialect."""
    code, message = escape(error.code), escape(error.message)
    fault = "Receiver" if error.status >= 500 else "Sender"
    match dialect:
        case "ec2":
            body = (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message>"
                f"</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
            )
        case "s3":
            body = (
                f"<Error><Code>{code}</Code><Message>{message}</Message>"
                f"<RequestId>{REQUEST_ID}</RequestId></Error>"
            )
        case "query" | "rest-xml":
            body = (
                f"<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code>"
                f"<Message>{message}</Message></Error>"
                f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
            )
        case "smithy-rpc-v2-cbor":
            return Response(
                _cbor_map({"__type": error.code, "message": error.message}),
                error.status,
                error.headers | {"smithy-protocol": "rpc-v2-cbor"},
                content_type="application/cbor",
            )
        case _:
            return Response(
                json.dumps({"__type": error.code, "message": error.message}),
                error.status,
                error.headers | {"x-amzn-ErrorType": error.code},
                content_type="application/json"
                if dialect == "rest-json"
                else "application/x-amz-json-1.1",
            )
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{body}',
        error.status,
        error.headers,
        content_type="application/xml",
    )


def _cbor_map(entries: dict[str, str]) -> bytes:
    """A small CBOR map of text to text."""

    def text(value: str) -> bytes:
        encoded = value.encode()
        return b"\x79" + len(encoded).to_bytes(2, "big") + encoded

    pairs = (text(key) + text(value) for key, value in entries.items())
    return bytes([0xA0 + len(entries)]) + b"".join(pairs)
