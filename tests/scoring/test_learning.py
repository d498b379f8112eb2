import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring.learning import RunningAuc

PAIRS = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), max_size=60)


class TestRunningAuc:
    def test_it_needs_both_kinds(self) -> None:
        auc = RunningAuc()
        auc.add(50, won=True)
        assert auc.value is None

    @given(PAIRS)
    def test_it_equals_the_count_over_all_pairs(self, outcomes: list[tuple[float, bool]]) -> None:
        auc = RunningAuc()
        for score, won in outcomes:
            auc.add(score, won)
        winners = [score for score, won in outcomes if won]
        losers = [score for score, won in outcomes if not won]
        pairs = [(w > x) + 0.5 * (w == x) for w in winners for x in losers]
        assert auc.value == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)
