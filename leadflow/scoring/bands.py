"""Which band a score falls into, and when a lead may leave its band. Pure; all times are those of events.

A lead rises at once. It falls only when its score is clearly below, and has been in its band for the dwell time. Every
change goes to the band whose thresholds the score meets at that moment, so there are never more changes than without
hysteresis and dwell time: between two changes the plain band has changed at least once too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from leadflow.scoring.config import Band, Thresholds

PERIOD: Final = timedelta(days=30)
"""For so long a change of band is remembered."""
MOST_CHANGES: Final = 64
RANK: Final = {Band.COLD: 0, Band.WARM: 1, Band.HOT: 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when a lead is in its band (None: for longer than is known), and when it changed bands before, in order."""

    since: datetime | None = None
    changes: tuple[datetime, ...] = ()

    def flaps(self, at: datetime) -> int:
        """How often the band changed within the 30 days before `at`; at most `MOST_CHANGES`."""
        return sum(change > at - PERIOD for change in self.changes)


NEW: Final = Standing()


def plain(score: float, thresholds: Thresholds) -> Band:
    """The band by the thresholds alone."""
    if score >= thresholds.hot:
        return Band.HOT
    return Band.WARM if score >= thresholds.warm else Band.COLD


def band(score: float, previous: Band | None, thresholds: Thresholds) -> Band:
    """Up at once, down only when clearly below: a score that trembles on a threshold does not flicker.

    >>> thresholds = Thresholds(hot=70, warm=40, hysteresis=4)
    >>> [str(band(score, Band.HOT, thresholds)) for score in (70, 66, 65, 40, 39)]
    ['hot', 'hot', 'warm', 'warm', 'cold']
    """
    now = plain(score, thresholds)
    if previous is None or RANK[now] >= RANK[previous]:
        return now
    floor = thresholds.hot if previous is Band.HOT else thresholds.warm
    return previous if score >= floor - thresholds.hysteresis else now


def move(
    score: float,
    previous: Band | None,
    standing: Standing,
    at: datetime | None,
    thresholds: Thresholds,
    *,
    is_closed: bool = False,
) -> tuple[Band, Standing]:
    """The band after an event at `at` (None: some time later than the dwell time), and since when.

    A fall by two bands, and the fall of a lead that is won or lost, waits for nothing.
    """
    now = band(score, previous, thresholds)
    if previous is None:
        return now, Standing(at)
    if now is previous or (not is_closed and _is_held_back(previous, now, standing, at, thresholds)):
        return previous, standing
    moment = max(at, standing.since) if at and standing.since else at
    return now, Standing(moment, _with(standing.changes, moment))


def falls_at(score: float, current: Band, standing: Standing, thresholds: Thresholds) -> datetime | None:
    """When a band that is kept for the dwell time alone will be left, unless the score recovers; None: it is met."""
    if standing.since is None or band(score, current, thresholds) is current:
        return None
    return standing.since + timedelta(hours=thresholds.dwell_hours)


def _is_held_back(previous: Band, now: Band, standing: Standing, at: datetime | None, thresholds: Thresholds) -> bool:
    if RANK[previous] - RANK[now] != 1 or at is None or standing.since is None:
        return False
    return at < standing.since + timedelta(hours=thresholds.dwell_hours)


def _with(changes: tuple[datetime, ...], moment: datetime | None) -> tuple[datetime, ...]:
    if moment is None:
        return changes
    recent = [change for change in changes if change > moment - PERIOD]
    return (*recent[1 - MOST_CHANGES :], moment)
