"""Who learns what, and when: no policy learns an outcome before it was told."""

from pathlib import Path

import pytest

from leadflow.scoring.config import DEFAULT
from leadflow.scoring.evaluation.examples import Example, Vector
from leadflow.scoring.evaluation.offered import ORACLE, POLICIES, WAIT
from leadflow.scoring.evaluation.policies import Policy, Terms
from leadflow.scoring.evaluation.timeline import Ask, Teach, steps
from tests.scoring.evaluation.files import by_policy, firms, run

HORIZON = 10.0
HONEST = sorted(POLICIES.keys() - {ORACLE})


def lead(number: int, at: float, *, won: bool = False, known_at: float | None = None) -> Example:
    return Example(number, at, Vector({"a": 1.0}, number), {}, won, known_at)


LEADS = (
    lead(1, 0.0, won=True, known_at=3.0),
    lead(2, 0.0),
    lead(3, 3.0, won=True, known_at=3.0),
    lead(4, 4.0, known_at=6.0),
    lead(5, 10.0),
    lead(6, 30.0),
)


def told(name: str) -> list[str]:
    """`?n` where lead n is asked about, `+n` and `-n` where it is learned as won or lost."""
    policy = POLICIES[name](Terms(HORIZON, {row.number: row.won for row in LEADS}))
    return [
        f"?{step.row.number}" if isinstance(step, Ask) else f"{'+' if step.won else '-'}{step.row.number}"
        for step in steps(LEADS, policy)
    ]


class TestTimeline:
    def test_the_oracle_learns_each_lead_right_after_it_was_asked_about(self) -> None:
        assert told(ORACLE) == ["?1", "+1", "?2", "-2", "?3", "+3", "?4", "-4", "?5", "-5", "?6", "-6"]

    def test_waiting_learns_everything_at_its_horizon(self) -> None:
        assert told(WAIT) == ["?1", "?2", "?3", "?4", "?5", "+1", "-2", "+3", "-4", "-5", "?6"]

    def test_arrivals_are_learned_when_they_are_told_and_after_what_happened_at_the_same_moment(self) -> None:
        assert told("arrival") == ["?1", "?2", "?3", "+1", "+3", "?4", "-4", "?5", "-2", "-5", "?6"]

    def test_the_product_takes_back_what_was_won_after_its_window(self) -> None:
        late = (lead(1, 0.0, won=True, known_at=50.0), lead(2, 40.0), lead(3, 60.0))
        policy = POLICIES["product"](Terms(90.0, {}))
        taught = [(step.row.number, step.won, step.weight) for step in steps(late, policy) if isinstance(step, Teach)]
        assert taught == [(1, False, 1.0), (1, False, -1.0), (1, True, 1.0)]

    @pytest.mark.parametrize("name", sorted(POLICIES))
    def test_each_lead_is_asked_about_before_anything_of_it_is_learned(self, name: str) -> None:
        asked: set[int] = set()
        policy = POLICIES[name](Terms(HORIZON, {row.number: row.won for row in LEADS}))
        for step in steps(LEADS, policy):
            if isinstance(step, Teach):
                assert step.row.number in asked
            else:
                asked.add(step.row.number)
        assert asked == {row.number for row in LEADS}

    @pytest.mark.parametrize("name", [WAIT, "arrival"])
    def test_a_policy_without_a_horizon_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="horizon"):
            POLICIES[name](Terms(None, {}))

    def test_features_that_are_not_handed_on_are_noticed(self) -> None:
        class Copying:
            def __init__(self, policy: Policy) -> None:
                self.advance, self.close = policy.advance, policy.close
                self._policy = policy

            def open(self, key: int, at: float, x: object) -> object:
                return [({}, won, weight) for _, won, weight in self._policy.open(key, at, {})]

        with pytest.raises(TypeError, match="hand on"):
            list(steps(LEADS, Copying(POLICIES[ORACLE](Terms(None, {1: True})))))  # type: ignore[arg-type]


MODEL = DEFAULT.champion
MODELS = (MODEL, "river", "lightgbm")


class TestLeak:
    """Colleagues of one firm end alike, and come before the first of them is told."""

    @pytest.mark.parametrize("name", HONEST)
    def test_what_is_not_told_yet_helps_nobody(self, tmp_path: Path, name: str) -> None:
        found = by_policy(run(firms(tmp_path, told_after=20.0), *MODELS))
        assert {model: found[model, name].auc for model in MODELS if found[model, name].auc > 0.6} == {}

    def test_the_test_would_notice(self, tmp_path: Path) -> None:
        """What is told at once is learned at once: by whoever sees into the future, and where the file says so."""
        late = by_policy(run(firms(tmp_path, told_after=20.0), MODEL))
        at_once = by_policy(run(firms(tmp_path, told_after=0.0), MODEL))
        assert min(late[MODEL, ORACLE].auc, at_once[MODEL, "arrival"].auc) > 0.8
