"""Whose a holiday is, and from when to when it lasts: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.reach import Team
from leadflow.tenancy.holidays.commands import EARLIEST, LATEST

LONGEST: Final = timedelta(days=732)
_DAY: Final = timedelta(days=1)

Off = tuple[datetime, datetime, str]
"""From when to when, in UTC, and what the day is called."""


@dataclass(frozen=True, slots=True)
class KnownHoliday:
    """Everybody's, unless a team or a person is named."""

    day: date
    name: str
    team: Team = None
    person: UUID | None = None


def lasts(day: date, zone: str) -> tuple[datetime, datetime]:
    """From midnight to midnight, as the clock on the wall tells it.

    >>> starts, ends = lasts(date(2026, 3, 29), "Europe/Berlin")
    >>> starts.hour, ends - starts
    (23, datetime.timedelta(seconds=82800))
    """
    there = ZoneInfo(zone)
    midnights = (datetime(each.year, each.month, each.day, tzinfo=there) for each in (day, day + _DAY))
    starts, ends = (midnight.astimezone(UTC) for midnight in midnights)
    return starts, ends


def lineage(team: Team, parents: Mapping[UUID, Team]) -> frozenset[UUID]:
    """A team and all teams above it."""
    found: set[UUID] = set()
    while team is not None and team not in found:
        found.add(team)
        team = parents.get(team)
    return frozenset(found)


class Holidays:
    """Those of a window, asked for one person after another. Persons of a team and a zone share the answer."""

    def __init__(self, known: Iterable[KnownHoliday], parents: Mapping[UUID, Team]) -> None:
        self._shared: list[KnownHoliday] = []
        self._own: dict[UUID, list[KnownHoliday]] = {}
        for each in known:
            if each.person is None:
                self._shared.append(each)
            else:
                self._own.setdefault(each.person, []).append(each)
        self._parents = parents
        self._found: dict[tuple[Team, str], tuple[Off, ...]] = {}

    def of(self, person: UUID, team: Team, zone: str) -> tuple[Off, ...]:
        """Somebody's, in their own zone, the first first. Of a person's own no name: what they celebrate is theirs."""
        key = team, zone
        if key not in self._found:
            above = lineage(team, self._parents)
            shared = (each for each in self._shared if each.team is None or each.team in above)
            self._found[key] = tuple(sorted((*lasts(each.day, zone), each.name) for each in shared))
        if person not in self._own:
            return self._found[key]
        own = ((*lasts(each.day, zone), "") for each in self._own[person])
        return tuple(sorted((*self._found[key], *own)))


def window(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days that are asked for: from today on, for a year, unless said otherwise.

    Raises:
        Invalid: it ends before it begins, is longer than two years or lies outside of what can be.

    """
    first = first or min(today, last or today)
    last = last or min(first + timedelta(days=365), LATEST)
    if not EARLIEST <= first <= LATEST:
        raise Invalid(problems=[FieldProblem("from", f"Choose a day between {EARLIEST:%Y} and {LATEST:%Y}.")])
    if not first <= last <= min(first + LONGEST, LATEST):
        raise Invalid(problems=[FieldProblem("to", "Choose a day after the first one, within two years.")])
    return first, last
