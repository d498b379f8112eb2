"""Trains trees on what is known of an organization's leads, and reads tables off them. Pure: the same lessons give the
same tables on the same version of LightGBM.

LightGBM is told that no tree may look at more than one attribute. What interactions would add is in `docs/scoring.md`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from leadflow.kernel.errors import Permanent
from leadflow.scoring.encoding import Encoder, Intervals
from leadflow.scoring.labels import Lesson
from leadflow.scoring.weights import Curve, Tables

LIBRARY: Final = "lightgbm"
FEWEST: Final = 20
"""Lessons that share a value before trees tell it apart: what fewer share stands in no table."""
ROUNDS: Final = 150
SETTINGS: Final[Mapping[str, object]] = {
    "objective": "binary", "learning_rate": 0.1, "num_leaves": 3, "min_data_in_leaf": FEWEST, "lambda_l2": 1.0,
    "feature_fraction": 0.8, "min_data_in_bin": 1, "feature_pre_filter": False, "seed": 1, "num_threads": 1,
    "deterministic": True, "force_row_wise": True, "verbosity": -1,
}  # fmt: skip

Rows = Any
"""A sparse matrix of scipy, which LightGBM brings."""
Place = tuple[int, float]
"""A column, and what stands there."""


class NoTrees(Permanent):
    title = "LightGBM is needed for nightly trees, and does not load"


def missing() -> str:
    """Why trees cannot be trained here; empty where they can. LightGBM needs libgomp of the system."""
    try:
        import_module(LIBRARY)
    except (ImportError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def train(encoder: Encoder, lessons: Sequence[Lesson]) -> Tables | None:
    """Tables for whoever sees leads through this encoder; None where nothing can be told apart by them yet.

    Raises:
        NoTrees: LightGBM is not here.

    """
    if why := missing():
        raise NoTrees(f"Nightly trees need LightGBM, which does not load here. {why}")
    if len({lesson.won for lesson in lessons}) < 2 or len(lessons) < 2 * FEWEST:
        return None
    rows = [_slots(encoder, lesson) for lesson in lessons]
    places = _places(encoder, Counter(slot for row in rows for slot in row))
    if not places:
        return None
    return _read_off(_fitted(places, rows, lessons), encoder, places)


def _slots(encoder: Encoder, lesson: Lesson) -> list[int]:
    read = encoder.read(lesson.x)
    return [slot for slot, value in read.names if value > 0.0] + [slot for slot, _ in read.bins]


def _places(encoder: Encoder, seen: Mapping[int, int]) -> dict[int, Place]:
    """Where each slot stands: categories in a column each, numbers in one by interval, counted from 1; 0: not there."""
    places: dict[int, Place] = {}
    columns = 0
    for slot in sorted(encoder.categories().values()):
        if seen.get(slot, 0) >= FEWEST:
            places[slot] = (columns, 1.0)
            columns += 1
    for _, first, cuts in sorted(encoder.intervals(), key=_first):
        places.update((first + place, (columns, place + 1.0)) for place in range(len(cuts) + 1))
        columns += 1
    return places


def _first(intervals: Intervals) -> int:
    return intervals.first


def _fitted(places: Mapping[int, Place], rows: Sequence[Sequence[int]], lessons: Sequence[Lesson]) -> Any:  # noqa: ANN401
    library: Any = import_module(LIBRARY)
    columns = _columns(places)
    data = library.Dataset(
        _matrix(places, rows),
        [float(lesson.won) for lesson in lessons],
        weight=[lesson.weight for lesson in lessons],
        params=dict(SETTINGS),
        free_raw_data=True,
    )
    alone = {"interaction_constraints": [[column] for column in range(columns)]}
    return library.train({**SETTINGS, **alone}, data, num_boost_round=ROUNDS)


def _read_off(booster: Any, encoder: Encoder, places: Mapping[int, Place]) -> Tables:  # noqa: ANN401
    """What the trees say of a lead of whom one thing is known, less what they say of one of whom nothing is."""
    slots = list(places)
    base, *said = (
        float(z) for z in booster.predict(_matrix(places, [[], *([slot] for slot in slots)]), raw_score=True)
    )
    adds = {slot: _single(z - base) for slot, z in zip(slots, said, strict=True)}
    categories = {name: adds[slot] for name, slot in encoder.categories().items() if adds.get(slot, 0.0)}
    curves = {}
    for name, first, cuts in encoder.intervals():
        weights = tuple(adds[first + place] for place in range(len(cuts) + 1))
        if any(weights):
            curves[name] = Curve(tuple(cuts), weights)
    return Tables(_single(base), categories, curves)


def _columns(places: Mapping[int, Place]) -> int:
    return max(column for column, _ in places.values()) + 1


def _matrix(places: Mapping[int, Place], rows: Sequence[Sequence[int]]) -> Rows:
    sparse: Any = import_module("scipy.sparse")
    columns, values, ends = [], [], [0]
    for row in rows:
        for column, value in sorted(places[slot] for slot in row if slot in places):
            columns.append(column)
            values.append(value)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(rows), _columns(places)))


def _single(number: float) -> float:
    """Rounded to four bytes, in the fewest digits that tell it from its neighbours."""
    numpy: Any = import_module("numpy")
    return float(str(numpy.float32(number))) + 0.0
