"""What comes in, and when it is not what it was."""

import math
import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring.monitoring.alarms import findings
from leadflow.scoring.monitoring.inputs import (
    DROPPED,
    FEWEST_LEADS,
    MISSING,
    MOST_ATTRIBUTES,
    MOST_BEHAVIOURS,
    MOST_VALUES,
    NEW_LEADS,
    OTHER,
    SHIFTED,
    Day,
    chi_squared,
    magnitude,
    shifts,
    silences,
    tail,
)  # fmt: skip

TODAY = date(2026, 3, 2)  # a Monday
EVENT = st.tuples(
    st.sampled_from([NEW_LEADS, "behaviour.page_viewed", "behaviour.asked", "activity.call", "lead.enriched"]),
    st.fixed_dictionaries({"source": st.sampled_from(["a", "b", "c"]), "custom": st.just({"plan": "x", "size": 30})}),
)


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def poisson(dice: random.Random, rate: float) -> int:
    """Knuth's way."""
    product, count = dice.random(), 0
    while product > math.exp(-rate):
        product, count = product * dice.random(), count + 1
    return count


def weeks(dice: random.Random, days: int, working: float, weekend: float) -> dict[date, Day]:
    """Page views that come in bursts of two."""
    found = {}
    for number in range(1, days + 1):
        day = before(number)
        rate = weekend if day.weekday() >= 5 else working
        found[day] = Day(behaviours={"page_viewed": 2 * poisson(dice, rate / 2.0)})
    return found


class TestCounting:
    def test_a_new_lead_is_counted_by_what_it_says(self) -> None:
        day = Day()
        day.hear(NEW_LEADS, {"source": "Webinar", "email": True, "custom": {"Plan": "pro", "size": 120}})
        day.hear(NEW_LEADS, {"source": "webinar"})
        day.hear("behaviour.page_viewed", {})
        day.hear("activity.call", {})
        assert day.leads == 2
        assert day.facts == {
            "source": {"webinar": 2}, "has_email": {"yes": 1}, "custom:plan": {"pro": 1},
            "number:size": {"below 1,000": 1},
        }  # fmt: skip
        assert day.behaviours == {"page_viewed": 1, "team:call": 1}

    def test_a_day_has_room_for_so_much(self) -> None:
        day = Day()
        for number in range(200):
            day.hear(NEW_LEADS, {"source": f"s{number}", "custom": {f"field {number}": "x"}})
            day.hear(f"behaviour.b{number}", {})
        assert len(day.facts) == MOST_ATTRIBUTES
        assert len(day.facts["source"]) == MOST_VALUES + 1
        assert day.facts["source"][OTHER] == 200 - MOST_VALUES
        assert len(day.behaviours) == MOST_BEHAVIOURS + 1
        assert sum(day.behaviours.values()) == 200

    @given(st.lists(EVENT, max_size=20), st.integers(1, 5))
    def test_batches_make_no_difference(self, events: list[tuple[str, dict[str, object]]], size: int) -> None:
        whole, stored = Day(), Day()
        for kind, data in events:
            whole.hear(kind, data)
        for start in range(0, len(events), size):
            stored = Day(**stored.to_json())
            for kind, data in events[start : start + size]:
                stored.hear(kind, data)
        assert stored == whole

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_every_number_has_a_magnitude(self, number: float) -> None:
        assert magnitude(number)


class TestShifts:
    def sources(self, dice: random.Random, days: range, a_day: int, shares: dict[str, float]) -> dict[date, Day]:
        found = {}
        for number in days:
            day = Day()
            for source in dice.choices([*shares], [*shares.values()], k=a_day):
                day.hear(NEW_LEADS, {"source": source} if source else {})
            found[before(number)] = day
        return found

    def test_the_index_is_the_textbook_one(self) -> None:
        old = {before(20): Day(1000, {"source": {"a": 500, "b": 500}})}
        new = {before(3): Day(1000, {"source": {"a": 200, "b": 800}})}
        (found,) = shifts(old | new, TODAY)
        assert found.index == pytest.approx(0.3 * math.log(0.5 / 0.2) + 0.3 * math.log(0.8 / 0.5), abs=2e-3)
        assert found.exceeds(SHIFTED)
        assert [(each.value, each.before, each.lately) for each in found.shares] == [("a", 0.5, 0.2), ("b", 0.5, 0.8)]

    def test_where_leads_come_from_elsewhere_it_is_said(self) -> None:
        dice = random.Random(1)
        days = self.sources(dice, range(8, 36), 10, {"google": 0.7, "fair": 0.3})
        days |= self.sources(dice, range(1, 8), 10, {"google": 0.2, "webinar": 0.8})
        (found,) = [each for each in findings([], days, TODAY) if each.kind == "input"]
        assert (found.cause, found.stops) == ("input:source", False)
        assert found.evidence["leads"] == 70

    def test_what_is_no_longer_told_is_a_shift(self) -> None:
        dice = random.Random(2)
        days = self.sources(dice, range(8, 36), 10, {"google": 1.0}) | self.sources(dice, range(1, 8), 10, {"": 1.0})
        (found,) = shifts(days, TODAY)
        assert found.exceeds(SHIFTED)
        assert MISSING in {each.value for each in found.shares[:2]}

    def test_chance_is_no_shift(self) -> None:
        dice = random.Random(3)
        shares = {f"s{number}": 1.0 for number in range(12)}
        found = [shifts(self.sources(dice, range(1, 36), 8, shares), TODAY)[0] for _ in range(200)]
        assert all(each.is_known for each in found)
        assert sum(each.exceeds(SHIFTED) for each in found) <= 1

    def test_a_few_leads_prove_nothing(self) -> None:
        new = FEWEST_LEADS - 1
        days = {before(20): Day(1000, {"source": {"a": 1000}}), before(2): Day(new, {"source": {"b": new}})}
        assert not shifts(days, TODAY)[0].exceeds(SHIFTED)

    def test_a_shift_ends_later_than_it_begins(self) -> None:
        days = {before(20): Day(1000, {"source": {"a": 500, "b": 500}})}
        days[before(2)] = Day(1000, {"source": {"a": 265, "b": 735}})
        assert 0.2 < shifts(days, TODAY)[0].index < 0.25
        assert findings([], days, TODAY) == []
        assert [each.cause for each in findings([], days, TODAY, {"input:source"})] == ["input:source"]

    def test_the_quantile_is_that_of_the_tables(self) -> None:
        assert chi_squared(10, 1.644854) == pytest.approx(18.307, rel=2e-3)
        assert chi_squared(1, 2.326348) == pytest.approx(6.635, rel=2e-2)


class TestSilence:
    def test_page_views_that_stopped_on_tuesday_are_missed_on_wednesday(self) -> None:
        days = weeks(random.Random(1), 34, working=40, weekend=4)
        today = TODAY + timedelta(days=2)
        days[TODAY] = Day(behaviours={"page_viewed": 41})
        (found,) = silences(days, today)
        assert (found.behaviour, found.since, found.days, found.came) == (
            "page_viewed",
            TODAY + timedelta(days=1),
            1,
            0,
        )
        assert found.usual == pytest.approx(40, abs=10)
        (alarm,) = findings([], days, today)
        assert (alarm.cause, alarm.stops) == ("silence:page_viewed", True)

    def test_a_weekend_is_no_silence(self) -> None:
        days = weeks(random.Random(2), 34, working=40, weekend=0)
        assert silences(days, TODAY) == []
        assert silences(days, TODAY - timedelta(days=1)) == []

    def test_two_years_of_chance_give_no_alarm(self) -> None:
        dice = random.Random(3)
        days = weeks(dice, 2 * 365, working=30, weekend=6)
        recent = [
            silences({at: day for at, day in days.items() if before(back + 35) <= at < before(back)}, before(back))
            for back in range(2 * 365 - 36)
        ]
        assert sum(map(bool, recent)) == 0

    def test_leads_that_stop_coming_are_missed_too(self) -> None:
        days = {before(number): Day(leads=0 if number <= 2 else 30) for number in range(1, 35)}
        assert {each.behaviour for each in silences(days, TODAY)} == {NEW_LEADS}

    def test_what_is_young_or_rare_is_not_missed(self) -> None:
        young = {before(number): Day(behaviours={"asked": 50 if number > 1 else 0}) for number in range(1, 9)}
        rare = {before(number): Day(behaviours={"asked": 1 if number > 3 else 0}) for number in range(1, 35)}
        assert silences(young, TODAY) == []
        assert silences(rare, TODAY) == []
        assert silences({}, TODAY) == []

    @given(st.integers(0, 30), st.floats(0.1, 60.0))
    def test_the_tail_grows_with_what_came(self, came: int, mean: float) -> None:
        assert 0.0 <= tail(came, mean) <= tail(came + 1, mean) <= 1.0
        assert DROPPED < 1.0
