"""Baselines that are trained anew from time to time: gradient-boosted trees, by LightGBM and by scikit-learn.

Both see the columns of the file (numbers as they are, words as categories), and everything that the policy has taught
by then. They are for comparison, so their libraries are looked for when they are needed and not before.
"""

import math
import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol

from leadflow.scoring.evaluation.examples import Examples

MOST_WORDS: Final = 254
"""Categories of one column that are told apart, the first that the file has; the rest share one more. scikit-learn can
tell 255."""


REFIT_EVERY: Final = 1000
REFIT_FIRST: Final = 100
"""Lessons between trainings; while less is known, whenever that has doubled."""

Array = Any
"""Of numpy, which has types of its own; here it is only handed on."""


class Forest(Protocol):
    """Trained trees."""

    def predict(self, x: Array) -> Sequence[float]: ...

    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows as one array of numbers, by the row's number; missing values are NaN. Labels are not in it."""

    values: Array
    words: tuple[int, ...]
    places: Mapping[int, int]

    @classmethod
    def of(cls, examples: Examples) -> "Matrix":
        numpy: Any = import_module("numpy")
        rows = sorted(examples.rows, key=lambda row: row.number)
        columns, words = [], []
        for place, column in enumerate(examples.columns):
            if not column.is_number:
                words.append(place)
            codes: dict[object, float] = {}
            name = column.fact_name
            columns.append([_cell(row.facts.get(name), codes, column.is_number) for row in rows])
        return cls(
            numpy.array(columns, dtype=float).T.copy(), tuple(words), {row.number: i for i, row in enumerate(rows)}
        )


def _cell(value: object, codes: dict[object, float], is_number: bool) -> float:  # noqa: FBT001 - which of two
    if value is None:
        return math.nan
    if is_number:
        return float(str(value))
    return codes.setdefault(value, float(min(len(codes), MOST_WORDS)))


@dataclass(frozen=True, slots=True)
class Boosting:
    """One library, its settings to choose from (the first is taken where there is nothing to choose by), and how to
    train with it: `train(x, y, weights, words, settings, seed)`.
    """

    module: str
    settings: tuple[Mapping[str, float], ...]
    train: Callable[[Array, Sequence[bool], Sequence[float], tuple[int, ...], Mapping[str, float], int], Forest]

    @property
    def is_there(self) -> bool:
        """A library can be installed and lack what it needs of the system: LightGBM links to libgomp."""
        try:
            import_module(self.module)
        except (ImportError, OSError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class _LightGBM:
    booster: Any

    def predict(self, x: Array) -> Sequence[float]:
        return [float(p) for p in self.booster.predict(x)]

    def size(self) -> int:
        return len(self.booster.model_to_string())


def _train_lightgbm(
    x: Array, y: Sequence[bool], w: Sequence[float], words: tuple[int, ...], said: Mapping[str, float], seed: int
) -> Forest:
    library: Any = import_module("lightgbm")
    rounds = int(said["rounds"])
    parameters = {name: value for name, value in said.items() if name != "rounds"}
    fixed = {"objective": "binary", "verbosity": -1, "num_threads": 1, "deterministic": True, "seed": seed}
    data = library.Dataset(x, list(y), weight=list(w), categorical_feature=list(words), params={"verbosity": -1})
    return _LightGBM(library.train({**parameters, **fixed}, data, num_boost_round=rounds))


def _one_thread() -> AbstractContextManager[object]:
    """Trees this small are slower on several threads, and far slower where others use the cores too."""
    limits: Any = import_module("threadpoolctl")
    held: AbstractContextManager[object] = limits.threadpool_limits(1)
    return held


@dataclass(frozen=True, slots=True)
class _Histogram:
    classifier: Any

    def predict(self, x: Array) -> Sequence[float]:
        with _one_thread():
            return [float(p) for p in self.classifier.predict_proba(x)[:, 1]]

    def size(self) -> int:
        return len(pickle.dumps(self.classifier))


def _train_histogram(
    x: Array, y: Sequence[bool], w: Sequence[float], words: tuple[int, ...], said: Mapping[str, float], seed: int
) -> Forest:
    ensemble: Any = import_module("sklearn.ensemble")
    whole = {"max_iter", "max_leaf_nodes", "min_samples_leaf"}
    parameters = {name: int(value) if name in whole else value for name, value in said.items()}
    classifier = ensemble.HistGradientBoostingClassifier(
        **parameters, categorical_features=list(words) or None, early_stopping=False, random_state=seed
    )
    with _one_thread():
        return _Histogram(classifier.fit(x, list(y), sample_weight=list(w)))


LIGHTGBM: Final = "lightgbm"
HISTOGRAM: Final = "histgb"

BOOSTING: Final[Mapping[str, Boosting]] = {
    LIGHTGBM: Boosting(
        "lightgbm",
        (
            {"num_leaves": 7, "learning_rate": 0.03, "rounds": 150, "min_data_in_leaf": 50, "lambda_l2": 5,
             "feature_fraction": 0.5},
            {"num_leaves": 15, "learning_rate": 0.05, "rounds": 100, "min_data_in_leaf": 20, "lambda_l2": 1,
             "feature_fraction": 0.8},
            {"num_leaves": 3, "learning_rate": 0.1, "rounds": 150, "min_data_in_leaf": 20, "lambda_l2": 1,
             "feature_fraction": 0.8},
            {"num_leaves": 31, "learning_rate": 0.03, "rounds": 200, "min_data_in_leaf": 50, "lambda_l2": 10,
             "feature_fraction": 0.5},
        ),
        _train_lightgbm,
    ),
    HISTOGRAM: Boosting(
        "sklearn",
        (
            {"max_leaf_nodes": 7, "learning_rate": 0.03, "max_iter": 150, "min_samples_leaf": 50,
             "l2_regularization": 5, "max_features": 0.5},
            {"max_leaf_nodes": 15, "learning_rate": 0.05, "max_iter": 100, "min_samples_leaf": 20,
             "l2_regularization": 1, "max_features": 0.8},
            {"max_leaf_nodes": 3, "learning_rate": 0.1, "max_iter": 150, "min_samples_leaf": 20,
             "l2_regularization": 1, "max_features": 0.8},
            {"max_leaf_nodes": 31, "learning_rate": 0.1, "max_iter": 100, "min_samples_leaf": 20,
             "l2_regularization": 0, "max_features": 1.0},
        ),
        _train_histogram,
    ),
}  # fmt: skip
"""By name."""
