"""Days and spans of days as moments, in the time zone of whoever's days they are. Pure: now is an argument."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
MOST_BACK: Final = 3_660
"""Days; weeks and months as far."""
_MOVING = re.compile(r"(last|next)_([1-9][0-9]{0,3})_(day|week|month)s")
_OF_UNIT: Final = {"day": 1, "week": 7, "month": 30}


class Span(NamedTuple):
    """From the first moment to before the last."""

    start: datetime
    end: datetime


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _shifted(day: date, months: int) -> date:
    """The same day of another month, or the last that it has."""
    first = _month(day.year, day.month + months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


_NAMED: Final[Mapping[str, Callable[[date], tuple[date, date]]]] = {
    "today": lambda day: (day, day + timedelta(1)),
    "yesterday": lambda day: (day - timedelta(1), day),
    "tomorrow": lambda day: (day + timedelta(1), day + timedelta(2)),
    "this_week": lambda day: (day - timedelta(day.weekday()), day + timedelta(7 - day.weekday())),
    "this_month": lambda day: (_month(day.year, day.month), _month(day.year, day.month + 1)),
    "this_quarter": lambda day: (
        _month(day.year, day.month - (day.month - 1) % 3),
        _month(day.year, day.month - (day.month - 1) % 3 + 3),
    ),
    "this_year": lambda day: (_month(day.year, 1), _month(day.year + 1, 1)),
}
PERIODS: Final = tuple(_NAMED)
"""Periods with a name; weeks begin on Monday. Besides there are `last_7_days`, `next_2_weeks` and the like, which both
count today.
"""


def is_period(name: str) -> bool:
    """
    >>> is_period("this_week"), is_period("last_30_days"), is_period("last_0_days"), is_period("ever")
    (True, True, False, False)
    """
    if name in _NAMED:
        return True
    found = _MOVING.fullmatch(name)
    return found is not None and int(found[2]) * _OF_UNIT[found[3]] <= MOST_BACK


def midnight(day: date, zone: str) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def today(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def days(first: date, last: date, zone: str) -> Span:
    """All of these days, the last included."""
    return Span(midnight(first, zone), midnight(last + timedelta(1), zone))


def period(name: str, now: datetime, zone: str) -> Span:
    """A named period as of now. Raises ValueError for a name that `is_period` does not know.

    >>> [str(each) for each in period("this_quarter", datetime(2026, 5, 9, tzinfo=UTC), "UTC")]
    ['2026-04-01 00:00:00+00:00', '2026-07-01 00:00:00+00:00']
    """
    day = today(now, zone)
    if name in _NAMED:
        start, end = _NAMED[name](day)
        return Span(midnight(start, zone), midnight(end, zone))
    found = _MOVING.fullmatch(name)
    if found is None:
        raise ValueError(name)
    is_past = found[1] == "last"
    start = day + timedelta(1) if is_past else day
    far = int(found[2]) * (-1 if is_past else 1)
    edge = _shifted(start, far) if found[3] == "month" else start + timedelta(far * _OF_UNIT[found[3]])
    return Span(midnight(min(start, edge), zone), midnight(max(start, edge), zone))


def before_days_ago(many: int, now: datetime, zone: str) -> datetime:
    """What lies more than so many days back lies before this."""
    return midnight(today(now, zone) - timedelta(many), zone)
