"""Lets moto's IAM decide about the operations that the extension answers itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from botocore.awsrequest import AWSRequest
from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse
from moto.iam.access_control import IAMRequestBase
from moto.s3.responses import S3Response
from werkzeug.exceptions import HTTPException

from .call import CBOR, Call
from .errors import ApiError, condition

REFUSAL = re.compile(
    r"<Code>(?P<code>\w+)</Code>.*?<Message>(?P<message>.*?)</Message>", re.DOTALL
)
CONDITION_OF_CODE = {
    "AccessDenied": "access_denied",
    "AuthFailure": "unknown_key",
    "InvalidAccessKeyId": "unknown_key",
    "InvalidClientTokenId": "unknown_key",
    "SignatureDoesNotMatch": "wrong_signature",
}
# S3 actions that are not named like the operation.
S3_ACTIONS = {
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "ListBuckets": "ListAllMyBuckets",
}
_signed_call: ContextVar[Call] = ContextVar("signed_call")


@contextmanager
def signed_by(call: Call) -> Iterator[None]:
    """Within it, moto verifies signatures against this call as it was sent."""
    token = _signed_call.set(call)
    try:
        yield
    finally:
        _signed_call.reset(token)


def _signed_request(request: IAMRequestBase) -> AWSRequest:
    """What the caller has signed.

    Moto's own version rebuilds the path and the form from what it has decoded, so
    that it refuses paths with escaped ARNs, forms that are encoded otherwise than
    Python does, and GET requests without a body.
    """
    call = _signed_call.get()
    authorization = call.request.headers["Authorization"]
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {
        key: value for key, value in call.request.headers if key.lower() in names
    }
    signed = AWSRequest(call.request.method, call.raw_uri, headers, call.body)
    signed.context["timestamp"] = headers["X-Amz-Date"]
    return signed


setattr(IAMRequestBase, "_create_aws_request", _signed_request)  # noqa: B010


def authorise(call: Call) -> None:
    """Raises an ApiError if IAM is enforced and refuses the call."""
    is_s3 = call.service == "s3"
    base: Any = S3Response if is_s3 else BaseResponse
    action = S3_ACTIONS.get(call.operation, call.operation) if is_s3 else call.operation

    class Authoriser(base):
        """A handler of moto that does nothing but check the caller."""

        def _get_action(self) -> str:
            return action

    handler = Authoriser() if is_s3 else Authoriser(call.service)
    request = call.request
    raw = {"use_raw_body": True} if call.protocol == CBOR else {}
    handler.setup_class(request, request.url, request.headers, **raw)
    try:
        with signed_by(call):
            if is_s3:
                bucket = call.params.get("Bucket")
                handler._authenticate_and_authorize_s3_action(bucket_name=bucket)
            else:
                handler._authenticate_and_authorize_normal_action()
    except ServiceException as refusal:
        raise ApiError(refusal.code, refusal.message, 403) from refusal
    except HTTPException as refusal:
        error = refusal_in(refusal.description or "", call.dialect)
        raise error or condition(
            "access_denied", call.dialect, str(refusal)
        ) from refusal


def refusal_in(body: str, dialect: str) -> ApiError | None:
    """The refusal that a body of moto's IAM holds, as the service words it."""
    found = REFUSAL.search(body)
    if found is None or found["code"] not in CONDITION_OF_CODE:
        return None
    return condition(CONDITION_OF_CODE[found["code"]], dialect, found["message"])
