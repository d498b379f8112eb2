import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring import figures

PAIRS = st.lists(st.tuples(st.integers(0, 5).map(lambda tenth: tenth / 10), st.booleans()), min_size=1, max_size=60)


class TestAuc:
    @given(PAIRS)
    def test_it_is_the_count_over_all_pairs(self, pairs: list[tuple[float, bool]]) -> None:
        winners, losers = ([p for p, won in pairs if won is end] for end in (True, False))
        counted = [(w > x) + 0.5 * (w == x) for w in winners for x in losers]
        found = figures.auc(*map(list, zip(*pairs, strict=True)))
        assert found == pytest.approx(sum(counted) / len(counted)) if counted else math.isnan(found)


class TestErrors:
    def test_of_a_sure_thing_and_of_a_coin(self) -> None:
        assert figures.log_loss([1.0, 0.0], [True, False]) == 0.0
        assert figures.log_loss([0.5, 0.5], [True, False]) == pytest.approx(math.log(2))
        assert figures.brier([1.0, 0.5], [True, False]) == 0.125

    def test_a_sure_mistake_costs_much_and_not_everything(self) -> None:
        assert figures.log_loss([0.0], [True]) == pytest.approx(15 * math.log(10))


class TestCalibration:
    def test_bins_hold_equally_many(self) -> None:
        p = [0.1] * 50 + [0.6] * 50
        won = [index < 5 for index in range(50)] + [index < 40 for index in range(50)]
        assert figures.calibration_error(p, won, bins=2) == pytest.approx((0.0 + 0.2) / 2)

    def test_errors_of_different_bins_do_not_cancel(self) -> None:
        p, won = [0.2] * 10 + [0.8] * 10, [True] * 10 + [False] * 10
        assert figures.mean(p) == figures.mean(won) == 0.5
        assert figures.calibration_error(p, won) == pytest.approx(0.8)

    @given(PAIRS, st.integers(1, 20))
    def test_every_row_is_in_one_bin(self, pairs: list[tuple[float, bool]], bins: int) -> None:
        p, won = map(list, zip(*pairs, strict=True))
        error = figures.calibration_error(p, won, bins)
        assert abs(figures.mean(p) - figures.mean(won)) - 1e-12 <= error <= 1.0
