"""Best time and days to decision: what is told, from how much, and what is not."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.intelligence import advice, lives
from leadflow.intelligence.insight import Case, Cell, Counts, Told
from leadflow.intelligence.insights import best_time, decision
from leadflow.intelligence.reach import ANSWERED, MINIMUM, OWN_ENOUGH, TRIED, Channel, channel
from leadflow.intelligence.story import Story
from leadflow.kernel.fields import FieldRights
from tests.intelligence.tales import MONDAY, after, called, captured, case, counts, decided, event, random_life, story

LEAD = story(captured())
NINE_TO_FIVE = [day * 24 + hour for day in range(5) for hour in range(9, 17)]
slots = st.dictionaries(st.integers(0, 167), st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=30)


def calls(rates: dict[int, float], each: int = 20, usual: float = 0.2) -> Counts:
    """So many calls in every working hour of the week, answered at these rates by the hour of the day."""
    cells = {Cell(TRIED, "call", slot): each for slot in NINE_TO_FIVE}
    cells |= {Cell(ANSWERED, "call", slot): round(each * rates.get(slot % 24, usual)) for slot in NINE_TO_FIVE}
    return Counts(cells)


def told_time(known: Counts, now: datetime = MONDAY, told: Story = LEAD) -> Told | None:
    return best_time.tell(case(told, now), known)


class TestBestTime:
    def test_the_next_hours_that_are_clearly_better_are_told_in_the_leads_own_time(self) -> None:
        known = calls({14: 0.6, 15: 0.6})
        found = told_time(known)
        assert found is not None
        assert found.text == "Monday 14–16 their time"
        assert found.starts_at is not None
        assert found.starts_at.astimezone(UTC) == MONDAY.replace(hour=13)
        assert found.ends_at is not None
        assert found.ends_at - found.starts_at == timedelta(hours=2)
        assert found.evidence == 800
        assert "30 % at any time. From 800 calls, 200 of them in these hours." in found.why

    def test_a_window_that_is_open_is_now_and_one_that_closes_is_the_next_one(self) -> None:
        known = calls({14: 0.6, 15: 0.6})
        during, late = told_time(known, MONDAY.replace(hour=13, minute=20)), told_time(known, MONDAY.replace(hour=14))
        assert during is not None
        assert during.text == "Now, Monday 14–16 their time"
        closing = told_time(known, MONDAY.replace(hour=14, minute=40))
        assert late is not None
        assert closing is not None
        assert late.text.startswith("Now")
        assert closing.text.startswith("Tuesday 14–16")

    def test_where_no_time_is_better_nothing_is_told(self) -> None:
        assert told_time(calls({})) is None

    def test_chance_is_no_reason(self) -> None:
        """A hundred organizations in which every hour is the same: hardly any is told of a best one."""
        dice, told = random.Random(3), 0
        for _ in range(100):
            cells = {Cell(TRIED, "call", slot): 10 for slot in NINE_TO_FIVE}
            cells |= {
                Cell(ANSWERED, "call", slot): sum(dice.random() < 0.25 for _ in range(10)) for slot in NINE_TO_FIVE
            }
            told += told_time(Counts(cells)) is not None
        assert told <= 8

    def test_below_the_minimum_it_only_says_how_much_is_missing(self) -> None:
        few = Counts({Cell(TRIED, "call", 10): MINIMUM - 1, Cell(ANSWERED, "call", 10): MINIMUM - 1})
        found = told_time(few)
        assert found is not None
        assert (found.text, found.missing, found.unit) == ("", 1, "calls")

    def test_a_lead_that_keeps_answering_in_the_evening_is_called_in_the_evening(self) -> None:
        evenings = [called(after(24 * day + 10), "Reached") for day in range(OWN_ENOUGH)]
        now = after(24 * OWN_ENOUGH)
        assert told_time(calls({}), now, story(captured(), *evenings[1:])) is None
        found = told_time(calls({10: 0.4, 11: 0.4}), now, story(captured(), *evenings))
        assert found is not None
        assert found.text.startswith("Thursday 19–21") or found.text.startswith("Thursday 20–22")
        assert f"{OWN_ENOUGH} answers of its own" in found.why

    def test_who_cannot_be_called_is_written_to(self) -> None:
        mails = Counts(
            {cell._replace(part="email"): amount for cell, amount in calls({10: 0.7, 11: 0.7}).cells.items()}
        )
        found = best_time.tell(case(LEAD, MONDAY, phone=""), mails)
        assert found is not None
        assert "e-mails sent then are answered" in found.why
        gone = story(captured(), event("behaviour.unsubscribed", MONDAY))
        assert best_time.tell(case(gone, MONDAY, phone=""), mails) is None

    def test_where_a_lead_lives_is_not_told_to_those_who_may_not_know(self) -> None:
        hidden = FieldRights(frozenset({"country"}), frozenset({"country"}))
        assert best_time.tell(Case(LEAD, case(LEAD, MONDAY).lead, MONDAY, "UTC", hidden), calls({10: 0.7})) is None

    @given(slots, st.integers(0, 167))
    def test_every_rate_is_a_share(self, given_: dict[int, tuple[int, int]], window: int) -> None:
        tried = {slot: hits + misses for slot, (hits, misses) in given_.items()}
        known = Channel(tried, {slot: hits for slot, (hits, _) in given_.items()})
        for own in (None, known):
            assert 0 <= known.rate_in(window, own) <= 1
        assert 0 <= known.rate <= 1

    @given(st.integers(0, 30), st.integers(0, 30))
    def test_more_answers_never_make_a_time_worse(self, few: int, more: int) -> None:
        low, high = (calls({10: hits / 60}, each=60) for hits in (few, few + more))
        assert channel(low, "call").rate_in(10) <= channel(high, "call").rate_in(10) + 1e-12


class TestDecision:
    def test_a_lead_is_decided_when_those_were_that_were_open_at_its_age(self) -> None:
        known = counts([decided("partner", days) for days in range(1, 31) for _ in range(2)])
        fresh = decision.tell(case(LEAD, MONDAY), known)
        assert fresh is not None
        assert fresh.text == "Usually decided in 3–27 days"
        assert fresh.why == "Eight of ten are. From 60 leads decided at this age or later."
        older = decision.tell(case(LEAD, after(24 * 8)), known)
        assert older is not None
        assert older.text == "Usually decided in 2–20 days"
        assert older.evidence == 46

    def test_leads_from_its_source_are_asked_where_there_are_enough(self) -> None:
        known = counts([decided("fair", 3) for _ in range(40)] + [decided("partner", 20) for _ in range(40)])
        fair = decision.tell(case(LEAD, MONDAY), known)
        assert fair is not None
        assert fair.text == "Usually decided within 3 days"
        assert "From 40 leads from fair" in fair.why
        blind = FieldRights(frozenset({"source"}), frozenset())
        mixed = decision.tell(Case(LEAD, {}, MONDAY, "UTC", blind), known)
        assert mixed is not None
        assert mixed.text == "Usually decided in 3–20 days"
        assert "fair" not in mixed.why

    def test_leads_that_never_end_are_not_left_out(self) -> None:
        """A third is decided by day 10, and the others are still open after two months."""
        quick, open_ = [decided("fair", 10) for _ in range(30)], [story(captured()) for _ in range(60)]
        found = decision.tell(case(LEAD, MONDAY), _at(counts([*quick, *open_]), 60))
        assert found is not None
        assert found.text == "33 % are decided within 60 days"

    def test_one_that_has_been_open_for_longer_than_any_other_is_told_nothing(self) -> None:
        known = counts([decided("fair", days % 5) for days in range(60)])
        assert decision.tell(case(LEAD, after(24 * 30)), known) is None

    @pytest.mark.parametrize("few", [0, 1, decision.MINIMUM - 1])
    def test_below_the_minimum_nothing_is_told(self, few: int) -> None:
        found = decision.tell(case(LEAD, MONDAY), counts([decided("fair", 3) for _ in range(few)]))
        assert found is not None
        assert (found.text, found.missing) == ("", decision.MINIMUM - few)


def _at(known: Counts, days: int) -> Counts:
    """As if the open leads had come in so many days earlier."""
    moved = {cell._replace(bucket=cell.bucket - days) if cell.topic.startswith(lives.OPEN) else cell: amount
             for cell, amount in known.cells.items()}  # fmt: skip
    return Counts(moved)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_told_rests_on_its_minimum(seed: int) -> None:
    dice = random.Random(seed)
    stories = [story(*random_life(dice)) for _ in range(dice.choice((0, 5, 60, 400)))]
    known = counts(stories)
    for each in stories[:40]:
        told = advice.told(case(each, after(24 * 40)), known)
        assert bool(told["insights"] or told["steps"]) <= each.is_open
        for insight in told["insights"]:
            assert insight["evidence"] >= insight["minimum"] if insight["text"] else insight["missing"] > 0
        for step in told["steps"]:
            assert (step["evidence"] > 0) == (step["basis"] == "history") == bool(step["unit"])
