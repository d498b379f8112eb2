"""Which missing fact would be worth finding."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from leadflow.scoring.features import EMPTY, LeadFeatures
from leadflow.scoring.scorer import Scorer
from leadflow.scoring.whatif.others import MOST_OUTCOMES, Others
from leadflow.scoring.whatif.wording import missing
from leadflow.scoring.whatif.worth import FEWEST_LEADS, LEAST_POINTS, MOST, By, unknown, worth_finding, worth_of
from tests.scoring.leads import captured, ended, story
from tests.scoring.whatif.lives import HIDDEN, LEADS, LEARNED, OTHERS, RULES_ALONE, SCORERS, other, standing

BARE = story(captured(title="", company="", custom={}, email=False))


@hypothesis(deadline=None, max_examples=60)
@given(SCORERS, LEADS, OTHERS)
def test_it_is_the_mean_change_over_what_other_leads_have(on: Scorer, features: LeadFeatures, others: Others) -> None:
    previous = standing(on, features)
    now = on.judge(features, previous)
    for what in unknown(features.facts, others):
        outcomes = [each for each in others.outcomes(what.attributes) if each.facts[what.attributes[0]] != "unknown"]
        found = worth_of(on, features, previous, others, what)
        assert found.leads == sum(each.leads for each in outcomes)
        if not outcomes:
            continue
        known = [on.judge(replace(features, facts={**features.facts, **each.facts}), previous) for each in outcomes]
        moved = [abs(each.explanation.score - now.explanation.score) for each in known]
        assert min(moved) - 1e-9 <= found.points <= max(moved) + 1e-9
        assert 0.0 <= found.chance <= 1.0
        assert (found.chance > 0) == any(each.band is not now.band for each in known)


@hypothesis(deadline=None, max_examples=60)
@given(SCORERS, LEADS, OTHERS, HIDDEN)
def test_only_what_is_unknown_visible_and_rests_on_enough_is_told(
    on: Scorer, features: LeadFeatures, others: Others, hidden: frozenset[str]
) -> None:
    found = worth_finding(on, features, standing(on, features), others, hidden)
    assert len(found) <= MOST
    assert [each.points for each in found] == sorted((each.points for each in found), reverse=True)
    for each in found:
        assert each.leads >= FEWEST_LEADS
        assert each.points >= LEAST_POINTS
        assert each.unknown.field not in hidden
        assert features.facts.get(each.unknown.attributes[0], "unknown") == "unknown"


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=200))
def test_numbers_stand_for_equally_many_leads(numbers: list[int]) -> None:
    outcomes = Others([{"number:size": float(number)} for number in numbers]).outcomes(["number:size"])
    assert sum(each.leads for each in outcomes) == len(numbers)
    assert len(outcomes) == min(len(numbers), MOST_OUTCOMES)
    assert max(each.leads for each in outcomes) - min(each.leads for each in outcomes) <= 1
    values = [each.facts["number:size"] for each in outcomes]
    assert values == sorted(values)
    assert set(values) <= set(numbers)


def test_a_title_moves_the_score_as_far_as_titles_do() -> None:
    titles = ["CEO"] * 10 + ["Accountant"] * 30
    others = Others([story(captured(title=title, custom={})).facts for title in titles])
    previous = standing(RULES_ALONE, BARE)
    [title] = [each for each in worth_finding(RULES_ALONE, BARE, previous, others, ()) if each.unknown.field == "title"]
    ceo = RULES_ALONE.judge(replace(BARE, facts={**BARE.facts, "seniority": "executive"}), previous).explanation.score
    assert title.points == pytest.approx((ceo - RULES_ALONE.judge(BARE, previous).explanation.score) / 4)
    assert (title.leads, title.chance, title.unknown.by) == (40, 0.0, By.HAND)


def test_an_address_brings_what_is_found_out_about_it() -> None:
    dice = random.Random(1)
    others = Others([other(dice).facts for _ in range(50)])
    [address] = [each for each in unknown(BARE.facts, others) if each.attributes[0] == "has_email"]
    kinds = {outcome.facts["email_kind"] for outcome in others.outcomes(address.attributes)}
    assert kinds == {"business", "free"}


def test_an_organizations_own_field_is_asked_for_in_a_form() -> None:
    dice = random.Random(1)
    others = Others([other(dice).facts for _ in range(200)])
    found = {
        each.unknown.attributes[0]: each for each in worth_finding(LEARNED, BARE, standing(LEARNED, BARE), others, ())
    }
    assert found["custom:plan"].unknown.by is By.FORM
    assert found["custom:plan"].points > LEAST_POINTS
    assert (missing("custom:plan"), missing("number:team_size")) == ("Plan", "Team size")


def test_a_closed_lead_is_left_alone() -> None:
    dice = random.Random(1)
    others = Others([other(dice).facts for _ in range(200)])
    for outcome in ("won", "lost"):
        closed = story(ended(outcome), start=BARE)
        assert worth_finding(LEARNED, closed, standing(LEARNED, closed), others, ()) == ()


def test_nothing_rests_on_nobody() -> None:
    assert worth_finding(LEARNED, EMPTY, standing(LEARNED, EMPTY), Others([]), ()) == ()
    assert all(
        math.isfinite(each.points) for each in worth_finding(LEARNED, BARE, standing(LEARNED, BARE), Others([]), ())
    )
