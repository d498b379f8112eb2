"""What every strategy on the shelf must do. One more is judged here without a line being added."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.routing.commands import Pool
from leadflow.routing.dealing import Decision, Rule
from leadflow.routing.eligibility import ABSENT, AT_CAPACITY, OFF_SHIFT, SUSPENDED
from leadflow.routing.fairness import HEAVIEST, UNIT
from leadflow.routing.proof import candidate_of, proof_of, replay
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Candidate, Choice, Need, Offer, Options, Strategy

candidates = st.lists(
    st.builds(
        Candidate,
        id=st.uuids(),
        out=st.sampled_from(["", "", SUSPENDED, ABSENT, OFF_SHIFT, AT_CAPACITY]),
        weight=st.integers(1, HEAVIEST),
        start=st.integers(0, 50 * UNIT),
        turn=st.integers(0, 100),
        credits=st.integers(0, 2),
        open=st.integers(0, 30),
        kin=st.sampled_from(["", "", "company", "person"]),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


@pytest.fixture(params=sorted(shelf()))
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return shelf()[request.param]


def stored(options: Options) -> Options:
    """Through JSON and back."""
    return type(options).model_validate(json.loads(json.dumps(options.model_dump(mode="json"))))


def test_it_says_what_it_is_and_needs_no_options(strategy: Strategy) -> None:
    options = strategy.options()
    assert strategy.title
    assert options.when_nobody_is_on_shift == "assign"
    assert strategy.options.model_json_schema()["properties"]
    assert strategy.weight(options, UUID(int=1)) in range(1, HEAVIEST + 1)
    limit = strategy.limit(options)
    assert limit is None or (limit.most > 0 and limit.period.total_seconds() > 0)


def test_options_round_trip_and_nothing_else_is_taken(strategy: Strategy) -> None:
    options = strategy.options(when_nobody_is_on_shift="wait")
    assert stored(options) == options
    with pytest.raises(ValueError, match="surprise"):
        strategy.options.model_validate({"surprise": 1})


@given(asked=candidates)
def test_whoever_is_chosen_is_not_excluded_and_nobody_is_passed_over_for_nobody(
    asked: Sequence[Candidate],
) -> None:
    for strategy in shelf().values():
        answer = strategy.choose(strategy.options(), asked)
        free = {each.id for each in asked if not each.out}
        if isinstance(answer, Offer):
            assert answer.how
            assert Need.OFFER in strategy.needs(strategy.options())
            assert any(each.out != SUSPENDED for each in asked)
        else:
            assert (answer.person in free and answer.how) if answer else not free


@given(asked=candidates)
def test_the_same_question_has_the_same_answer_in_any_order(asked: Sequence[Candidate]) -> None:
    for strategy in shelf().values():
        options = strategy.options()
        answer = strategy.choose(options, asked)
        assert strategy.choose(options, asked) == answer
        assert strategy.choose(stored(options), list(reversed(asked))) == answer


@given(asked=candidates)
def test_those_who_are_excluded_do_not_change_the_answer(asked: Sequence[Candidate]) -> None:
    for strategy in shelf().values():
        options = strategy.options()
        free = [each for each in asked if not each.out]
        if not free and Need.OFFER in strategy.needs(options):
            continue  # whoever is away may claim
        assert strategy.choose(options, free) == strategy.choose(options, asked)


@given(asked=candidates)
def test_a_decision_can_be_made_again_from_its_proof(asked: Sequence[Candidate]) -> None:
    for name, strategy in shelf().items():
        options = strategy.options()
        rule = Rule(UUID(int=1), "Sales", Pool(everybody=True), name, strategy, options)
        answer = strategy.choose(options, asked)
        choice = answer if isinstance(answer, Choice) else None
        decision = Decision(UUID(int=2), datetime(2026, 3, 2, tzinfo=UTC), rule, tuple(asked), choice)
        proof = orjson.loads(orjson.dumps(proof_of(decision)))
        assert replay(name, json.loads(options.model_dump_json()), proof) == answer


def test_an_empty_pool_gives_nobody(strategy: Strategy) -> None:
    assert strategy.choose(strategy.options(), []) is None
    assert strategy.choose(strategy.options(), [Candidate(UUID(int=1), SUSPENDED)]) is None


def test_choosing_changes_nobody(strategy: Strategy) -> None:
    asked = [Candidate(UUID(int=number), start=number) for number in range(1, 4)]
    before = [replace(each) for each in asked]
    strategy.choose(strategy.options(), asked)
    assert asked == before


def test_a_candidate_is_read_back_from_what_is_stored() -> None:
    assert candidate_of({"id": str(UUID(int=1)), "out": ABSENT}) == Candidate(UUID(int=1), ABSENT)
