"""Sharing out a selection: everybody ends with as many, and as few leads as can be change hands."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel.reach import ALL, Reach
from leadflow.routing.commands import Pool
from leadflow.routing.eligibility import Person
from leadflow.routing.reassigning.rules import Picked, plan, share_out, takers

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE = [UUID(int=number) for number in range(1, 7)]
BEN, NORA, OLE = PEOPLE[:3]
NORTH = UUID(int=99)


def picked(*owners: UUID | None, is_open: bool = True) -> list[Picked]:
    return [Picked(UUID(int=1000 + place), owner, None, is_open) for place, owner in enumerate(owners)]


@given(
    st.lists(st.sampled_from([None, *PEOPLE]), max_size=60),
    st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True),
)
def test_everybody_ends_with_as_many_give_or_take_one_and_no_lead_moves_in_vain(
    owners: list[UUID | None], people: list[UUID]
) -> None:
    leads = picked(*owners)
    moves = share_out(leads, people)
    after = {lead.id: lead.owner for lead in leads} | {move.lead.id: move.to for move in moves}
    has = Counter(after.values())
    assert set(has) <= set(people)
    assert max(has[each] for each in people) - min(has[each] for each in people) <= 1
    assert all(move.to != move.lead.owner for move in moves)
    gained = Counter(move.to for move in moves)
    lost = Counter(move.lead.owner for move in moves)
    assert not gained.keys() & lost.keys(), "somebody gives leads away and gets others"


def test_one_person_takes_all_and_keeps_what_is_theirs() -> None:
    moves = share_out(picked(BEN, NORA, None), [NORA])
    assert [(move.lead.owner, move.to) for move in moves] == [(BEN, NORA), (None, NORA)]


def test_several_take_turns_so_that_nobody_gets_all_the_old_ones() -> None:
    assert [move.to for move in share_out(picked(*[BEN] * 5), [NORA, OLE])] == [NORA, OLE, NORA, OLE, NORA]


def test_each_lead_counts_once() -> None:
    leads = [
        Picked(UUID(int=1), BEN, None, is_open=True),
        Picked(UUID(int=2), NORA, NORTH, is_open=True),
        Picked(UUID(int=3), BEN, None, is_open=False),
        Picked(UUID(int=4), OLE, None, is_open=True),
    ]
    found = plan(leads, [OLE], Reach(frozenset({None})), with_closed=False)
    assert (found.leads, len(found.moves), found.stays, found.refused, found.closed) == (4, 1, {OLE: 1}, 1, 1)
    assert len(plan(leads, [OLE], ALL, with_closed=True).moves) == 3


def test_whoever_is_named_takes_leads_though_absent_and_whoever_a_team_brings_does_not() -> None:
    away = ((NOW - timedelta(hours=1), NOW + timedelta(hours=1)),)
    people = {
        BEN: Person(BEN, "Ben", team=NORTH, absences=away),
        NORA: Person(NORA, "Nora", team=NORTH),
        OLE: Person(OLE, "Ole", team=NORTH, is_suspended=True),
    }
    team = takers(Pool(teams=(NORTH,)), people, {NORTH: None}, NOW)
    assert (team.people, team.passed_over) == ([NORA], {BEN: "absent", OLE: "suspended"})
    assert takers(Pool(people=(BEN,)), people, {}, NOW).people == [BEN]
