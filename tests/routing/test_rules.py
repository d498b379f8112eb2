"""Round robin is fair: over any sequence of deals, and to whoever joins or leaves on the way."""

from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from leadflow.routing.rules import deal, entering

people = st.lists(st.uuids(), min_size=1, max_size=8, unique=True)
leads = st.lists(st.uuids(), max_size=60, unique=True)


@given(people=people, rounds=st.lists(st.integers(0, 20), max_size=8))
def test_no_two_are_ever_more_than_one_turn_apart(people: list[UUID], rounds: list[int]) -> None:
    turns = entering({}, people)
    for number in rounds:
        given_out = Counter(deal([uuid4() for _ in range(number)], turns).values())
        turns = {person: count + given_out[person] for person, count in turns.items()}
        assert max(turns.values()) - min(turns.values()) <= 1
    assert sum(turns.values()) == sum(rounds)


@given(people=people, leads=leads)
def test_everybody_who_asks_gets_an_answer_and_each_lead_one_person(people: list[UUID], leads: list[UUID]) -> None:
    dealt = deal(leads, dict.fromkeys(people, 0))
    assert list(dealt) == leads
    assert set(dealt.values()) <= set(people)


@given(turns=st.dictionaries(st.uuids(), st.integers(0, 9), min_size=1, max_size=6), leads=leads)
def test_whoever_is_behind_catches_up_before_anybody_gets_further_ahead(
    turns: dict[UUID, int], leads: list[UUID]
) -> None:
    given_out = Counter(deal(leads, turns).values())
    after = {person: count + given_out[person] for person, count in turns.items()}
    for ahead in given_out:
        assert after[ahead] <= min(after.values()) + 1


@given(turns=st.dictionaries(st.uuids(), st.integers(0, 9), max_size=6), leads=leads)
def test_the_same_question_has_the_same_answer(turns: dict[UUID, int], leads: list[UUID]) -> None:
    assert deal(leads, turns) == deal(leads, dict(reversed(turns.items())))


def test_without_people_nothing_is_dealt() -> None:
    assert deal([uuid4()], {}) == {}


@given(veterans=st.dictionaries(st.uuids(), st.integers(0, 1000), min_size=1, max_size=6), newcomer=st.uuids())
def test_a_newcomer_starts_level_with_whoever_has_had_the_fewest(veterans: dict[UUID, int], newcomer: UUID) -> None:
    everybody = entering(veterans, [*veterans, newcomer])
    assert everybody[newcomer] == veterans.get(newcomer, min(veterans.values()))
    assert {person: everybody[person] for person in veterans} == veterans


@given(veterans=st.dictionaries(st.uuids(), st.integers(0, 1000), min_size=2, max_size=6))
def test_whoever_left_is_dealt_nothing_and_weighs_nothing(veterans: dict[UUID, int]) -> None:
    gone, *staying = veterans
    newcomer = uuid4()
    turns = entering(veterans, [*staying, newcomer])
    assert gone not in turns
    assert turns[newcomer] == min(veterans[person] for person in staying)
