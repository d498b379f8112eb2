"""Projections: folds over the log whose cursor commits together with their effects."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.work import Work

Fold = Callable[[Work, Sequence[RecordedEvent]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Projection:
    """One reader of the log.

    `fold` gets the next events of one organization, in order and never twice, inside a unit of work that also
    moves the cursor: exactly-once by construction. `kinds` are exact kinds or prefixes ending in a dot.
    """

    name: str
    kinds: tuple[str, ...]
    fold: Fold
    batch: int = 500

    def wants(self, kind: str) -> bool:
        return any(kind == wanted or (wanted[-1] == "." and kind.startswith(wanted)) for wanted in self.kinds)
