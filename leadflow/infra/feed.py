"""One organization's live feed in one process: rings in, one frame per signature out."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog

from leadflow.infra.channel import PLAIN, WATCHED, Channel, Shape, mark_of
from leadflow.infra.mailbox import Mailbox, Patch
from leadflow.infra.pace import Pace
from leadflow.infra.totalling import first_totals, publish_totals
from leadflow.insight.queries import kpis
from leadflow.kernel.fields import OPEN, FieldRights
from leadflow.kernel.reach import ALL, Reach
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensReading
from leadflow.leads.queries import stages
from leadflow.tenancy.repository import people
from leadflow.tenancy.service import system_scope
from leadflow.views import queries
from leadflow.views.rules import LeadFilter

log = structlog.get_logger(__name__)

MERGE_S, BURST = 0.04, 10
"""Frames of one organization: their distance on average, and how many may go out at once before that counts."""
SWEEP_S = 2.0
SWEEP_LIMIT = 2000
AGGREGATE_SHARE = 20.0
"""Counts and KPIs are recomputed at most this fraction (1/20) of the time, and at most twice a second."""


class Feed:
    """Follows one organization for as long as somebody watches it."""

    def __init__(self, opens: OpensReading, organization_id: UUID) -> None:
        self.opens = opens
        self.scope: Scope = system_scope(organization_id)
        self.channels: dict[tuple[str, ...], Channel] = {}
        self.revision = 0
        self._pending: set[UUID] = set()
        self._pace = Pace(BURST * MERGE_S)
        self._bell = asyncio.Event()
        self._must_sweep = asyncio.Event()
        self._turn = asyncio.Lock()
        self._delivered: dict[UUID, int] = {}
        self._aggregates_due = True
        self._aggregate_after = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._subs = 0

    async def start(self) -> None:
        async with self.opens.reading(self.scope) as work:
            self.revision = await queries.current_revision(work)
        self._tasks = [
            asyncio.create_task(self._for_ever(step)) for step in (self._deliver, self._sweep, self._aggregate)
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _for_ever(self, step: Any) -> None:  # noqa: ANN401 - a bound coroutine function
        while True:
            try:
                await step()
            except Exception:
                log.exception("live.feed_failed", organization_id=str(self.scope.organization_id))
                await asyncio.sleep(1.0)

    # --- viewers --------------------------------------------------------------------------------------------

    def channel(
        self,
        view: str,
        lead_filter: LeadFilter,
        reach: Reach = ALL,
        fields: FieldRights = OPEN,
        shape: Shape = PLAIN,
    ) -> Channel:
        key = (view, lead_filter.signature, mark_of(reach, fields), shape.mark)
        if key not in self.channels:
            self._subs += 1
            scope = replace(self.scope, reaches=dict.fromkeys(WATCHED, reach), fields=fields)
            self.channels[key] = Channel(f"s{self._subs}", view, lead_filter, scope, shape)
        return self.channels[key]

    def leave(self, viewer: Mailbox) -> None:
        for channel in list(self.channels.values()):
            self.part(channel, viewer)

    def part(self, channel: Channel, viewer: Mailbox) -> None:
        """A channel that nobody watches any more is not computed for anybody."""
        channel.part(viewer)
        if not channel.viewers and not channel.expected and self.channels.get(channel.key) is channel:
            del self.channels[channel.key]

    async def snapshot(self, channel: Channel) -> Patch:
        """All that a new viewer of `channel` needs. Nothing falls between it and the first patch: the viewer was
        expected before this was read.
        """
        async with self.opens.reading(channel.scope) as work:
            if channel.filter.lead is not None and not channel.reach.is_all:
                channel.is_blind = not (await queries.changes_of(work, channel.filter, [channel.filter.lead])).upsert
            if channel.view == "kpis":
                return {"op": "kpis", "values": await kpis(work)}
            if channel.view == "groups":
                return await first_totals(work, channel)
            body: Patch = {"op": "snapshot", "rows": [], "counts": {}, "rev": str(self.revision)}
            if channel.view == "board":
                body["rows"], _ = await queries.board(work, channel.filter)
                body["counts"] = await queries.counts(work, channel.filter)
            body["stages"] = await stages(work)
            body["people"] = [
                {"id": str(person.id), "name": person.name, "initials": initials(person.name), "role": person.role}
                for person in await people(work)
            ]
            return body

    async def missed(self, channel: Channel, since: int) -> Patch | None:
        """What a returning viewer has missed since its revision; None when a fresh snapshot is cheaper, or when the
        revision is none of this database's: it has been restored, and counts anew.
        """
        if not channel.reach.is_all:
            return None  # a lead may have left and come back unseen, and a picture of what one reaches is a small one
        rev = str(self.revision)
        async with self.opens.reading(channel.scope) as work:
            changed = await queries.changes_since(work, since, SWEEP_LIMIT)
            if changed is None or since > await queries.current_revision(work):
                return None
            found = await queries.changes_of(
                work, channel.filter, [lead for lead, _ in changed.leads], channel.shape.extra
            )
            body: Patch = {"op": "patch", "rev": rev, "upsert": found.upsert, "remove": found.remove}
            if channel.view == "board":
                body["counts"] = await queries.counts(work, channel.filter)
            return body

    # --- changes --------------------------------------------------------------------------------------------

    def ring(self, leads: Iterable[UUID] | None, noted: Iterable[UUID] | None = ()) -> None:
        """These leads changed, and the timelines of `noted` grew; None: too many to name."""
        if leads is None:
            self._must_sweep.set()
        else:
            self._pending.update(leads)
        self._beat(None if noted is None else set(noted))
        self._aggregates_due = True
        self._bell.set()

    def _beat(self, noted: set[UUID] | None) -> None:
        """Whoever looks at one lead hears of its timeline; nobody else has anything to redraw."""
        for channel in self.channels.values():
            if channel.filter.lead is None or channel.is_blind:
                continue
            if noted is None or channel.filter.lead in noted:
                channel.publish({"op": "patch", "rev": str(self.revision), "upsert": [], "remove": []})

    async def _deliver(self) -> None:
        await self._bell.wait()
        self._bell.clear()
        leads, self._pending = list(self._pending), set()
        if not leads:
            return
        try:
            async with self._turn:
                await self._publish_changes(leads)
        except Exception:
            self.ring(leads)
            raise
        await asyncio.sleep(self._pace.pause(MERGE_S))

    async def _publish_changes(self, leads: Sequence[UUID]) -> None:
        """Tell every channel, those included that somebody opens meanwhile.

        Each channel reads a little later than the one before. What the first was told is therefore the least that
        everybody knows, and the widest is first; of leads outside of it, the sweep makes sure.
        """
        told: set[Channel] = set()
        if not any(channel.has_rows for channel in self.channels.values()):
            return
        least: dict[UUID, int] | None = None
        async with self.opens.reading(self.scope) as work:
            while todo := [each for each in self.channels.values() if each.has_rows and each not in told]:
                for channel in sorted(todo, key=lambda each: each.narrowness):
                    told.add(channel)
                    if channel.filter.lead is not None and channel.filter.lead not in leads:
                        continue
                    with work.seeing_as(channel.scope):
                        found = await queries.changes_of(work, channel.filter, leads, channel.shape.extra)
                    if channel.filter.lead is not None:
                        channel.is_blind = not found.upsert
                    if least is None:
                        least = {UUID(row["id"]): row["version"] for row in found.upsert}
                    if found.upsert or found.remove:
                        channel.publish(
                            {"op": "patch", "rev": str(self.revision), "upsert": found.upsert, "remove": found.remove}
                        )
        self._delivered.update(least or {})

    async def _sweep(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(SWEEP_S):
                await self._must_sweep.wait()
        self._must_sweep.clear()
        async with self._turn:
            is_flood = await self._move_on()
        if is_flood:
            await asyncio.sleep(1.0)

    async def _move_on(self) -> bool:
        """Catch what no ring told, and move the revision that returning viewers start from; says whether it was too
        much to say it lead by lead.

        The revision moves last: a frame that carries it promises that everything before it has been sent.
        """
        async with self.opens.reading(self.scope) as work:
            changed = await queries.changes_since(work, self.revision, SWEEP_LIMIT)
            revision = changed.revision if changed else await queries.current_revision(work)
        if changed is None:
            self._start_over()
        else:
            unseen = [lead for lead, version in changed.leads if self._delivered.get(lead, 0) < version]
            if unseen:
                await self._publish_changes(unseen)
                self._aggregates_due = True
            recent = {lead for lead, _ in changed.leads}
            self._delivered = {lead: version for lead, version in self._delivered.items() if lead in recent}
        self.revision = revision
        return changed is None

    def _start_over(self) -> None:
        """Whoever watches asks for a new picture."""
        self._delivered.clear()
        for channel in self.channels.values():
            if channel.has_rows:
                channel.publish({"op": "reset"})
        self._aggregates_due = True

    # --- counts and KPIs ------------------------------------------------------------------------------------

    async def _aggregate(self) -> None:
        await asyncio.sleep(0.1)
        if not self._aggregates_due or time.monotonic() < self._aggregate_after:
            return
        self._aggregates_due = False
        started = time.monotonic()
        for channel in list(self.channels.values()):
            if channel.view == "board":
                await self._publish_counts(channel)
            elif channel.view == "kpis":
                await self._publish_kpis(channel)
            elif channel.view == "groups":
                async with self.opens.reading(channel.scope) as work:
                    await publish_totals(work, channel)
        took = time.monotonic() - started
        self._aggregate_after = time.monotonic() + max(0.5, took * AGGREGATE_SHARE)

    async def _publish_counts(self, channel: Channel) -> None:
        async with self.opens.reading(channel.scope) as work:
            counted = await queries.counts(work, channel.filter)
        if counted != channel.counts:
            channel.counts = counted
            channel.publish({"op": "patch", "rev": str(self.revision), "upsert": [], "remove": [], "counts": counted})

    async def _publish_kpis(self, channel: Channel) -> None:
        async with self.opens.reading(channel.scope) as work:
            values = await kpis(work)
        if values != channel.counts:
            channel.counts = values
            channel.publish({"op": "kpis", "values": values})


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
