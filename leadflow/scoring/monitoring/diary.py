"""What models thought before they learned on a day, and after: pure, and the same in whatever batches the log is read.

A day begins with the first lesson on it, and its last lesson is followed by the first one of another day, or by nothing
yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol, runtime_checkable

from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.monitoring.tally import date_of

Vector = Mapping[str, float]

MOST: Final = 120
"""Features of a model that are written down: the strongest."""
_DIGITS: Final = 4


@runtime_checkable
class Telling(Protocol):
    """A model that can say what it thinks of each feature; others are graded, and not told of."""

    def effects(self) -> Mapping[str, float]:
        """What each feature adds to the log-odds where it is 1."""
        ...


@dataclass(slots=True)
class Page:
    """A model's day. `seen` are the outcomes by feature: weights of those won and lost."""

    before: Mapping[str, float]
    after: Mapping[str, float] = field(default_factory=dict)
    seen: dict[str, tuple[float, float]] = field(default_factory=dict)

    def see(self, x: Mapping[str, float], weight: float, *, won: bool) -> None:
        gained = (weight, 0.0) if won else (0.0, weight)
        for name in x:
            wins, losses = self.seen.get(name, (0.0, 0.0))
            self.seen[name] = (wins + gained[0], losses + gained[1])

    def then(self, later: "Page") -> "Page":
        """This day, gone on with."""
        page = Page(self.before, later.after, dict(self.seen))
        for name, (wins, losses) in later.seen.items():
            had = page.seen.get(name, (0.0, 0.0))
            page.seen[name] = (had[0] + wins, had[1] + losses)
        return page

    def end(self, effects: Mapping[str, float]) -> None:
        """What the model thinks by now. Of features for which it had no room it never will think anything."""
        self.after = strongest(effects)
        self.seen = {name: counts for name, counts in self.seen.items() if name in effects}

    def to_json(self) -> dict[str, Any]:
        seen = {name: list(counts) for name, counts in sorted(self.seen.items())}
        return {"before": dict(self.before), "after": dict(self.after), "seen": seen}


class Diary:
    """Hears of each lesson before it is learned."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, date], Page] = {}
        self._open: dict[str, tuple[date, Telling]] = {}

    def hear(self, name: str, model: OnlineModel, today: float, lesson: tuple[Vector, bool, float]) -> None:
        """The model of this name is about to learn; a negative weight takes a lesson back."""
        day = date_of(today)
        if name not in self._open or self._open[name][0] != day:
            if not isinstance(model, Telling):
                return
            effects = model.effects()
            if name in self._open:
                self.pages[name, self._open[name][0]].end(effects)
            self._open[name] = (day, model)
            self.pages.setdefault((name, day), Page(strongest(effects)))
        x, won, weight = lesson
        if weight > 0.0:
            self.pages[name, day].see(x, weight, won=won)

    def close(self) -> dict[tuple[str, date], Page]:
        """What has been written so far, up to now; it goes on."""
        for name, (day, model) in self._open.items():
            self.pages[name, day].end(model.effects())
        return self.pages


def strongest(effects: Mapping[str, float]) -> dict[str, float]:
    ordered = sorted(effects.items(), key=lambda each: (-abs(each[1]), each[0]))
    return {name: round(z, _DIGITS) for name, z in ordered[:MOST]}


@dataclass(frozen=True, slots=True)
class Change:
    """How a model has come to think otherwise of a feature, in log-odds, and from how many outcomes with it."""

    feature: str
    before: float
    after: float
    wins: float
    losses: float

    @property
    def by(self) -> float:
        return self.after - self.before


LEAST_CHANGE: Final = 0.01


def changes(before: Mapping[str, float], after: Mapping[str, float], seen: Mapping[str, Any]) -> list[Change]:
    """What a model thinks otherwise, strongest first. Where not all features are written down, only those that are."""
    whole = len(before) < MOST and len(after) < MOST
    names = before.keys() | after.keys() if whole else before.keys() & after.keys()
    found = []
    for name in names:
        wins, losses = seen.get(name, (0.0, 0.0))
        found.append(Change(name, before.get(name, 0.0), after.get(name, 0.0), wins, losses))
    told = [each for each in found if abs(each.by) >= LEAST_CHANGE and each.wins + each.losses > 0.0]
    return sorted(told, key=lambda each: (-abs(each.by), each.feature))
