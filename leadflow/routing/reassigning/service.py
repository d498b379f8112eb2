"""Use cases of reassigning: what would become of a selection, doing it, and taking it back.

Whatever is reassigned is first written down as a whole. Some of it moves in the same transaction, the rest in a job: a
longer transaction would hold back every reader of the log. As with any lead that is given by hand, nobody's turn in the
ledger is spent, and the lead keeps its time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing import repository as routing
from leadflow.routing.commands import Pool
from leadflow.routing.dealing import Floor, Rule
from leadflow.routing.errors import ReassignmentNotFound, TooLateToUndo
from leadflow.routing.jobs import reassign_job
from leadflow.routing.reassigning import repository
from leadflow.routing.reassigning.commands import Reassign
from leadflow.routing.reassigning.repository import Made
from leadflow.routing.reassigning.rules import Given, Picked, Plan, Takers, given_back, passed_on, plan, takers
from leadflow.routing.service import pool_problems
from leadflow.tenancy import repository as tenancy
from leadflow.views.selecting import queries as selecting

AT_ONCE: Final = 1_000
"""Leads that move per unit of work."""
UNDO_FOR: Final = timedelta(days=1)
REASSIGNED: Final = "leads.reassigned"
GIVEN_BACK: Final = "leads.given_back"
HOW: Final = "in bulk"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A selection and who takes it, judged."""

    plan: Plan
    takers: Takers
    floor: Floor
    missing: int
    """Leads that are named and not in sight."""


@dataclass(frozen=True, slots=True)
class Reassigned:
    id: UUID | None
    """What to take back by; None when nothing was to move."""
    leads: int
    """How many were to move."""
    skipped: int
    """How many of them somebody else had changed a moment before."""
    remaining: int
    """How many move in the background."""


@dataclass(frozen=True, slots=True)
class Undone:
    returned: int
    kept: int
    """Leads that somebody has assigned or released since, or that cannot go back to whose they were."""
    remaining: int
    """How many go back in the background."""


async def prepare(work: Work, command: Reassign, with_rules: Sequence[Rule] = ()) -> Prepared:
    """What would become of the leads, were they reassigned now. Changes nothing. `with_rules` go into the floor.

    Raises:
        Invalid: a taker is nobody of the organization or suspended, nobody is left to take leads, or more leads match
            than can be reassigned at once.

    """
    work.scope.require(Permission.LEADS_READ)
    work.scope.require(Permission.LEADS_WRITE)
    if problems := await pool_problems(work, command.to, "to"):
        raise Invalid(problems=problems)
    floor = await routing.floor(work, list(with_rules), work.clock.now())
    found = await _takers(work, command.to, floor)
    rows = await selecting.picked(work, command)
    picked = [Picked(row.id, row.owner_id, row.team_id, row.is_open) for row in rows]
    reach = work.scope.reach(Permission.LEADS_WRITE)
    planned = plan(picked, found.people, reach, with_closed=command.with_closed)
    return Prepared(planned, found, floor, command.missing(len(picked)))


async def _takers(work: Work, pool: Pool, floor: Floor) -> Takers:
    if names := [floor.people[each].name for each in pool.people if floor.people[each].is_suspended]:
        are = "is" if len(names) == 1 else "are"
        raise Invalid(problems=[FieldProblem("to.people", f"{', '.join(names)} {are} suspended. Choose others.")])
    parents = await tenancy.teams_above(work) if pool.teams else {}
    found = takers(pool, floor.people, parents, work.clock.now())
    if not found.people:
        raise Invalid(problems=[FieldProblem("to", "Nobody there takes leads now. Choose others.")])
    return found


async def reassign(work: Work, command: Reassign) -> Reassigned:
    """Give the leads to their new owners, the first thousand now and the rest in a job. Raises as `prepare` does."""
    moves = (await prepare(work, command)).plan.moves
    if not moves:
        return Reassigned(None, 0, 0, 0)
    reassignment = new_id()
    await repository.forget(work, work.clock.now() - UNDO_FOR)
    await repository.add(work, reassignment, moves)
    to: dict[str, JsonValue] = {**Counter(str(move.to) for move in moves)}
    work.record(Event(REASSIGNED, data={"reassignment_id": str(reassignment), "leads": len(moves), "to": to}))
    await go_on(work, reassignment, is_undo=False)
    counts = await repository.counts(work, reassignment)
    remaining = counts.get("planned", 0)
    if remaining:
        work.enqueue(reassign_job(reassignment, work.scope.actor, is_undo=False))
    return Reassigned(reassignment, len(moves), counts.get("skipped", 0), remaining)


async def go_on(work: Work, reassignment: UUID, *, is_undo: bool) -> bool:
    """Move the next leads, or give the next back; says whether there may be more. Safe to repeat."""
    work.scope.require(Permission.LEADS_WRITE)
    made = await repository.get_to_change(work, reassignment)
    if made is None or is_undo != (made.undone_at is not None):
        return False
    await (_give_back(work, made) if is_undo else _pass_on(work, made))
    counts = await repository.counts(work, reassignment)
    return bool(counts.get("moved" if is_undo else "planned"))


async def _pass_on(work: Work, made: Made) -> None:
    held = await repository.lock(work, made, "planned", AT_ONCE)
    names = await repository.active(work, {each.to for each in held})
    given = passed_on(held, names)
    await repository.note(work, made, [each.lead for each in held], "skipped")
    await repository.give(work, made, given, state="moved")
    work.record_all(_told(made, each, names, HOW) for each in given)


async def _give_back(work: Work, made: Made) -> None:
    held = await repository.lock(work, made, "moved", AT_ONCE)
    names = await repository.active(work, {each.before for each in held})
    last_by = await repository.last_by(work, [each.lead for each in held], made.made_at - UNDO_FOR)
    given = given_back(held, names, last_by, made.id)
    await repository.note(work, made, [each.lead for each in held], "kept")
    await repository.give(work, made, given, state="returned")
    work.record_all(_told(made, each, names, "taken back") for each in given)


def _told(made: Made, given: Given, names: Mapping[UUID, str], how: str) -> Event:
    """A lead that had no owner is released, so that the rules are asked about it as they were before."""
    data: dict[str, JsonValue] = {
        "from": str(given.owner) if given.owner else None,
        "to": str(given.to) if given.to else None,
        "name": names[given.to] if given.to else None,
        "how": how,
        "reassignment_id": str(made.id),
    }
    return Event("lead.assigned" if given.to else "lead.released", given.lead, data)


async def undo(work: Work, reassignment: UUID) -> Undone:
    """Give each lead back whose owner it is since then, the first thousand now; repeated, it only tells how it stands.

    For whoever reassigned them, and those who may change every lead. A lead goes back only to where the actor may
    change it.

    Raises:
        ReassignmentNotFound: there is none, or it is somebody else's.
        TooLateToUndo: it was more than a day ago.

    """
    work.scope.require(Permission.LEADS_WRITE)
    made = await repository.get_to_change(work, reassignment)
    if made is None or not _is_theirs(work, made):
        raise ReassignmentNotFound
    if made.undone_at is None:
        if work.clock.now() - made.made_at > UNDO_FOR:
            raise TooLateToUndo("Leads can be taken back for a day. Reassign them anew.")
        await _begin_undo(work, made)
    counts = await repository.counts(work, reassignment)
    return Undone(counts.get("returned", 0), counts.get("kept", 0), counts.get("moved", 0))


def _is_theirs(work: Work, made: Made) -> bool:
    actor = work.scope.actor
    return (actor.kind == made.actor_kind and actor.id == made.actor_id) or work.scope.reach(
        Permission.LEADS_WRITE
    ).is_all


async def _begin_undo(work: Work, made: Made) -> None:
    counts = await repository.counts(work, made.id)
    await repository.undo(work, made)
    reach = work.scope.reach(Permission.LEADS_WRITE)
    out = [place for place in await repository.places(work, made) if not reach.holds(place.owner, place.team)]
    if out:
        await repository.keep(work, made, out)
    work.record(Event(GIVEN_BACK, data={"reassignment_id": str(made.id), "leads": counts.get("moved", 0)}))
    if await go_on(work, made.id, is_undo=True):
        work.enqueue(reassign_job(made.id, work.scope.actor, is_undo=True))
