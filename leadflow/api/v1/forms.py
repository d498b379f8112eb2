"""Hosted forms of the organization."""

from html import escape
from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.public.pages import page
from leadflow.api.schemas import ChangedForm, FormItem, Forms, problems
from leadflow.intake import queries, rules, service
from leadflow.intake.commands import CreateForm, UpdateForm
from leadflow.intake.errors import FormNotFound
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

ROUTER = router("forms")


def _shown(row: dict[str, Any], origin: str) -> dict[str, Any]:
    """The row with its address and what to paste into a web site."""
    url = f"{origin}/f/{row['slug']}"
    frame = (
        f'<iframe src="{url}" title="{escape(row["title"])}" loading="lazy" '
        'style="width:100%;min-height:640px;border:0"></iframe>'
    )
    plain = page("snippet.html", {"url": url, "form": row, "questions": row["fields"], "standard": rules.standard})
    return {**row, "url": url, "embed": frame, "html": bytes(plain.body).decode()}


async def _one(work: Work, form_id: UUID, origin: str) -> dict[str, Any]:
    (row,) = await queries.forms(work, form_id)
    return _shown(row, origin)


def _origin(call: Calling) -> str:
    return call.door.app.settings.public_origin


@ROUTER.get("", response_model=Forms, responses=problems())
@requires(Permission.FORMS_MANAGE)
async def forms(call: Calling) -> Response:
    """Every form, oldest first, with its address, its snippets and how often it was sent."""
    async with call.work() as work:
        rows = await queries.forms(work)
    return answer({"items": [_shown(row, _origin(call)) for row in rows]})


@ROUTER.post("", status_code=201, response_model=FormItem, responses=problems(413, 415))
@requires(Permission.FORMS_MANAGE)
async def create(call: Calling, body: CreateForm) -> Response:
    """Open a form at `/f/<slug>`; the slug gets a random tail.

    A field is a key (`"email"`) or an object. `name`, `email`, `phone`, `company`, `title` and `message` are known;
    any other key becomes a custom field of the lead.
    """

    async def effect(work: Work) -> Answer:
        form = await service.create_form(work, body)
        return Answer(201, await _one(work, form.id, _origin(call)))

    return await call.once(effect)


@ROUTER.patch("/{form_id}", response_model=ChangedForm, responses=problems(404, 413, 415))
@requires(Permission.FORMS_MANAGE)
async def change(call: Calling, form_id: str, body: UpdateForm) -> Response:
    """Change what a form asks and says, or close it with `is_open: false`."""
    known = parse_id(form_id)
    if known is None:
        raise FormNotFound
    async with call.work() as work:
        await service.update_form(work, known, body)
        form = await _one(work, known, _origin(call))
    return answer({"form": form})
