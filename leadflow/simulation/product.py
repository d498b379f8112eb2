"""The product as a simulation sees it: steps in, public use cases called, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import get_args
from uuid import UUID

from leadflow import leads
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.leads.commands import CaptureLead, CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.routing.projection import PROJECTION as ROUTING
from leadflow.scoring.projection import KINDS as SCORING_KINDS
from leadflow.simulation import repository
from leadflow.simulation.steps import Behave, Capture, Move, OpenLead, Outcome, Stage, Touch

READERS = {"routing": ROUTING.kinds, "scoring": SCORING_KINDS}
"""The projections that a simulation waits for, and what they want to read."""
LOOK_S = 0.005
OUTSIDE = Actor(ActorKind.SYSTEM)


class Product:
    """One organization, as `simulation.ports.Company`. `reps` are people of the organization, by the data's names."""

    def __init__(self, opens: OpensWork, scope: Scope, reps: Mapping[str, UUID]) -> None:
        self._opens = opens
        self._scope = scope.acting_as(OUTSIDE)
        self._reps = reps
        self._names = {account: name for name, account in reps.items()}
        self._work: Work | None = None

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[None]:
        async with self._opens.work(self._scope) as work:
            self._work = work
            try:
                yield
            finally:
                self._work = None

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[Work]:
        if self._work is not None:
            yield self._work
            return
        async with self._opens.work(self._scope) as work:
            yield work

    async def capture(self, step: Capture) -> bool:
        return (await self.capture_many([step]))[0]

    async def capture_many(self, steps: Sequence[Capture]) -> Sequence[bool]:
        async with self._working() as work:
            fresh = await repository.first_time(work, [step.ref for step in steps])
            wanted = [_command(step) for step in steps if step.ref in fresh]
            if wanted:
                await leads.capture_valid(work, wanted)
            return [step.ref in fresh for step in steps]

    async def behave(self, step: Behave) -> bool:
        async with self._working() as work:
            lead = await self._lead(work, step.key)
            if lead is None or not await repository.first_time(work, [step.ref]):
                return False
            command = RecordBehaviour(kind=step.kind, lead_id=lead[0], occurred_at=step.at, data=dict(step.data))
            await leads.record_behaviour(work, [command])
            return True

    async def touch(self, step: Touch) -> bool:
        async with self._working() as work:
            lead = await self._lead(work, step.key)
            if lead is None or not await repository.first_time(work, [step.ref]):
                return False
            with work.acting_as(self._actor(lead[2], step.rep)):
                command = LogActivity(kind=step.kind, text=step.text, outcome=step.outcome, occurred_at=step.at)
                await leads.log_activity(work, lead[0], command)
            return True

    async def move(self, step: Move) -> bool:
        async with self._working() as work:
            lead = await self._lead(work, step.key)
            if lead is None or lead[1] != step.was or not await repository.first_time(work, [step.ref]):
                return False
            with work.acting_as(self._actor(lead[2], step.rep)):
                await leads.update(work, lead[0], UpdateLead(stage=step.stage), at=step.at)
            return True

    async def outcome(self, step: Outcome) -> bool:
        async with self._working() as work:
            lead = await self._lead(work, step.key)
            if lead is None or (lead[3] != "open" and not step.reopens):
                return False
            if lead[3] == step.result or not await repository.first_time(work, [step.ref]):
                return False
            with work.acting_as(self._actor(lead[2], step.rep)):
                if lead[3] != "open":
                    await leads.update(work, lead[0], UpdateLead(stage="new"), at=step.at)
                command = CloseLead(
                    outcome=step.result, reason=step.reason or "", value=step.value, occurred_at=step.at
                )
                await leads.close(work, lead[0], command)
            return True

    async def settled(self) -> None:
        while True:
            async with self._opens.work(self._scope) as work:
                if not await repository.is_unread(work, READERS):
                    return
            await asyncio.sleep(LOOK_S)

    async def scores_of(self, keys: Sequence[str]) -> Mapping[str, float]:
        async with self._working() as work:
            return await repository.scores(work, keys)

    async def open_leads(self) -> Sequence[OpenLead]:
        async with self._working() as work:
            rows = await repository.open_leads(work)
        return [
            OpenLead(
                key=key,
                stage=stage,  # type: ignore[arg-type]  # checked against the Literal below
                source=source,
                value=value or None,
                rep=self._names.get(owner) if owner else None,
            )
            for key, stage, source, value, owner in rows
            if stage in get_args(Stage)
        ]

    async def _lead(self, work: Work, key: str) -> tuple[UUID, str, UUID | None, str] | None:
        return (await repository.leads(work, [key])).get(key)

    def _actor(self, owner: UUID | None, rep: str | None) -> Actor:
        person = owner or self._reps.get(rep or "") or next(iter(self._reps.values()), None)
        return Actor(ActorKind.PERSON, person) if person else OUTSIDE


def _command(step: Capture) -> CaptureLead:
    return CaptureLead(
        name=step.name,
        email=step.email or "",
        phone=step.phone or "",
        company=step.company or "",
        title=step.title or "",
        source=step.source or "unknown",
        value=step.value or 0,
        currency=step.currency or "EUR",
        country=step.country or "",
        custom=dict(step.custom),
        occurred_at=step.at,
    )
