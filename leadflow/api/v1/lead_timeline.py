"""What happened to a lead, and what one of us did with it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from leadflow import leads
from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import READS_ONE, WRITES_ONE, LoggedActivity, Timeline
from leadflow.api.times import Dated
from leadflow.api.v1.leads import known_id, shown
from leadflow.intake import queries as intake
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import LogActivity
from leadflow.leads import queries as lead_queries
from leadflow.tasks.queries import titles as task_titles
from leadflow.tenancy.access import who_does_not_see
from leadflow.tenancy.service import names_of

ROUTER = router("leads")
FORM_SUBMITTED = "behaviour.form_submitted"


class Activity(Dated, LogActivity):
    """What one of us did with a lead."""


@ROUTER.get("/{lead_id}/timeline", response_model=Timeline, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def timeline(
    call: Calling,
    lead_id: str,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    kinds: Annotated[str, Query(max_length=100, description="Nouns such as `activity,behaviour,lead`")] = "",
) -> Response:
    """What happened to a lead, latest first."""
    known = known_id(lead_id)
    nouns = tuple(noun for noun in kinds.split(",") if noun)
    async with call.reading() as work:
        page = await lead_queries.timeline(work, known, cursor or None, limit, nouns)
        await _tell_what_was_sent(work, page.items)
        await _tell_what_was_to_be_done(work, page.items)
        await _tell_who_was_mentioned(work, page.items)
    return answer({"items": page.items, "next_cursor": page.next_cursor})


async def _tell_what_was_sent(work: Work, items: list[dict[str, Any]]) -> None:
    """What people wrote into a form stays with the submission, so that it can be forgotten; the log points there."""
    named = {
        str(known): item
        for item in items
        if item["kind"] == FORM_SUBMITTED and (known := parse_id(str(item["data"].get("submission", ""))))
    }
    answers = await intake.answers(work, list(named)) if named else {}
    for submission, item in named.items():
        message = answers.get(submission, {}).get("message", "")
        item["detail"] = ": ".join(part for part in (str(item["data"].get("form", "")), message) if part)


async def _tell_what_was_to_be_done(work: Work, items: list[dict[str, Any]]) -> None:
    """What tasks are called stays with them, as long as they are not forgotten."""
    told = [item for item in items if item["kind"].startswith("task.")]
    known = {known for item in told if (known := parse_id(str(item["data"].get("task_id", ""))))}
    titles = await task_titles(work, list(known)) if known else {}
    for item in told:
        item["detail"] = titles.get(str(item["data"].get("task_id")), "")


async def _tell_who_was_mentioned(work: Work, items: list[dict[str, Any]]) -> None:
    """By the names that they have now; who is no longer here is not named."""
    told = [(item, ids) for item in items if isinstance(ids := item["data"].get("mentions"), list)]
    names = await names_of(work, [str(each) for _, ids in told for each in ids]) if told else {}
    for item, ids in told:
        item["mentions"] = [{"id": str(each), "name": names[str(each)]} for each in ids if str(each) in names]


@ROUTER.post("/{lead_id}/activities", status_code=201, response_model=LoggedActivity, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def log_activity(call: Calling, lead_id: str, body: Activity) -> Response:
    """Note down a call, an e-mail, a meeting or a thought. Who is mentioned is told, once they see the lead."""
    known = known_id(lead_id)

    async def effect(work: Work) -> Answer:
        await leads.log_activity(work, known, body)
        event, _ = work.events[-1]
        unseen = await _unseen_by(work, known, body)
        return Answer(201, {"id": event.id, "lead": await shown(work, known), "unseen_by": unseen})

    return await call.once(effect)


async def _unseen_by(work: Work, lead_id: UUID, body: LogActivity) -> list[dict[str, str]]:
    if not body.mentions or not work.scope.may(Permission.LEADS_READ):
        return []
    unseen = await who_does_not_see(work, *await lead_queries.place_of(work, lead_id), body.mentions)
    return [{"id": str(each.id), "name": each.name} for each in unseen]
