"""Use cases of the audit trail: proving that it is whole."""

from dataclasses import dataclass

from leadflow.audit import repository, rules
from leadflow.audit.chain import Break, Sign, Walk
from leadflow.audit.projection import NAME
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensReading

CHUNK = 500
"""Entries that are hashed at a stretch: some milliseconds, so that others in this process are not kept waiting."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is and whether it is whole. `waiting` events of the log have not become entries yet, which is a matter
    of time and no fault.
    """

    entries: int
    head: str
    waiting: int
    broken: Break | None

    def __str__(self) -> str:
        noun = "entry" if self.entries == 1 else "entries"
        told = f"broken: {self.broken}" if self.broken else f"{self.entries:,} {noun}, unbroken"
        return f"{told}; {self.waiting:,} more wait for the worker" if self.waiting else told


async def verify(app: OpensReading, scope: Scope, sign: Sign) -> Verdict:
    """Go through one organization's whole trail, then hold it against the log."""
    scope.require(Permission.AUDIT_READ)
    walk = Walk(scope.organization_id, sign)
    broken = await _follow(app, scope, walk)
    async with app.reading(scope) as work:
        log = await repository.against_the_log(work, NAME, rules.KINDS)
    if broken is None and log.lost:
        broken = Break(walk.number, f"is the last, but {log.lost:,} older events of the log have no entry")
    return Verdict(walk.number, walk.hash, log.waiting, broken)


async def _follow(app: OpensReading, scope: Scope, walk: Walk) -> Break | None:
    start = repository.LOWEST
    while True:
        async with app.reading(scope) as work:
            chunk = await repository.chunk(work, start, CHUNK)
        for columns, hash_ in chunk.entries:
            if broken := walk.step(columns, hash_):
                return broken
        if len(chunk.entries) < CHUNK:
            return walk.end(chunk.head)
        start = walk.number + 1
