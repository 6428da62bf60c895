"""ACM: the names of a certificate in the listing."""

from typing import Any

from moto.acm.models import acm_backends

from ..call import Call
from ..registry import amends
from ..state import State


@amends("acm", "ListCertificates")
def list_certificates(call: Call, _: State, output: dict[str, Any]) -> dict[str, Any]:
    """Adds the names that moto leaves out."""
    backend = acm_backends[call.account][call.region]
    for summary in output["CertificateSummaryList"]:
        certificate = backend.get_certificate(summary["CertificateArn"])
        names = certificate.describe()["Certificate"]["SubjectAlternativeNames"]
        summary["SubjectAlternativeNameSummaries"] = names
        summary["HasAdditionalSubjectAlternativeNames"] = False
    return output
