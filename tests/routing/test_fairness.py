"""Fairness in virtual time: whatever happens, nobody who stays is a whole lead away from their share."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadflow.routing.commands import Pool
from leadflow.routing.dealing import Dealer, Decision, Floor, LeadToRoute, Rule
from leadflow.routing.eligibility import Person
from leadflow.routing.fairness import HEAVIEST, UNIT, Fare, Ledger, Standing, virtual_time
from leadflow.routing.proof import proof_of, replay
from leadflow.routing.strategies import shelf
from leadflow.routing.strategies.weighted import Weighted

PEOPLE = [UUID(int=number) for number in range(1, 8)]
RULE = UUID(int=99)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Period:
    """Who is there, what they weigh, how many leads come in, and whether everything restarts before."""

    weights: dict[UUID, int]
    leads: int
    restarts: bool


weights = st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, HEAVIEST), min_size=1)
periods = st.lists(
    st.builds(Period, weights, st.one_of(st.integers(0, 3), st.integers(0, 40)), st.booleans()), min_size=1, max_size=12
)


def rule_of(weighted: dict[UUID, int]) -> Rule:
    return Rule(RULE, "Sales", Pool(people=tuple(PEOPLE)), "weighted", shelf()["weighted"], Weighted(weights=weighted))


def restarted(ledger: Ledger) -> Ledger:
    """All that outlives a process: what is stored."""
    kept = json.loads(json.dumps({str(who): asdict(standing) for who, standing in ledger.standings().items()}))
    return Ledger({UUID(who): Standing(**numbers) for who, numbers in kept.items()})


def lived(story: list[Period]) -> Iterator[tuple[Period, list[Decision], Ledger]]:
    ledger = Ledger({})
    for period in story:
        ledger = restarted(ledger) if period.restarts else ledger
        people = {person: Person(person) for person in period.weights}
        dealer = Dealer(Floor([rule_of(period.weights)], people, ledgers={RULE: ledger}))
        yield period, [dealer.deal(LeadToRoute(uuid4(), {}), NOW) for _ in range(period.leads)], ledger


def owed_before(decision: Decision) -> dict[UUID, Fraction]:
    """How much of a lead each is owed, by the ledger as the proof shows it."""
    numbers = [Standing(each.start, each.weight) for each in decision.candidates]
    total, weight = virtual_time(numbers)
    return {each.id: (Fraction(total, weight) - each.start) * each.weight / UNIT for each in decision.candidates}


@settings(max_examples=300, deadline=None)
@given(story=periods)
def test_shares_stay_within_one_lead_of_the_weighted_ideal(story: list[Period]) -> None:
    """Counted from what each was owed when the period of unchanged eligibility began."""
    stays_fair(story)


@pytest.mark.parametrize("seed", range(12))
def test_they_do_so_however_often_somebody_comes_and_goes(seed: int) -> None:
    chance = random.Random(seed)
    usual = chance.choice([[1], [1, HEAVIEST], [1, 2, 3], list(range(1, HEAVIEST + 1))])

    def somebody() -> dict[UUID, int]:
        found = {
            person: chance.choice(usual) if chance.random() < 0.2 else usual[place % len(usual)]
            for place, person in enumerate(PEOPLE)
            if chance.random() < 0.6
        }
        return found or {PEOPLE[0]: 1}

    stays_fair([Period(somebody(), chance.choice([1, 1, 1, 2, 3, 8, 30]), restarts=False) for _ in range(80)])


def stays_fair(story: list[Period]) -> None:
    for period, decisions, _ in lived(story):
        if not decisions:
            continue
        owed, total = owed_before(decisions[0]), sum(period.weights.values())
        assert all(abs(each) < Fraction(5, 4) for each in owed.values()), "nobody takes more along than a lead"
        given_out: Counter[UUID] = Counter()
        for number, decision in enumerate(decisions, 1):
            assert decision.choice is not None, "a lead stays unassigned while somebody is there"
            given_out[decision.choice.person] += 1
            for person, weight in period.weights.items():
                ideal = owed[person] + Fraction(weight * number, total)
                assert abs(given_out[person] - ideal) <= 1, (person, number)


@settings(max_examples=300, deadline=None)
@given(weighted=weights, leads=st.integers(1, 120))
def test_from_a_fresh_start_the_share_itself_is_within_one_lead(weighted: dict[UUID, int], leads: int) -> None:
    ((_, decisions, _),) = lived([Period(weighted, leads, restarts=False)])
    given_out: Counter[UUID] = Counter()
    for number, decision in enumerate(decisions, 1):
        assert decision.choice is not None
        given_out[decision.choice.person] += 1
        for person, weight in weighted.items():
            assert abs(given_out[person] - Fraction(weight * number, sum(weighted.values()))) < 1


@given(people=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True), leads=st.integers(0, 60))
def test_equal_weights_are_a_plain_rotation(people: list[UUID], leads: int) -> None:
    ((_, decisions, _),) = lived([Period(dict.fromkeys(people, 1), leads, restarts=False)])
    chosen = [decision.choice.person for decision in decisions if decision.choice]
    assert chosen == [sorted(people)[place % len(people)] for place in range(leads)]


@settings(deadline=None)
@given(story=periods, extra=st.sampled_from(PEOPLE))
def test_whoever_comes_back_neither_gets_a_flood_nor_waits_longer_than_a_round(
    story: list[Period], extra: UUID
) -> None:
    """However long they were away: of the first leads after that, they get their share and at most one more."""
    *_, (_, _, ledger) = lived(story)
    away = {person: 1 for person in PEOPLE if person != extra}
    for present in (away, {**away, extra: 1}):
        people = {person: Person(person) for person in present}
        dealer = Dealer(Floor([rule_of(present)], people, ledgers={RULE: ledger}))
        rounds = [dealer.deal(LeadToRoute(uuid4(), {}), NOW) for _ in range(4 * len(PEOPLE))]
    got = sum(each.choice is not None and each.choice.person == extra for each in rounds)
    assert abs(got - 4) <= 1


@settings(deadline=None)
@given(story=periods)
def test_a_restart_changes_nothing(story: list[Period]) -> None:
    def told(restarts: bool) -> list[UUID]:
        again = [Period(period.weights, period.leads, restarts) for period in story]
        return [d.choice.person for _, decisions, _ in lived(again) for d in decisions if d.choice]

    assert told(restarts=True) == told(restarts=False)


@settings(deadline=None)
@given(story=periods)
def test_every_decision_can_be_made_again_from_its_proof(story: list[Period]) -> None:
    for period, decisions, _ in lived(story):
        for decision in decisions:
            proof = orjson.loads(orjson.dumps(proof_of(decision)))
            options = json.loads(json.dumps(rule_of(period.weights).options.model_dump(mode="json")))
            assert replay("weighted", options, proof) == decision.choice


@given(credited=st.lists(st.sampled_from(PEOPLE[:4]), max_size=6), leads=st.integers(6, 40))
def test_turns_given_back_come_first_and_leave_the_rotation_alone(credited: list[UUID], leads: int) -> None:
    owed = Counter(credited)
    ledger = Ledger({person: Standing(seen=1, credits=owed[person]) for person in PEOPLE[:4]})
    people = {person: Person(person) for person in PEOPLE[:4]}
    dealer = Dealer(Floor([rule_of({})], people, ledgers={RULE: ledger}))
    choices = [choice for _ in range(leads) if (choice := dealer.deal(LeadToRoute(uuid4(), {}), NOW).choice)]
    fares = [fare for fare, _ in groupby(choice.fare for choice in choices)]
    assert fares == [*([Fare.CREDIT] if credited else []), *([Fare.TURN] if leads > len(credited) else [])]
    assert Counter(choice.person for choice in choices if choice.fare is Fare.CREDIT) == owed
    turns = Counter(choice.person for choice in choices if choice.fare is Fare.TURN)
    assert max(turns.values(), default=0) - min((turns[person] for person in people), default=0) <= 1


def test_a_heavier_weight_enters_level_and_claims_nothing_for_the_past() -> None:
    story = [Period({PEOPLE[0]: 1, PEOPLE[1]: 1}, 101, restarts=True), Period({PEOPLE[0]: 20, PEOPLE[1]: 1}, 21, True)]
    *_, (_, decisions, _) = lived(story)
    got = Counter(decision.choice.person for decision in decisions if decision.choice)
    assert abs(got[PEOPLE[0]] - 20) <= 1


def test_every_weight_divides_a_lead() -> None:
    assert all(UNIT % weight == 0 for weight in range(1, HEAVIEST + 1))
