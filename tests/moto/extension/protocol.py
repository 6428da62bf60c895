"""Between wire format and plain values: moto's answers read, amended answers written."""

import re
from typing import Any

from botocore.awsrequest import HeadersDict
from botocore.parsers import create_parser
from botocore.serialize import RpcV2CBORSerializer
from moto.core.serialize import SerializationContext, get_serializer_class
from werkzeug.wrappers import Response

from .call import CBOR, Call
from .errors import REQUEST_ID

# Root elements of S3 that moto and botocore derive wrongly; stricter SDKs insist on them.
S3_ROOTS = {
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketVersioning": "VersioningConfiguration",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
}
ROOT = re.compile(rb"<([A-Za-z]\w*)")


def read_output(call: Call, response: Response) -> dict[str, Any]:
    """The values in an answer that moto has written."""
    parser = create_parser(call.protocol)
    parsed = parser.parse(
        {
            "status_code": response.status_code,
            "headers": HeadersDict(dict(response.headers)),
            "body": response.get_data(),
        },
        call.operation_model.output_shape,
    )
    parsed.pop("ResponseMetadata", None)
    return parsed


def write_output(call: Call, output: dict[str, Any]) -> Response:
    """The answer in the protocol that the caller speaks."""
    if call.protocol == CBOR:
        return _cbor(call, output)
    serializer = get_serializer_class(call.service, call.protocol)(
        call.operation_model, SerializationContext(REQUEST_ID)
    )
    answer = serializer.serialize(output)
    return Response(answer["body"], answer["status_code"], dict(answer["headers"]))


def _cbor(call: Call, output: dict[str, Any]) -> Response:
    """The answer in CBOR, which moto does not write."""
    body = bytearray()
    shape = call.operation_model.output_shape
    if shape is not None:
        RpcV2CBORSerializer()._serialize_data_item(body, output, shape)  # noqa: SLF001
    headers = {"smithy-protocol": "rpc-v2-cbor"}
    return Response(bytes(body), 200, headers, content_type="application/cbor")


def root_of(response: Response) -> str:
    """The name of the root element of an XML answer, empty if there is none."""
    found = ROOT.search(response.get_data())
    return found[1].decode() if found else ""


def with_s3_root(call: Call, response: Response) -> Response:
    """The answer with the root element that S3 gives it."""
    root, actual = S3_ROOTS.get(call.operation), root_of(response)
    if call.service == "s3" and root and actual:
        name = re.compile(rb"(</?)%b\b" % actual.encode())
        response.set_data(name.sub(rb"\g<1>%b" % root.encode(), response.get_data()))
    return response
