"""Who gets which of the leads that are reassigned: pure."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import NamedTuple
from uuid import UUID

from leadflow.kernel.reach import Reach, Team
from leadflow.routing.commands import Pool
from leadflow.routing.eligibility import Person, is_away, members, reason


class Picked(NamedTuple):
    """A lead of the selection as it stands."""

    id: UUID
    owner: UUID | None
    team: Team
    is_open: bool


class Move(NamedTuple):
    """A lead that changes hands."""

    lead: Picked
    to: UUID


class Held(NamedTuple):
    """A lead of a reassignment, locked: whose it is now, whose it was, and who was to have it."""

    lead: UUID
    owner: UUID | None
    before: UUID | None
    team_before: Team
    to: UUID


class Given(NamedTuple):
    """A lead that changes hands, now or back."""

    lead: UUID
    owner: UUID | None
    to: UUID | None
    team: Team
    """Whose it is without an owner."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a selection."""

    leads: int
    moves: Sequence[Move]
    stays: Mapping[UUID, int]
    """How many somebody has already, and keeps."""
    refused: int
    """Leads that may be seen and not changed."""
    closed: int
    """Won and lost ones that are left as they are."""


@dataclass(frozen=True, slots=True)
class Takers:
    """Who of a pool takes leads, and who is passed over, and why."""

    people: Sequence[UUID]
    passed_over: Mapping[UUID, str]


def takers(pool: Pool, people: Mapping[UUID, Person], parents: Mapping[UUID, Team], at: datetime) -> Takers:
    """Whoever is named takes leads even when absent; whoever a team brings does not. Suspended people never do."""
    found: list[UUID] = []
    passed_over: dict[UUID, str] = {}
    for each in members(pool, people, parents):
        person = people[each]
        why = reason(person, at)
        if person.is_suspended or (is_away(why) and each not in pool.people):
            passed_over[each] = why
        else:
            found.append(each)
    return Takers(found, passed_over)


def plan(picked: Sequence[Picked], people: Sequence[UUID], reach: Reach, *, with_closed: bool) -> Plan:
    """What becomes of the leads, each of which counts once: as refused, as closed, as staying or as moving."""
    allowed = [lead for lead in picked if reach.holds(lead.owner, lead.team)]
    wanted = [lead for lead in allowed if with_closed or lead.is_open]
    moves = share_out(wanted, people)
    moving = {move.lead.id for move in moves}
    stays = Counter(lead.owner for lead in wanted if lead.owner is not None and lead.id not in moving)
    return Plan(len(picked), moves, stays, len(picked) - len(allowed), len(allowed) - len(wanted))


def share_out(leads: Sequence[Picked], people: Sequence[UUID]) -> list[Move]:
    """Deal the leads so that everybody ends with as many, give or take one, and as few as can be change hands.

    Those that are of one of the people stay theirs, up to their share; whoever has most keeps the odd one. The others
    are dealt in turn, in the order given, so that nobody gets all the old ones.
    """
    owned = Counter(lead.owner for lead in leads)
    share, odd = divmod(len(leads), len(people))
    by_most = sorted(people, key=lambda person: -owned[person])
    left = {person: share + (place < odd) for place, person in enumerate(by_most)}
    moving = []
    for lead in leads:
        if lead.owner is not None and left.get(lead.owner, 0) > 0:
            left[lead.owner] -= 1
        else:
            moving.append(lead)
    turns = _in_turn({person: left[person] for person in people})
    return [Move(lead, next(turns)) for lead in moving]


def _in_turn(left: dict[UUID, int]) -> Iterator[UUID]:
    """Each person as often as they have left to get, one after another."""
    remaining = sum(left.values())
    for person in cycle(left):
        if not remaining:
            return
        if left[person]:
            left[person] -= 1
            remaining -= 1
            yield person


def passed_on(held: Sequence[Held], active: Container[UUID]) -> list[Given]:
    """Leads that are still whose they were when it was planned, and go to somebody who can have them."""
    return [
        Given(each.lead, each.owner, each.to, None) for each in held if each.owner == each.before and each.to in active
    ]


def given_back(
    held: Sequence[Held], active: Container[UUID], last_by: Mapping[UUID, str | None], reassignment: UUID
) -> list[Given]:
    """Leads that nothing has assigned or released since, and that go to somebody who can have them, or to nobody."""
    return [
        Given(each.lead, each.owner, each.before, each.team_before)
        for each in held
        if each.owner == each.to
        and last_by.get(each.lead) == str(reassignment)
        and (each.before is None or each.before in active)
    ]
