"""How far a change of rules can move a score: never less than it does move one, and not much more where it is plain."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadflow.scoring.bands import band
from leadflow.scoring.config import DEFAULT, Band, EngagementRule, FitRule, ScoringConfig, Thresholds
from leadflow.scoring.explanation import logit
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf
from leadflow.scoring.scorer import Previous, Scorer
from leadflow.scoring.settings.swing import STILL, Span, swing, unsettled
from tests.scoring.leads import MONDAY, Told, captured, did, ended, enriched, story
from tests.scoring.rules import config, with_points

GROUPS = st.sampled_from(["profile", "engagement", "other"])
POINTS = st.floats(-60, 60).map(lambda points: round(points, 1))
VALUES = st.sets(st.sampled_from(["google", "partner", "director", "staff"]), max_size=2).map(sorted).map(tuple)
FIT = st.builds(
    FitRule,
    attribute=st.sampled_from(["source", "seniority", "has_company"]),
    values=VALUES,
    points=POINTS,
    label=st.just("Fits"),
    group=GROUPS,
)
DEEDS = ("page_viewed", "pricing_visited", "team:meeting", "danced")
DONE = st.builds(
    EngagementRule,
    behaviour=st.sampled_from(DEEDS),
    points=POINTS,
    limit=st.floats(1, 80).map(lambda limit: round(limit, 1)),
    label=st.just("Did"),
    group=GROUPS,
)
OTHER = st.none() | st.builds(
    EngagementRule, behaviour=st.just("*"), points=POINTS, limit=st.just(9), label=st.just("Else")
)
RULES = st.fixed_dictionaries(
    {
        "base": st.sampled_from([15.0, 15.0, 22.0]),
        "fit": st.lists(FIT, max_size=4).map(tuple),
        "engagement": st.lists(DONE, max_size=4, unique_by=lambda rule: rule.behaviour).map(tuple),
        "limits": st.dictionaries(GROUPS, st.sampled_from([10.0, 34.0, 60.0]), max_size=3),
        "usual_win_rate": st.sampled_from([0.1, 0.1, 0.2]),
        "thresholds": st.sampled_from([Thresholds(), Thresholds(hot=75, warm=35, hysteresis=2)]),
    }
)
KINDS = [
    "lead.captured",
    "lead.enriched",
    "activity.meeting",
    *(f"behaviour.{deed}" for deed in DEEDS if ":" not in deed),
]
STORIES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.sampled_from(["Google", "partner", ""])))


def lived(told: list[tuple[str, int, str]]) -> LeadFeatures:
    return story(
        *(
            Told(kind, captured(source=source).data if kind.startswith("lead.") else {}, MONDAY + timedelta(days=day))
            for kind, day, source in told
        )
    )


def taught(outcomes: int) -> OnlineModel:
    model = shelf()["mix"].create()
    for number in range(outcomes):
        model.learn({"source=google": 1.0, "recency": 0.2 * (number % 5)}, number % 2 == 0)
    return model


class TestSwing:
    @given(RULES, RULES, OTHER, STORIES, st.sampled_from([0, 6]))
    @settings(max_examples=300)
    def test_no_lead_moves_further(
        self,
        old: dict[str, Any],
        new: dict[str, Any],
        other: EngagementRule | None,
        told: list[tuple[str, int, str]],
        outcomes: int,
    ) -> None:
        before, after = (ScoringConfig(**rules, other_behaviour=other) for rules in (old, new))
        moved, model, features = swing(before, after), taught(outcomes), lived(told)
        assert moved is not None
        was, now = (Scorer(rules, model).glance(features) for rules in (before, after))
        shift = logit(now / 100.0) - logit(was / 100.0)
        assert moved.low - 1e-6 <= shift <= moved.high + 1e-6
        wanted = unsettled(before.thresholds, after.thresholds, moved)
        stood = Scorer(before, model).judge(features, None)
        verdict = Scorer(after, model).judge(features, Previous(was, stood.band))
        if Band.HOT in (stood.band, verdict.band) or stood.band is not verdict.band:
            assert stood.score in wanted[stood.band]

    def test_rules_that_are_the_same_move_nothing(self) -> None:
        assert swing(DEFAULT, DEFAULT) == STILL
        assert swing(DEFAULT, config(thresholds={"hot": 80, "warm": 30})) == STILL

    @pytest.mark.parametrize(("points", "limit", "moved"), [(16, 22, 11 * 0.3125 * 2), (11, 30, 8), (5, 22, 0)])
    def test_one_rule_moves_a_lead_by_what_it_gives_more(self, points: float, limit: float, moved: float) -> None:
        """From 11 points each and 22 at most: the gap is widest where the new rule comes to its limit."""
        rules = [
            rule.model_dump() | ({"points": points, "limit": limit} if rule.behaviour == "pricing_visited" else {})
            for rule in DEFAULT.engagement
        ]
        found = swing(DEFAULT, config(engagement=rules))
        assert found is not None
        assert found.high == pytest.approx(moved / 20.0)
        assert (found.low < 0.0) == (points < 11)

    @pytest.mark.parametrize(
        "changed", [{"patience": 50}, {"points_per_logit": 25}, {"goal": "reply"}, {"champion": "binned"}]
    )
    def test_what_moves_every_lead_differently_has_no_bound(self, changed: dict[str, Any]) -> None:
        assert swing(DEFAULT, config(**changed)) is None

    def test_no_limit_lets_through_more_than_it_lets_stand(self) -> None:
        found = swing(DEFAULT, with_points("pricing_visited", 11).model_copy(update={"limits": {"profile": 34.0}}))
        assert found is not None
        assert found.low == 0.0
        assert 100 < found.high * 20 < 1000


class TestUnsettled:
    def test_where_anything_may_happen_all_are(self) -> None:
        found = unsettled(Thresholds(), Thresholds(), None)
        assert {each: len(scores) for each, scores in found.items()} == dict.fromkeys(Band, 101)

    def test_those_that_are_hot_and_those_near_a_threshold_are(self) -> None:
        found = unsettled(Thresholds(), Thresholds(), Span(0.0, 0.35))
        assert found[Band.HOT] == list(range(66, 101))
        assert (found[Band.WARM][0], found[Band.WARM][-1]) == (62, 69)
        assert (found[Band.COLD][0], found[Band.COLD][-1]) == (32, 39)

    def test_other_thresholds_take_the_leads_between_them(self) -> None:
        found = unsettled(Thresholds(), Thresholds(hot=80, warm=40), STILL)
        assert found[Band.HOT] == list(range(66, 101))
        assert found[Band.WARM] == []
        assert all(band(score, Band.HOT, Thresholds(hot=80)) is Band.WARM for score in range(66, 76))


class TestGlance:
    @given(STORIES, st.sampled_from([0, 5, 40]), st.sampled_from(sorted(shelf())))
    def test_it_sees_the_score_that_is_explained(
        self, told: list[tuple[str, int, str]], outcomes: int, name: str
    ) -> None:
        model = shelf()[name].create()
        for number in range(outcomes):
            model.learn({"source=google": 1.0, "recency": 0.2 * (number % 5)}, number % 2 == 0)
        scorer, features = Scorer(DEFAULT, model), lived(told)
        assert scorer.glance(features) == pytest.approx(scorer.judge(features, None).explanation.score, abs=1e-9)

    def test_of_a_lead_with_everything(self) -> None:
        scorer = Scorer(DEFAULT, taught(30))
        features = story(captured(), enriched(email_kind="business"), *[did("demo_requested")] * 3, ended("lost"))
        assert scorer.glance(features) == pytest.approx(scorer.judge(features, None).explanation.score, abs=1e-9)
