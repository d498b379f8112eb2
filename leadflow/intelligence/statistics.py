"""The few statistics that insights are made of: pure.

Nothing is assumed of leads that are still open but that they have not been decided so far: they count as at risk up to
their age (right-censored), which leaves neither the quick nor the slow ones out.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

FEWEST_AT_RISK: Final = 5
"""Where fewer leads are left, a curve is not continued: single leads would draw it."""
Z_90: Final = 1.6449
"""A range that holds the true share nine times in ten."""


class Range(NamedTuple):
    low: float
    high: float


def smoothed(hits: float, tries: float, prior: float, weight: float) -> float:
    """The mean of a Beta distribution: a share that starts at `prior`, as if from `weight` tries.

    >>> smoothed(0, 0, 0.2, 20), smoothed(30, 60, 0.2, 20)
    (0.2, 0.425)
    """
    return (hits + prior * weight) / (tries + weight)


def wilson(share: float, tries: float, z: float = Z_90) -> Range:
    """Score interval of a share (Wilson 1927): honest for few tries and for shares near 0 and 1.

    >>> wilson(0.0, 0), [round(each, 2) for each in wilson(0.5, 20)]
    (Range(low=0.0, high=1.0), [0.33, 0.67])
    """
    if tries <= 0:
        return Range(0.0, 1.0)
    middle = share + z * z / (2 * tries)
    spread = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    scale = 1 + z * z / tries
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return Range(min(max(low, 0.0), share), max(min(high, 1.0), share))


def is_clearly_more(share: float, tries: float, than: float, than_tries: float) -> bool:
    """The 90 % ranges of two shares do not touch.

    >>> is_clearly_more(0.5, 100, 0.3, 100), is_clearly_more(0.5, 10, 0.3, 10)
    (True, False)
    """
    return wilson(share, tries).low > wilson(than, than_tries).high


@dataclass(frozen=True, slots=True)
class Lives:
    """Leads by how many days they took to be won or lost, and open ones by their age in days."""

    won: Mapping[int, int]
    lost: Mapping[int, int]
    open: Mapping[int, int]

    @property
    def decided(self) -> int:
        return sum(self.won.values()) + sum(self.lost.values())

    @property
    def leads(self) -> int:
        return self.decided + sum(self.open.values())

    def decided_from(self, day: int) -> int:
        """Those whose outcome came at this age or later."""
        return sum(count for each in (self.won, self.lost) for age, count in each.items() if age >= day)

    def steps(self) -> list["Step"]:
        """Each day at which something ends or is last seen, with how many were there to be decided on it."""
        left, steps = self.leads, []
        for day in sorted({*self.won, *self.lost, *self.open}):
            won, lost = self.won.get(day, 0), self.lost.get(day, 0)
            if left > 0:
                steps.append(Step(day, left, won, lost))
            left -= won + lost + self.open.get(day, 0)
        return steps


class Step(NamedTuple):
    day: int
    at_risk: int
    won: int
    lost: int


def decided_by(lives: Lives, age: int) -> list[tuple[int, float]]:
    """For a lead that is open at `age` days: the chance that it is decided up to and with each later day of age.

    1 − S(d)/S(age) by Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958), as far as there are leads to tell from.
    """
    survival, curve = 1.0, []
    for step in lives.steps():
        if step.at_risk < FEWEST_AT_RISK:
            break
        if step.day < age:
            continue
        survival *= 1 - (step.won + step.lost) / step.at_risk
        curve.append((step.day, 1 - survival))
    return curve


def quantile(curve: list[tuple[int, float]], share: float) -> int | None:
    """The first day by which at least this share is decided; None where the curve does not get there."""
    return next((day for day, decided in curve if decided >= share - 1e-12), None)


@dataclass(frozen=True, slots=True)
class Conversion:
    """The share won by an age, with a 90 % range, and how many leads it rests on (open ones by what they tell)."""

    share: float
    range: Range
    evidence: float


def won_by(lives: Lives, horizon: int) -> Conversion:
    """The share of leads that are won within `horizon` days of coming in, open ones counted up to their age.

    Cumulative incidence by Aalen and Johansen (1978), lost being the competing end; its variance is Marubini and
    Valsecchi's (1995, eq. 10.12), which without open leads is p (1 − p) / n. The range is Wilson's, for as many tries
    as would give that variance.
    """
    survival, share, terms = 1.0, 0.0, []
    for step in lives.steps():
        if step.day > horizon:
            break
        share += survival * step.won / step.at_risk
        terms.append((step, survival, share))
        survival *= 1 - (step.won + step.lost) / step.at_risk
    seen = _seen_through(lives, horizon)
    variance = sum(_variance(step, before, share - so_far) for step, before, so_far in terms)
    tries = share * (1 - share) / variance if variance > 1e-15 and 0 < share < 1 else float(seen)
    tries = min(tries, float(lives.leads))
    return Conversion(min(max(share, 0.0), 1.0), wilson(min(max(share, 0.0), 1.0), tries), tries)


def _variance(step: Step, before: float, rest: float) -> float:
    """What one day adds to the variance; `before` is the share open before it, `rest` what is still won after it."""
    n, ended, won = step.at_risk, step.won + step.lost, step.won
    total = before**2 * (n - won) * won / n**3 - 2 * rest * before * won / n**2
    return total + (rest**2 * ended / (n * (n - ended)) if ended < n else 0.0)


def _seen_through(lives: Lives, horizon: int) -> int:
    """Leads of which it is known how they stood at the horizon."""
    return lives.decided + sum(count for age, count in lives.open.items() if age >= horizon)


def median(counts: Mapping[int, int]) -> int | None:
    """The day by which half of those that ended had done so; None where none has."""
    total, so_far = sum(counts.values()), 0
    for day in sorted(counts):
        so_far += counts[day]
        if counts[day] and 2 * so_far >= total:
            return day
    return None
