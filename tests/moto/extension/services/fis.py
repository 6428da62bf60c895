"""AWS Fault Injection Service: experiments, which moto does not run."""

from typing import Any

from ..call import Call
from ..registry import answers
from ..state import State


@answers("fis", "ListExperiments")
def list_experiments(_: Call, __: State) -> dict[str, Any]:
    """None; a test gives its own as an answer."""
    return {"experiments": []}
