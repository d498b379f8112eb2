"""What a next step is: one thing that somebody can do with a lead here and now, and when it is worth doing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from leadflow.intelligence.insight import Case, Counted, Counts
from leadflow.intelligence.story import Story


class Does(StrEnum):
    """What the button of a step opens on the lead's page."""

    CALL = "call"
    EMAIL = "email"
    EDIT_PHONE = "edit_phone"
    CLOSE_LOST = "close_lost"


class Basis(StrEnum):
    RULE = "rule"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Advice:
    """`urgency` between 0 and 1 ranks it. `evidence` is how many leads or attempts the reason counts; 0 for a rule."""

    does: Does
    label: str
    reason: str
    urgency: float
    evidence: int = 0
    unit: str = ""

    @property
    def basis(self) -> Basis:
        return Basis.HISTORY if self.evidence else Basis.RULE


def _nothing(_: Story) -> Counted:
    return ()


@dataclass(frozen=True, slots=True)
class Action:
    """`judge` answers None where the step makes no sense now. `cells` and `asks` are those of an insight."""

    judge: Callable[[Case, Counts], Advice | None]
    cells: Callable[[Story], Counted] = _nothing
    asks: Callable[[Case], Iterable[tuple[str, str]]] = lambda _: ()


def way_to_reach(case: Case) -> Does | None:
    """By phone where there is a number, else by e-mail; None where there is neither, or the reader sees neither."""
    if case.lead.get("phone"):
        return Does.CALL
    if case.lead.get("email") and not case.story.unsubscribed:
        return Does.EMAIL
    return None
