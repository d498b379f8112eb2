"""The smallest change that would lift a lead into a higher band, as the scorer itself would score it. Pure.

One change is tried with everything that could happen, two with the strongest; beyond that, the next strongest is added
to the best two until a higher band is reached, or nothing helps any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations_with_replacement
from typing import Final

from leadflow.scoring.bands import RANK
from leadflow.scoring.config import Band
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.scorer import Previous, Scorer
from leadflow.scoring.whatif.changes import Change, after, strongest

MOST_WAYS: Final = 3
MOST_CHANGES: Final = 4
STRONGEST: Final = 12
NEXT: Final = {Band.COLD: Band.WARM, Band.WARM: Band.HOT}


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together bring a lead to a score and a band; `lift` is counted from the score as it is shown."""

    changes: tuple[Change, ...]
    score: int
    lift: int
    band: Band


@dataclass(frozen=True, slots=True)
class Lift:
    """`ways` of the same, smallest size, the strongest first. Without any, `nearest` is as far as it would get.

    `target` is the next band up; None: the lead is hot, or won or lost, and nothing is suggested.
    """

    target: Band | None
    ways: tuple[Way, ...] = ()
    nearest: Way | None = None


def lift(scorer: Scorer, features: LeadFeatures, previous: Previous, at: datetime, changes: Sequence[Change]) -> Lift:
    """What could happen at `at` that would lift a lead into a higher band than the one it has by its score."""
    target = None if features.outcome else NEXT.get(previous.band)
    if target is None:
        return Lift(None)
    search = _Search(scorer, features, previous, at)
    ones = [search.way((change,)) for change in changes]
    if reached := search.best(ones):
        return Lift(target, reached)
    alone = {way.changes[0].key: search.exact[way.changes] for way in ones}
    able = strongest(changes, alone, STRONGEST)
    pairs = [search.way(pair) for pair in combinations_with_replacement(able, 2) if pair[0].allows(pair[1])]
    if reached := search.best(pairs):
        return Lift(target, reached)
    return _beyond(search, target, able, [*ones, *pairs])


def _beyond(search: "_Search", target: Band, able: Sequence[Change], ways: Sequence[Way]) -> Lift:
    """From the best so far on, always the change that adds most."""
    lifting = [way for way in ways if way.lift > 0]
    if not lifting:
        return Lift(target)
    best = min(lifting, key=search.rank)
    while len(best.changes) < MOST_CHANGES:
        more = [search.way((*best.changes, each)) for each in able if all(each.allows(one) for one in best.changes)]
        if reached := search.best(more):
            return Lift(target, reached[:1])
        further = min(more, key=search.rank, default=best)
        if search.exact[further.changes] <= search.exact[best.changes]:
            break
        best = further
    return Lift(target, nearest=best)


class _Search:
    """Judges what would be; remembers unrounded scores by what would have happened."""

    def __init__(self, scorer: Scorer, features: LeadFeatures, previous: Previous, at: datetime) -> None:
        self.exact: dict[tuple[Change, ...], float] = {}
        self._scorer = scorer
        self._features = features
        self._previous = previous
        self._at = at

    def way(self, changes: tuple[Change, ...]) -> Way:
        features = after(self._features, changes, self._at, self._scorer.config.half_lives)
        verdict = self._scorer.judge(features, self._previous, self._at)
        self.exact[changes] = verdict.explanation.score
        return Way(changes, verdict.score, verdict.delta, verdict.band)

    def best(self, ways: Sequence[Way]) -> tuple[Way, ...]:
        """Those that reach a higher band; of those about the same, the one that lifts most."""
        reached: dict[tuple[str, ...], Way] = {}
        for way in sorted(ways, key=self.rank):
            if RANK[way.band] > RANK[self._previous.band]:
                reached.setdefault(tuple(sorted(change.about for change in way.changes)), way)
        return tuple(reached.values())[:MOST_WAYS]

    def rank(self, way: Way) -> tuple[float, list[tuple[str, str]]]:
        return -self.exact[way.changes], [change.key for change in way.changes]
