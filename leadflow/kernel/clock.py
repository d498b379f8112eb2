"""Time is an argument: nothing below a door asks the machine what time it is."""

from datetime import UTC, datetime
from typing import Protocol


def milliseconds(at: datetime) -> int:
    """Since 1970, as browsers count."""
    return round(at.timestamp() * 1000)


class Clock(Protocol):
    """Tells the time, always aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests, simulation and replay."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at
