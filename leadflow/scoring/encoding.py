"""From a lead's numbers by name to slots of an additive model: categories, scaled numbers, and bins of numbers.

Each number is seen in two ways. Scaled, it has one weight: the order of magnitude (asinh) by its running mean and
deviation. Binned, each interval has a weight of its own, so that what helps in the middle need not help at the ends.
The intervals are cut once, at quantiles of the first values, and stay: weights keep their meaning.
"""

import math
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
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
CLIP: Final = 3.0
FARTHEST: Final = 1e6
_STEADY: Final = 1e-9
_QUARTERS: Final = 4
NOBODY: Final = -1
NO_BINS: Final = range(0)

Slots = list[tuple[int, float]]


class Encoded(NamedTuple):
    """Slots and their values: `names` of the categories, `scaled` numbers, and the `bins` that the numbers are in."""

    names: Slots
    scaled: Slots
    bins: Slots


class Spread(NamedTuple):
    """Welford's running count, mean and sum of squared distances."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> "Spread":
        n = self.n + 1
        mean = self.mean + (value - self.mean) / n
        return Spread(n, mean, self.squares + (value - self.mean) * (value - mean))

    @property
    def scale(self) -> tuple[float, float]:
        """Mean and one over the deviation; a number that never varied says nothing."""
        deviation = math.sqrt(self.squares / self.n) if self.n else 0.0
        return self.mean, 1.0 / deviation if deviation > _STEADY else 0.0


class Encoder:
    """Knows the slots of one model. Reading never changes it; learning admits new names while there is room."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.owners: list[int] = []
        """The attribute of each slot."""
        self.attributes: list[str] = []
        self._slots: dict[str, int] = {}
        self._attributes: dict[str, int] = {}
        self._values: list[int] = []
        self._spreads: dict[str, Spread] = {}
        self._scales: dict[str, tuple[float, float]] = {}
        self._first: dict[str, array[float]] = {}
        self._cuts: dict[str, tuple[float, ...]] = {}
        self._bins: dict[str, range] = {}

    def read(self, x: Mapping[str, float]) -> Encoded:
        """What is known of `x`; unknown names are passed over.

        Raises:
            FeatureNotFinite: a value is NaN or infinite.

        """
        require_finite(x)
        slots, bins_of = self._slots, self._bins
        names: Slots = []
        scaled: Slots = []
        bins: Slots = []
        for name, value in x.items():
            slot = slots.get(name)
            if slot is None:
                continue
            if name in bins_of:
                if name in self._scales:
                    mean, steepness = self._scales[name]
                    scaled.append((slot, _clipped((math.asinh(value) - mean) * steepness)))
                    if name in self._cuts:
                        bins.append((bins_of[name][bisect_right(self._cuts[name], value)], 1.0))
                else:
                    scaled.append((slot, value if 0.0 <= value <= 1.0 else _clipped(value)))
                    bins.append((bins_of[name][_quarter(value)], 1.0))
            else:
                names.append((slot, value if 0.0 <= value <= 1.0 else _clipped(value)))
        return Encoded(names, scaled, bins)

    def admit(self, x: Mapping[str, float]) -> None:
        """Makes room for names not seen before, in their order, as long as there is some."""
        for name in sorted([name for name in x if name not in self._slots]):
            self._admit(name)

    def observe(self, x: Mapping[str, float]) -> None:
        """Numbers of unknown scale are scaled, and cut, by what has been seen of them."""
        for name, value in x.items():
            if (spread := self._spreads.get(name)) is None:
                continue
            self._spreads[name] = spread = spread.add(math.asinh(min(max(value, -FARTHEST), FARTHEST)))
            self._scales[name] = spread.scale
            first = self._first.get(name)
            if first is not None:
                first.append(value + 0.0)  # minus zero is zero to the store
                if len(first) >= FIRST:
                    self._cuts[name] = tuple(quantiles(self._first.pop(name), INTERVALS))
                    self._intervals(name, len(self._cuts[name]) + 1)

    def _admit(self, name: str) -> None:
        attribute, is_category, _ = name.partition("=")
        place = self._attributes.get(attribute)
        is_full = len(self.attributes) >= MAX_ATTRIBUTES if place is None else self._values[place] >= MAX_VALUES
        if is_full or not name or len(self.names) >= MAX_SLOTS:
            return
        self._name(name)
        if is_category:
            return
        if name.startswith(NUMBER):
            self._spreads[name], self._scales[name], self._first[name] = Spread(), Spread().scale, array("d")
        else:
            self._intervals(name, _QUARTERS)

    def _slot(self, name: str, attribute: int) -> int:
        self.names.append(name)
        self.owners.append(attribute)
        return len(self.names) - 1

    def _intervals(self, name: str, count: int) -> None:
        """Slots for the intervals of a number, one behind the other; they have no name."""
        start, place = len(self.names), self._attributes[name]
        for _ in range(count):
            self._slot("", place)
        self._bins[name] = range(start, start + count)

    def snapshot(self) -> dict[str, object]:
        """Plain JSON; `restore` makes an equal encoder of it."""
        return {
            "names": self.names.copy(),
            "bins": {name: bins.start for name, bins in self._bins.items() if bins},
            "cuts": {name: list(cuts) for name, cuts in self._cuts.items()},
            "first": {name: list(values) for name, values in self._first.items()},
            "spreads": {name: list(spread) for name, spread in self._spreads.items()},
        }

    @classmethod
    def restore(cls, stored: Mapping[str, Any]) -> "Encoder":
        """Raises KeyError, TypeError, ValueError or AttributeError where it is no snapshot."""
        encoder = cls()
        for name in stored["names"]:
            encoder._name(str(name))
        for name, spread in stored["spreads"].items():
            n, mean, squares = spread
            encoder._spreads[name] = Spread(int(n), float(mean), float(squares))
            encoder._scales[name] = encoder._spreads[name].scale
        encoder._cuts = {name: tuple(map(float, cuts)) for name, cuts in stored["cuts"].items()}
        encoder._first = {name: array("d", values) for name, values in stored["first"].items()}
        for name, start in stored["bins"].items():
            count = len(encoder._cuts[name]) + 1 if name in encoder._cuts else _QUARTERS
            encoder._bins[name] = range(int(start), int(start) + count)
            for slot in encoder._bins[name]:
                encoder.owners[slot] = encoder._attributes[name]
        return encoder

    def _name(self, name: str) -> None:
        attribute, is_category, _ = name.partition("=")
        if not name:
            self._slot("", NOBODY)
            return
        place = self._attributes.setdefault(attribute, len(self.attributes))
        if place == len(self.attributes):
            self.attributes.append(attribute)
            self._values.append(0)
        self._values[place] += 1
        self._slots[name] = self._slot(name, place)
        if not is_category:
            self._bins[name] = NO_BINS


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


def _quarter(value: float) -> int:
    return int(min(max(value, 0.0), 0.999) * _QUARTERS)


def _clipped(value: float) -> float:
    return min(max(value, -CLIP), CLIP)
