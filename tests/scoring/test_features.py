import json
import math
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from leadflow.scoring.features import EMPTY, MAX_BEHAVIOURS, LeadFeatures, fold, vector
from tests.scoring.leads import MONDAY, Told, captured, did, ended, enriched, story

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class TestFacts:
    def test_a_capture_tells_who_the_lead_is(self) -> None:
        assert story(captured()).facts == {
            "has_email": "yes",
            "source": "google",
            "country": "DE",
            "seniority": "director",
            "has_company": "yes",
            "custom:industry": "machinery",
            "number:employees": 250.0,
        }

    def test_enrichment_adds_what_was_found_out(self) -> None:
        facts = story(captured(country=""), enriched(email_kind="free", country="FR", time_zone="Europe/Paris")).facts
        assert (facts["email_kind"], facts["country"]) == ("free", "FR")
        assert "time_zone" not in facts

    def test_what_the_lead_said_stands_above_what_was_found(self) -> None:
        assert story(captured(country="DE"), enriched(country="FR")).facts["country"] == "DE"

    def test_a_later_look_corrects_an_earlier_one(self) -> None:
        assert (
            story(captured(), enriched(deliverable="unknown"), enriched(deliverable="no")).facts["deliverable"] == "no"
        )

    def test_the_first_source_is_the_source(self) -> None:
        again = Told("lead.joined", {"source": "newsletter", "phone": True}, MONDAY + DAY)
        facts = story(captured(), again).facts
        assert (facts["source"], facts["has_phone"]) == ("google", "yes")

    def test_an_edit_replaces_and_clears(self) -> None:
        changes = {"title": {"from": "Head of Sales", "to": ""}, "phone": {"from": "", "to": "+4930123456"}}
        facts = story(captured(), Told("lead.updated", {"changes": changes})).facts
        assert "seniority" not in facts
        assert facts["has_phone"] == "yes"

    def test_custom_fields_are_bounded_in_number_and_length(self) -> None:
        many = {f"field {i}": f"v{i}" for i in range(200)}
        wordy = captured(custom={"message": "x" * 500, "tags": ["a"], "nothing": None, "ratio": math.nan})
        assert len(story(captured(custom=many), captured(custom={f"more{i}": 1 for i in range(200)})).facts) < 40
        assert not any(name.startswith(("custom:", "number:")) for name in story(wordy).facts)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [("42", 42.0), ("-36.4", -36.4), (True, "yes"), ("01067", "01067"), ("12e4", "12e4"), (10**400, 1e300)],
        ids=["text", "negative", "flag", "postcode", "code", "huge"],
    )
    def test_numbers_are_told_from_codes(self, given: object, kept: object) -> None:
        facts = story(captured(custom={"f": given})).facts
        assert facts.get("number:f", facts.get("custom:f")) == kept


class TestEngagement:
    def test_heat_halves_every_half_life(self) -> None:
        features = fold(EMPTY, "behaviour.pricing_visited", {}, MONDAY, {"pricing_visited": 4.0})
        engagement = features.engagement["pricing_visited"]
        assert [engagement.heat(features.at + days) for days in (0, 4, 8)] == pytest.approx([1.0, 0.5, 0.25])

    def test_decay_agrees_with_the_plain_sum(self) -> None:
        days = [0.0, 0.3, 2.5, 2.6, 9.0, 30.0]
        features = story(*(did("page_viewed", MONDAY + timedelta(days=day)) for day in days))
        plain = sum(2.0 ** (-(days[-1] - day) / 5.0) for day in days)
        assert features.engagement["page_viewed"].heat(features.at) == pytest.approx(plain, rel=1e-12)

    def test_the_order_of_arrival_does_not_matter_for_heat(self) -> None:
        days = (0.0, 1.0, 40.0)
        heats = [
            story(*(did("page_viewed", MONDAY + timedelta(days=d)) for d in order)).engagement["page_viewed"].heat(2000)
            for order in permutations(days)
        ]
        assert heats == pytest.approx([heats[0]] * len(heats), rel=1e-12)

    def test_years_of_silence_and_bursts_stay_finite(self) -> None:
        features = story(*(did("page_viewed", MONDAY) for _ in range(500)), did("page_viewed", MONDAY + 9000 * DAY))
        assert all(math.isfinite(value) and 0 <= value <= 1 for value in vector(features).values())
        assert features.engagement["page_viewed"].heat(-1e6) < math.inf

    def test_a_new_half_life_keeps_the_heat_of_the_moment(self) -> None:
        before = fold(EMPTY, "behaviour.x", {}, MONDAY, {"x": 2.0})
        after = fold(before, "behaviour.x", {}, MONDAY + 2 * DAY, {"x": 20.0})
        assert after.engagement["x"].heat(after.at) == pytest.approx(1.5)
        assert after.engagement["x"].half_life == 20.0

    def test_bursts_are_counted_within_a_day(self) -> None:
        features = story(
            did("page_viewed"), did("page_viewed", MONDAY + 30 * HOUR), did("page_viewed", MONDAY + 31 * HOUR)
        )
        assert (features.engagement["page_viewed"].times, features.engagement["page_viewed"].burst) == (3, 2)

    def test_an_endless_variety_of_behaviours_is_bounded(self) -> None:
        assert len(story(*(did(f"made_up_{i}") for i in range(500))).engagement) == MAX_BEHAVIOURS

    def test_calls_are_touches_and_notes_are_not(self) -> None:
        features = story(captured(), *(Told(f"activity.{kind}") for kind in ("call", "note", "email", "meeting")))
        assert features.touches == 3

    def test_coming_back_is_engagement(self) -> None:
        assert story(captured(), Told("lead.joined", {})).engagement["returned"].times == 1


class TestVector:
    def test_it_is_bounded_and_named(self) -> None:
        x = vector(story(captured(), did("pricing_visited"), Told("activity.call")))
        assert x["source=google"] == 1.0
        assert x["did:pricing_visited"] == pytest.approx(0.5)
        assert x["number:employees"] == 250
        assert {"recency", "touches"} <= x.keys()
        assert all(0.0 <= value <= 1.0 for name, value in x.items() if name != "number:employees")

    def test_how_long_a_lead_has_been_open_is_not_a_feature(self) -> None:
        soon, late = captured(MONDAY), captured(MONDAY + 300 * DAY)
        assert vector(story(soon)) == vector(story(late))

    def test_events_without_meaning_change_nothing(self) -> None:
        features = story(captured())
        for kind in ("lead.scored", "lead.assigned", "lead.stage_changed", "note.written", "lead", ""):
            assert fold(features, kind, {"score": 99}, MONDAY) is features


PLANTED: dict[str, Any] = {"seller_id": "s1", "business_segment": "pet", "revenue": 9e6, "won_date": "2025-03-01"}


class TestLeakage:
    """What is known only because a deal was made must never be learned from."""

    def test_nothing_planted_in_an_outcome_becomes_a_feature(self) -> None:
        closed = story(
            captured(), ended("won", MONDAY + DAY, **PLANTED, custom=PLANTED, facts={"email_kind": {"value": "x"}})
        )
        assert closed.facts == story(captured()).facts
        assert vector(closed) == vector(story(captured()))

    def test_edits_after_the_sale_are_not_facts(self) -> None:
        changes = {"title": {"from": "", "to": "CEO"}, "value": {"from": 0, "to": 5_000_000}, "segment": {"to": "pet"}}
        closed = story(captured(title=""), ended("won"))
        assert story(Told("lead.updated", {"changes": changes, "custom": PLANTED}), start=closed) is closed

    def test_a_value_set_while_dealing_is_for_rules_only(self) -> None:
        edit = Told("lead.updated", {"changes": {"value": {"from": 0, "to": 5_000_000}}})
        features = story(captured(), edit)
        assert features.facts["value"] == "10k to 100k"
        assert vector(features) == vector(story(captured()))
        assert "value_given=10k to 100k" in vector(story(captured(value=5_000_000)))

    def test_the_wait_for_the_outcome_is_not_visible(self) -> None:
        quick, slow = (story(captured(), ended("lost", MONDAY + days * DAY)) for days in (1, 400))
        assert vector(quick) == vector(slow)


class TestJson:
    def test_it_comes_back_exactly(self) -> None:
        features = story(
            captured(), did("pricing_visited"), Told("activity.call"), enriched(email_kind="free"), ended("lost")
        )
        for state in (EMPTY, story(captured()), features):
            assert LeadFeatures.from_json(json.loads(json.dumps(state.to_json()))) == state

    def test_unknown_and_broken_parts_are_passed_over(self) -> None:
        stored = {"f": {"source": "google", "new": ["?"]}, "e": {"x": [1.0], "y": 3}, "n": "two", "later": {}}
        features = LeadFeatures.from_json(stored)
        assert features.facts == {"source": "google"}
        assert (features.engagement, features.touches) == ({}, 0)
