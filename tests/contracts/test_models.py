"""What every online model on the shelf must do. One more model is judged here without a line being added."""

import json
import math
import random
from collections.abc import Iterator

import pytest

from leadflow.scoring.errors import FeatureNotFinite, SnapshotUnreadable
from leadflow.scoring.learning import ModelKind, OnlineModel
from leadflow.scoring.models import shelf

GOOD = {"source=google": 1.0, "did:pricing_visited": 0.9, "number:employees": 0.62, "number:employees=2e+02": 1.0}
BAD = {"source=ads": 1.0, "number:employees": 0.55, "number:employees=9e+00": 1.0}


def outcomes(count: int, seed: int = 7) -> Iterator[tuple[dict[str, float], bool]]:
    rng = random.Random(seed)
    for _ in range(count):
        x = {
            f"source={rng.choice('abcde')}": 1.0,
            f"custom:plan={rng.choice('xy')}": 1.0,
            "did:page_viewed": rng.random(),
            "number:age": rng.random(),
        }
        if rng.random() < 0.3:
            x["touches"] = rng.random()
        yield x, rng.random() < 0.2 + 0.5 * x["did:page_viewed"]


def taught(kind: ModelKind, count: int = 300) -> OnlineModel:
    model = kind.create()
    for x, won in outcomes(count):
        model.learn(x, won)
    return model


@pytest.fixture(params=sorted(shelf()))
def kind(request: pytest.FixtureRequest) -> ModelKind:
    return shelf()[request.param]


class TestPrediction:
    def test_a_new_model_has_no_favourites(self, kind: ModelKind) -> None:
        model = kind.create()
        assert model.predict_logit(GOOD) == model.predict_logit(BAD) == model.predict_logit({}) == model.intercept

    def test_learning_says_what_was_thought_before(self, kind: ModelKind) -> None:
        model = taught(kind)
        for x, won in outcomes(50, seed=1):
            thought = model.predict_logit(x)
            assert model.learn(x, won) == pytest.approx(thought, abs=1e-9)

    def test_intercept_and_contributions_make_the_prediction(self, kind: ModelKind) -> None:
        model = taught(kind)
        for x, _ in outcomes(50, seed=1):
            total = model.intercept + math.fsum(model.contributions(x).values())
            assert total == pytest.approx(model.predict_logit(x), abs=1e-9)

    def test_contributions_are_named_by_attribute(self, kind: ModelKind) -> None:
        model = taught(kind)
        assert {"source", "custom:plan", "did:page_viewed", "number:age"} <= model.contributions(GOOD).keys()

    def test_the_average_lead_stands_at_the_intercept(self, kind: ModelKind) -> None:
        model = taught(kind, 2000)
        mean = sum(model.predict_logit(x) for x, _ in outcomes(2000)) / 2000
        assert mean == pytest.approx(model.intercept, abs=0.1)

    def test_unseen_and_missing_features_are_fine(self, kind: ModelKind) -> None:
        model = taught(kind)
        seen, _ = next(outcomes(1))
        assert model.predict_logit({**seen, "source=moon": 1.0, "brand:new": 1.0}) == pytest.approx(
            model.predict_logit(seen)
        )
        assert math.isfinite(model.predict_logit({}))

    def test_predicting_changes_nothing(self, kind: ModelKind) -> None:
        model = taught(kind)
        before = model.snapshot()
        model.contributions(GOOD)
        assert model.snapshot() == before


class TestLearning:
    def test_it_moves_the_prediction_the_right_way(self, kind: ModelKind) -> None:
        model = taught(kind)
        for won in (True, False):
            before = model.predict_logit(GOOD)
            model.learn(GOOD, won)
            assert (model.predict_logit(GOOD) > before) is won

    def test_it_tells_winners_from_losers(self, kind: ModelKind) -> None:
        model = kind.create()
        for _ in range(40):
            model.learn(GOOD, True)
            model.learn(BAD, False)
        assert model.predict_logit(GOOD) > model.predict_logit({}) > model.predict_logit(BAD)
        assert model.contributions(GOOD)["source"] > 0 > model.contributions(BAD)["source"]

    def test_it_counts_its_evidence(self, kind: ModelKind) -> None:
        model = taught(kind, 100)
        wins = sum(won for _, won in outcomes(100))
        assert (model.wins, model.losses) == (wins, 100 - wins)

    def test_an_outcome_can_be_taken_back(self, kind: ModelKind) -> None:
        model = taught(kind)
        untouched, wins = model.predict_logit(GOOD), model.wins
        model.learn(GOOD, True)
        moved = model.predict_logit(GOOD)
        model.learn(GOOD, True, -1.0)
        assert untouched <= model.predict_logit(GOOD) < moved
        assert model.wins == wins

    def test_taking_back_more_than_there_was_stays_harmless(self, kind: ModelKind) -> None:
        model = kind.create()
        model.learn(GOOD, True, -1.0)
        assert (model.wins, model.losses) == (0, 0)
        assert math.isfinite(model.predict_logit(GOOD))

    def test_the_same_outcomes_make_the_same_model(self, kind: ModelKind) -> None:
        assert taught(kind).snapshot() == taught(kind).snapshot()

    @pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf])
    def test_a_number_that_is_none_is_refused_and_changes_nothing(self, kind: ModelKind, poison: float) -> None:
        model = taught(kind)
        before = json.dumps(model.snapshot())
        for x in ({**GOOD, "did:page_viewed": poison}, {"number:age": poison}):
            with pytest.raises(FeatureNotFinite):
                model.learn(x, True)
            with pytest.raises(FeatureNotFinite):
                model.predict_logit(x)
        assert json.dumps(model.snapshot()) == before

    def test_extreme_values_do_no_lasting_harm(self, kind: ModelKind) -> None:
        model = taught(kind)
        for value in (1e308, -1e308, 5e-324, 0.0):
            model.learn({"did:page_viewed": value, "number:age": value, "number:other": value}, True)
            assert math.isfinite(model.predict_logit({"did:page_viewed": value, "number:age": value}))
        assert abs(model.predict_logit(GOOD)) < 50

    def test_endless_new_values_do_not_grow_it_without_bound(self, kind: ModelKind) -> None:
        model = kind.create()
        for number in range(3000):
            model.learn({f"custom:id=row{number}": 1.0, f"custom:field{number}=x": 1.0}, number % 2 == 0)
        assert len(json.dumps(model.snapshot())) < 500_000


class TestSnapshot:
    def test_it_restores_an_equal_model(self, kind: ModelKind) -> None:
        model, copy = taught(kind), kind.create()
        copy.restore(json.loads(json.dumps(model.snapshot())))
        assert (copy.wins, copy.losses) == (model.wins, model.losses)
        for x, won in outcomes(100, seed=3):
            assert copy.predict_logit(x) == pytest.approx(model.predict_logit(x), abs=1e-12)
            for each in (model, copy):
                each.learn(x, won)

    def test_it_is_plain_json_also_when_empty(self, kind: ModelKind) -> None:
        model, copy = kind.create(), kind.create()
        copy.restore(json.loads(json.dumps(model.snapshot(), allow_nan=False)))
        assert copy.predict_logit(GOOD) == model.predict_logit(GOOD)

    @pytest.mark.parametrize("broken", [{}, {"version": 99}, {"version": 1, "features": [], "wins": 0, "losses": 0}])
    def test_something_else_is_refused_and_changes_nothing(self, kind: ModelKind, broken: dict[str, object]) -> None:
        model = taught(kind)
        before = model.snapshot()
        with pytest.raises(SnapshotUnreadable):
            model.restore(broken)
        assert model.snapshot() == before
