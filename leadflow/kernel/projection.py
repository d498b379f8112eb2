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

    What is in `patient` waits up to a second for company, because nobody waits for it: events come singly, and a step
    of its own for each costs several times what it folds.
    """

    name: str
    kinds: tuple[str, ...]
    fold: Fold
    batch: int = 500
    patient: frozenset[str] = frozenset()

    def hurries(self, kind: str) -> bool:
        """Whether an event of this kind is wanted, and at once."""
        wanted = next((one for one in self.kinds if kind == one or (one[-1] == "." and kind.startswith(one))), None)
        return wanted is not None and wanted not in self.patient
