import json
import math
import random
from dataclasses import replace
from datetime import timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel.ids import new_id
from leadflow.scoring.config import DEFAULT, Band, ScoringConfig
from leadflow.scoring.explanation import Kind, logit, sigmoid
from leadflow.scoring.features import EMPTY, LeadFeatures
from leadflow.scoring.models import shelf
from leadflow.scoring.scorer import SHOWN, Previous, Scored, Scorer, Verdict
from tests.scoring.leads import MONDAY, Told, captured, did, ended, enriched, story

DAY = timedelta(days=1)


def scorer(config: ScoringConfig = DEFAULT) -> Scorer:
    return Scorer(config, shelf()["mix"].create())


def previous(verdict: Verdict | None) -> Previous | None:
    return Previous(verdict.explanation.score, verdict.band) if verdict else None


def live(on: Scorer, *events: Told) -> tuple[LeadFeatures, Verdict | None]:
    features, verdict, lead_id = EMPTY, None, new_id()
    for event in events:
        scored = on.apply(lead_id, features, previous(verdict), event)
        features, verdict = scored.features, scored.verdict or verdict
    return features, verdict


def taught(wins: int = 30, losses: int = 70) -> Scorer:
    """A scorer of an organization where Google leads win and those from ads lose."""
    on = scorer()
    for number in range(wins + losses):
        won = number % (wins + losses) < wins
        live(on, captured(source="google" if won else "ads"), ended("won" if won else "lost"))
    return on


class TestRulesAlone:
    def test_a_lead_of_whom_nothing_is_known_stands_at_the_base(self) -> None:
        verdict = scorer().judge(EMPTY, None)
        assert (verdict.score, verdict.band, verdict.headline) == (DEFAULT.base, Band.COLD, "")

    def test_the_hottest_says_why(self) -> None:
        _, verdict = live(scorer(), captured(), enriched(email_kind="business"), did("demo_requested"))
        assert verdict is not None
        assert (verdict.band, verdict.headline) == (Band.HOT, "Requested a demo")
        assert verdict.delta > 20
        assert verdict.explanation.weight == 0

    def test_points_are_log_odds(self) -> None:
        features, verdict = live(scorer(), captured(title="CEO", company="", custom={}))
        assert verdict is not None
        assert verdict.explanation.score == pytest.approx(100 * sigmoid(logit(DEFAULT.base / 100) + 12 / 20))
        assert features.facts["seniority"] == "executive"

    def test_bad_news_lowers_the_score(self) -> None:
        on = scorer()
        _, good = live(on, captured(), did("pricing_visited"))
        _, bad = live(on, captured(), did("pricing_visited"), did("unsubscribed"))
        assert good is not None
        assert bad is not None
        assert bad.score < good.score - 10
        assert bad.delta < 0

    def test_events_that_say_nothing_leave_the_score_alone(self) -> None:
        features, verdict = live(scorer(), captured())
        assert scorer().apply(new_id(), features, previous(verdict), Told("lead.assigned")) == Scored(features, None)


class TestOrder:
    """The store keeps facts and deeds in an order of its own: a score read back is the score in memory, to the bit."""

    @given(st.randoms(use_true_random=False), st.booleans())
    def test_the_order_in_which_things_are_remembered_changes_nothing(
        self, dice: random.Random, has_learned: bool
    ) -> None:
        on = taught() if has_learned else scorer()
        deeds = [
            did(name, MONDAY + timedelta(minutes=dice.randrange(20_000)))
            for name in ("demo_requested", "meeting_booked", "pricing_visited", "email_replied", "page_viewed") * 3
        ]
        lead = story(captured(), enriched(email_kind="business"), *deeds)
        facts, engagement = list(lead.facts.items()), list(lead.engagement.items())
        dice.shuffle(facts)
        dice.shuffle(engagement)
        verdict = on.judge(replace(lead, facts=dict(facts), engagement=dict(engagement)), None)
        assert verdict == on.judge(lead, None)


class TestLearning:
    def test_the_learned_part_takes_over_as_outcomes_come_in(self) -> None:
        weights = [live(taught(n, 2 * n), captured())[1] for n in (1, 5, 50)]
        shares = [verdict.explanation.weight for verdict in weights if verdict]
        assert shares == sorted(shares)
        assert shares[0] < 0.1
        assert shares[-1] > 0.7

    def test_what_won_before_scores_higher_and_says_so(self) -> None:
        on = taught()
        _, google = live(on, captured())
        _, ads = live(on, captured(source="ads"))
        assert google is not None
        assert ads is not None
        assert google.score > ads.score + 10
        labels = {c.label: c.points for c in google.explanation.contributions if c.kind is Kind.LEARNED}
        assert labels["Leads from google win more often"] > 3
        assert google.explanation.outcomes == 100

    def test_contributions_add_up_with_a_learned_part(self) -> None:
        on = taught()
        _, verdict = live(on, captured(), did("pricing_visited"), enriched(email_kind="free"), Told("activity.call"))
        assert verdict is not None
        total = math.fsum(c.points for c in verdict.explanation.contributions)
        assert abs(verdict.explanation.base + total - verdict.explanation.score) < 1e-9
        assert sum(c.kind is Kind.LEARNED for c in verdict.explanation.contributions) <= SHOWN + 1

    def test_a_rule_and_what_was_learned_about_the_same_thing_are_one_reason(self) -> None:
        on = scorer()
        for number in range(100):
            won = number % 3 == 0
            live(on, captured(title="CEO" if won else "Clerk"), did("email_replied"), ended("won" if won else "lost"))
        _, verdict = live(on, captured(title="CEO"), did("email_replied"), did("pricing_visited"))
        assert verdict is not None
        reasons = {c.label: c.kind for c in verdict.explanation.contributions}
        assert reasons["Executives win more often"] is Kind.LEARNED
        assert "Executive" not in reasons
        assert reasons["Visited pricing"] is Kind.ENGAGEMENT
        assert sum("e-mail" in label for label in reasons) <= 2

    def test_an_average_lead_stands_at_the_usual_score_when_winning_is_usual(self) -> None:
        on = scorer(ScoringConfig(usual_win_rate=0.3, usual_score=50))
        rng, scores = random.Random(4), []
        for number in range(1200):
            at = MONDAY + number * DAY / 4
            scores.append(on.judge(story(captured(at)), None).explanation.score)
            live(on, captured(at), ended("won" if rng.random() < 0.3 else "lost", at + DAY))
        assert fmean(scores[-600:]) == pytest.approx(50, abs=3)

    def test_an_outcome_teaches_and_leaves_the_score_as_it_was(self) -> None:
        on = scorer()
        features, verdict = live(on, captured())
        scored = on.apply(new_id(), features, previous(verdict), ended("won"))
        assert (scored.verdict, scored.learned, on.model.wins) == (None, True, 1)

    def test_an_outcome_told_twice_teaches_once(self) -> None:
        on = scorer()
        live(on, captured(), ended("lost"), ended("lost", MONDAY + 20 * DAY))
        assert (on.model.wins, on.model.losses) == (0, 1)

    def test_a_lost_lead_that_buys_after_all_is_no_longer_a_loss(self) -> None:
        on = scorer()
        live(on, captured(), ended("lost"), ended("won", MONDAY + 60 * DAY))
        assert (on.model.wins, on.model.losses) == (1, 0)

    def test_a_reopened_lead_counts_for_nothing_until_it_ends_again(self) -> None:
        on = scorer()
        features, verdict = live(on, captured(), ended("lost"), Told("lead.reopened", {}, MONDAY + 30 * DAY))
        assert (on.model.wins, on.model.losses, features.outcome) == (0, 0, "")
        assert verdict is not None

    def test_a_won_lead_keeps_the_score_it_was_won_with(self) -> None:
        on = taught()
        features, verdict = live(on, captured(), ended("won"))
        assert on.apply(new_id(), features, previous(verdict), did("page_viewed", MONDAY + 50 * DAY)).verdict is None

    def test_a_lost_lead_that_comes_back_is_seen(self) -> None:
        on = scorer()
        features, verdict = live(on, captured(), ended("lost"))
        scored = on.apply(new_id(), features, previous(verdict), did("demo_requested", MONDAY + 50 * DAY))
        assert scored.verdict is not None
        assert scored.verdict.delta > 0

    def test_a_saved_model_goes_on_as_if_nothing_had_happened(self) -> None:
        first, second = taught(), scorer()
        second.model.restore(json.loads(json.dumps(first.model.snapshot())))
        for on in (first, second):
            live(on, captured(source="fair"), ended("won"))
        assert first.judge(story(captured()), None).explanation.score == pytest.approx(
            second.judge(story(captured()), None).explanation.score, abs=1e-10
        )


KINDS = st.sampled_from(
    ["behaviour.page_viewed", "behaviour.x", "activity.call", "lead.lost", "lead.reopened", "lead.won"]
)


class TestAnyStory:
    @given(st.lists(st.tuples(KINDS, st.integers(0, 10_000)), max_size=25))
    def test_every_score_is_explained(self, events: list[tuple[str, int]]) -> None:
        on, features, before = taught(3, 5), EMPTY, None
        for kind, hours in events:
            scored = on.apply(new_id(), features, before, Told(kind, {}, MONDAY + timedelta(hours=hours)))
            features = LeadFeatures.from_json(json.loads(json.dumps(scored.features.to_json())))
            assert features == scored.features
            if scored.verdict:
                explanation = scored.verdict.explanation
                total = math.fsum(c.points for c in explanation.contributions)
                assert abs(explanation.base + total - explanation.score) < 1e-9
                assert 0 <= scored.verdict.score <= 100
                before = previous(scored.verdict)
        assert min(on.model.wins, on.model.losses) >= 0
