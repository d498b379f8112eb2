"""What a lead's events come to."""

import random
from datetime import datetime

import orjson
import pytest

from leadflow.intelligence.insight import Cell
from leadflow.intelligence.lives import LOST, OPEN, VALUE_FROM, WON
from leadflow.intelligence.shelf import counted
from leadflow.intelligence.story import Story, tell
from leadflow.kernel.events import RecordedEvent
from tests.intelligence.tales import MONDAY, after, called, captured, event, random_life, story


class TestContacts:
    def test_a_call_counts_at_the_hour_where_the_lead_lives(self) -> None:
        assert story(captured(), called(after(1), "Reached")).slots == {"call 11": [1, 1]}
        tokyo = event("lead.enriched", MONDAY, facts={"time_zone": {"value": "Asia/Tokyo"}})
        assert story(captured(), tokyo, called(after(1), "No answer")).slots == {"call 19": [1, 0]}

    @pytest.mark.parametrize("outcome", ["", "Wrong number", "We shall see"])
    def test_a_call_of_which_nobody_says_what_came_of_it_is_no_evidence(self, outcome: str) -> None:
        told = story(captured(), called(after(1), outcome))
        assert (told.slots, told.tries, told.touched) == ({}, 1, int(after(1).timestamp()))

    @pytest.mark.parametrize(("hours", "answered"), [(2, 1), (49, 1), (50, 0)])
    def test_a_reply_belongs_to_an_e_mail_of_the_last_two_days(self, hours: int, answered: int) -> None:
        mail, reply = event("activity.email", after(1)), event("behaviour.email_replied", after(hours))
        assert story(captured(), mail, reply).slots == {"email 11": [1, answered]}
        assert story(captured(), mail, reply, reply).slots == {"email 11": [1, answered]}

    def test_attempts_are_counted_until_one_is_answered(self) -> None:
        tried = [captured(), called(after(1), "No answer"), event("activity.email", after(2))]
        assert story(*tried).tries == 2
        assert story(*tried, event("behaviour.email_replied", after(3))).tries == 0
        assert story(*tried, called(after(3), "reached")).tries == 0

    @pytest.mark.parametrize(("back", "answered"), [(8 * 24, 1), (8 * 24 + 7 * 24, 1), (8 * 24 + 7 * 24 + 1, 0)])
    def test_taking_a_lead_up_again_has_worked_when_it_answers_within_a_week(self, back: int, answered: int) -> None:
        first, again = called(MONDAY, "No answer"), called(after(8 * 24), "No answer")
        told = story(captured(), first, again, event("behaviour.email_replied", after(back)))
        assert (told.revivals, told.revivals_answered) == (1, answered)

    def test_a_first_call_takes_nothing_up_again(self) -> None:
        assert story(captured(), called(after(400))).revivals == 0


class TestEnds:
    def test_an_outcome_counts_once_and_only_the_last_one(self) -> None:
        lost, won = event("lead.lost", after(24)), event("lead.won", after(72), value=500)
        assert counted(story(captured(), lost))[Cell(LOST, "", 1)] == 1
        cells = counted(story(captured(), lost, event("lead.reopened", after(30)), won))
        assert cells[Cell(WON, "", 3)] == cells[Cell("won from", "fair", 3)] == 1
        assert cells[Cell(f"{VALUE_FROM}EUR", "fair")] == 500
        assert not [cell for cell in cells if cell.topic in {OPEN, LOST}]

    def test_a_lead_moves_with_its_source(self) -> None:
        cells = counted(story(captured(source="fair"), event("lead.updated", after(1), source="partner")))
        assert {cell.part for cell in cells} == {"", "partner"}

    @pytest.mark.parametrize("kind", ["disposable", "business"])
    def test_an_address_is_as_good_as_was_last_found_out(self, kind: str) -> None:
        found = event("lead.enriched", after(1), facts={"email_kind": {"value": kind}})
        before = event("lead.enriched", MONDAY, facts={"email_kind": {"value": "disposable"}})
        assert story(captured(), before, found).is_bad is (kind == "disposable")


@pytest.mark.parametrize("seed", range(40))
def test_a_story_is_the_same_however_often_it_is_put_away(seed: int) -> None:
    events = random_life(random.Random(seed))
    kept = Story()
    for each in events:
        kept = _go_on(Story.from_json(orjson.loads(orjson.dumps(kept.as_json()))), each)
    assert kept == story(*events)
    assert all(amount >= 0 for amount in counted(kept).values())


def _go_on(told: Story, each: RecordedEvent) -> Story:
    tell(told, each, "Europe/Berlin")
    return told


def test_what_happens_out_of_order_does_not_move_time_back() -> None:
    late: datetime = after(48)
    told = story(captured(), called(late, "Reached"), called(after(1)), event("behaviour.email_replied", after(2)))
    assert (told.touched, told.contact) == (int(after(1).timestamp()), int(late.timestamp()))
