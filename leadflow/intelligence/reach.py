"""How often calls reach somebody and e-mails are answered, by the hour of the lead's week: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from leadflow.intelligence.insight import Cell, Counted, Counts
from leadflow.intelligence.statistics import smoothed
from leadflow.intelligence.story import Story

CHANNELS: Final = ("call", "email")
TRIED: Final = "tried"
ANSWERED: Final = "answered"
MINIMUM: Final = 30
"""Attempts of which it is known what came of them, before anything is said of a channel."""
UNITS: Final = {"call": "calls", "email": "e-mails"}
HOURS: Final = 2
"""A window's width."""
PSEUDO: Final = 20.0
"""What the wider group says of an hour weighs as much as so many attempts in it."""
OWN_PSEUDO: Final = 4.0
"""The same of all other leads, where a lead's own history is asked."""
OWN_ENOUGH: Final = 3
"""So many answers of its own make a lead's own history count."""


def cells(story: Story) -> Counted:
    """Attempts and answers of one lead, by channel and hour of its week."""
    for name, (tries, answered) in story.slots.items():
        channel, _, slot = name.partition(" ")
        yield Cell(TRIED, channel, int(slot)), tries
        yield Cell(ANSWERED, channel, int(slot)), answered


@dataclass(frozen=True, slots=True)
class Channel:
    """Attempts and answers through one channel, by hour of the week."""

    tried: Mapping[int, int]
    answered: Mapping[int, int]

    @property
    def tries(self) -> int:
        return sum(self.tried.values())

    @property
    def rate(self) -> float:
        return sum(self.answered.values()) / self.tries if self.tries else 0.0

    @property
    def is_known(self) -> bool:
        return self.tries >= MINIMUM

    def tries_in(self, window: int) -> int:
        return sum(self.tried.get(slot, 0) for slot in _slots(window))

    def rate_in(self, window: int, own: "Channel | None" = None) -> float:
        """The chance of an answer in the window that begins with this hour of the week.

        Beta-smoothed in steps: the channel as a whole, then these hours on any day, then these hours on this day, each
        the prior of the next with `PSEUDO` attempts; last the lead's own hours on any day, if it has answered
        `OWN_ENOUGH` times.
        """
        days = [slot for day in range(7) for slot in _slots(day * 24 + window % 24)]
        share = smoothed(*self._in(days), self.rate, PSEUDO)
        share = smoothed(*self._in(_slots(window)), share, PSEUDO)
        if own is not None and sum(own.answered.values()) >= OWN_ENOUGH:
            share = smoothed(*own._in(days), share, OWN_PSEUDO)  # noqa: SLF001 - of the same class
        return share

    def _in(self, slots: list[int]) -> tuple[int, int]:
        return sum(self.answered.get(slot, 0) for slot in slots), sum(self.tried.get(slot, 0) for slot in slots)


def channel(counts: Counts, name: str) -> Channel:
    """What the organization knows of a channel."""
    return Channel(counts.by_bucket(TRIED, name), counts.by_bucket(ANSWERED, name))


def own(story: Story, name: str) -> Channel:
    """What one lead has shown."""
    mine = {int(slot): counts for key, counts in story.slots.items() for kind, _, slot in [key.partition(" ")]
            if kind == name}  # fmt: skip
    return Channel({slot: each[0] for slot, each in mine.items()}, {slot: each[1] for slot, each in mine.items()})


def asks() -> list[tuple[str, str]]:
    return [(topic, name) for topic in (TRIED, ANSWERED) for name in CHANNELS]


def _slots(window: int) -> list[int]:
    """The hours of a window; it does not go past midnight."""
    return [window + hour for hour in range(HOURS) if window % 24 + hour < 24]
