"""The strategies that offer, and the one of territories: pure, so that a table of cases says it all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.routing.dealing import Decision
from leadflow.routing.proof import proof_of, replay
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Answer, Candidate, Choice, Offer
from tests.routing.test_fairness import NOW, PEOPLE

A, B, C = PEOPLE[:3]


def asked(name: str, candidates: Sequence[Candidate], **options: Any) -> Answer:
    """The strategy's answer, which its proof gives again."""
    strategy = shelf()[name]
    answer = strategy.choose(strategy.options.model_validate(options), candidates)
    choice = answer if isinstance(answer, Choice) else None
    after = {"start": 0, "turn": 1, "credits": 0, "given": 1} if choice else {}
    proof = proof_of(Decision(uuid4(), NOW, None, tuple(candidates), choice, after))
    assert replay(name, options, orjson.loads(orjson.dumps(proof))) == answer
    return answer


class TestPond:
    def test_it_offers_to_a_pool_of_somebody(self) -> None:
        assert asked("pond", []) is None
        assert asked("pond", [Candidate(A, "absent")]) == Offer("in the pond")
        assert asked("pond", [Candidate(A), Candidate(B, waited=10**6)]) == Offer("in the pond")

    def test_whoever_claims_has_it(self) -> None:
        assert asked("pond", [Candidate(A), Candidate(B, claims=True)]) == Choice(B, "claimed")


class TestFirstToClaim:
    @pytest.mark.parametrize(("waited", "offers"), [(None, True), (0, True), (299, True), (300, False), (10**6, False)])
    def test_it_offers_until_its_minutes_are_over(self, waited: int | None, *, offers: bool) -> None:
        answer = asked(
            "first_to_claim", [Candidate(A, "off shift", waited=waited), Candidate(B, waited=waited)], minutes=5
        )
        assert answer == (Offer("offered", 300) if offers else Choice(B, "not claimed in time"))

    def test_a_claim_counts_whenever_it_comes(self) -> None:
        for waited in (None, 3, 10**6):
            answer = asked("first_to_claim", [Candidate(A, claims=True, waited=waited)], minutes=5)
            assert answer == Choice(A, "claimed")

    def test_nobody_there_is_nobody(self) -> None:
        assert asked("first_to_claim", [Candidate(A, "absent", waited=300)], minutes=5) is None
        assert asked("first_to_claim", [], minutes=5) is None

    def test_minutes_are_of_a_day_at_most(self) -> None:
        for minutes in (0, 1441):
            with pytest.raises(ValueError, match="minutes"):
                asked("first_to_claim", [], minutes=minutes)

    def test_whoever_knows_the_lead_needs_no_offer(self) -> None:
        options = {"fallback": "first_to_claim", "fallback_options": {"minutes": 5}}
        known = asked("sticky", [Candidate(A), Candidate(B, kin="person")], **options)
        assert isinstance(known, Choice)
        assert known.person == B
        assert asked("sticky", [Candidate(A), Candidate(B)], **options) == Offer("offered", 300)
        assert asked("sticky", [Candidate(A, claims=True)], **options) == Choice(A, "claimed")


class TestTerritory:
    def test_those_of_the_territory_come_first(self) -> None:
        assert asked("territory", [Candidate(A), Candidate(B, belongs=True, start=9)]) == Choice(B, "of the territory")

    @pytest.mark.parametrize("otherwise", ["pool", "wait"])
    def test_when_they_cannot(self, otherwise: str) -> None:
        answer = asked("territory", [Candidate(A), Candidate(B, "absent", belongs=True)], otherwise=otherwise)
        assert answer == (Choice(A, "nobody of the territory could") if otherwise == "pool" else None)
        assert asked("territory", [Candidate(A), Candidate(B)], otherwise=otherwise) == Choice(A, "of no territory")


flags = st.booleans()
candidates = st.lists(
    st.builds(
        Candidate,
        st.sampled_from(PEOPLE),
        st.sampled_from(["", "", "absent", "off shift"]),
        belongs=flags,
        claims=flags,
    ),
    max_size=7,
    unique_by=lambda each: each.id,
)


@given(pool=candidates, waited=st.none() | st.integers(0, 2000), otherwise=st.sampled_from(["pool", "wait"]))
def test_nobody_waits_while_somebody_can_but_by_the_rules_own_word(
    pool: list[Candidate], waited: int | None, otherwise: str
) -> None:
    pool = [Candidate(each.id, each.out, belongs=each.belongs, claims=each.claims, waited=waited) for each in pool]
    free: set[UUID] = {each.id for each in pool if not each.out}
    home: set[UUID] = {each.id for each in pool if each.belongs}
    claims = any(each.claims for each in pool)
    first, pond = asked("first_to_claim", pool, minutes=10), asked("pond", pool)
    local = asked("territory", pool, otherwise=otherwise)
    assert isinstance(pond, Choice) is claims
    assert isinstance(first, Choice) is (claims or (bool(free) and waited is not None and waited >= 600))
    assert isinstance(local, Choice) is bool(free & home or (free and (otherwise == "pool" or not home)))
