"""The last change of a score, and what it comes from."""

from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from leadflow.scoring.latest import MOST, OTHERS, TOGETHER_MS, Cause, Change, Step, last_change

HOUR = 3_600_000
KINDS = ["behaviour.page_viewed", "behaviour.pricing_visited", "lead.enriched", "activity.call", "scoring.deployed"]


def steps(*told: tuple[int, int, str]) -> list[Step]:
    """Hours after the step before, the score then, and why."""
    found: list[Step] = []
    at = before = 0
    for hours, score, because in told:
        at += hours * HOUR
        found.append(Step(at, score, before, because, not found))
        before = score
    return found


@hypothesis(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 100), st.sampled_from(KINDS)), max_size=30))
def test_its_causes_add_up_to_it(told: list[tuple[int, int, str]]) -> None:
    happened = steps(*told)
    change = last_change(happened)
    assert (change is None) == (not happened)
    if change is None:
        return
    assert sum(cause.points for cause in change.causes) == change.score - (change.before or 0)
    assert change.at - change.since < TOGETHER_MS
    assert len(change.causes) <= MOST + 1
    assert len({cause.label for cause in change.causes}) == len(change.causes)
    assert change.score == happened[-1].score


def test_it_is_told_as_a_rep_would_tell_it() -> None:
    told = steps(
        (0, 34, "lead.captured"), (50, 61, "behaviour.pricing_visited"), (30, 65, "behaviour.pricing_visited"),
        (1, 64, "lead.enriched"), (1, 64, "band.dwelt"), (2, 74, "behaviour.pricing_visited"),
    )  # fmt: skip
    assert last_change(told) == Change(
        61, 74, 80 * HOUR, 84 * HOUR, (Cause("Visited pricing", 2, 14), Cause("Looked up", 1, -1))
    )


def test_a_new_lead_had_no_score_before() -> None:
    told = steps((0, 34, "lead.captured"), (1, 40, "activity.meeting"))
    assert last_change(told) == Change(None, 40, 0, HOUR, (Cause("Came in", 1, 34), Cause("Met your team", 1, 6)))


def test_what_is_missing_between_is_not_hidden() -> None:
    told = [Step(0, 50, 40, "behaviour.page_viewed", False), Step(1, 70, 55, "lead.joined", False)]
    assert last_change(told) == Change(40, 70, 0, 1, (Cause("Came back", 1, 15), Cause("Viewed a page", 1, 10), Cause(OTHERS, 1, 5)))  # fmt: skip
