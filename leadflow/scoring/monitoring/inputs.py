"""What comes in, counted by day, and whether it still is what it used to be: pure.

Values of new leads are compared by the population stability index: below 0.1 nothing to speak of, from 0.25 on a shift
(Lewis 1994; Siddiqi 2006, "Credit Risk Scorecards"). On few leads it is large by chance: with k values it is about as
large as (1/n + 1/m) times chi-squared with k - 1 degrees of freedom (Yurdakul, Naranjo 2020): a shift exceeds both.

A behaviour that hardly comes any more is compared with the same days of the week before, by the lower tail of a Poisson
distribution whose mean is stretched by how much days like these differed (quasi-Poisson; McCullagh, Nelder 1989).
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from leadflow.scoring import attributes
from leadflow.scoring.attributes import CUSTOM, NUMBER, Value
from leadflow.scoring.features import TEAM

MOST_ATTRIBUTES: Final = 40
MOST_VALUES: Final = 50
MOST_BEHAVIOURS: Final = 60
OTHER: Final = "other values"
MISSING: Final = "not known"
COMPARED: Final = 12
"""Values that are told apart, the most frequent ones; all others are one."""
LATELY: Final = 7
BEFORE: Final = 28
FEWEST_LEADS: Final = 50
"""In each of the two periods."""
NOTABLE: Final = 0.1
SHIFTED: Final = 0.25
SETTLED: Final = 0.2
"""A shift is over when it is below this."""
_Z_SHIFT: Final = 3.7
"""One in ten thousand: some dozens of attributes are looked at."""
_HALF: Final = 0.5

NEW_LEADS: Final = "lead.captured"
UNLIKELY: Final = 1e-6
DROPPED: Final = 0.25
"""A behaviour has stopped when less than this part of what is usual still comes."""
LEAST_DISPERSION: Final = 2.0
"""Who comes mostly does several things at once."""
WEEKS: Final = 4
FEWEST_WEEKS: Final = 2
WINDOWS: Final = (1, 2, 3, 5, 7)
"""Days that are looked at together, up to the last whole one."""


@dataclass(slots=True)
class Day:
    """What came in on a day."""

    leads: int = 0
    facts: dict[str, dict[str, int]] = field(default_factory=dict)
    behaviours: dict[str, int] = field(default_factory=dict)

    def hear(self, kind: str, data: Mapping[str, object]) -> None:
        family, _, name = kind.partition(".")
        if family in {"behaviour", "activity"}:
            behaviour = TEAM + name if family == "activity" else name
            key = behaviour if behaviour in self.behaviours or len(self.behaviours) < MOST_BEHAVIOURS else OTHER
            self.behaviours[key] = self.behaviours.get(key, 0) + 1
            return
        if kind == NEW_LEADS:
            self.leads += 1
        for attribute, value in facts_of(kind, data):
            self._count(attribute, value)

    def _count(self, attribute: str, value: str) -> None:
        values = self.facts.get(attribute)
        if values is None:
            if len(self.facts) >= MOST_ATTRIBUTES:
                return
            values = self.facts[attribute] = {}
        key = value if value in values or len(values) < MOST_VALUES else OTHER
        values[key] = values.get(key, 0) + 1

    def to_json(self) -> dict[str, Any]:
        return {"leads": self.leads, "facts": self.facts, "behaviours": self.behaviours}


def facts_of(kind: str, data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What an event tells of a new lead, numbers by their order of magnitude."""
    facts: dict[str, Value] = {}
    if kind == NEW_LEADS:
        facts = attributes.given(data) | attributes.custom(data.get("custom"))
        facts.pop("value", None)
    elif kind == "lead.enriched":
        facts = {f"found:{name}": value for name, value in attributes.found(data.get("facts")).items()}
    for attribute, value in facts.items():
        yield attribute, value if isinstance(value, str) else magnitude(value)


def magnitude(number: float) -> str:
    """
    >>> magnitude(0), magnitude(7), magnitude(-120), magnitude(1000)
    ('0', 'below 10', 'below 0', 'below 10,000')
    """
    if number <= 0.0:
        return "0" if number == 0.0 else "below 0"
    return f"below {10 ** (math.floor(math.log10(number)) + 1):,}" if number >= 1.0 else "below 1"


def attribute_of(name: str) -> str:
    """The attribute that counts are of: what was found out is counted apart from what was said.

    >>> attribute_of("found:country"), attribute_of("source")
    ('country', 'source')
    """
    return name.removeprefix("found:")


def kind_of(name: str) -> str:
    return "own" if name.startswith((CUSTOM, NUMBER)) else "found" if name.startswith("found:") else "given"


@dataclass(frozen=True, slots=True)
class Share:
    value: str
    before: float
    lately: float


@dataclass(frozen=True, slots=True)
class Shift:
    """How an attribute of new leads is distributed now and before."""

    attribute: str
    index: float
    """The population stability index."""
    leads_before: int
    leads_lately: int
    by_chance: float
    """What the index exceeds by chance once in ten thousand times."""
    shares: tuple[Share, ...]
    """Those that differ most, first."""

    @property
    def is_known(self) -> bool:
        return min(self.leads_before, self.leads_lately) >= FEWEST_LEADS

    def exceeds(self, limit: float) -> bool:
        return self.is_known and self.index >= max(limit, self.by_chance)


def shifts(days: Mapping[date, Day], today: date) -> list[Shift]:
    """Each attribute in the last whole days against those before, the strongest shift first."""
    lately = _sum(days, today - timedelta(days=LATELY), LATELY)
    before = _sum(days, today - timedelta(days=LATELY + BEFORE), BEFORE)
    found = [_shift(name, before, lately) for name in sorted(before.facts.keys() | lately.facts.keys())]
    return sorted(found, key=lambda each: (-each.index, each.attribute))


def _sum(days: Mapping[date, Day], start: date, count: int) -> Day:
    whole, facts, behaviours = Day(), dict[str, Counter[str]](), Counter[str]()
    for offset in range(count):
        day = days.get(start + timedelta(days=offset))
        if day is not None:
            whole.leads += day.leads
            behaviours.update(day.behaviours)
            for name, values in day.facts.items():
                facts.setdefault(name, Counter()).update(values)
    whole.facts, whole.behaviours = {name: dict(values) for name, values in facts.items()}, dict(behaviours)
    return whole


def _shift(name: str, before: Day, lately: Day) -> Shift:
    old, new = _counts(name, before), _counts(name, lately)
    often = [value for value, _ in (Counter(old) + Counter(new)).most_common() if value != OTHER][:COMPARED]
    values = [*sorted(often), OTHER]
    ours, theirs = _folded(old, values), _folded(new, values)
    kept = [value for value in values if ours[value] + theirs[value] > 0]
    n, m = sum(ours.values()), sum(theirs.values())
    shares, index = [], 0.0
    for value in kept:
        # Half a lead more for each: a value that is new is a shift, and no infinite one.
        was, now = ((c + _HALF) / (all_ + _HALF * len(kept)) for c, all_ in ((ours[value], n), (theirs[value], m)))
        index += (now - was) * math.log(now / was)
        shares.append(Share(value, ours[value] / n if n else 0.0, theirs[value] / m if m else 0.0))
    shares.sort(key=lambda each: (-round(abs(each.lately - each.before), 9), each.value))
    by_chance = (1.0 / n + 1.0 / m) * chi_squared(len(kept) - 1) if n and m and len(kept) > 1 else math.inf
    return Shift(name, index, n, m, by_chance, tuple(shares))


def _counts(name: str, period: Day) -> dict[str, int]:
    """Where an attribute is not told of a lead, that is a value too; what was found out is not of every lead."""
    counts = dict(period.facts.get(name, {}))
    if kind_of(name) != "found" and (rest := period.leads - sum(counts.values())) > 0:
        counts[MISSING] = rest
    return counts


def _folded(counts: Mapping[str, int], values: Sequence[str]) -> dict[str, int]:
    folded = {value: counts.get(value, 0) for value in values}
    folded[OTHER] += sum(counts.values()) - sum(folded.values())
    return folded


def chi_squared(degrees: int, z: float = _Z_SHIFT) -> float:
    """The quantile of chi-squared that a normal variable has at z (Wilson, Hilferty 1931)."""
    part = 2.0 / (9.0 * degrees)
    return float(degrees * (1.0 - part + z * math.sqrt(part)) ** 3)


@dataclass(frozen=True, slots=True)
class Silence:
    """A behaviour of which hardly anything comes any more."""

    behaviour: str
    since: date
    """The first of the days that were looked at."""
    days: int
    came: int
    usual: float
    """How many would have come on such days."""
    chance: float


def silences(days: Mapping[date, Day], today: date) -> list[Silence]:
    """Behaviours, and leads at all, that have stopped by the last whole day; the surest first."""
    if not days:
        return []
    first = min(days)
    names = sorted({name for day in days.values() for name in day.behaviours if name != OTHER})
    series = {name: {at: day.behaviours.get(name, 0) for at, day in days.items()} for name in names}
    series[NEW_LEADS] = {at: day.leads for at, day in days.items()}
    found = [silence for name, counts in series.items() if (silence := _silence(name, counts, first, today))]
    return sorted(found, key=lambda each: (each.chance, each.behaviour))


def _silence(name: str, counts: Mapping[date, int], first: date, today: date) -> Silence | None:
    """The longest window in which it has stopped, if there is one."""
    found = None
    for length in WINDOWS:
        start = today - timedelta(days=length)
        usual = _usual(counts, first, start, length)
        if not usual:
            return found
        came = sum(counts.get(start + timedelta(days=offset), 0) for offset in range(length))
        mean = math.fsum(usual) / len(usual)
        chance = tail(came, mean, _dispersion(usual, mean))
        if came <= DROPPED * mean and chance <= UNLIKELY:
            found = Silence(name, start, length, came, mean, chance)
    return found


def _usual(counts: Mapping[date, int], first: date, start: date, length: int) -> list[int]:
    """How many came on the same days of earlier weeks; empty where there are too few of them."""
    step = timedelta(days=7 * math.ceil(length / 7))
    starts = [start - step * week for week in range(1, WEEKS + 1)]
    starts = [each for each in starts if each >= first]
    if len(starts) < FEWEST_WEEKS:
        return []
    return [sum(counts.get(each + timedelta(days=offset), 0) for offset in range(length)) for each in starts]


def _dispersion(values: Sequence[int], mean: float) -> float:
    """Variance over mean, never below `LEAST_DISPERSION`: a few weeks that were alike by chance prove nothing."""
    if mean <= 0.0 or len(values) < 2:
        return LEAST_DISPERSION
    return max(math.fsum((each - mean) ** 2 for each in values) / (len(values) - 1) / mean, LEAST_DISPERSION)


def tail(came: int, mean: float, dispersion: float = 1.0) -> float:
    """The chance of so few where `mean` are usual: the lower tail of Poisson, both counted in units of dispersion.

    >>> round(tail(0, 3.0), 4), round(tail(1, 3.0), 4), round(tail(0, 6.0, 2.0), 4)
    (0.0498, 0.1991, 0.0498)
    """
    rate, most = mean / dispersion, math.floor(came / dispersion)
    if rate <= 0.0:
        return 1.0
    return min(math.fsum(math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) for k in range(most + 1)), 1.0)
