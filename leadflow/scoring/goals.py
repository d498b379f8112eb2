"""What counts as a success, and which events of a lead say that it has come to one: pure.

Whoever sells learns from who is won. A team whose work is done when a meeting takes place, or when somebody answers at
all, has its outcomes earlier and more of them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from leadflow.scoring.features import NO_SHOW, outcome_of


class Goal(StrEnum):
    WON = "won"
    MEETING = "meeting"
    REPLY = "reply"


LABELS: Final[Mapping[str, str]] = {
    Goal.WON: "A lead is won",
    Goal.MEETING: "A meeting is booked and takes place",
    Goal.REPLY: "A lead answers an e-mail or a call",
}

_SAYS: Final[Mapping[Goal, Mapping[tuple[str, str], bool]]] = {
    Goal.WON: {},
    Goal.MEETING: {
        ("behaviour.meeting_booked", ""): True,
        ("activity.meeting", "held"): True,
        ("activity.meeting", NO_SHOW): False,
        (f"behaviour.{NO_SHOW}", ""): False,
    },
    Goal.REPLY: {("behaviour.email_replied", ""): True, ("activity.call", "reached"): True},
}
"""By the kind of an event, and the outcome of an activity."""
ENDINGS: Final[Mapping[str, bool | None]] = {"lead.won": True, "lead.lost": False, "lead.reopened": None}
"""What becomes of the deal; a lead that is won has come to any goal."""


def ended(
    goal: Goal,
    won: bool | None,  # noqa: FBT001 - an outcome
    event_kind: str,
    data: Mapping[str, object],
) -> bool | None:
    """Whether a lead has come to the goal or is lost (None: neither) after an event; `won` is how it was before.

    Who has come to a goal before the deal has done so whatever becomes of the deal.

    >>> ended(Goal.REPLY, True, "lead.lost", {}), ended(Goal.REPLY, None, "lead.lost", {})
    (True, False)
    """
    reached = said(goal, event_kind, data)
    if reached is not None and reached is not bool(won):
        return reached
    if won and goal is not Goal.WON:
        return won
    return ENDINGS.get(event_kind, won)


def said(goal: Goal, event_kind: str, data: Mapping[str, object]) -> bool | None:
    """Whether an event brings its lead to the goal, takes it back from there, or says nothing of it.

    >>> said(Goal.MEETING, "activity.meeting", {"outcome": "no_show"})
    False
    >>> said(Goal.WON, "behaviour.meeting_booked", {}) is None
    True
    """
    says = _SAYS[goal]
    if not says:
        return None
    outcome = outcome_of(data) if event_kind.startswith("activity.") else ""
    return says.get((event_kind, outcome))
