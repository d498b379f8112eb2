"""The mix with a pool: what adopting it does, and what it leaves alone."""

import json
import math
from statistics import fmean

import pytest

from leadflow.scoring.adopting import FIRST_SHARE, Adopting
from leadflow.scoring.encoding import QUARTERED
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf
from leadflow.scoring.weights import Curve, Origin, Tables
from tests.scoring.test_nightly import leads, taught

POOL = Tables(-0.4, {"source=a": 1.2, "source=nobody yet": 0.7}, {"touches": Curve(QUARTERED, (-0.5, 0.0, 0.5, 1.0))})
SHARE = FIRST_SHARE[Origin.POOL]


def pooled(count: int = 300) -> Adopting:
    return taught(count, "pooled")


def adopted(count: int = 300) -> Adopting:
    model = pooled(count)
    model.adopt(Origin.POOL, POOL)
    return model


def said(x: dict[str, float]) -> float:
    """What the pool says of a lead, apart from where the average one stands."""
    words = math.fsum(POOL.categories.get(name, 0.0) for name in x)
    return words + (POOL.curves["touches"].weights[int(x["touches"] * 3.999)] if "touches" in x else 0.0)


def test_before_there_is_a_pool_it_is_the_mix() -> None:
    model, mix = pooled(), taught(name="mix")
    for x, _ in leads(20):
        assert model.predict_logit(x) == mix.predict_logit(x)
    assert json.dumps(model.snapshot()) == json.dumps(mix.snapshot())


def test_it_is_said_of_leads_that_nobody_has_learned_from() -> None:
    model = shelf()["pooled"].create()
    model.adopt(Origin.POOL, POOL)
    nothing = model.predict_logit({})
    for x in ({"source=a": 1.0}, {"source=nobody yet": 1.0}, {"touches": 0.9}, {"touches": 0.1, "source=a": 1.0}):
        assert model.predict_logit(x) - nothing == pytest.approx(SHARE * said(x), abs=1e-6)
        assert model.contributions(x)[next(iter(x)).partition("=")[0]] != 0.0
    assert nothing == pytest.approx(shelf()["mix"].create().predict_logit({}) + SHARE * POOL.base, abs=1e-6)


def test_it_counts_by_its_share_and_is_explained() -> None:
    before, after = pooled(), adopted()
    before._settle()
    rest = [after.predict_logit(x) - (1.0 - SHARE) * before.predict_logit(x) - SHARE * said(x) for x, _ in leads(50)]
    assert max(rest) - min(rest) < 1e-6
    for x, _ in leads(50):
        total = after.intercept + math.fsum(after.contributions(x).values())
        assert total == pytest.approx(after.predict_logit(x), abs=1e-9)


def test_the_average_lead_stands_where_ones_own_stands() -> None:
    """However unlike the leads of the others it is: only what tells leads apart is theirs."""
    model, own = adopted(2_000), leads(2_000, seed=5)
    expert = model._adopted
    assert expert is not None
    assert fmean(said(x) for x, _ in own) + expert.bias == pytest.approx(0.0, abs=0.02)


def test_outcomes_change_what_it_counts_for_and_not_what_it_says() -> None:
    good, bad = pooled(), pooled()
    good.adopt(Origin.POOL, Tables(-0.6, {"source=a": 1.8}, {}))
    bad.adopt(Origin.POOL, Tables(-0.6, {"source=b": 1.8}, {}))
    for x, won in leads(400):
        good.learn(x, won)
        bad.learn(x, won)
    shares = [model.snapshot()["shares"][-1] for model in (good, bad)]  # type: ignore[index]
    assert shares[0] > SHARE > shares[1] >= 0.02


def test_a_snapshot_with_a_pool_restores_an_equal_model() -> None:
    model, copy = adopted(), shelf()["pooled"].create()
    copy.restore(json.loads(json.dumps(model.snapshot())))
    for x, won in leads(100):
        assert copy.predict_logit(x) == pytest.approx(model.predict_logit(x), abs=1e-12)
        for each in (model, copy):
            each.learn(x, won)
    for each in (model, copy):
        each.adopt(Origin.POOL, Tables(0.1, {"source=b": 0.3}, {}))
    assert copy.snapshot() == model.snapshot()


def test_a_pool_that_speaks_of_much_leaves_room_for_what_is_ones_own() -> None:
    model: OnlineModel = shelf()["pooled"].create()
    model.adopt(Origin.POOL, Tables(0.0, {}, {f"did:thing_{place}": POOL.curves["touches"] for place in range(64)}))
    for _ in range(40):
        model.learn({"custom:plan=pro": 1.0}, True)
        model.learn({"custom:plan=free": 1.0}, False)
    assert model.contributions({"custom:plan=pro": 1.0})["custom:plan"] > 0.0


@pytest.mark.parametrize("name", sorted(set(shelf()) - {"pooled"}))
def test_other_models_pass_a_pool_over(name: str) -> None:
    model = taught(name=name)
    before = model.snapshot()
    model.adopt(Origin.POOL, POOL)
    assert model.snapshot() == before
