"""The shelf of online models: one file each, exporting `MODEL`."""

from functools import cache

from leadflow.kernel.registry import discover
from leadflow.scoring.learning import ModelKind


@cache
def shelf() -> dict[str, ModelKind]:
    """Every model by name."""
    return discover(__name__, ModelKind, "MODEL")


def title(name: str) -> str:
    """What people call a model; its name when it has left the shelf."""
    kind = shelf().get(name)
    return kind.title if kind else name


__all__ = ["shelf", "title"]
