from collections import Counter
from datetime import timedelta
from math import exp

import pytest

from leadflow.simulation import rules


class TestSpeedEffect:
    def test_thirty_minutes_cost_ten_times_the_odds_of_five(self) -> None:
        fall = rules.speed_effect(timedelta(minutes=5)) - rules.speed_effect(timedelta(minutes=30))
        assert exp(fall) == pytest.approx(6**1.3)

    def test_a_day_against_an_hour_costs_sixty_times_the_odds(self) -> None:
        fall = rules.speed_effect(timedelta(hours=1)) - rules.speed_effect(timedelta(hours=24))
        assert exp(fall) == pytest.approx(60, rel=0.05)

    def test_nothing_changes_below_five_minutes_and_beyond_a_day(self) -> None:
        assert rules.speed_effect(timedelta(seconds=3)) == 0
        assert rules.speed_effect(timedelta(days=9)) == rules.speed_effect(timedelta(days=1))


class TestEngagement:
    def test_opens_count_for_nothing(self) -> None:
        assert rules.engagement(Counter(email_opened=50)) == 0

    def test_a_demo_request_says_more_than_a_page_view(self) -> None:
        assert rules.engagement(Counter(demo_requested=1)) > rules.engagement(Counter(page_viewed=5))

    def test_it_saturates(self) -> None:
        assert rules.engagement(Counter(pricing_visited=1000)) <= rules.FULLY_ENGAGED


class TestChances:
    @pytest.mark.parametrize("interest", [0.0, 2.0])
    def test_better_fit_always_helps(self, interest: float) -> None:
        wait = timedelta(minutes=10)
        assert rules.chance_to_qualify(1, interest, wait) > rules.chance_to_qualify(0, interest, wait)
        assert rules.chance_of_proposal(1, interest) > rules.chance_of_proposal(0, interest)
        assert rules.chance_to_win(1, interest, 0) > rules.chance_to_win(0, interest, 0)
