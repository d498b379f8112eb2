"""Organizations that lend each other what their leads have shown, and the nights in which they do."""

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.jobs import JobRunner
from leadflow.kernel.ids import new_id
from leadflow.kernel.jobs import Queue
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead
from leadflow.scoring import repository as scoring
from leadflow.scoring.labels import Example, Told
from leadflow.scoring.pooling import repository, service
from leadflow.scoring.pooling.commands import TakePart
from leadflow.tenancy.permissions import Role
from tests.fixtures.cast import Member, found_company
from tests.fixtures.installation import as_superuser, fold
from workers.handlers import all_handlers

TOLD = "SELECT kind, data FROM event WHERE organization_id = %s AND kind LIKE 'scoring.pool%%' ORDER BY seq"
DUE = """
    UPDATE job SET run_at = now() + CASE WHEN organization_id = %s THEN interval '0' ELSE interval '1 day' END
    WHERE queue = 'learning' AND state = 'ready'
"""
JOBS = "SELECT state FROM job WHERE organization_id = %s AND kind = 'scoring.pool' ORDER BY id"
MARK = "custom:secret_plan=gold"


def ask(app: App, statement: str, organization_id: UUID) -> list[Any]:
    with as_superuser(app.settings) as admin:
        return admin.execute(statement, (organization_id,)).fetchall()


def told(app: App, member: Scope) -> list[Any]:
    """The pools that an organization was told of."""
    return [data for kind, data in ask(app, TOLD, member.organization_id) if kind == "scoring.pooled"]


def said(app: App, member: Scope) -> list[str]:
    return [kind for kind, _ in ask(app, TOLD, member.organization_id)]


def jobs(app: App, member: Scope) -> list[str]:
    return [state for (state,) in ask(app, JOBS, member.organization_id)]


async def night(app: App, member: Scope) -> None:
    """What waits for the night is due; a worker does it, and scoring reads on."""
    with as_superuser(app.settings) as admin:
        admin.execute(DUE, (member.organization_id,))
    runner = JobRunner(app, all_handlers())
    await runner.run_due(Queue.LEARNING)
    await runner.drain(60.0)
    await fold(app, member.organization_id, "scoring")


async def join(app: App, *members: Scope, joined: bool = True) -> None:
    for member in members:
        async with app.work(member) as work:
            await service.take_part(work, TakePart(joined=joined))


async def see(app: App, member: Scope, count: int = 40, *, source: str = "fair", seed: int = 1) -> list[UUID]:
    """Leads that the models of an organization were told of, half of them won, mostly those from one source."""
    dice = random.Random(seed)
    async with app.work(member) as work:
        ids = [
            (await leads.capture(work, CaptureLead(email=f"{new_id().hex}@buyer.example"))).lead_id
            for place in range(count)
        ]
    examples = {}
    for place, lead_id in enumerate(ids):
        won = place % 2 == 0
        came = source if won is (dice.random() < 0.8) else "web"
        x = {f"source={came}": 1.0, "did:pricing_visited": dice.random(), MARK: 1.0, "number:employees": 7.0}
        examples[lead_id] = Example(1.0, 2.0, dict(x), {**x, "touches": 0.5}, Told.WON if won else Told.LOST)
    async with app.work(member) as work:
        await work.session.execute(*scoring.saving_examples(work, examples, ids))
    return ids


async def others(app: App, count: int) -> list[Member]:
    """Organizations that take part, with leads."""
    found = []
    for place in range(count):
        (owner,) = await found_company(app, f"Other{place}", ("Olga", Role.OWNER))
        await see(app, owner, seed=place)
        found.append(owner)
    await join(app, *found)
    return found


async def asked(app: App, member: Scope, most: int = 50) -> list[Sequence[Example]]:
    async with app.reading(member) as work:
        return await repository.others(work, most, 400)
