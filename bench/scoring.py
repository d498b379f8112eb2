"""Scoring one lead with its reasons, and learning from one outcome, beside River's logistic pipeline.

A stream of 4,000 leads with 20 attributes: eight numbers of unknown scale, eight categories, four behaviours. Baseline:
`StandardScaler + OneHotEncoder | LogisticRegression`, asked and taught in turn with the same leads.
"""

import random
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import orjson
from river.compose import SelectType
from river.linear_model import LogisticRegression
from river.preprocessing import OneHotEncoder, StandardScaler

from bench._stand import Metric, beside
from leadflow.scoring.config import DEFAULT
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf

LEADS, ROUNDS = 4_000, 5
Row = tuple[dict[str, float], dict[str, Any], bool]


def run() -> dict[str, Metric]:
    rows = list(_stream(LEADS))
    ours, theirs, model = [], [], shelf()[DEFAULT.champion].create()
    for _ in range(ROUNDS):
        model = shelf()[DEFAULT.champion].create()
        ours.append(_ours(rows, model))
        theirs.append(_theirs(rows))
    state = len(orjson.dumps(model.snapshot())) / 1000
    return {
        "scoring.score_us": beside("us", *_column(0, ours, theirs), "<= 1x"),
        "scoring.learn_us": beside("us", *_column(1, ours, theirs), "<= 1.5x"),
        "scoring.state_kb": {"value": round(state, 1), "unit": "kB", "goal": "<= 8 kB"},
    }


def _stream(leads: int) -> Iterator[Row]:
    """Each lead as ours see it, as River's pipeline does, and whether it was won."""
    chance = random.Random(1)
    for _ in range(leads):
        numbers = {f"number:n{place}": chance.gauss(0, 1) * 10 ** (place % 4) for place in range(8)}
        heats = {f"did:b{place}": chance.random() for place in range(4)}
        words = {f"custom:c{place}": chance.choice("abcdef") for place in range(8)}
        won = chance.random() < 0.05 + 0.2 * heats["did:b0"] + (0.1 if words["custom:c0"] == "a" else 0.0)
        yield numbers | heats | {f"{name}={word}": 1.0 for name, word in words.items()}, numbers | heats | words, won


def _ours(rows: list[Row], model: OnlineModel) -> tuple[float, float]:
    return _timed(rows, lambda x, _: model.contributions(x), lambda x, _, won: model.learn(x, won))


def _theirs(rows: list[Row]) -> tuple[float, float]:
    numbers, words = SelectType(float) | StandardScaler(), SelectType(str) | OneHotEncoder()
    pipeline = (numbers + words) | LogisticRegression()
    return _timed(rows, lambda _, x: pipeline.predict_proba_one(x), lambda _, x, won: pipeline.learn_one(x, won))


def _timed(
    rows: list[Row], ask: Callable[[Any, Any], object], teach: Callable[[Any, Any, bool], object]
) -> tuple[float, float]:
    """Medians in microseconds: of asking, and of teaching."""
    asked, taught = [], []
    for ours, theirs, won in rows:
        started = time.perf_counter()
        ask(ours, theirs)
        between = time.perf_counter()
        teach(ours, theirs, won)
        asked.append(between - started)
        taught.append(time.perf_counter() - between)
    return median(asked) * 1e6, median(taught) * 1e6


def _column(
    place: int, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]
) -> tuple[list[float], list[float]]:
    return [each[place] for each in ours], [each[place] for each in theirs]
