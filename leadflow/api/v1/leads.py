"""Leads: in, listed, looked at, changed, won and lost."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from leadflow import leads
from leadflow.api.criteria import LeadQuery
from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import (
    READS,
    READS_ONE,
    WRITES,
    WRITES_ONE,
    CapturedLead,
    ChangedLead,
    LeadPage,
    LeadWithScore,
    WhoSees,
)
from leadflow.api.times import Dated
from leadflow.intake import queries as intake
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import Captured, CaptureLead, CloseLead, UpdateLead
from leadflow.leads import queries as lead_queries
from leadflow.leads.errors import LeadNotFound
from leadflow.scoring import queries as scoring
from leadflow.scoring.latest import Change, last_change
from leadflow.tenancy.access import who_sees
from leadflow.views import queries as views

ROUTER = router("leads")
CONSENT = "consent"


class NewLead(Dated, CaptureLead):
    """A lead as another system sends it. `consent` is the text that the person agreed to."""

    consent: Annotated[str, Field(max_length=1000)] = ""

    def command(self) -> CaptureLead:
        given = self.model_dump(exclude={CONSENT}, exclude_unset=True)
        if self.consent:
            given["custom"] = {**self.custom, CONSENT: self.consent}
        return CaptureLead.model_validate(given)


class Outcome(Dated, CloseLead):
    """How it ended."""


def known_id(lead_id: str) -> UUID:
    known = parse_id(lead_id)
    if known is None:
        raise LeadNotFound
    return known


async def shown(work: Work, lead_id: UUID) -> dict[str, Any]:
    """The lead after a change of it, as the caller may see it: a key that may only write learns its id, and so does
    somebody who has just handed it on out of sight.
    """
    if not work.scope.may(Permission.LEADS_READ):
        return {"id": str(lead_id)}
    try:
        return await _detail(work, lead_id)
    except LeadNotFound:
        return {"id": str(lead_id)}


async def _detail(work: Work, lead_id: UUID) -> dict[str, Any]:
    lead, agreed = await work.answers(lead_queries.asking_detail(work, lead_id), intake.asking_consent(work, lead_id))
    return _with_consent(lead, agreed)


async def _shown_captured(work: Work, captured: Captured) -> dict[str, Any]:
    if captured.joined or not work.scope.may(Permission.LEADS_READ):
        return await shown(work, captured.lead_id)
    lead = lead_queries.detail_of_new(work, captured.row)
    return {**lead, CONSENT: _told_consent(lead)}


def _with_consent(lead: dict[str, Any], agreed: dict[str, Any] | None) -> dict[str, Any]:
    return {**lead, CONSENT: agreed or _told_consent(lead)}


def _told_consent(lead: Mapping[str, Any]) -> dict[str, Any] | None:
    words = (lead["custom"] or {}).get(CONSENT)
    return {"text": str(words), "at": None, "source": "api"} if words else None


@ROUTER.get("", response_model=LeadPage, responses=READS)
@requires(Permission.LEADS_READ)
async def list_leads(call: Calling, query: Annotated[LeadQuery, Query()]) -> Response:
    """A page of leads. Filters add up; several values of one filter mean any of them."""
    part, extra = query.part, frozenset(query.columns)
    async with call.reading() as work:
        wanted = query.filter_for(call.scope.actor.id)
        page = await views.page(work, wanted, query.order, query.cursor or None, query.limit, part=part, extra=extra)
    return answer(
        {
            "items": page.items,
            "next_cursor": page.next_cursor,
            "total": page.total,
            "total_capped": page.total_capped,
        }
    )


@ROUTER.post("", status_code=201, response_model=CapturedLead, responses={200: {"model": CapturedLead}, **WRITES})
@requires(Permission.LEADS_WRITE)
async def create(call: Calling, body: NewLead) -> Response:
    """Take a lead in: 201 for a new one, 200 when the person was known by e-mail or phone and joined their timeline."""

    async def effect(work: Work) -> Answer:
        captured = await leads.capture(work, body.command())
        lead = await _shown_captured(work, captured)
        return Answer(200 if captured.joined else 201, {"lead": lead, "joined": captured.joined})

    return await call.once(effect)


@ROUTER.get("/{lead_id}", response_model=LeadWithScore, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def read(call: Calling, lead_id: str) -> Response:
    """Everything about one lead: facts with their sources, the score with what it is made of, its history, and what
    its last change comes from.
    """
    known = known_id(lead_id)
    async with call.reading() as work:
        lead, agreed, score, steps = await work.answers(
            lead_queries.asking_detail(work, known),
            intake.asking_consent(work, known),
            scoring.asking_score(work, known),
            scoring.asking_history(work, known),
        )
    lead = _with_consent(lead, agreed)
    history = [{"at": step.at, "score": step.score} for step in steps]
    return answer({"lead": lead, "score": score, "history": history, "change": _told_change(last_change(steps))})


def _told_change(change: Change | None) -> dict[str, Any] | None:
    return change and {**change._asdict(), "causes": [cause._asdict() for cause in change.causes]}


@ROUTER.patch("/{lead_id}", response_model=ChangedLead, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def change(call: Calling, lead_id: str, body: UpdateLead) -> Response:
    """Change some fields; null empties one. With `seen`, if these are as you saw them; with `version`, if all is."""
    known = known_id(lead_id)
    async with call.work() as work:
        await leads.update(work, known, body)
        lead = await shown(work, known)
    return answer({"lead": lead})


@ROUTER.get("/{lead_id}/access", response_model=WhoSees, responses=READS_ONE)
@requires(Permission.PEOPLE_MANAGE)
async def access(call: Calling, lead_id: str) -> Response:
    """Who sees this lead and who may change it, each with the reason; those who see it first."""
    known = known_id(lead_id)
    async with call.work() as work:
        found = await who_sees(work, *await lead_queries.place_of(work, known))
    items = [
        {"id": each.person.id, "name": each.person.name, "sees": each.sees, "changes": each.changes, "why": each.why}
        for each in found
    ]
    return answer({"items": items})


@ROUTER.post("/{lead_id}/outcome", response_model=ChangedLead, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def close(call: Calling, lead_id: str, body: Outcome) -> Response:
    """Win or lose a lead. The scoring model learns from it."""
    known = known_id(lead_id)

    async def effect(work: Work) -> Answer:
        await leads.close(work, known, body)
        return Answer(200, {"lead": await shown(work, known)})

    return await call.once(effect)
