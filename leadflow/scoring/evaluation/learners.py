"""Models that learn one lead at a time, each asked and taught in the same way."""

import pickle
from collections.abc import Callable, Mapping
from time import perf_counter_ns
from typing import Any, Final, Protocol

import orjson
from river.compose import SelectType
from river.linear_model import LogisticRegression
from river.preprocessing import OneHotEncoder, StandardScaler

from leadflow.scoring.adopting import Adopting
from leadflow.scoring.boosting import training
from leadflow.scoring.boosting.service import MOST_EXAMPLES
from leadflow.scoring.evaluation.boosting import REFIT_EVERY, REFIT_FIRST
from leadflow.scoring.evaluation.examples import Example
from leadflow.scoring.explanation import sigmoid
from leadflow.scoring.labels import Lesson
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf
from leadflow.scoring.weights import Origin

BASE_RATE: Final = "base_rate"
RIVER: Final = "river"
NIGHTLY: Final = "nightly"
POOLED: Final = "pooled"


class Learner(Protocol):
    """Asked for a probability, then taught; `size` is that of its state in bytes, as it would be stored.

    `trained_us` are the microseconds that went into trainings now and then, beside the learning of each row.
    """

    trained_us: float

    def predict(self, row: Example) -> float: ...

    def learn(self, row: Example, won: bool, weight: float) -> None: ...  # noqa: FBT001 - an outcome

    def size(self) -> int: ...


class OfShelf:
    """A model of the product, on the vectors of the product; its state is the snapshot as JSON."""

    trained_us = 0.0

    def __init__(self, model: OnlineModel) -> None:
        self._model = model

    def predict(self, row: Example) -> float:
        return sigmoid(self._model.predict_logit(row.x))

    def learn(self, row: Example, won: bool, weight: float) -> None:  # noqa: FBT001 - an outcome
        self._model.learn(row.x, won, weight)

    def size(self) -> int:
        return len(orjson.dumps(self._model.snapshot()))


class WithTrees(OfShelf):
    """A model of the product that takes trees: they are trained as often as those that it is compared with."""

    def __init__(self, model: Adopting) -> None:
        super().__init__(model)
        self._takes = model
        self._known: dict[int, Lesson] = {}
        self._lessons = 0
        self._next = REFIT_FIRST

    def learn(self, row: Example, won: bool, weight: float) -> None:  # noqa: FBT001 - an outcome
        super().learn(row, won, weight)
        self._lessons += 1
        if weight > 0.0:
            self._known[row.number] = Lesson(row.x, won, weight)
        elif row.number in self._known and self._known[row.number].won is won:
            del self._known[row.number]
        if self._lessons >= self._next:
            self._train()

    def _train(self) -> None:
        self._next = self._lessons + min(REFIT_EVERY, max(REFIT_FIRST, len(self._known)))
        began = perf_counter_ns()
        if not training.missing() and (tables := training.train(self._takes.encoder, self._latest())):
            self._takes.adopt(Origin.TREES, tables)
        self.trained_us += (perf_counter_ns() - began) / 1000.0

    def _latest(self) -> list[Lesson]:
        return list(self._known.values())[-MOST_EXAMPLES:]


class BaseRate:
    """The share of won leads so far, with half a lead of each kind to begin with."""

    trained_us = 0.0

    def __init__(self) -> None:
        self._won, self._lost = 0.5, 0.5

    def predict(self, row: Example) -> float:  # noqa: ARG002 - the same for all
        return self._won / (self._won + self._lost)

    def learn(self, row: Example, won: bool, weight: float) -> None:  # noqa: ARG002, FBT001 - the same for all
        if won:
            self._won = max(self._won + weight, 0.5)
        else:
            self._lost = max(self._lost + weight, 0.5)

    def size(self) -> int:
        return 16


class PlainRiver:
    """River's own pipeline as its documentation has it: standardised numbers, one-hot words, SGD at its defaults.

    Zeros are left out of the one-hot words: the predictions are the same, and much faster where there are many.
    """

    trained_us = 0.0

    def __init__(self) -> None:
        numbers = SelectType(float) | StandardScaler()
        words = SelectType(str) | OneHotEncoder(drop_zeros=True)
        self._pipeline: Any = (numbers + words) | LogisticRegression()

    def predict(self, row: Example) -> float:
        return float(self._pipeline.predict_proba_one(row.facts)[True])

    def learn(self, row: Example, won: bool, weight: float) -> None:  # noqa: FBT001 - an outcome
        self._pipeline.learn_one(row.facts, won, w=weight)

    def size(self) -> int:
        return len(pickle.dumps(self._pipeline))


def learners() -> Mapping[str, Callable[[], Learner]]:
    """Makers of everything that learns online, by name: the base rate, River, and each model of the shelf but the one
    that learns from other organizations, which a file has not.
    """
    made: dict[str, Callable[[], Learner]] = {BASE_RATE: BaseRate, RIVER: PlainRiver}
    for name in sorted(shelf().keys() - {POOLED}):
        made[name] = _maker(shelf()[name].create)
    return made


def _maker(create: Callable[[], OnlineModel]) -> Callable[[], Learner]:
    return lambda: WithTrees(model) if isinstance(model := create(), Adopting) else OfShelf(model)
