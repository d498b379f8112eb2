"""Pure decisions about tasks: who reaches one, when a day ends, and what becomes of a reminder."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from leadflow.kernel.reach import Reach, Team
from leadflow.tasks.models import Reminder
from leadflow.tenancy.holidays.rules import lasts

KEPT: Final = timedelta(days=30)
"""For how long a deleted task can be taken back."""
_LAST_MOMENT: Final = timedelta(seconds=1)


class Due(StrEnum):
    """When something is due, seen from now."""

    OVERDUE = "overdue"
    TODAY = "today"
    UPCOMING = "upcoming"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Day:
    """From midnight to midnight, as the clock on somebody's wall tells it."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a task is and what it is about: all that decides who reaches it."""

    assignee: UUID
    assignee_team: Team = None
    creator: UUID | None = None
    has_lead: bool = False
    lead_owner: UUID | None = None
    lead_team: Team = None


def reaches(reach: Reach, me: UUID | None, standing: Standing) -> bool:
    """Whether a permission that goes as far as `reach` holds for a task.

    One's own always, and what one has asked of others; else whoever reaches the lead reaches what is to be done about
    it, and a task about no lead belongs with its assignee.
    """
    if me is not None and me in {standing.assignee, standing.creator}:
        return True
    if standing.has_lead:
        return reach.holds(standing.lead_owner, standing.lead_team)
    return reach.holds(standing.assignee, standing.assignee_team)


def day_of(at: datetime, zone: str) -> Day:
    """The day in which a moment lies.

    >>> day = day_of(datetime(2026, 3, 29, 12, tzinfo=UTC), "Europe/Berlin")
    >>> day.starts.isoformat(), (day.ends - day.starts).total_seconds() / 3600
    ('2026-03-28T23:00:00+00:00', 23.0)
    """
    return Day(*lasts(at.astimezone(ZoneInfo(zone)).date(), zone))


def due_on(at: datetime, zone: str) -> datetime:
    """Until when something is due that is due on the day of `at`.

    >>> due_on(datetime(2026, 3, 1, 9, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-03-01T22:59:59+00:00'
    """
    return day_of(at, zone).ends - _LAST_MOMENT


def reminder_for(remind_at: datetime | None, now: datetime, *, is_open: bool) -> Reminder:
    """What a task's reminder does: a moment that has passed reminds nobody any more."""
    return Reminder.WAITING if is_open and remind_at is not None and remind_at > now else Reminder.NONE
