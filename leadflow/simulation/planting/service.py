"""Use cases of planting: who is to own the leads, what is wanted, and then chunk after chunk."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from leadflow.identity import service as identity
from leadflow.kernel.errors import Conflict
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.simulation.planting import repository, shapes
from leadflow.simulation.planting.plan import Plan, Progress
from leadflow.tenancy import service as tenancy
from leadflow.tenancy import teams
from leadflow.tenancy.commands import CreateTeam
from leadflow.tenancy.permissions import Role

TEAMS = ("North", "South", "East", "West")
REPS_OF_A_TEAM = 6
FIRST_CHUNK, LARGEST_CHUNK, CHUNK_S = 1000, 50_000, 0.6
"""Leads of a transaction: to begin with, at most, and as many as take so long. Readers of the log wait for it."""


async def begin(work: Work, plan: Plan, readers: Sequence[str], *, is_among_others: bool) -> tuple[Plan, int]:
    """Remember the plan, or find it begun; returns the plan to follow and the number of the last lead that is there.

    Raises:
        Conflict: something else has been begun here, or there are leads already and nobody said to plant among them,
            or a projection of `readers` has not begun with this organization's log.

    """
    noted = await repository.noted(work)
    if noted is not None:
        known, done = Plan.remembered(noted)
        if not known.is_same_as(plan):
            raise Conflict(
                f"Here {known.leads:,} leads and {known.events:,} events with seed {known.seed} have been begun, and "
                f"{done:,} leads are there: give the same numbers to go on, or another --organization."
            )
        return known, done
    if not is_among_others and await repository.has_leads(work):
        raise Conflict(
            "This organization has leads, and what is planted among them cannot be told from them afterwards: take "
            "another --organization, or say --among-others."
        )
    if late := await repository.unready(work, readers):
        raise Conflict(f"A worker is reading this organization's log ({', '.join(late)}): try again in a moment.")
    if not await _sellers(work):
        await _staff(work)
    await repository.note(work, plan.noted())
    return plan, 0


async def plant(opens: OpensWork, scope: Scope, plan: Plan, done: int, report: Callable[[Progress], None]) -> Progress:
    """Plant what is missing of the plan after its first `done` leads, each chunk in a transaction of about a second.

    Raises:
        Conflict: another run is planting here.

    """
    drawn_from = shapes.values(plan)
    async with opens.work(scope) as work:
        owners = await _sellers(work)
    started = time.monotonic()
    first, size, events = done + 1, FIRST_CHUNK, 0
    progress = Progress(plan, done, 0, 0, 0.0)
    while first <= plan.leads:
        last = min(first + size - 1, plan.leads)
        began = time.monotonic()
        async with opens.work(scope) as work:
            if not await repository.advance(work, first, last):
                raise Conflict("Another run is planting here: let it end.")
            events += await repository.write(work, drawn_from, owners, first, last, is_searchable=plan.is_searchable)
        now = time.monotonic()
        size = _next_size(last - first + 1, now - began)
        progress = Progress(plan, last, last - done, events, now - started)
        report(progress)
        first = last + 1
    return progress


def _next_size(size: int, seconds: float) -> int:
    """As many as take `CHUNK_S`, but no more than twice as many as before."""
    return max(100, min(2 * size, int(size * CHUNK_S / max(seconds, 0.001)), LARGEST_CHUNK))


async def _staff(work: Work) -> None:
    """Four teams of six who sell. They have no password: nobody logs in as one of them."""
    for place, name in enumerate(TEAMS):
        team = await teams.create_team(work, CreateTeam(name=name))
        for number in range(REPS_OF_A_TEAM):
            account = await identity.create_account(
                work, email=f"{new_id()}@seller.example", name=f"Seller {place * REPS_OF_A_TEAM + number + 1}",
                password_hash="",
            )  # fmt: skip
            await tenancy.add_member(work, account.id, Role.REP, team=team.id)


async def _sellers(work: Work) -> list[UUID]:
    """Those who sell; where nobody does, nobody. In one order, so that the same leads go to the same people."""
    return sorted(person.id for person in await tenancy.people(work) if person.role == Role.REP)
