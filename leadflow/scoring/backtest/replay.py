"""Tells the log of an organization to two scorers side by side, in memory. Each learns as it goes, from nothing.

What is known of a lead is kept packed between its events: a long log is many leads, and few of them at a time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from leadflow.scoring.backtest.rules import Ended, Lived
from leadflow.scoring.bands import NEW, Standing
from leadflow.scoring.config import Band, ScoringConfig
from leadflow.scoring.goals import ended
from leadflow.scoring.labels import Labels, Window
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.past.packing import packed, unpacked
from leadflow.scoring.past.repository import Past
from leadflow.scoring.scorer import Previous, Scorer

EARLY: Final = timedelta(days=1)
"""A score is held against the outcome as it stood so long after the lead came in: in time to act on it, and before
most of what only leads do that are about to come to the goal.
"""


@dataclass(slots=True)
class _Side:
    """One lead as one of the scorers sees it."""

    packed: bytes = b""
    score: float = 0.0
    band: Band | None = None
    standing: Standing = NEW
    early: float | None = None
    was_hot: bool = False
    hot_lately: bool = False


@dataclass(slots=True)
class _Life:
    """One lead, so far."""

    captured_at: datetime
    now: _Side
    then: _Side
    won: bool | None = None
    ended_at: datetime | None = None
    is_recent: bool = False


class Replay:
    """Two configurations over one log. `since` is where the window begins; what is before it only warms up.

    Both are judged by the goal of the second.
    """

    def __init__(self, now: ScoringConfig, then: ScoringConfig, models: Iterable[OnlineModel], since: datetime) -> None:
        first, second = models
        self._lives: dict[UUID, _Life] = {}
        self._scorers = (
            Scorer(now, first, Labels(Window(), lambda lead: unpacked(self._lives[lead].now.packed), now.goal)),
            Scorer(then, second, Labels(Window(), lambda lead: unpacked(self._lives[lead].then.packed), then.goal)),
        )
        self._since, self._goal = since, then.goal
        self.window = 0
        """How many of the events were in the window."""
        self.first_at: datetime | None = None
        """When the first of these happened."""

    def tell(self, events: Iterable[Past]) -> None:
        """The next events, in the order of the log."""
        for event in events:
            is_recent = event.occurred_at >= self._since
            if is_recent:
                self.window += 1
                self.first_at = min(self.first_at or event.occurred_at, event.occurred_at)
            if event.lead_id is None:
                for scorer in self._scorers:
                    scorer.adopt(event.data)
            else:
                self._live(event.lead_id, event, is_recent=is_recent)

    def _live(self, lead_id: UUID, event: Past, *, is_recent: bool) -> None:
        life = self._lives.get(lead_id)
        if life is None:
            life = self._lives[lead_id] = _Life(event.occurred_at, _Side(), _Side())
        life.is_recent |= is_recent
        won = ended(self._goal, life.won, event.kind, event.data)
        is_late = won is not life.won or event.occurred_at > life.captured_at + EARLY
        for scorer, side in zip(self._scorers, (life.now, life.then), strict=True):
            if is_late and side.early is None and side.band is not None:
                side.early = side.score
            _hear(scorer, lead_id, side, event, is_recent=is_recent, is_over=bool(won))
        if won is not life.won:
            life.won, life.ended_at = won, None if won is None else event.occurred_at

    def __len__(self) -> int:
        return len(self._lives)

    def lives(self) -> Iterator[Lived]:
        """Every lead that there was, as it stands at the end."""
        for lead_id, life in self._lives.items():
            won = life.won if life.ended_at is not None and life.ended_at >= self._since else None
            yield Lived(lead_id, life.is_recent, won, _ended(life.now), _ended(life.then))


def _hear(scorer: Scorer, lead_id: UUID, side: _Side, event: Past, *, is_recent: bool, is_over: bool) -> None:
    """`is_over`: it has come to the goal by now, and is not foreseen to do so any more."""
    features = unpacked(side.packed)
    previous = None if side.band is None else Previous(side.score, side.band, side.standing)
    scored = scorer.apply(lead_id, features, previous, event)
    if scored.features is not features:
        side.packed = packed(scored.features)
    if scored.verdict is None:
        return
    side.score, side.band = scored.verdict.explanation.score, scored.verdict.band
    side.standing = scored.verdict.standing
    if side.band is Band.HOT and not scored.features.outcome:
        side.was_hot |= not is_over
        side.hot_lately |= is_recent


def _ended(side: _Side) -> Ended | None:
    if side.band is None:
        return None
    return Ended(side.score, side.band, side.early, side.was_hot, side.hot_lately)
