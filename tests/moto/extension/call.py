"""One API call: who makes it, where, and which operation of which service it is."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.parsers import RpcV2CBORParser
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.iam.models import get_account_id_from
from werkzeug.wrappers import Request

CREDENTIAL = re.compile(
    r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)
MODELS = Loader()

# Services whose signing name is not the name of their model.
MODEL_OF_SIGNING_NAME = {
    "eventbridge": "events",
    "elasticfilesystem": "efs",
    "elasticmapreduce": "emr",
    "email": "ses",
    "es": "opensearch",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
CBOR = "smithy-rpc-v2-cbor"
VERSION_OF_CLASSIC_ELB = "2012-06-01"


@cache
def service_model(service: str) -> ServiceModel | None:
    """The AWS model of a service, or None when there is no such service."""
    try:
        return ServiceModel(MODELS.load_service_model(service, "service-2"), service)
    except UnknownServiceError:
        return None


def operation_model(service: str | None, operation: str | None) -> OperationModel:
    """The model of an operation; a LookupError if there is no such operation."""
    model = service_model(service or "")
    if model is None or operation not in model.operation_names:
        raise LookupError(f"there is no operation {service}:{operation}")
    return model.operation_model(operation)


def cbor_input(body: bytes) -> dict[str, Any]:
    """An operation's input in CBOR, which moto does not read."""
    parser = RpcV2CBORParser()
    stream = parser.get_peekable_stream_from_bytes(body)
    return parser.parse_data_item(stream) if body else {}


@dataclass(frozen=True)
class Route:
    """How a REST operation appears on the wire."""

    operation: str
    method: str
    path: re.Pattern[str]
    literals: dict[str, str | None]
    required_arguments: frozenset[str]
    required_headers: frozenset[str]
    deprecated: bool

    @classmethod
    def of(cls, operation: OperationModel) -> "Route":
        """The route that the model's HTTP binding describes."""
        path, _, query = operation.http["requestUri"].partition("?")
        literals: dict[str, str | None] = {}
        for part in filter(None, query.split("&")):
            name, has_value, value = part.partition("=")
            literals[name] = value if has_value else None
        required: dict[str, set[str]] = {"querystring": set(), "header": set()}
        shape = operation.input_shape
        for member in shape.required_members if shape else ():
            binding = shape.members[member].serialization
            if binding.get("location") in required:
                required[binding["location"]].add(binding["name"])
        return cls(
            operation=operation.name,
            method=operation.http["method"],
            path=_path_pattern(path),
            literals=literals,
            required_arguments=frozenset(required["querystring"]),
            required_headers=frozenset(required["header"]),
            deprecated=operation.deprecated,
        )

    def match(self, request: Request, path: str) -> re.Match[str] | None:
        """The path's match if the request can be this operation."""
        if request.method != self.method:
            return None
        arguments = request.args
        for name, value in self.literals.items():
            # Only some SDKs say the operation's name in "x-id".
            if name == "x-id" and name not in arguments:
                continue
            if name not in arguments or value not in (None, arguments[name]):
                return None
        if not self.required_arguments <= arguments.keys():
            return None
        if not all(header in request.headers for header in self.required_headers):
            return None
        return self.path.match(path)

    @property
    def specificity(self) -> tuple[int, bool, int]:
        """Which of two matching routes is the right one: the more demanding."""
        demands = [name for name in self.literals if name != "x-id"]
        return (
            len(demands) + len(self.required_arguments) + len(self.required_headers),
            not self.deprecated,
            len(self.path.pattern),
        )


def _path_pattern(path: str) -> re.Pattern[str]:
    """The pattern of a path with labels, e.g. `/backup-vaults/{backupVaultName}`."""
    pattern = ""
    for text, label in re.findall(r"([^{]*)(?:\{([^}]+)\})?", path.rstrip("/")):
        pattern += re.escape(text)
        if label:
            name = label.rstrip("+").replace("-", "_")
            pattern += f"(?P<{name}>{'.+' if label.endswith('+') else '[^/]+'})"
    return re.compile(f"^{pattern}/?$")


@cache
def _routes(service: str) -> list[Route]:
    model = service_model(service)
    assert model is not None
    routes = [Route.of(model.operation_model(name)) for name in model.operation_names]
    return sorted(routes, key=lambda route: route.specificity, reverse=True)


class Call:
    """A request to an AWS API, with its body read once and kept."""

    def __init__(self, environ: dict[str, Any]) -> None:
        body = Request(environ).get_data(cache=False)
        environ = {
            **environ,
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
        }
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("werkzeug.request", None)
        self.body = body
        self.environ = environ
        self.request = Request(environ)
        self.request.get_data(cache=True)

        scope = CREDENTIAL.search(self.request.headers.get("Authorization", ""))
        self.access_key = scope["key"] if scope else ""
        self.account = get_account_id_from(self.access_key)
        self.region = scope["region"] if scope else "us-east-1"
        self.service = self._service(scope["service"] if scope else "")
        self.operation, self._labels = self._operation()

    def replay(self) -> dict[str, Any]:
        """The WSGI environment of the request, with its body unread."""
        return {**self.environ, "wsgi.input": BytesIO(self.body)}

    @cached_property
    def raw_uri(self) -> str:
        """Path and query as they were sent."""
        parts = urlsplit(self.environ["RAW_URI"])
        return urlunsplit(("", "", parts.path or "/", parts.query, ""))

    @cached_property
    def path(self) -> str:
        """The path as it was sent: an ARN in it keeps its escaped slashes."""
        return urlsplit(self.raw_uri).path

    @cached_property
    def model(self) -> ServiceModel | None:
        """The service's model, None when the service is unknown."""
        return service_model(self.service)

    @cached_property
    def is_known(self) -> bool:
        """Whether the operation has a model."""
        return self.model is not None and self.operation in self.model.operation_names

    @cached_property
    def operation_model(self) -> OperationModel:
        """The operation's model."""
        return operation_model(self.service, self.operation)

    @property
    def name(self) -> str:
        """The operation as logs and messages say it, e.g. `s3:ListBuckets`."""
        return f"{self.service}:{self.operation}"

    @cached_property
    def protocol(self) -> str:
        """The wire protocol that the caller speaks."""
        if self.request.headers.get("smithy-protocol") == "rpc-v2-cbor":
            return CBOR
        if "X-Amz-Target" in self.request.headers:
            return "json"
        if self.model is None:
            return "query" if self.request.form else "rest-json"
        if self.request.form and "query" in self.model.metadata.get("protocols", ()):
            return "query"
        return self.model.metadata["protocol"]

    @cached_property
    def dialect(self) -> str:
        """The protocol, or `s3`, whose errors are unlike those of its protocol."""
        return "s3" if self.service == "s3" else self.protocol

    @cached_property
    def params(self) -> dict[str, Any]:
        """The operation's input, by the model's member names."""
        if self.is_known and self.protocol == CBOR:
            return cbor_input(self.body)
        if not self.is_known or self.protocol not in PROTOCOL_PARSERS:
            return {}
        parser = PROTOCOL_PARSERS[self.protocol](self.operation_model)
        return parser.parse(
            {
                "method": self.request.method,
                "values": self.request.values,
                "headers": self.request.headers,
                "body": self.body,
                "url_path": self.path,
                "url_params": self._labels,
            }
        )

    def _service(self, signing_name: str) -> str:
        path = self.request.path
        if signing_name == "elasticloadbalancing":
            classic = self.request.form.get("Version") == VERSION_OF_CLASSIC_ELB
            return "elb" if classic else "elbv2"
        if signing_name == "s3" and path.startswith("/v20180820/"):
            return "s3control"
        if signing_name == "apigateway" and path.startswith("/v2/"):
            return "apigatewayv2"
        if signing_name == "es" and path.startswith("/2015-01-01/"):
            return "es"
        return MODEL_OF_SIGNING_NAME.get(signing_name, signing_name)

    def _operation(self) -> tuple[str, dict[str, str]]:
        target = self.request.headers.get("X-Amz-Target")
        if target:
            return target.rpartition(".")[2], {}
        if "Action" in self.request.values:
            return self.request.values["Action"], {}
        if self.protocol == CBOR:
            return self.path.rpartition("/")[2], {}
        if self.model is not None and self.protocol.startswith("rest"):
            for route in _routes(self.service):
                if match := route.match(self.request, self.path):
                    return route.operation, match.groupdict()
        return "Unknown", {}
