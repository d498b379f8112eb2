"""Use cases of the pool: taking part, leaving it, and learning at night what the others have in common.

Each organization has a pool of its own, of the leads of all others: nothing is ever written into another's log, and
what one is told is never about fewer others than the rules want.
"""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Opens, Work
from leadflow.scoring.events import POOL_JOINED, POOL_LEFT, POOLED
from leadflow.scoring.jobs import pool_at
from leadflow.scoring.nights import tonight
from leadflow.scoring.pooling import repository
from leadflow.scoring.pooling.commands import TakePart
from leadflow.scoring.pooling.repository import Last, Part
from leadflow.scoring.pooling.training import Pool, pooled

MOST_MEMBERS: Final = 50
"""Others that a pool rests on; of more, always the same."""
MOST_LEADS: Final = 400
"""Of each, the newest: whoever has many has no louder voice than that."""

Finish = Callable[[], AbstractAsyncContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the organization takes part, and what it was told last: nothing yet where `at` is None."""

    joined: bool
    since: datetime | None = None
    at: datetime | None = None
    organizations: int = 0
    leads: int = 0


async def look(work: Work) -> Standing:
    """Whether the organization takes part, and what the last pool rests on."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    return _standing(await repository.get(work))


async def take_part(work: Work, command: TakePart) -> Standing:
    """Take part from the next night on, or no longer; said again, nothing changes."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    part = await repository.hold(work)
    if command.joined and part is None:
        part = Part(work.clock.now())
        await repository.put(work, part)
        work.record(Event(POOL_JOINED))
        _ask(work)
    elif part is not None and not command.joined:
        part = None
        await repository.take_out(work)
        work.record(Event(POOL_LEFT))
    return _standing(part)


async def run(app: Opens, scope: Scope, finish: Finish) -> None:
    """Learn from the others, and tell the organization's log when it is something new; again in the next night.

    Nothing for an organization that takes no part, or has left while this was running.
    """
    scope.require(Permission.SETTINGS_MANAGE)
    async with app.reading(scope) as work:
        members = await repository.others(work, MOST_MEMBERS, MOST_LEADS)
    pool = await asyncio.to_thread(pooled, members)
    async with finish() as work:
        part = await repository.hold(work)
        if part is None:
            return
        _ask(work)
        if pool is not None:
            await _tell(work, part, pool)


async def _tell(work: Work, part: Part, pool: Pool) -> None:
    tables = pool.tables.to_json()
    digest = hashlib.sha256(orjson.dumps(tables, option=orjson.OPT_SORT_KEYS)).hexdigest()
    if part.last is not None and part.last.digest == digest:
        return
    work.record(Event(POOLED, data={"organizations": pool.organizations, "leads": pool.leads, "pool": tables}))
    last = Last(work.clock.now(), pool.organizations, pool.leads, digest)
    await repository.put(work, replace(part, last=last))


def _ask(work: Work) -> None:
    work.enqueue(pool_at(tonight(work.organization_id, work.clock.now())))


def _standing(part: Part | None) -> Standing:
    if part is None or part.last is None:
        return Standing(part is not None, part.since if part else None)
    return Standing(True, part.since, part.last.at, part.last.organizations, part.last.leads)
