"""Additive models that learn online: one expert, or an exponentially weighted mix of several.

The log-odds of winning are the smoothed base rate plus a weighted sum of what each expert says of each feature, so
that every prediction falls apart into contributions exactly. The mix is one linear model to whoever reads it: its
combined weights are kept beside those of the experts, and change only for what was learned from.

The shares of the experts follow exponentiated gradient (Kivinen, Warmuth 1997, Information and Computation 132) on the
log-loss of the mix, never below `LEAST_SHARE`; they are put into effect every `SETTLES` outcomes.
"""

import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, NamedTuple

from leadflow.scoring.attributes import NUMBER
from leadflow.scoring.encoding import Encoded, Encoder, Slots, require_finite
from leadflow.scoring.errors import SnapshotUnreadable
from leadflow.scoring.experts import Expert, packed, unpacked
from leadflow.scoring.explanation import sigmoid
from leadflow.scoring.weights import Origin, Tables

PRIOR_WIN_RATE: Final = 0.1
PRIOR_OUTCOMES: Final = 20.0
SHARE_RATE: Final = 0.05
LEAST_SHARE: Final = 0.02
SETTLES: Final = 16
FUSED: Final = 3
"""So many experts, those of a mix, are weighed in one go."""
VERSION: Final = 2


class View(Enum):
    """What of a lead an expert sees."""

    SCALED = "categories and scaled numbers"
    BINNED = "categories and the intervals that numbers are in"


class Seat(NamedTuple):
    """One expert of a model, and what it sees."""

    create: Callable[[], Expert]
    view: View


class Additive:
    """Satisfies `scoring.learning.OnlineModel`."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        self.wins = 0.0
        self.losses = 0.0
        self._seats = seats
        self._encoder = Encoder()
        self._experts = [seat.create() for seat in seats]
        self._views = [seat.view for seat in seats]
        self._shares = [1.0 / len(seats)] * len(seats)
        self._settled = self._shares.copy()
        self._unsettled = 0
        self._bias = 0.0
        """What the experts say of every lead alike."""
        self._sums = array("d")
        """Of the inputs learned from, by slot."""
        self._combined: list[float] = []
        self._offsets: list[float] = []
        """By attribute, the sum over its slots of combined weight times `_sums`."""

    @property
    def intercept(self) -> float:
        return self._base() + self._bias + sum(self._offsets) / max(self.wins + self.losses, 1.0)

    def predict_logit(self, x: Mapping[str, float]) -> float:
        require_finite(x)
        combined = self._combined
        return (
            self._base()
            + self._bias
            + math.fsum([combined[slot] * value for part in self._encoder.read(x) for slot, value in part])
        )

    def contributions(self, x: Mapping[str, float]) -> dict[str, float]:
        require_finite(x)
        outcomes = -max(self.wins + self.losses, 1.0)
        parts = [offset / outcomes for offset in self._offsets]
        combined, owners = self._combined, self._encoder.owners
        for part in self._encoder.read(x):
            for slot, value in part:
                parts[owners[slot]] += combined[slot] * value
        return dict(zip(self._encoder.attributes, parts, strict=True))

    def effects(self) -> dict[str, float]:
        """What each feature adds to the log-odds where it is 1; not of numbers, whose scale is their own."""
        combined, read = self._combined, self._encoder.read
        named = (name for name in self._encoder.names if name and not name.startswith(NUMBER))
        return {
            name: math.fsum([combined[slot] * z for part in read({name: 1.0}) for slot, z in part]) for name in named
        }

    def learn(self, x: Mapping[str, float], y: bool, weight: float = 1.0) -> float:  # noqa: FBT001 - an outcome
        require_finite(x)
        if weight > 0.0:
            self._encoder.admit(x)
            self._grow()
        read = self._encoder.read(x)
        said = self._teach(read, y, weight)
        self._count(read.names + read.scaled + read.bins, weight)
        if y:
            self.wins = max(self.wins + weight, 0.0)
        else:
            self.losses = max(self.losses + weight, 0.0)
        if weight > 0.0:
            self._encoder.observe(x)
            self._grow()
        self._unsettled += 1
        if self._unsettled >= SETTLES:
            self._settle()
        return said

    def _teach(self, read: Encoded, y: bool, weight: float) -> float:  # noqa: FBT001
        base, target = self._base(), 1.0 if y else 0.0
        scaled, binned = read.names + read.scaled, read.names + read.bins
        said = []
        for view, expert in zip(self._views, self._experts, strict=True):
            inputs, weights = (binned if view is View.BINNED else scaled), expert.weights
            z = expert.bias + math.fsum([weights[slot] * value for slot, value in inputs])
            said.append(z)
            expert.learn(inputs, weight * (sigmoid(base + z) - target))
        if len(said) > 1 and weight > 0.0:
            mixed = base + sum([share * z for share, z in zip(self._shares, said, strict=True)])
            self._reward(said, SHARE_RATE * weight * (sigmoid(mixed) - target))
        return base + sum([share * z for share, z in zip(self._settled, said, strict=True)])

    def _reward(self, said: Sequence[float], slope: float) -> None:
        """Exponentiated gradient: shares grow with what their expert would have mended."""
        steps = [-slope * z for z in said]
        moved = [
            share * math.exp(step if -1.0 <= step <= 1.0 else math.copysign(1.0, step))
            for share, step in zip(self._shares, steps, strict=True)
        ]
        least = LEAST_SHARE * sum(moved)
        kept = [max(each, least) for each in moved]
        total = sum(kept)
        self._shares = [each / total for each in kept]

    def _count(self, inputs: Slots, weight: float) -> None:
        """Bring what is combined up to date where something was learned."""
        combined, sums, offsets, owners = self._combined, self._sums, self._offsets, self._encoder.owners
        now = self._mixed([slot for slot, _ in inputs])
        for (slot, value), after in zip(inputs, now, strict=True):
            before = sums[slot]
            total = sums[slot] = before + weight * value
            offsets[owners[slot]] += after * total - combined[slot] * before
            combined[slot] = after

    def _mixed(self, slots: Sequence[int]) -> list[float]:
        """The weights of these slots, each expert's by its share."""
        if len(self._experts) == FUSED:
            return self._fused(slots)
        mixed = [0.0] * len(slots)
        for share, expert in zip(self._settled, self._experts, strict=True):
            weights = expert.weights
            mixed = [sofar + share * weights[slot] for sofar, slot in zip(mixed, slots, strict=True)]
        return mixed

    def _fused(self, slots: Sequence[int]) -> list[float]:
        """The same, to the bit: this is asked with every outcome."""
        first, second, third = self._settled
        one, two, three = (expert.weights for expert in self._experts)
        return [first * one[slot] + second * two[slot] + third * three[slot] for slot in slots]

    def _grow(self) -> None:
        slots = len(self._encoder.names)
        if slots > len(self._combined):
            fresh = [0.0] * (slots - len(self._combined))
            self._combined += fresh
            self._sums.extend(fresh)
            self._offsets += [0.0] * (len(self._encoder.attributes) - len(self._offsets))
            for expert in self._experts:
                expert.grow(slots)

    def _settle(self) -> None:
        self._unsettled = 0
        self._settled = self._shares.copy()
        self._bias = self._common()
        self._combined = self._mixed(range(len(self._encoder.names)))
        self._offsets = [0.0] * len(self._encoder.attributes)
        for owner, weight, total in zip(self._encoder.owners, self._combined, self._sums, strict=True):
            self._offsets[owner] += weight * total

    def _common(self) -> float:
        return sum([share * expert.bias for share, expert in zip(self._settled, self._experts, strict=True)])

    def _base(self) -> float:
        """The log-odds of winning, before anything is known of a lead."""
        won = self.wins + PRIOR_OUTCOMES * PRIOR_WIN_RATE
        return math.log(won / (self.losses + PRIOR_OUTCOMES * (1.0 - PRIOR_WIN_RATE)))

    def adopt(self, origin: Origin, tables: Tables) -> None:
        """It learns from outcomes alone."""

    def snapshot(self) -> dict[str, object]:
        return {
            "version": VERSION,
            "wins": self.wins,
            "losses": self.losses,
            "encoder": self._encoder.snapshot(),
            "experts": [expert.snapshot() for expert in self._experts],
            "shares": self._shares.copy(),
            "settled": self._settled.copy(),
            "unsettled": self._unsettled,
            "sums": packed(self._sums),
            "offsets": packed(array("d", self._offsets)),
        }

    def restore(self, snapshot: Mapping[str, object]) -> None:
        fresh = self._fresh()
        try:
            fresh._restore(snapshot)  # noqa: SLF001 - of its own kind
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise SnapshotUnreadable(f"Not a snapshot of this model: {error}") from error
        self.__dict__.update(fresh.__dict__)

    def _fresh(self) -> "Additive":
        """One of its own kind that has learned nothing."""
        return Additive(self._seats)

    def _restore(self, stored: Mapping[str, Any]) -> None:
        if stored["version"] != VERSION or len(stored["experts"]) != len(self._experts):
            raise ValueError(f"version {stored['version']!r}")
        self.wins, self.losses = float(stored["wins"]), float(stored["losses"])
        self._encoder = Encoder.restore(stored["encoder"])
        slots = len(self._encoder.names)
        for expert, kept in zip(self._experts, stored["experts"], strict=True):
            expert.restore(kept, slots)
        self._shares = [float(share) for share in stored["shares"]]
        self._settled = [float(share) for share in stored["settled"]]
        if not len(self._shares) == len(self._settled) == len(self._experts):
            raise ValueError("shares")
        self._unsettled = int(stored["unsettled"])
        self._sums = unpacked(stored["sums"], slots, "d")
        self._offsets = list(unpacked(stored["offsets"], len(self._encoder.attributes), "d"))
        self._bias = self._common()
        self._combined = self._mixed(range(slots))
