"""Working time: how much of it lies between two moments, and when so much of it has passed. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from leadflow.tenancy.hours import DAYS, Week

AHEAD: Final = timedelta(days=90)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkTime:
    """When somebody works, week after week in their own zone (None: always), less the times when they are away."""

    week: Week | None
    zone: str
    off: tuple[tuple[datetime, datetime], ...] = ()

    def after(self, start: datetime, span: timedelta) -> datetime | None:
        """When `span` of working time has passed since `start`; None when there is not as much within 90 days."""
        left = span
        for begins, ends in self._shifts(start, start + AHEAD):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`."""
        return sum((ends - begins for begins, ends in self._shifts(start, end)), timedelta())

    def _shifts(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of working time within a period, in order, in UTC."""
        away = sorted(self.off)
        for begins, ends in self._planned(start.astimezone(UTC), end.astimezone(UTC)):
            at = begins
            for leaves, returns in away:
                if returns <= at or leaves >= ends:
                    continue
                if leaves > at:
                    yield at, leaves
                at = max(at, returns)
            if at < ends:
                yield at, ends

    def _planned(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        if self.week is None:
            if start < end:
                yield start, end
            return
        zone = ZoneInfo(self.zone)
        # In the hour that a clock skips in spring, times of the day overtake each other: no moment counts twice.
        done = start
        day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        while day <= last:
            for opens, closes in sorted(self.week.get(DAYS[day.weekday()], ())):
                midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
                begins, ends = (max(done, min(end, _at(midnight, each))) for each in (opens, closes))
                if begins < ends:
                    yield begins, ends
                    done = ends
            day += _DAY


def _at(midnight: datetime, time: str) -> datetime:
    """A time of the day as the clock on the wall tells it; 24:00 is the next midnight."""
    hour, minute = map(int, time.split(":"))
    return (midnight + timedelta(hours=hour, minutes=minute)).astimezone(UTC)
