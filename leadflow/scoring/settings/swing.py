"""How far a change of rules can move a score, and so which leads it can move into another band. Pure.

A bound for every lead there could be, from the rules alone: a lead whose score is further away from a threshold than
that keeps its band, and its score can wait until those are right that everybody sorts and filters by.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from leadflow.scoring.bands import band
from leadflow.scoring.config import Band, EngagementRule, FitRule, ScoringConfig, Thresholds
from leadflow.scoring.explanation import logit, sigmoid
from leadflow.scoring.features import MAX_BEHAVIOURS, TEAM

SCORES: Final = range(101)
_NARROW: Final = 1e-9
_OFTEN: Final = 1e12
"""More than any heat there is."""
_UNBOUNDED: Final = ("points_per_logit", "other_behaviour", "patience", "goal", "champion")


class Span(NamedTuple):
    """From the deepest fall to the highest rise; nothing moves in `STILL`."""

    low: float
    high: float

    def plus(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def around(self, moves: Iterable[float]) -> "Span":
        """This, or any of them instead."""
        moves = (self.low, self.high, *moves)
        return Span(min(moves), max(moves))


STILL: Final = Span(0.0, 0.0)


class Sums(NamedTuple):
    """What rules of one group give to one lead: points for it, and points against it, which no limit holds back."""

    good: float = 0.0
    bad: float = 0.0


_Groups = Mapping[str, Sums]
_NOTHING: Final = Sums()


def swing(before: ScoringConfig, after: ScoringConfig) -> Span | None:
    """By how much the log-odds of a score can change, whatever the lead; None where it could be by anything."""
    if any(getattr(before, name) != getattr(after, name) for name in _UNBOUNDED):
        return None
    points = STILL
    moves = _moves(before, after)
    for group in {*moves, *before.limits, *after.limits}:
        good, bad = moves.get(group, (STILL, STILL))
        points = points.plus(_held(group, good, before, after)).plus(bad)
    base = logit(after.base / 100.0) - logit(before.base / 100.0)
    learned = _start_of_learned(after) - _start_of_learned(before)
    per_point = 1.0 / after.points_per_logit
    # Rules weigh 1 - w and what was learned weighs w, which lies between 0 and 1.
    return Span(points.low * per_point + base, points.high * per_point + base).around([learned])


def unsettled(before: Thresholds, after: Thresholds, moved: Span | None) -> dict[Band, list[int]]:
    """Of each band, the shown scores of leads that may come into another one, and all that are hot: those are what
    boards begin with. Everything where nothing is known of the change.

    A lead that is in a band for its dwell time alone is not among them.
    """
    if moved is None:
        return {each: list(SCORES) for each in Band}
    known = {each: [score for score in SCORES if band(score, each, before) is each] for each in Band}
    return {
        each: [score for score in scores if each is Band.HOT or not _stays(score, each, after, moved)]
        for each, scores in known.items()
    }


def _stays(score: int, now: Band, thresholds: Thresholds, moved: Span) -> bool:
    """A shown score is rounded; and a higher score never leads to a lower band, so both ends tell all between them."""
    ends = (_shifted(score - 0.5, moved.low), _shifted(score + 0.5, moved.high))
    return all(band(round(end), now, thresholds) is now for end in ends)


def _shifted(score: float, by: float) -> float:
    share = min(max(score / 100.0, _NARROW), 1.0 - _NARROW)
    return 100.0 * sigmoid(logit(share) + by)


def _start_of_learned(config: ScoringConfig) -> float:
    return logit(config.usual_score / 100.0) - logit(config.usual_win_rate)


def _held(group: str, good: Span, before: ScoringConfig, after: ScoringConfig) -> Span:
    """A limit lets no more of a change through than there is; a limit that moves adds at most its own move."""
    was, now = (_limit(config, group) for config in (before, after))
    if before.limits.get(group) == after.limits.get(group):
        return good
    return Span(max(good.low + min(now - was, 0.0), -was), min(good.high + max(now - was, 0.0), now))


def _limit(config: ScoringConfig, group: str) -> float:
    """The most points for a lead that a group gives."""
    most = sum(rule.limit for rule in config.engagement if rule.group == group and rule.points > 0.0)
    most += sum(rule.points for rule in config.fit if rule.group == group and rule.points > 0.0)
    if (other := config.other_behaviour) and other.group == group and other.points > 0.0:
        most += other.limit * MAX_BEHAVIOURS
    return min(config.limits.get(group, math.inf), most)


def _moves(before: ScoringConfig, after: ScoringConfig) -> dict[str, tuple[Span, Span]]:
    """For each group, how far its points for a lead and those against it can move before limits hold them."""
    total: dict[str, tuple[Span, Span]] = {}
    for alternatives in (*_of_fit(before, after), *_of_behaviour(before, after)):
        for group in {group for was, now in alternatives for group in (*was, *now)}:
            good, bad = STILL, STILL  # no lead has to have the attribute, or to have done it
            for was, now in alternatives:
                first, then = was.get(group, _NOTHING), now.get(group, _NOTHING)
                good, bad = good.around([then.good - first.good]), bad.around([then.bad - first.bad])
            known = total.get(group, (STILL, STILL))
            total[group] = known[0].plus(good), known[1].plus(bad)
    return total


def _of_fit(before: ScoringConfig, after: ScoringConfig) -> Iterator[list[tuple[_Groups, _Groups]]]:
    """For each attribute: what any value of it gave, and gives now."""
    for attribute in {rule.attribute for rule in (*before.fit, *after.fit)}:
        was, now = ([rule for rule in config.fit if rule.attribute == attribute] for config in (before, after))
        values = {value for rule in (*was, *now) for value in rule.values} | {None}
        yield [(_given(was, value), _given(now, value)) for value in values]


def _given(rules: Iterable[FitRule], value: str | None) -> _Groups:
    """By rules about one attribute for a value; None: one that no rule names."""
    found: dict[str, Sums] = defaultdict(Sums)
    for rule in rules:
        if not rule.values or value in rule.values:
            good, bad = found[rule.group]
            found[rule.group] = Sums(good + max(rule.points, 0.0), bad + min(rule.points, 0.0))
    return found


def _of_behaviour(before: ScoringConfig, after: ScoringConfig) -> Iterator[list[tuple[_Groups, _Groups]]]:
    """For each behaviour: what it gave, and gives now, at every heat at which a line of the two has a corner."""
    old, new = ({rule.behaviour: rule for rule in config.engagement} for config in (before, after))
    for behaviour in old.keys() | new.keys():
        other = None if behaviour.startswith(TEAM) else after.other_behaviour
        was, now = old.get(behaviour, other), new.get(behaviour, other)
        corners = [rule.limit / abs(rule.points) for rule in (was, now) if rule and rule.points]
        yield [(_done(was, heat), _done(now, heat)) for heat in (*corners, _OFTEN)]


def _done(rule: EngagementRule | None, heat: float) -> _Groups:
    if rule is None:
        return {}
    points = min(max(rule.points * heat, -rule.limit), rule.limit)
    return {rule.group: Sums(max(points, 0.0), min(points, 0.0))}
