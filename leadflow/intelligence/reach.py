"""How often calls reach somebody and e-mails are answered, by the hour of the lead's week: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from leadflow.intelligence.insight import Cell, Counted, Counts
from leadflow.intelligence.statistics import smoothed, wilson
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
"""What is known at any time weighs as much, for these hours, as so many attempts in them."""
DAY_PSEUDO: Final = 60.0
"""What is known of these hours on any day, for one day of the week: days differ less than hours."""
CHANCE: Final = 2.33
"""Standard errors by which an hour has to be better: of a dozen that are all the same, one is in one case of ten."""
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
    def answers(self) -> int:
        return sum(self.answered.values())

    @property
    def rate(self) -> float:
        return self.answers / self.tries if self.tries else 0.0

    @property
    def is_known(self) -> bool:
        return self.tries >= MINIMUM

    def rate_in(self, window: int, own: "Channel | None" = None) -> float:
        """The chance of an answer in the window that begins with this hour of the week.

        Beta-smoothed in steps, each the prior of the next: the channel as a whole, then these hours on any day
        (`PSEUDO`), then these hours on this day (`DAY_PSEUDO`); last the lead's own hours on any day (`OWN_PSEUDO`), if
        it has answered `OWN_ENOUGH` times.
        """
        share = smoothed(*self._in(_on_any_day(window)), self.rate, PSEUDO)
        share = smoothed(*self._in(_slots(window)), share, DAY_PSEUDO)
        if own is not None and own.answers >= OWN_ENOUGH:
            share = smoothed(*own._in(_on_any_day(window)), share, OWN_PSEUDO)  # noqa: SLF001 - of the same class
        return share

    def stands_out(self, window: int) -> bool:
        """These hours are better than any time by more than chance would make of it."""
        hits, tries = self.in_hours(window)
        return tries > 0 and wilson(hits / tries, tries, CHANCE).low > self.rate

    def in_hours(self, window: int) -> tuple[int, int]:
        """Answers and attempts in these hours on any day."""
        return self._in(_on_any_day(window))

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


def _on_any_day(window: int) -> list[int]:
    return [slot for day in range(7) for slot in _slots(day * 24 + window % 24)]


def _slots(window: int) -> list[int]:
    """The hours of a window; it does not go past midnight."""
    return [window + hour for hour in range(HOURS) if window % 24 + hour < 24]
