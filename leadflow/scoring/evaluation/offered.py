"""Every way with labels that is evaluated, by name."""

from collections.abc import Callable, Mapping
from typing import Final

from leadflow.scoring.evaluation.policies import Arrival, Oracle, Policy, Terms, Wait
from leadflow.scoring.evaluation.window import ProductWindow

ORACLE: Final = "oracle"
WAIT: Final = "wait"


def _product(_: Terms) -> Policy:
    return ProductWindow()


POLICIES: Final[Mapping[str, Callable[[Terms], Policy]]] = {
    ORACLE: Oracle,
    WAIT: Wait,
    "arrival": Arrival,
    "product": _product,
}
"""All but the oracle hear of an outcome when it is told."""
