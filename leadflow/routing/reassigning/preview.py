"""Use case of looking before leads are reassigned: who would get how many, from whom, and what speaks against it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing import repository as routing
from leadflow.routing.dealing import Dealer, Floor
from leadflow.routing.eligibility import AT_CAPACITY, Person, is_away, reason
from leadflow.routing.reassigning import queries
from leadflow.routing.reassigning.commands import Reassign
from leadflow.routing.reassigning.rules import Plan
from leadflow.routing.reassigning.service import prepare

NOBODY: Final = "Nobody"


@dataclass(frozen=True, slots=True)
class Giver:
    id: UUID | None
    """None: leads that nobody owns."""
    name: str
    leads: int


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes leads."""

    id: UUID
    name: str
    gets: int
    keeps: int
    """How many of the selection are theirs already and stay so."""
    givers: Sequence[Giver]
    open_before: int | None
    """None: their leads are out of the reach of whoever asks."""
    open_after: int | None
    warning: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    id: UUID
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    leads: int
    moving: int
    already: int
    refused: int
    closed: int
    missing: int
    to: Sequence[Taker]
    passed_over: Sequence[PassedOver]


async def preview(work: Work, command: Reassign) -> Preview:
    """What would become of the leads, were they reassigned now. Raises as `service.prepare` does."""
    limited = [rule for rule in await routing.rules(work) if rule.strategy.limit(rule.options)]
    prepared = await prepare(work, command, limited)
    planned, takers, people = prepared.plan, prepared.takers, prepared.floor.people
    have = await queries.open_leads(work, takers.people)
    warnings = _warnings(work, prepared.floor, takers.people)
    return Preview(
        leads=planned.leads,
        moving=len(planned.moves),
        already=sum(planned.stays.values()),
        refused=planned.refused,
        closed=planned.closed,
        missing=prepared.missing,
        to=_takers(work, planned, [people[each] for each in takers.people], people, have, warnings),
        passed_over=[PassedOver(each, people[each].name, why) for each, why in takers.passed_over.items()],
    )


def _warnings(work: Work, floor: Floor, takers: Sequence[UUID]) -> dict[UUID, str]:
    now, dealer = work.clock.now(), Dealer(floor)
    found = {}
    for each in takers:
        if is_away(why := reason(floor.people[each], now)):
            found[each] = why
        elif dealer.is_at_capacity(each, now):
            found[each] = AT_CAPACITY
    return found


def _takers(
    work: Work,
    planned: Plan,
    takers: Sequence[Person],
    people: Mapping[UUID, Person],
    have: Mapping[UUID, int],
    warnings: Mapping[UUID, str],
) -> list[Taker]:
    reach = work.scope.reach(Permission.LEADS_READ)
    givers: defaultdict[UUID, Counter[UUID | None]] = defaultdict(Counter)
    change: Counter[UUID | None] = Counter()
    for lead, to in planned.moves:
        givers[to][lead.owner] += 1
        if lead.is_open:
            change[to] += 1
            change[lead.owner] -= 1
    found = []
    for person in takers:
        before = have.get(person.id, 0) if reach.holds(person.id, person.team) else None
        given = givers[person.id]
        found.append(
            Taker(
                person.id,
                person.name,
                given.total(),
                planned.stays.get(person.id, 0),
                [Giver(who, people[who].name if who else NOBODY, leads) for who, leads in given.most_common()],
                before,
                None if before is None else before + change[person.id],
                warnings.get(person.id, ""),
            )
        )
    return sorted(found, key=lambda taker: (taker.name, taker.id))
