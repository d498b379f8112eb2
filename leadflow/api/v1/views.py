"""Saved views: pages with their filters under a name, one's own and those that are shared."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import READS, WRITES, WRITES_ONE, ViewItem, Views, problems
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.views import saved
from leadflow.views.saved import ArrangePins, ChangeView, ChooseDefault, SaveView, queries
from leadflow.views.saved.errors import ViewNotFound

ROUTER = router("views")


def _known_id(view_id: str) -> UUID:
    known = parse_id(view_id)
    if known is None:
        raise ViewNotFound
    return known


async def _all(work: Work) -> dict[str, Any]:
    found = await queries.listed(work)
    return {"items": found.items, "defaults": found.defaults}


@ROUTER.get("", response_model=Views, responses=READS)
@requires(Permission.LEADS_READ)
async def list_views(call: Calling) -> Response:
    """Your own views and those that are shared, by name, and what each page opens with."""
    async with call.reading() as work:
        return answer(await _all(work))


@ROUTER.post("", status_code=201, response_model=ViewItem, responses=WRITES)
@requires(Permission.LEADS_READ)
async def save(call: Calling, body: SaveView) -> Response:
    """Save a view of your own. To share it, you need `leads.write`."""

    async def effect(work: Work) -> Answer:
        return Answer(201, await queries.one(work, await saved.save(work, body)))

    return await call.once(effect)


@ROUTER.put("/pins", response_model=Views, responses=WRITES)
@requires(Permission.LEADS_READ)
async def arrange(call: Calling, body: ArrangePins) -> Response:
    """Put your tabs in order."""
    async with call.work() as work:
        await saved.arrange(work, body)
        views = await _all(work)
    return answer(views)


@ROUTER.put("/default", response_model=Views, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def choose_default(call: Calling, body: ChooseDefault) -> Response:
    """Say what a page opens with: for yourself, or, with `settings.manage`, for whoever has chosen nothing else."""
    async with call.work() as work:
        await saved.choose_default(work, body)
        views = await _all(work)
    return answer(views)


@ROUTER.patch("/{view_id}", response_model=ViewItem, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def change(call: Calling, view_id: str, body: ChangeView) -> Response:
    """Change some fields. With `version`, only if nobody else has changed the view meanwhile.

    A shared view is changed by its owner and by those with `settings.manage`. One that you stop sharing is its owner's
    alone: then only `id` is answered.
    """
    known = _known_id(view_id)
    async with call.work() as work:
        await saved.change(work, known, body)
        view = await _shown(work, known)
    return answer(view)


@ROUTER.delete("/{view_id}", status_code=204, responses=problems(404))
@requires(Permission.LEADS_READ)
async def delete(call: Calling, view_id: str) -> Response:
    """Take a view off every list. For 30 days it can be restored; then it is forgotten."""
    known = _known_id(view_id)
    async with call.work() as work:
        await saved.delete(work, known)
    return Response(status_code=204)


@ROUTER.post("/{view_id}/restore", response_model=ViewItem, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def restore(call: Calling, view_id: str) -> Response:
    """Take back that a view was deleted. If its name is another's by now, it gets one like it."""
    known = _known_id(view_id)

    async def effect(work: Work) -> Answer:
        await saved.restore(work, known)
        return Answer(200, await queries.one(work, known))

    return await call.once(effect)


@ROUTER.put("/{view_id}/pin", response_model=ViewItem, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def pin(call: Calling, view_id: str) -> Response:
    """Make a view the last of your tabs."""
    known = _known_id(view_id)
    async with call.work() as work:
        await saved.pin(work, known)
        view = await queries.one(work, known)
    return answer(view)


@ROUTER.delete("/{view_id}/pin", response_model=ViewItem, responses=WRITES_ONE)
@requires(Permission.LEADS_READ)
async def unpin(call: Calling, view_id: str) -> Response:
    """Take a view off your tabs."""
    known = _known_id(view_id)
    async with call.work() as work:
        await saved.unpin(work, known)
        view = await _shown(work, known)
    return answer(view)


async def _shown(work: Work, view_id: UUID) -> dict[str, Any]:
    """The view after a change of it, as far as the caller still sees it."""
    try:
        return await queries.one(work, view_id)
    except ViewNotFound:
        return {"id": str(view_id)}
