"""Trees of one attribute each are tables, exactly; and tables are all that is kept of them."""

import json
import math
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from leadflow.scoring.boosting import training
from leadflow.scoring.encoding import Encoder
from leadflow.scoring.labels import Lesson
from leadflow.scoring.weights import Tables


def lessons(count: int, seed: int = 3) -> Iterator[Lesson]:
    rng = random.Random(seed)
    for number in range(count):
        x = {
            f"source={rng.choice('abcdef')}": 1.0,
            "number:employees": rng.lognormvariate(3, 1),
            "number:age": float(rng.randrange(4)),
            "touches": rng.random(),
            f"custom:nobody={number}": 1.0,
        }
        if rng.random() < 0.3:
            del x["number:employees"]
        if rng.random() < 0.5:
            x["did:pricing_visited"] = rng.random()
        heat = x.get("did:pricing_visited", 0.0) + ("source=a" in x) - (x.get("number:employees", 20.0) > 40.0)
        yield Lesson(x, rng.random() < 1.0 / (1.0 + math.exp(1.5 - heat)), rng.choice((0.5, 1.0)))


def taught(some: list[Lesson]) -> Encoder:
    encoder = Encoder()
    for x, _, _ in some:
        encoder.admit(x)
        encoder.observe(x)
    return encoder


def said(tables: Tables, encoder: Encoder, x: dict[str, float]) -> float:
    """What tables say of a lead, looked up by name."""
    read = encoder.read(x)
    cuts = {first + place: (name, place) for name, first, cuts in encoder.intervals() for place in range(len(cuts) + 1)}
    total = tables.base + sum(tables.categories.get(encoder.names[slot], 0.0) for slot, _ in read.names)
    for slot, _ in read.bins:
        name, place = cuts[slot]
        if name in tables.curves:
            total += tables.curves[name].weights[place]
    return total


def test_tables_say_what_the_trees_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of leads that they were not trained on, of whom anything may be missing."""
    some = list(lessons(1500))
    encoder, kept = taught(some), {}
    fitted = training._fitted

    def keep(*told: Any) -> Any:
        kept["places"], kept["booster"] = told[0], fitted(*told)
        return kept["booster"]

    monkeypatch.setattr(training, "_fitted", keep)
    tables = training.train(encoder, some)
    assert tables is not None
    later = [*lessons(500, seed=4), Lesson({}, False), Lesson({"number:employees": 1e9, "new": 1.0}, False)]
    rows = [training._slots(encoder, lesson) for lesson in later]
    theirs = kept["booster"].predict(training._matrix(kept["places"], rows), raw_score=True)
    assert {"number:employees", "number:age", "did:pricing_visited"} <= tables.curves.keys()
    for lesson, z in zip(later, theirs, strict=True):
        assert said(tables, encoder, dict(lesson.x)) == pytest.approx(float(z), abs=1e-6)


def test_the_same_lessons_give_the_same_tables() -> None:
    some = list(lessons(600))
    first, second = (training.train(taught(some), some) for _ in range(2))
    assert first is not None
    assert second is not None
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())


def test_they_survive_json_to_the_last_bit() -> None:
    some = list(lessons(600))
    tables = training.train(taught(some), some)
    assert tables is not None
    assert Tables.from_json(json.loads(json.dumps(tables.to_json()))) == tables


def test_what_few_leads_share_stands_in_no_table() -> None:
    some = [
        Lesson({**lesson.x, f"custom:team={number // 19}": 1.0}, lesson.won)
        for number, lesson in enumerate(lessons(570))
    ]
    tables = training.train(taught(some), some)
    assert tables is not None
    shared = Counter(name for lesson in some for name in lesson.x)
    assert tables.categories
    assert all(shared[name] >= training.FEWEST for name in tables.categories)


@pytest.mark.parametrize(
    "some", [[], [Lesson({"a=b": 1.0}, True)] * 100, list(lessons(30)), [Lesson({}, True), Lesson({}, False)] * 50]
)
def test_where_there_is_nothing_to_tell_apart_there_are_no_trees(some: list[Lesson]) -> None:
    assert training.train(taught(some), some) is None


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "LIBRARY", "no_such_library")
    assert "no_such_library" in training.missing()
    with pytest.raises(training.NoTrees, match="no_such_library"):
        training.train(Encoder(), list(lessons(100)))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"version": 2, "base": 0.0, "categories": {}, "curves": {}},
        {"version": 1, "base": "nan", "categories": {}, "curves": {}},
        {"version": 1, "base": 0.0, "categories": {"a": None}, "curves": {}},
        {"version": 1, "base": 0.0, "categories": {}, "curves": {"a": [[1.0], [1.0]]}},
    ],
)
def test_what_are_no_tables_is_refused(told: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Tables.from_json(told)
