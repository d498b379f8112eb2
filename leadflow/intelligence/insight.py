"""What an insight is: what it counts of each lead's story, and what it tells of one lead from the counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from leadflow.intelligence.story import DAY, Story
from leadflow.kernel.fields import OPEN, FieldRights


class Cell(NamedTuple):
    """One count over an organization's leads, by what it is of, of which part of them, and in which bucket."""

    topic: str
    part: str = ""
    bucket: int = 0


Cells = Mapping[Cell, int]
Counted = Iterable[tuple[Cell, int]]


@dataclass(frozen=True, slots=True)
class Counts:
    """The organization's counts of some topics and parts."""

    cells: Cells

    def by_bucket(self, topic: str, part: str = "") -> dict[int, int]:
        return {
            cell.bucket: amount
            for cell, amount in self.cells.items()
            if cell.topic == topic and cell.part == part and amount > 0
        }

    def total(self, topic: str, part: str = "") -> int:
        return sum(self.by_bucket(topic, part).values())


@dataclass(frozen=True, slots=True)
class Case:
    """One open lead as somebody sees it: its story, its row without what is hidden from them, and the time."""

    story: Story
    lead: Mapping[str, Any]
    now: datetime
    usual_zone: str = "UTC"
    fields: FieldRights = OPEN

    @property
    def second(self) -> int:
        return int(self.now.timestamp())

    @property
    def today(self) -> int:
        return self.second // DAY

    @property
    def age(self) -> int:
        """In days by the calendar in UTC."""
        return max(self.today - self.story.opened_day, 0)

    def sees(self, field: str) -> bool:
        return field not in self.fields.hidden

    def sets(self, field: str) -> bool:
        return field not in self.fields.locked and self.sees(field)


@dataclass(frozen=True, slots=True)
class Told:
    """An insight in words. Below the minimum of evidence there is no text, only how much is missing."""

    text: str = ""
    why: str = ""
    evidence: int = 0
    """How many calls, e-mails, leads it rests on; `unit` says which."""
    minimum: int = 0
    unit: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def missing(self) -> int:
        return 0 if self.text else max(self.minimum - self.evidence, 0)


@dataclass(frozen=True, slots=True)
class Insight:
    """One thing that an organization's history tells about a lead.

    `cells` is what a story adds to the counts; `asks` are the topics and parts that `tell` reads. `tell` answers None
    where there is nothing worth a line.
    """

    title: str
    cells: Callable[[Story], Counted]
    asks: Callable[[Case], Iterable[tuple[str, str]]]
    tell: Callable[[Case, Counts], Told | None]
    position: int = 100
