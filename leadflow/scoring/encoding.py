"""From a lead's numbers by name to slots of an additive model: categories, scaled numbers, and bins of numbers.

Each number is seen in two ways. Scaled, it has one weight: the order of magnitude (asinh) by its running mean and
deviation. Binned, each interval has a weight of its own, so that what helps in the middle need not help at the ends.
The intervals are cut once, at quantiles of the first values, and stay: weights keep their meaning.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple

from leadflow.scoring.attributes import NUMBER
from leadflow.scoring.errors import FeatureNotFinite

MAX_VALUES: Final = 600
MAX_ATTRIBUTES: Final = 128
MAX_SLOTS: Final = 6_000
FIRST: Final = 128
"""So many values are seen before a number is cut into intervals."""
INTERVALS: Final = 8
QUARTERS: Final = 4
QUARTERED: Final = (0.25, 0.5, 0.75)
CLIP: Final = 3.0
FARTHEST: Final = 1e6
_UP_TO_QUARTERS: Final = 3.999
_STEADY: Final = 1e-18
_NOBODY: Final = -1

Slots = list[tuple[int, float]]


class Encoded(NamedTuple):
    """Slots and their values: `names` of the categories, `scaled` numbers, and the `bins` that the numbers are in."""

    names: Slots
    scaled: Slots
    bins: Slots


class Intervals(NamedTuple):
    """How a number is cut: one interval more than there are cuts, with slots from `first` on."""

    name: str
    first: int
    cuts: Sequence[float]


@dataclass(slots=True)
class Share:
    """A number between 0 and 1, seen as it is, and in quarters."""

    slot: int
    bins: int
    """The first of its bins' slots."""


@dataclass(slots=True)
class Number:
    """A number of unknown scale: what has been seen of it (Welford's count, mean and squared distances)."""

    slot: int
    bins: int = _NOBODY
    """The first of its intervals' slots, once it has been cut."""
    n: int = 0
    mean: float = 0.0
    squares: float = 0.0
    steepness: float = 0.0
    """One over the deviation; a number that never varied says nothing."""
    cuts: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        spread = math.asinh(value if -FARTHEST <= value <= FARTHEST else math.copysign(FARTHEST, value))
        n = self.n = self.n + 1
        step = spread - self.mean
        mean = self.mean = self.mean + step / n
        squares = self.squares = self.squares + step * (spread - mean)
        variance = squares / n
        self.steepness = 1.0 / math.sqrt(variance) if variance > _STEADY else 0.0

    def to_json(self) -> list[object]:
        return [self.bins, self.n, self.mean, self.squares, self.cuts.copy(), self.first.copy()]

    @classmethod
    def from_json(cls, slot: int, stored: Sequence[Any]) -> "Number":
        bins, n, mean, squares, cuts, first = stored
        number = cls(slot, int(bins), int(n), float(mean), float(squares))
        number.cuts, number.first = [float(cut) for cut in cuts], [float(value) for value in first]
        variance = number.squares / number.n if number.n else 0.0
        number.steepness = 1.0 / math.sqrt(variance) if variance > _STEADY else 0.0
        return number


class Encoder:
    """Knows the slots of one model. Reading never changes it; learning admits new names while there is room."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """Of each slot; bins have none."""
        self.owners: list[int] = []
        """The attribute of each slot."""
        self.attributes: list[str] = []
        self._places: dict[str, int] = {}
        self._values: list[int] = []
        self._known: set[str] = set()
        self._categories: dict[str, int] = {}
        self._shares: dict[str, Share] = {}
        self._numbers: dict[str, Number] = {}

    def read(self, x: Mapping[str, float]) -> Encoded:
        """What is known of `x`, all of which must be finite; unknown names are passed over."""
        categories, shares, numbers, asinh = self._categories, self._shares, self._numbers, math.asinh
        names: Slots = []
        scaled: Slots = []
        bins: Slots = []
        for name, value in x.items():
            if (slot := categories.get(name)) is not None:
                names.append((slot, value if 0.0 <= value <= 1.0 else _clipped(value)))
            elif (number := numbers.get(name)) is not None:
                z = (asinh(value) - number.mean) * number.steepness
                scaled.append((number.slot, z if -CLIP <= z <= CLIP else _clipped(z)))
                if number.bins >= 0:
                    bins.append((number.bins + bisect_right(number.cuts, value), 1.0))
            elif (share := shares.get(name)) is not None:
                if 0.0 <= value <= 1.0:
                    scaled.append((share.slot, value))
                    bins.append((share.bins + int(value * _UP_TO_QUARTERS), 1.0))
                else:
                    scaled.append((share.slot, _clipped(value)))
                    bins.append((share.bins + (QUARTERS - 1 if value > 0.0 else 0), 1.0))
        return Encoded(names, scaled, bins)

    def admit(self, x: Mapping[str, float]) -> None:
        """Makes room for names not seen before, in their order, as long as there is some."""
        known = self._known
        for name in sorted([name for name in x if name not in known]):
            place = self._places.get(name.partition("=")[0])
            is_full = len(self.attributes) >= MAX_ATTRIBUTES if place is None else self._values[place] >= MAX_VALUES
            if name and not is_full and len(self.names) < MAX_SLOTS:
                slot = self._name(name)
                if slot is not None and not name.startswith(NUMBER):
                    self._shares[name] = Share(slot, self._intervals(slot, QUARTERS))
                elif slot is not None:
                    self._numbers[name] = Number(slot)

    def observe(self, x: Mapping[str, float]) -> None:
        """Numbers of unknown scale are scaled, and cut, by what has been seen of them."""
        numbers = self._numbers
        for name in [name for name in x if name in numbers]:
            number, value = numbers[name], x[name]
            number.add(value)
            if number.bins < 0:
                number.first.append(value + 0.0)  # minus zero is zero to the store
                if len(number.first) >= FIRST:
                    number.cuts, number.first = quantiles(number.first, INTERVALS), []
                    number.bins = self._intervals(number.slot, len(number.cuts) + 1)

    def categories(self) -> Mapping[str, int]:
        """The slot of each category."""
        return self._categories

    def intervals(self) -> Iterator[Intervals]:
        """Of every number that has been cut, in the order in which they became known."""
        for name, share in self._shares.items():
            yield Intervals(name, share.bins, QUARTERED)
        for name, number in self._numbers.items():
            if number.bins >= 0:
                yield Intervals(name, number.bins, number.cuts)

    def _name(self, name: str) -> int | None:
        """A slot for a name. None: it is a category's, and nothing else is to be known of it."""
        attribute, is_category, _ = name.partition("=")
        place = self._places.setdefault(attribute, len(self.attributes))
        if place == len(self.attributes):
            self.attributes.append(attribute)
            self._values.append(0)
        self._values[place] += 1
        self._known.add(name)
        slot = self._slot(name, place)
        if is_category:
            self._categories[name] = slot
            return None
        return slot

    def _slot(self, name: str, owner: int) -> int:
        self.names.append(name)
        self.owners.append(owner)
        return len(self.names) - 1

    def _intervals(self, slot: int, count: int) -> int:
        """Slots for the intervals of a number, one behind the other."""
        first, *_ = [self._slot("", self.owners[slot]) for _ in range(count)]
        return first

    def snapshot(self) -> dict[str, object]:
        """Plain JSON; `restore` makes an equal encoder of it."""
        return {
            "names": self.names.copy(),
            "shares": {name: share.bins for name, share in self._shares.items()},
            "numbers": {name: number.to_json() for name, number in self._numbers.items()},
        }

    @classmethod
    def restore(cls, stored: Mapping[str, Any]) -> "Encoder":
        """Raises KeyError, TypeError, ValueError, IndexError or AttributeError where it is no snapshot."""
        encoder = cls()
        slots: dict[str, int] = {}
        for name in stored["names"]:
            slot = encoder._name(name) if name else encoder._slot("", _NOBODY)
            if name and slot is not None:
                slots[name] = slot
        for name, bins in stored["shares"].items():
            encoder._shares[name] = Share(slots[name], int(bins))
            encoder._own(slots[name], int(bins), QUARTERS)
        for name, numbers in stored["numbers"].items():
            encoder._numbers[name] = number = Number.from_json(slots[name], numbers)
            if number.bins >= 0:
                encoder._own(number.slot, number.bins, len(number.cuts) + 1)
        return encoder

    def _own(self, slot: int, first: int, count: int) -> None:
        for each in range(first, first + count):
            self.owners[each] = self.owners[slot]


def quantiles(values: Sequence[float], intervals: int) -> list[float]:
    """Where to cut numbers into at most so many intervals that hold equally many of them.

    Between all values when they are few; none at the least value, so that no interval is empty.

    >>> quantiles([1, 1, 2, 5, 5], 8), quantiles(range(100), 4), quantiles([7, 7], 4)
    ([1.5, 3.5], [25, 50, 75], [])
    """
    ordered = sorted(values)
    distinct = sorted(set(ordered))
    if len(distinct) <= intervals:
        return [(low + high) / 2.0 for low, high in pairwise(distinct)]
    cuts: list[float] = []
    for each in range(1, intervals):
        cut = ordered[len(ordered) * each // intervals]
        if cut > distinct[0] and (not cuts or cut > cuts[-1]):
            cuts.append(cut)
    return cuts


def require_finite(x: Mapping[str, float]) -> None:
    """Raises FeatureNotFinite."""
    if math.isfinite(sum(x.values())):
        return
    for name, value in x.items():
        if not math.isfinite(value):
            raise FeatureNotFinite(f"Feature {name!r} is {value}.")


def _clipped(value: float) -> float:
    return CLIP if value > CLIP else max(value, -CLIP)
