from datetime import timedelta

import pytest
from pydantic import ValidationError

from leadflow.scoring.config import DEFAULT, EngagementRule, FitRule, ScoringConfig
from leadflow.scoring.explanation import Kind, logit, sigmoid
from leadflow.scoring.features import EMPTY, fold
from leadflow.scoring.rules import RuleBook, evidence, learned_weight
from tests.scoring.leads import MONDAY, Told, captured, did, enriched, story


def points(config: ScoringConfig, *events: Told) -> dict[str, float]:
    return {t.label: t.logit * config.points_per_logit for t in RuleBook(config).terms(story(*events))}


class TestTerms:
    def test_fit_rules_match_values_or_mere_presence(self) -> None:
        config = ScoringConfig(
            fit=(
                FitRule(attribute="email_kind", values=("free",), points=-4, label="Free"),
                FitRule(attribute="has_company", points=5, label="Company"),
                FitRule(attribute="custom:industry", values=("machinery", "energy"), points=9, label="Our industry"),
                FitRule(attribute="source", values=("referral",), points=10, label="Referral"),
            )
        )
        assert points(config, captured(), enriched(email_kind="free")) == pytest.approx(
            {"Free": -4, "Company": 5, "Our industry": 9}
        )

    def test_engagement_counts_each_time_up_to_its_limit(self) -> None:
        rule = EngagementRule(behaviour="x", points=4, limit=10, half_life_days=1000, label="Did x")
        config = ScoringConfig(engagement=(rule,))
        assert points(config, did("x")) == pytest.approx({"Did x": 4}, rel=1e-3)
        assert points(config, *[did("x")] * 5) == {"Did x 5 times within a day": 10}

    def test_engagement_fades(self) -> None:
        rule = EngagementRule(behaviour="x", points=8, limit=10, half_life_days=5, label="Did x")
        config = ScoringConfig(engagement=(rule,))
        visited, later = did("x"), did("y", MONDAY + timedelta(days=10))
        assert points(config, visited) == pytest.approx({"Did x": 8})
        half_lives = {"x": 5.0}
        features = fold(EMPTY, visited.kind, {}, MONDAY, half_lives)
        features = fold(features, later.kind, {}, later.occurred_at, half_lives)
        assert RuleBook(config).terms(features)[0].logit * 20 == pytest.approx(2)

    def test_a_group_is_held_to_its_limit_and_penalties_are_not(self) -> None:
        rules = [FitRule(attribute="source", points=30, label=name) for name in "abc"]
        penalty = FitRule(attribute="source", points=-50, label="minus")
        config = ScoringConfig(fit=(*rules, penalty), limits={"profile": 45})
        assert points(config, captured()) == pytest.approx({"a": 15, "b": 15, "c": 15, "minus": -50})

    def test_behaviour_without_a_rule_counts_a_little_and_our_own_work_does_not(self) -> None:
        assert points(DEFAULT, did("webinar_attended"), Told("activity.call")) == pytest.approx({"Webinar attended": 3})

    def test_a_business_lead_who_requests_a_demo_is_hot_and_a_mere_visitor_is_not(self) -> None:
        def score(*events: Told) -> float:
            return 100 * sigmoid(
                logit(DEFAULT.base / 100) + sum(term.logit for term in RuleBook(DEFAULT).terms(story(*events)))
            )

        visitor = captured(title="", company="")
        assert (
            score(captured(title=""), enriched(email_kind="business"), did("demo_requested")) >= DEFAULT.thresholds.hot
        )
        assert score(visitor, enriched(email_kind="free"), *[did("email_opened")] * 50) < DEFAULT.base


class TestLabels:
    def test_they_say_what_a_rep_would_say(self) -> None:
        events = [did("pricing_visited", MONDAY + timedelta(hours=h)) for h in (0, 5)]
        book = RuleBook(DEFAULT)
        assert [t.label for t in book.terms(story(*events))] == ["Visited pricing twice within a day"]
        assert [t.label for t in book.terms(story(events[0], did("pricing_visited", MONDAY + timedelta(days=3))))] == [
            "Visited pricing twice"
        ]
        assert {t.kind for t in book.terms(story(*events))} == {Kind.ENGAGEMENT}


class TestLearnedWeight:
    def test_it_starts_at_nothing_and_needs_both_winners_and_losers(self) -> None:
        assert learned_weight(0, 0, 20) == 0
        assert learned_weight(500, 0, 20) == 0
        assert learned_weight(0, 500, 20) == 0

    def test_it_grows_with_the_rarer_outcome(self) -> None:
        assert learned_weight(20, 20, 20) == 0.5
        assert evidence(10, 10_000) < 20
        assert learned_weight(10, 90, 20) < learned_weight(50, 50, 20) < 1


class TestConfig:
    def test_it_survives_json(self) -> None:
        assert ScoringConfig.model_validate_json(DEFAULT.model_dump_json()) == DEFAULT

    @pytest.mark.parametrize(
        "broken",
        [
            {"thresholds": {"hot": 40, "warm": 70}},
            {"base": 0},
            {"points_per_logit": float("nan")},
            {"fit": [{"attribute": "source", "points": float("inf"), "label": "x"}]},
            {"engagement": [{"behaviour": "x", "points": 1, "limit": 1, "half_life_days": 0, "label": "x"}]},
            {"surprise": 1},
        ],
    )
    def test_nonsense_is_refused(self, broken: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            ScoringConfig.model_validate(broken)
