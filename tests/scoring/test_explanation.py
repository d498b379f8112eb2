import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadflow.scoring.explanation import Contribution, Kind, Term, explain, headlines, logit, sigmoid

LOGITS = st.floats(min_value=-40, max_value=40, allow_nan=False)
TERMS = st.lists(st.builds(Term, st.text(max_size=8), st.sampled_from(Kind), LOGITS), max_size=40)


class TestExplain:
    @given(LOGITS, TERMS)
    @example(0.0, [Term("a", Kind.FIT, 5.0), Term("b", Kind.FIT, -5.0)])
    @example(0.0, [Term("a", Kind.FIT, 5.0), Term("b", Kind.FIT, -5.0 + 2e-6)])
    @example(-700.0, [Term("a", Kind.FIT, -700.0)])
    @example(-1.0, [])
    def test_contributions_add_up_to_the_score(self, start: float, terms: list[Term]) -> None:
        explanation = explain(start, terms)
        assert 0.0 <= explanation.score <= 100.0
        total = math.fsum(contribution.points for contribution in explanation.contributions)
        assert abs(explanation.base + total - explanation.score) < 1e-9

    @given(LOGITS, TERMS)
    @example(38.0, [Term("", Kind.FIT, -1.0)])
    def test_a_contribution_points_the_way_of_its_term(self, start: float, terms: list[Term]) -> None:
        """Where the curve is flat to the last bit, a term is worth nothing, which points nowhere."""
        points = [c.points for c in explain(start, [t._replace(label="x") for t in terms]).contributions]
        assert {math.copysign(1, each) for each in points if each} <= {math.copysign(1, term.logit) for term in terms}

    def test_equal_terms_get_equal_points(self) -> None:
        first, second, third = explain(-2.0, [Term(name, Kind.FIT, 0.7) for name in "abc"]).contributions
        assert first.points == second.points == third.points

    def test_the_strongest_comes_first_and_nothing_is_left_out_but_nothing(self) -> None:
        terms = [Term("small", Kind.FIT, 0.1), Term("none", Kind.FIT, 0.0), Term("big", Kind.ENGAGEMENT, -2.0)]
        assert [c.label for c in explain(0.0, terms).contributions] == ["big", "small"]

    def test_it_is_plain_json(self) -> None:
        stored = explain(0.0, [Term("a", Kind.FIT, 1.0)], outcomes=12, weight=0.25).to_json()
        assert stored["model"] == {"outcomes": 12, "weight": 0.25}
        assert stored["contributions"] == [
            {"label": "a", "points": pytest.approx(23.1058578), "kind": "fit", "field": ""}
        ]

    def test_equals_come_in_one_order_whatever_order_they_were_found_in(self) -> None:
        terms = [Term(name, Kind.ENGAGEMENT, 0.7) for name in "cab"]
        assert explain(0.0, terms) == explain(0.0, terms[::-1])

    def test_it_says_of_which_field_each_reason_tells(self) -> None:
        terms = [Term("a", Kind.FIT, 1.0, "seniority"), Term("b", Kind.LEARNED, 0.5, "custom:plan")]
        stored = explain(0.0, terms).to_json()
        assert [each["field"] for each in stored["contributions"]] == ["title", "custom"]  # type: ignore[index,attr-defined]


class TestHeadline:
    def test_it_is_the_strongest_reason_in_favour(self) -> None:
        reasons = [
            Contribution("Free e-mail address", -9.0, Kind.FIT),
            Contribution("Visited pricing", 7.0, Kind.ENGAGEMENT),
        ]
        assert headlines(reasons) == (("Visited pricing", ""),)

    def test_what_tells_of_a_field_is_followed_by_what_does_not(self) -> None:
        reasons = [
            Contribution("Executive", 9.0, Kind.FIT, "seniority"),
            Contribution("Leads from referral win more often", 8.0, Kind.LEARNED, "source"),
            Contribution("Visited pricing", 7.0, Kind.ENGAGEMENT, "did:pricing_visited"),
            Contribution("Asked for a demo", 6.0, Kind.ENGAGEMENT, "did:demo_requested"),
        ]
        assert headlines(reasons) == (
            ("Executive", "title"), ("Leads from referral win more often", "source"), ("Visited pricing", ""),
        )  # fmt: skip

    def test_it_is_empty_when_nothing_speaks_for_the_lead(self) -> None:
        assert headlines([Contribution("Opened an e-mail", 0.1, Kind.ENGAGEMENT)]) == ()


class TestSigmoid:
    @given(st.floats(min_value=-1e6, max_value=1e6))
    def test_it_stays_between_zero_and_one(self, z: float) -> None:
        assert 0.0 <= sigmoid(z) <= 1.0

    @given(st.floats(min_value=0.001, max_value=0.999))
    def test_logit_is_its_inverse(self, share: float) -> None:
        assert sigmoid(logit(share)) == pytest.approx(share, abs=1e-12)
