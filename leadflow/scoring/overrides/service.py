"""Use cases of overrides: holding a lead in a band, and letting it go. The score itself goes on as it would."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import repository as leads
from leadflow.leads.models import StageKind
from leadflow.scoring.config import Band
from leadflow.scoring.errors import LeadClosed
from leadflow.scoring.events import BAND_HELD, BAND_RELEASED, became
from leadflow.scoring.jobs import release_at
from leadflow.scoring.overrides import repository
from leadflow.scoring.overrides.commands import HoldBand
from leadflow.scoring.overrides.rules import end_of, is_same
from leadflow.scoring.tables import ScoreOverride

AT_ONCE: Final = 500


class How(StrEnum):
    """Why a band is not held any more."""

    BY_HAND = "by hand"
    EXPIRED = "expired"
    CLOSED = "closed"


async def hold(work: Work, lead_id: UUID, command: HoldBand) -> None:
    """Show a lead in a band until a moment, whatever its score says; said again, nothing changes.

    Raises:
        LeadNotFound: it is not there, or out of sight.
        Forbidden: it may be seen and not changed.
        LeadClosed: it is won or lost.
        Invalid: the moment is too soon or too late.

    """
    work.scope.require(Permission.LEADS_WRITE)
    lead = await leads.get_to_change(work, lead_id)
    if (await leads.stage_kinds(work))[lead.stage] is not StageKind.OPEN:
        raise LeadClosed("Its band stays as it was. Reopen it first.")
    now = work.clock.now()
    until = end_of(command, now)
    before = await repository.held(work, lead_id)
    if before and is_same(before, command, until):
        return
    was, lead.band, lead.held_until = Band(lead.band), command.band.value, until
    await repository.hold(work, _override(work, lead_id, command, until))
    work.enqueue(release_at(until))
    hours = round((until - now).total_seconds() / 3600)
    said: dict[str, JsonValue] = {"band": command.band.value, "from": was.value, "reason": command.reason}
    work.record(Event(BAND_HELD, lead_id, {**said, "until": until.isoformat(), "for_hours": hours}))
    if was is not command.band:
        work.record(became(lead_id, was, command.band, lead.score, because=BAND_HELD, reason=command.reason))


def _override(work: Work, lead_id: UUID, command: HoldBand, until: datetime) -> ScoreOverride:
    return ScoreOverride(
        organization_id=work.organization_id,
        lead_id=lead_id,
        band=command.band.value,
        until=until,
        reason=command.reason,
        by_id=work.scope.person,
        made_at=work.clock.now(),
    )


async def release(work: Work, lead_id: UUID) -> None:
    """Return a lead to the band of its score; one that nobody holds stays as it is.

    Raises:
        LeadNotFound: it is not there, or out of sight.
        Forbidden: it may be seen and not changed.

    """
    work.scope.require(Permission.LEADS_WRITE)
    await leads.get_to_change(work, lead_id)
    await _let_go(work, [lead_id], How.BY_HAND)


async def expire(work: Work) -> None:
    """Let go of what is held no longer, and come back when the next is due."""
    work.scope.require(Permission.LEADS_WRITE)
    now = work.clock.now()
    if due := await repository.due(work, now, AT_ONCE):
        await _let_go(work, due, How.EXPIRED, due=now)
    if moment := await repository.next_end(work):
        work.enqueue(release_at(moment))


async def end_closed(work: Work, lead_ids: Collection[UUID]) -> None:
    """Let go of leads that are won or lost: what they are is no longer a guess."""
    work.scope.require(Permission.LEADS_WRITE)
    if closed := await repository.closed(work, lead_ids):
        await _let_go(work, closed, How.CLOSED)


async def _let_go(work: Work, lead_ids: Sequence[UUID], how: How, due: datetime | None = None) -> None:
    for lead_id, was, band, score in await repository.release(work, lead_ids, due):
        said: dict[str, JsonValue] = {"band": band.value, "from": was.value, "how": how.value}
        work.record(Event(BAND_RELEASED, lead_id, said))
        if band is not was:
            work.record(became(lead_id, was, band, score, because=BAND_RELEASED))
