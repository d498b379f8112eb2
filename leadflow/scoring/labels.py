"""When a lead counts as won or lost, and which of its states is learned from: pure.

Outcomes come late, and most leads never get one. Learning each when it arrives shows a model the quick wins and none of
those who will never answer. So a lead is learned from when a window has passed: as it ended, or as lost when it is
still open, and if that is won after all, it is taken back (delayed feedback with a window and retraction; the window is
three times as long as half of the wins take). The first hundred wins are too few to wait for: until then outcomes are
learned from at once. A lead is learned from as it was on its first day and as it was just before its outcome, half
each: what it did in between must not be news to the model when the next one does it, nor be all that it knows.
"""

import heapq
import math
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from leadflow.scoring.features import LeadFeatures, vector
from leadflow.scoring.goals import Goal

Vector = Mapping[str, float]

FIRST_DAYS: Final = 1.0
FIRST_WINDOW: Final = 30.0
SHORTEST_WINDOW: Final = 3.0
LONGEST_WINDOW: Final = 180.0
FEWEST_WINS: Final = 10
ENOUGH_WINS: Final = 100
FIRST_DAYS_OF_ALL: Final = 60.0
REMEMBERED: Final = 101
STRETCH: Final = 3.0
TAKEN_BACK: Final = "taken back"
AT_ONCE: Final = 5
"""So many leads may time out for each event: a flood of them is spread, in the same way however the log is read."""


class Told(StrEnum):
    """What the model was last told of a lead."""

    NOTHING = ""
    WON = "won"
    LOST = "lost"
    TIMED_OUT = "timed out"


class Lesson(NamedTuple):
    """One step of learning; a negative weight takes one back."""

    x: Vector
    won: bool
    weight: float = 1.0


@dataclass(slots=True)
class Example:
    """One lead as something to learn from. Times are days since 2020."""

    opened: float
    due: float
    """When it counts as lost unless it has been won."""
    first: Vector | None = None
    """As it was at the end of its first day, once something has happened after that."""
    last: Vector = field(default_factory=dict)
    """As it was before what the model was told of it."""
    told: Told = Told.NOTHING
    ended: Told = Told.NOTHING
    """How it ended, while the model is not to hear of it yet."""

    def lessons(self, sign: float = 1.0) -> list[Lesson]:
        won = self.told is Told.WON
        if self.first is None or self.last == self.first:
            return [Lesson(self.last, won, sign)]
        return [Lesson(self.first, won, sign / 2.0), Lesson(self.last, won, sign / 2.0)]


class Window:
    """How long an outcome is waited for, from how long wins have taken so far.

    The first wins are the quick ones, whatever the others will take: until `FIRST_DAYS_OF_ALL` have passed since the
    first lead, the window is the one that everybody starts with.
    """

    def __init__(self, waits: Iterable[float] = (), began: float | None = None) -> None:
        self.waits: deque[float] = deque(waits, REMEMBERED)
        self.began = began
        """The day of the first lead."""
        self._ordered = sorted(self.waits)

    def add(self, days: float) -> None:
        """A win took so long."""
        if len(self.waits) == REMEMBERED:
            self._ordered.remove(self.waits[0])
        self.waits.append(days)
        insort(self._ordered, days)

    @property
    def is_known(self) -> bool:
        """There have been so many wins that labels can wait for the end of the window."""
        return len(self.waits) >= ENOUGH_WINS

    def days(self, today: float) -> float:
        """How long to wait for the outcome of a lead that comes in today.

        >>> window = Window()
        >>> window.days(0.0)
        30.0
        >>> for _ in range(10): window.add(14.0)
        >>> window.days(59.0), window.days(60.0)
        (30.0, 42.0)
        """
        if self.began is None:
            self.began = today
        if len(self._ordered) < FEWEST_WINS or today - self.began < FIRST_DAYS_OF_ALL:
            return FIRST_WINDOW
        middle = self._ordered[len(self._ordered) // 2]
        return min(max(STRETCH * middle, SHORTEST_WINDOW), LONGEST_WINDOW)


class Labels:
    """The examples of one organization that are at hand, and what becomes of them as time and outcomes come by.

    Every method that returns lessons wants them learned, in this order. Leads are remembered as they were last seen,
    unless `latest` knows them. A lead is won here when it has come to the `goal`.
    """

    def __init__(
        self, window: Window, latest: Callable[[UUID], LeadFeatures] | None = None, goal: Goal = Goal.WON
    ) -> None:
        self.window = window
        self.goal = goal
        self.examples: dict[UUID, Example] = {}
        self.changed: set[UUID] = set()
        self.tally: Counter[tuple[int, str]] = Counter()
        """How many leads the model was told of, by day and as what, and how many were taken back."""
        self._seen: dict[UUID, LeadFeatures] | None = {} if latest is None else None
        self._latest = latest or self._remembered
        self._due: list[tuple[float, UUID]] = []

    def bring(self, key: UUID, example: Example, latest: LeadFeatures) -> None:
        """An example from the store, and the lead as it is by now."""
        self.examples[key] = example
        self._remember(key, latest)
        if example.told is Told.NOTHING:
            heapq.heappush(self._due, (example.due, key))

    def see(self, key: UUID, day: float, before: LeadFeatures, lead: LeadFeatures) -> None:
        """Something has happened to a lead; what it was at the end of its first day is learned from later."""
        self._remember(key, lead)
        example = self.examples.get(key)
        if example is None:
            self._await(key, Example(day, day + self.window.days(day)))
        else:
            self._settle_first(key, example, day, before)

    def close(self, key: UUID, day: float, lead: LeadFeatures, *, won: bool) -> list[Lesson]:
        """An outcome of a lead that was like this before it."""
        example = self.examples.setdefault(key, Example(day, day))
        self._settle_first(key, example, day, lead)
        told = Told.WON if won else Told.LOST
        self.changed.add(key)
        if won:
            self.window.add(max(day - example.opened, 0.0))
        if example.told is Told.TIMED_OUT and not won:
            example.told = told
            return []
        if not example.told and day < example.due and self.window.is_known:
            example.ended, example.last = told, vector(lead)
            return []
        return self._taken_back(example, day) + self._tell(example, vector(lead), told, day)

    def has_won(self, key: UUID) -> bool:
        """Whether a lead has come to the goal, by what was heard of it last."""
        example = self.examples.get(key)
        return example is not None and Told.WON in (example.told, example.ended)

    def reopen(self, key: UUID, day: float) -> list[Lesson]:
        """An outcome did not last: it is taken back, and the lead waits for the next one."""
        example = self.examples.get(key)
        if example is None:
            return []
        lessons = self._taken_back(example, day)
        example.told = example.ended = Told.NOTHING
        example.last, example.due = {}, day + self.window.days(day)
        self._await(key, example)
        return lessons

    def advance(self, day: float, most: int = AT_ONCE) -> list[Lesson]:
        """It is this day: the next leads whose window has ended count as they ended, or as lost, as they are now."""
        lessons: list[Lesson] = []
        while self._due and self._due[0][0] <= day and most > 0:
            due, key = heapq.heappop(self._due)
            example = self.examples[key]
            if not example.told and example.due == due:
                self.changed.add(key)
                last = example.last if example.ended else vector(self._latest(key))
                lessons += self._tell(example, last, example.ended or Told.TIMED_OUT, day)
                most -= 1
        return lessons

    def _settle_first(self, key: UUID, example: Example, day: float, before: LeadFeatures) -> None:
        if example.first is None and day > example.opened + FIRST_DAYS and not (example.told or example.ended):
            example.first = vector(before)
            self.changed.add(key)

    def _remember(self, key: UUID, lead: LeadFeatures) -> None:
        if self._seen is not None:
            self._seen[key] = lead

    def _remembered(self, key: UUID) -> LeadFeatures:
        return (self._seen or {})[key]

    def _await(self, key: UUID, example: Example) -> None:
        self.examples[key] = example
        self.changed.add(key)
        heapq.heappush(self._due, (example.due, key))

    def _tell(self, example: Example, last: Vector, told: Told, day: float) -> list[Lesson]:
        self.tally[math.floor(day), told.value] += 1
        example.told, example.ended, example.last = told, Told.NOTHING, last
        return example.lessons()

    def _taken_back(self, example: Example, day: float) -> list[Lesson]:
        if example.told is Told.NOTHING:
            return []
        self.tally[math.floor(day), TAKEN_BACK] += 1
        return example.lessons(-1.0)
