"""What a replay says about two configurations: pure, from how each lead ended under either.

`now` is the configuration that is live, `then` the proposed one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from leadflow.scoring.backtest.measures import MEASURES, MINIMUM, Figure, Measure, Outcome, wins
from leadflow.scoring.config import Band, ScoringConfig
from leadflow.scoring.success import WORDS, Words

MOST_NAMED: Final = 1_000
"""Leads whose change of band is kept by name; all are counted."""


class Ended(NamedTuple):
    """A lead under one configuration at the end of the log. Scores are unrounded."""

    score: float
    band: Band
    early: float | None
    """The score a day after it came in, or before its outcome where that was sooner."""
    was_hot: bool
    """At any time while it was open."""
    hot_lately: bool
    """The same, within the window."""


class Lived(NamedTuple):
    """A lead of the log; `won` says whether it came to the goal, None: it did not end within the window."""

    id: UUID
    is_recent: bool
    won: bool | None
    now: Ended | None
    then: Ended | None


class Standing(NamedTuple):
    """A lead as it is today."""

    owner: UUID | None
    is_open: bool


class Tally:
    """Adds up leads, some at a time."""

    def __init__(self, now: ScoringConfig, then: ScoringConfig) -> None:
        self.now = now
        self.then = then
        self.leads = 0
        self.moves: Counter[tuple[Band, Band]] = Counter()
        self.hot: dict[UUID | None, list[int]] = {}
        self._before: list[Outcome] = []
        self._after: list[Outcome] = []
        self._changed: list[tuple[float, UUID, Ended, Ended]] = []

    def add(self, lives: Iterable[Lived], today: Mapping[UUID, Standing]) -> None:
        for life in lives:
            if life.now is None or life.then is None:
                continue
            self.leads += life.is_recent
            if life.won is not None and life.now.early is not None and life.then.early is not None:
                self._before.append(Outcome(life.won, life.now.early, life.now.was_hot))
                self._after.append(Outcome(life.won, life.then.early, life.then.was_hot))
            standing = today.get(life.id)
            if standing is not None:
                self._stand(life.id, life.now, life.then, standing)
        self._changed.sort(key=_farthest)
        del self._changed[MOST_NAMED:]

    def _stand(self, lead_id: UUID, now: Ended, then: Ended, standing: Standing) -> None:
        if now.hot_lately or then.hot_lately:
            counts = self.hot.setdefault(standing.owner, [0, 0])
            counts[0] += now.hot_lately
            counts[1] += then.hot_lately
        if standing.is_open:
            self.moves[now.band, then.band] += 1
            if now.band is not then.band:
                self._changed.append((abs(then.score - now.score), lead_id, now, then))

    @property
    def outcomes(self) -> tuple[int, int]:
        """How many came to the goal, and how many were lost."""
        won = wins(self._before)
        return won, len(self._before) - won

    def figures(self) -> list[tuple[Measure, Figure, Figure]]:
        return [
            (measure, measure.of(self._before, self.now), measure.of(self._after, self.then)) for measure in MEASURES
        ]

    def changed(self) -> list[dict[str, object]]:
        """Open leads whose band is another, those whose score moves farthest first."""
        return [
            {
                "lead": str(lead_id),
                "before": {"score": round(now.score), "band": now.band.value},
                "after": {"score": round(then.score), "band": then.band.value},
            }
            for _, lead_id, now, then in self._changed
        ]

    def to_json(self, days: float) -> dict[str, object]:
        """`days` is how long the window was, for what is told per week."""
        won, lost = self.outcomes
        weeks = max(days, 1.0) / 7.0
        return {
            "leads": self.leads,
            "goal": self.then.goal.value,
            "outcomes": {"won": won, "lost": lost},
            "minimum": MINIMUM,
            "weeks": weeks,
            "moves": {old.value: {new.value: self.moves[old, new] for new in Band} for old in Band},
            "figures": [_told(WORDS[self.then.goal], *row) for row in self.figures()],
            "workload": [
                {
                    "owner": str(owner) if owner else None,
                    "before": _weekly(before, weeks),
                    "after": _weekly(after, weeks),
                }
                for owner, (before, after) in sorted(self.hot.items(), key=_busiest)
            ],
            "changed": self.changed(),
        }


def _told(words: Words, measure: Measure, before: Figure, after: Figure) -> dict[str, object]:
    label, help_ = measure.said(words)
    return {
        "key": measure.key,
        "label": label,
        "help": help_,
        "unit": measure.unit,
        "better": measure.better,
        "before": {"value": before.value, "evidence": before.evidence},
        "after": {"value": after.value, "evidence": after.evidence},
    }


def _weekly(leads: int, weeks: float) -> dict[str, object]:
    return {"leads": leads, "per_week": leads / weeks}


def _farthest(change: tuple[float, UUID, Ended, Ended]) -> tuple[float, UUID]:
    return -change[0], change[1]


def _busiest(row: tuple[UUID | None, list[int]]) -> tuple[int, str]:
    return -max(row[1]), str(row[0])
