"""The shelf of online models: one file each, exporting `MODEL`."""

from leadflow.kernel.registry import discover
from leadflow.scoring.learning import ModelKind


def shelf() -> dict[str, ModelKind]:
    """Every model by name."""
    return discover(__name__, ModelKind, "MODEL")


__all__ = ["shelf"]
