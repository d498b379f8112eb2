"""Next steps: what is worth doing with a lead now, and why."""

from datetime import datetime
from typing import Any

import pytest

from leadflow.intelligence import advice
from leadflow.intelligence.actions import first_contact, get_back_in_touch, let_it_rest
from leadflow.intelligence.insight import Case, Cell, Counts
from leadflow.intelligence.reach import ANSWERED, TRIED
from leadflow.intelligence.story import Story
from leadflow.kernel.fields import FieldRights
from tests.intelligence.tales import MONDAY, after, called, captured, case, event, story

NOTHING = Counts({})
CONTACTED = story(captured(), called(after(1), "No answer"))


def steps(told: Story, now: datetime, known: Counts = NOTHING, **lead: Any) -> list[tuple[str, str]]:
    return [(step["name"], step["does"]) for step in advice.told(case(told, now, **lead), known)["steps"]]


def reason(told: Story, now: datetime, known: Counts = NOTHING, **lead: Any) -> dict[str, Any]:
    first: dict[str, Any] = advice.told(case(told, now, **lead), known)["steps"][0]
    return first


class TestAnswering:
    @pytest.mark.parametrize("did", ["email_replied", "demo_requested", "form_submitted", "meeting_booked"])
    def test_who_has_written_is_answered_before_anything_else(self, did: str) -> None:
        told = story(captured(), called(after(1), "No answer"), event(f"behaviour.{did}", after(2)))
        first = reason(told, after(5))
        assert first["name"] == "answer_them"
        assert first["reason"].endswith("3 hours ago, and nobody has answered.")
        assert first["does"] == ("email" if did == "email_replied" else "call")

    def test_once_is_enough(self) -> None:
        told = story(captured(), event("behaviour.demo_requested", after(1)), called(after(2), "Reached"))
        assert "answer_them" not in dict(steps(told, after(3)))


class TestFirstContact:
    def test_nobody_has_been_in_touch(self) -> None:
        assert steps(story(captured()), after(0.5), band="hot") == [("first_contact", "call")]
        first = reason(story(captured()), after(0.5), band="hot")
        assert first["reason"] == "Hot, and nobody has been in touch since it came in 30 minutes ago."
        assert (first["basis"], first["evidence"]) == ("rule", 0)
        assert steps(story(captured()), after(1), phone="") == [("first_contact", "email")]
        assert steps(CONTACTED, after(2)) == []

    def test_what_came_of_being_quick_is_told_where_enough_have_been_decided(self) -> None:
        decided, won = first_contact.DECIDED, first_contact.WON
        cells = {Cell(decided, "", 0): 20, Cell(decided, "", 1): 40, Cell(won, "", 0): 12, Cell(won, "", 1): 8}
        first = reason(story(captured()), after(0.5), Counts(cells))
        assert "60 % of leads contacted within the hour were won, 20 % of the others" in first["reason"]
        assert (first["basis"], first["evidence"], first["unit"]) == ("history", 60, "decided leads")
        alike = Counts({**cells, Cell(won, "", 1): 16})
        assert reason(story(captured()), after(0.5), alike)["basis"] == "rule"
        cells[Cell(decided, "", 0)] = first_contact.MINIMUM - 1
        assert reason(story(captured()), after(0.5), Counts(cells))["basis"] == "rule"


class TestLater:
    def test_an_attempt_without_an_answer_is_followed_up_after_two_days(self) -> None:
        assert steps(CONTACTED, after(48)) == []
        assert steps(CONTACTED, after(49)) == [("follow_up", "call")]
        assert reason(CONTACTED, after(49))["reason"] == "The last call was 2 days ago, and 1 attempt had no answer."

    def test_after_a_quiet_week_it_is_taken_up_again(self) -> None:
        assert steps(CONTACTED, after(24 * 8 + 1)) == [("get_back_in_touch", "call")]
        tried, answered = get_back_in_touch.TRIED, get_back_in_touch.ANSWERED
        known = Counts({Cell(tried): 50, Cell(answered): 12})
        first = reason(CONTACTED, after(24 * 8 + 1), known)
        assert "24 % of leads answered when taken up again after a quiet week (from 50 tries)." in first["reason"]
        few = Counts({Cell(tried): get_back_in_touch.MINIMUM - 1, Cell(answered): 1})
        assert reason(CONTACTED, after(24 * 8 + 1), few)["basis"] == "rule"

    def test_six_attempts_are_enough(self) -> None:
        calls = [called(after(number), "No answer") for number in range(let_it_rest.TRIES)]
        assert steps(story(captured(), *calls), after(200)) == [("let_it_rest", "close_lost")]
        assert steps(story(captured(), *calls[1:]), after(200)) == [("get_back_in_touch", "call")]

    def test_who_answers_and_was_never_met_is_met(self) -> None:
        answered = [captured(), event("behaviour.email_replied", after(1)), called(after(2), "Reached")]
        assert steps(story(*answered), after(10)) == [("book_a_meeting", "call")]
        assert steps(story(*answered), after(10), band="cold") == []
        met = event("activity.meeting", after(3), outcome="Held")
        assert steps(story(*answered, met), after(10)) == []


class TestPhone:
    MIXED = Counts(
        {
            Cell(TRIED, "call", 10): 200,
            Cell(ANSWERED, "call", 10): 80,
            Cell(TRIED, "email", 10): 200,
            Cell(ANSWERED, "email", 10): 20,
        }
    )

    def test_a_number_is_worth_finding_where_calls_are_clearly_better(self) -> None:
        wanted = ("find_their_phone", "edit_phone")
        assert wanted in steps(CONTACTED, after(2), self.MIXED, phone="")
        assert wanted not in steps(CONTACTED, after(2), self.MIXED)
        same = Counts({**self.MIXED.cells, Cell(ANSWERED, "email", 10): 75})
        assert wanted not in steps(CONTACTED, after(2), same, phone="")
        assert wanted not in steps(CONTACTED, after(2), phone="")

    @pytest.mark.parametrize("rights", [FieldRights(frozenset({"phone"})), FieldRights(locked=frozenset({"phone"}))])
    def test_nobody_is_asked_to_find_what_they_may_not_set(self, rights: FieldRights) -> None:
        lead = {**case(CONTACTED, after(2)).lead, "phone": None}
        told = advice.told(Case(CONTACTED, lead, after(2), "UTC", rights), self.MIXED)
        assert "find_their_phone" not in {step["name"] for step in told["steps"]}


def test_who_can_neither_be_called_nor_written_to_is_nobodys_next_call() -> None:
    assert steps(story(captured()), after(1), phone="", email="") == []
    assert steps(story(captured()), after(1), phone=None, email=None) == []


def test_a_closed_lead_has_no_next_step() -> None:
    assert advice.told(case(story(captured(), event("lead.won", MONDAY)), after(1)), NOTHING) == {
        "insights": [],
        "steps": [],
    }
