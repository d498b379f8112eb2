"""The shelf of strategies: one file each, exporting `STRATEGY`."""

from leadflow.kernel.registry import discover
from leadflow.routing.strategy import Strategy


def shelf() -> dict[str, Strategy]:
    """Every strategy by name."""
    return discover(__name__, Strategy, "STRATEGY")


__all__ = ["shelf"]
