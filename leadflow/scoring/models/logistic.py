"""Logistic regression that learns online: River's, with AdaGrad.

Three things are ours. The intercept is the smoothed base rate, so that the first losses are not blamed on whatever
those leads had in common. AdaGrad starts at eps = 1, so that a value seen once moves a score a little and one seen
often moves it as far as it deserves. Numbers of unknown scale are standardised with their running mean and variance.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from river.linear_model import LogisticRegression
from river.optim import AdaGrad
from river.utils import VectorDict

from leadflow.scoring.attributes import NUMBER
from leadflow.scoring.errors import FeatureNotFinite, SnapshotUnreadable
from leadflow.scoring.learning import ModelKind

LEARNING_RATE: Final = 0.1
EPS: Final = 1.0
PRIOR_WIN_RATE: Final = 0.1
PRIOR_OUTCOMES: Final = 20.0
MAX_VALUES: Final = 600
MAX_ATTRIBUTES: Final = 96
CLIP: Final = 3.0
FARTHEST: Final = 1e6
VERSION: Final = 1
_STEADY: Final = 1e-9


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


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was learned, laid out for quick predictions; made anew after each outcome."""

    intercept: float
    weights: dict[str, tuple[str, float]]
    offsets: dict[str, float]
    scales: dict[str, tuple[float, float]]


class OnlineLogistic:
    """Satisfies `scoring.learning.OnlineModel`."""

    def __init__(self) -> None:
        self.wins = 0.0
        self.losses = 0.0
        self._optimizer = AdaGrad(LEARNING_RATE, eps=EPS)
        self._learner = LogisticRegression(self._optimizer, intercept_lr=0.0)
        self._sums: dict[str, float] = {}
        self._spreads: dict[str, Spread] = {}
        self._values: Counter[str] = Counter()
        self._reading: _Reading | None = None

    @property
    def intercept(self) -> float:
        return self._read().intercept

    def predict_logit(self, x: Mapping[str, float]) -> float:
        return self.intercept + math.fsum(self.contributions(x).values())

    def contributions(self, x: Mapping[str, float]) -> dict[str, float]:
        _require_finite(x)
        reading = self._read()
        weights, scales = reading.weights, reading.scales
        parts = reading.offsets.copy()
        for name, value in x.items():
            known = weights.get(name)
            if known is not None:
                attribute, weight = known
                if name in scales:
                    parts[attribute] += weight * _scaled(value, *scales[name])
                else:
                    parts[attribute] += weight * (value if 0.0 <= value <= 1.0 else _clipped(value))
        return parts

    def learn(self, x: Mapping[str, float], y: bool, weight: float = 1.0) -> None:  # noqa: FBT001 - an outcome
        _require_finite(x)
        inputs = self._inputs(x)
        self._learner.intercept = self._base()
        self._learner.learn_one(inputs, y, weight)
        for name, value in inputs.items():
            self._sums[name] += weight * value
        for name in filter(_is_number, inputs) if weight > 0 else ():
            self._spreads[name] = self._spreads[name].add(min(max(x[name], -FARTHEST), FARTHEST))
        if y:
            self.wins = max(self.wins + weight, 0.0)
        else:
            self.losses = max(self.losses + weight, 0.0)
        self._reading = None

    def snapshot(self) -> dict[str, object]:
        weights, squares = self._learner.weights, self._optimizer.g2
        return {
            "version": VERSION,
            "wins": self.wins,
            "losses": self.losses,
            "features": {n: [float(weights.get(n, 0.0)), float(squares.get(n, 0.0)), s] for n, s in self._sums.items()},
            "spreads": {name: list(spread) for name, spread in self._spreads.items()},
        }

    def restore(self, snapshot: Mapping[str, object]) -> None:
        try:
            self._restore(snapshot)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SnapshotUnreadable(f"Not a snapshot of the logistic model: {error}") from error

    def _restore(self, snapshot: Mapping[str, object]) -> None:
        features, spreads = snapshot["features"], snapshot["spreads"]
        if snapshot["version"] != VERSION or not isinstance(features, Mapping) or not isinstance(spreads, Mapping):
            raise ValueError(f"version {snapshot['version']!r}")
        stored = {str(name): (float(w), float(squares), float(total)) for name, (w, squares, total) in features.items()}
        self.wins, self.losses = float(str(snapshot["wins"])), float(str(snapshot["losses"]))
        self._optimizer = AdaGrad(LEARNING_RATE, eps=EPS)
        self._optimizer.g2.update({name: squares for name, (_, squares, _) in stored.items()})
        self._learner = LogisticRegression(self._optimizer, intercept_lr=0.0)
        # River has no public way to set weights; the contract suite holds this line to account.
        self._learner._weights = VectorDict({name: weight for name, (weight, _, _) in stored.items()})  # noqa: SLF001
        self._sums = {name: total for name, (_, _, total) in stored.items()}
        self._spreads = {str(name): Spread(int(n), float(mean), float(sq)) for name, (n, mean, sq) in spreads.items()}
        self._values = Counter(map(_attribute, self._sums))
        self._reading = None

    def _base(self) -> float:
        """The log-odds of winning, before anything is known of a lead."""
        won = self.wins + PRIOR_OUTCOMES * PRIOR_WIN_RATE
        return math.log(won / (self.losses + PRIOR_OUTCOMES * (1.0 - PRIOR_WIN_RATE)))

    def _inputs(self, x: Mapping[str, float]) -> dict[str, float]:
        """What River learns from: known features, and new ones as long as there is room."""
        inputs = {}
        for name, value in x.items():
            if name in self._sums or self._admit(name):
                inputs[name] = _scaled(value, *self._spreads[name].scale) if _is_number(name) else _clipped(value)
        return inputs

    def _admit(self, name: str) -> bool:
        attribute = _attribute(name)
        known = self._values[attribute]
        if known >= MAX_VALUES or (known == 0 and len(self._values) >= MAX_ATTRIBUTES):
            return False
        self._values[attribute] += 1
        self._sums[name] = 0.0
        if _is_number(name):
            self._spreads[name] = Spread()
        return True

    def _read(self) -> _Reading:
        if self._reading is None:
            learned, outcomes = self._learner.weights, max(self.wins + self.losses, 1.0)
            weights = {name: (_attribute(name), float(learned.get(name, 0.0))) for name in self._sums}
            offsets = dict.fromkeys(self._values, 0.0)
            for name, (attribute, weight) in weights.items():
                offsets[attribute] -= weight * self._sums[name] / outcomes
            scales = {name: spread.scale for name, spread in self._spreads.items()}
            self._reading = _Reading(self._base() - math.fsum(offsets.values()), weights, offsets, scales)
        return self._reading


def _scaled(value: float, mean: float, steepness: float) -> float:
    return _clipped((value - mean) * steepness)


def _clipped(value: float) -> float:
    return min(max(value, -CLIP), CLIP)


def _attribute(name: str) -> str:
    return name.partition("=")[0]


def _is_number(name: str) -> bool:
    return name.startswith(NUMBER) and "=" not in name


def _require_finite(x: Mapping[str, float]) -> None:
    if math.isfinite(sum(x.values())):
        return
    for name, value in x.items():
        if not math.isfinite(value):
            raise FeatureNotFinite(f"Feature {name!r} is {value}.")


MODEL: Final = ModelKind("Online logistic regression", OnlineLogistic)
