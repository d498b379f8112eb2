"""Office hours: adding and measuring time that only runs while somebody is at work."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Monday to Friday, `opens` to `closes` in `zone`. Every instant that goes in or comes out is aware, in UTC."""

    zone: str = "Europe/Berlin"
    opens: time = time(9)
    closes: time = time(18)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))

    def is_open(self, at: datetime) -> bool:
        local = self.local(at)
        return local.weekday() < SATURDAY and self.opens <= local.time() < self.closes

    def next_open(self, at: datetime) -> datetime:
        """`at` itself while open, else the next opening."""
        if self.is_open(at):
            return at
        local = self.local(at)
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return datetime.combine(day, self.opens, ZoneInfo(self.zone)).astimezone(UTC)

    def closing(self, at: datetime) -> datetime:
        """When the office that is open at `at` closes."""
        return datetime.combine(self.local(at).date(), self.closes, ZoneInfo(self.zone)).astimezone(UTC)

    def later(self, at: datetime, delay: timedelta) -> datetime:
        """The instant at which `delay` of office time has passed since `at`."""
        at = self.next_open(at)
        while at + delay >= (end := self.closing(at)):
            delay -= end - at
            at = self.next_open(end)
        return at + delay

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The office time from `start` to `end`."""
        total = timedelta()
        at = self.next_open(start)
        while at < end:
            stop = min(end, self.closing(at))
            total += stop - at
            at = self.next_open(self.closing(at))
        return total
