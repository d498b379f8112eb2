"""The mix with trees: what adopting them does, and what it leaves alone."""

import json
import math
import random

import pytest

from leadflow.scoring import adopting
from leadflow.scoring.adopting import Adopting
from leadflow.scoring.explanation import logit
from leadflow.scoring.models import shelf
from leadflow.scoring.weights import Curve, Origin, Tables

FIRST_SHARE = adopting.FIRST_SHARE[Origin.TREES]


def lead(rng: random.Random) -> tuple[dict[str, float], bool]:
    x = {f"source={rng.choice('abc')}": 1.0, "number:age": rng.gauss(40, 10), "touches": rng.random()}
    return x, rng.random() < (0.6 if "source=a" in x else 0.2)


def taught(count: int = 300, name: str = "nightly", seed: int = 5) -> Adopting:
    model, rng = shelf()[name].create(), random.Random(seed)
    for _ in range(count):
        model.learn(*lead(rng))
    return model  # type: ignore[return-value]


def leads(count: int, seed: int = 6) -> list[tuple[dict[str, float], bool]]:
    rng = random.Random(seed)
    return [lead(rng) for _ in range(count)]


def of(model: Adopting, weight: float = 1.0) -> Tables:
    """Tables that like a source, and old age."""
    curves = {
        name: Curve(tuple(cuts), tuple(weight * place / 10 for place in range(len(cuts) + 1)))
        for name, _, cuts in model.encoder.intervals()
    }
    return Tables(-1.0, {"source=a": weight, "source=unheard of": 5.0}, curves)


def test_before_there_are_trees_it_is_the_mix() -> None:
    nightly, mix = taught(), taught(name="mix")
    for x, _ in leads(20):
        assert nightly.predict_logit(x) == mix.predict_logit(x)
    assert len(json.dumps(nightly.snapshot())) == len(json.dumps(mix.snapshot()))


def test_trees_count_by_their_share_and_are_explained() -> None:
    before, after = taught(), taught()
    tables = of(after)
    after.adopt(Origin.TREES, tables)
    before._settle()  # as it is when trees come: the shares of the others are those of now
    for x, _ in leads(50):
        age = next(curve for name, curve in tables.curves.items() if name == "number:age")
        trees = tables.base + tables.categories.get(next(iter(x)), 0.0)
        trees += age.weights[sum(cut <= x["number:age"] for cut in age.cuts)]
        trees += tables.curves["touches"].weights[int(x["touches"] * 3.999)]
        mixed = (1.0 - FIRST_SHARE) * before.predict_logit(x) + FIRST_SHARE * trees
        assert after.predict_logit(x) == pytest.approx(mixed, abs=1e-6)
        assert after.intercept + math.fsum(after.contributions(x).values()) == pytest.approx(
            after.predict_logit(x), abs=1e-9
        )


def test_a_base_is_said_as_it_was_meant() -> None:
    """However many leads are won by now: what trees say is the whole of what they say."""
    model = shelf()["nightly"].create()
    model.adopt(Origin.TREES, Tables(logit(0.3), {}, {}))
    expected = FIRST_SHARE * logit(0.3) + (1.0 - FIRST_SHARE) * logit(0.1)
    assert model.predict_logit({"source=a": 1.0}) == pytest.approx(expected, abs=1e-9)
    assert model.intercept == pytest.approx(expected, abs=1e-9)


def test_outcomes_change_what_trees_count_for_and_not_what_they_say() -> None:
    good, bad = taught(), taught()
    good.adopt(Origin.TREES, Tables(-1.4, {"source=a": 1.8}, {}))
    bad.adopt(Origin.TREES, Tables(-1.4, {"source=b": 1.8}, {}))
    said = good.snapshot()["experts"][-1]  # type: ignore[index]
    for x, won in leads(400):
        good.learn(x, won)
        bad.learn(x, won)
    shares = [model.snapshot()["shares"][-1] for model in (good, bad)]  # type: ignore[index]
    assert shares[0] > 2.0 * shares[1] >= 0.02
    assert good.snapshot()["experts"][-1]["bias"] == said["bias"]  # type: ignore[index]


def test_new_trees_take_the_place_of_the_old_ones() -> None:
    twice, once = taught(), taught()
    twice.adopt(Origin.TREES, of(twice, 3.0))
    for model in (twice, once):
        model.adopt(Origin.TREES, of(model, 1.0))
        model.adopt(Origin.TREES, of(model, 1.0))
    assert twice.snapshot() == once.snapshot()


def test_a_snapshot_with_trees_restores_an_equal_model() -> None:
    model, copy = taught(), Adopting(taught()._seats, Origin.TREES)
    model.adopt(Origin.TREES, of(model))
    copy.restore(json.loads(json.dumps(model.snapshot())))
    for x, won in leads(100):
        assert copy.predict_logit(x) == pytest.approx(model.predict_logit(x), abs=1e-12)
        for each in (model, copy):
            each.learn(x, won)
    assert copy.snapshot() == model.snapshot()
    for each in (model, copy):
        each.adopt(Origin.TREES, of(model, 0.5))
    assert copy.snapshot() == model.snapshot()


def test_numbers_that_are_cut_elsewhere_are_read_where_their_intervals_begin() -> None:
    model = taught()
    model.adopt(Origin.TREES, Tables(0.0, {}, {"number:age": Curve((30.0, 50.0), (-1.0, 0.0, 1.0))}))
    trees = model._adopted
    assert trees is not None
    for name, first, cuts in model.encoder.intervals():
        for place, cut in enumerate(cuts, 1):
            expected = (-1.0 if cut < 30.0 else 0.0 if cut < 50.0 else 1.0) if name == "number:age" else 0.0
            assert trees.weights[first + place] == expected


@pytest.mark.parametrize("name", sorted(set(shelf()) - {"nightly"}))
def test_other_models_pass_trees_over(name: str) -> None:
    model = taught(name=name)
    before = model.snapshot()
    model.adopt(Origin.TREES, Tables(1.0, {"source=a": 1.0}, {}))
    assert model.snapshot() == before
