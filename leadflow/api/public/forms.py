"""Hosted forms at `/f/<slug>`: for anybody, in any frame, without JavaScript. They know no cookie."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.exc import IntegrityError
from starlette.responses import RedirectResponse, Response

from leadflow.api.deps import door_of
from leadflow.api.door import Door
from leadflow.api.guard import ADDRESS
from leadflow.api.public.pages import page
from leadflow.api.public.reading import sent_fields
from leadflow.intake import repository, rules, service
from leadflow.intake.commands import SubmitForm
from leadflow.intake.errors import FormNotFound
from leadflow.intake.models import Form
from leadflow.kernel.errors import Invalid, TooMany
from leadflow.kernel.ids import new_id, parse_id

ROUTER = APIRouter()
TRAP = "website"
PAGE_ID = "form_page"
LONGEST_SLUG = 100
WINDOW_S = 600
PER_ADDRESS = 20
PER_FORM = 2000


@dataclass(frozen=True, slots=True)
class Hosted:
    """A form and the organization whose it is."""

    organization_id: UUID
    form: Form


async def _find(door: Door, slug: str) -> Hosted:
    if len(slug) > LONGEST_SLUG or not slug.isascii():
        raise FormNotFound("Check the address, or ask whoever gave it to you.")
    async with door.app.across() as session:
        organization_id = await repository.organization_of(session, slug)
    if organization_id is None:
        raise FormNotFound("Check the address, or ask whoever gave it to you.")
    async with door.app.work(service.visitor_scope(organization_id)) as work:
        return Hosted(organization_id, await service.hosted_form(work, slug))


def _form_page(
    request: Request,
    form: Form,
    *,
    sent: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    error: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    questions, sent, errors = service.questions_of(form), sent or {}, errors or {}
    campaign = rules.campaign(request.query_params)
    page_id = parse_id(sent.get(PAGE_ID, "")) or new_id()
    shown = {
        "form": form,
        "questions": questions,
        "standard": rules.standard,
        "values": {field.key: sent.get(field.key, "") for field in questions},
        "errors": {"consent": "", **errors},
        "error": error,
        "focus": next((field.key for field in questions if field.key in errors), ""),
        "consented": sent.get("consent") == "yes",
        "page_id": page_id,
        "action": f"/f/{form.slug}" + (f"?{urlencode(campaign)}" if campaign else ""),
    }
    return page("form.html", shown, status, headers)


@ROUTER.get("/f/{slug}")
async def show_form(request: Request, slug: str) -> Response:
    form = (await _find(door_of(request), slug)).form
    if "sent" in request.query_params:
        return page("thanks.html", {"form": form})
    return _form_page(request, form)


@ROUTER.post("/f/{slug}")
async def submit_form(request: Request, slug: str) -> Response:
    door = door_of(request)
    hosted = await _find(door, slug)
    form, sent = hosted.form, await sent_fields(request)
    thanks = RedirectResponse(f"/f/{form.slug}?sent", 303)
    if sent.get(TRAP):
        return thanks
    try:
        await _limit(door, form, request.scope[ADDRESS])
        await _take_in(door, hosted, request, sent)
    except TooMany as problem:
        headers = {"retry-after": str(problem.retry_after)}
        return _form_page(request, form, sent=sent, error=problem.detail, status=429, headers=headers)
    except Invalid as problem:
        errors = {each.field: each.message for each in problem.problems}
        asked = {field.key for field in service.questions_of(form)} | {"consent"}
        elsewhere = " ".join(message for field, message in errors.items() if field not in asked)
        return _form_page(request, form, sent=sent, errors=errors, error=elsewhere, status=422)
    return thanks


async def _take_in(door: Door, hosted: Hosted, request: Request, sent: Mapping[str, str]) -> None:
    command = SubmitForm(
        answers=sent,
        consented=sent.get("consent") == "yes",
        campaign={**request.query_params, **sent},
        id=parse_id(sent.get(PAGE_ID, "")),
    )
    try:
        async with door.app.work(service.visitor_scope(hosted.organization_id)) as work:
            await service.submit(work, hosted.form, command)
    except IntegrityError as error:
        # The same page sent twice in the same moment: the other one is stored.
        if "pk_form_submission" not in str(error.orig):
            raise


async def _limit(door: Door, form: Form, address: str) -> None:
    now_s = door.app.clock.now().timestamp()
    for key, limit in ((f"form:{form.id}:{address}", PER_ADDRESS), (f"form:{form.id}", PER_FORM)):
        if not await door.app.limiter.allow(key, limit=limit, window_s=WINDOW_S, now_s=now_s):
            raise TooMany("Too many answers were sent from here. Please wait a few minutes.", retry_after=WINDOW_S)
