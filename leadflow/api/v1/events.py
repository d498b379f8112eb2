"""What leads do elsewhere, as other systems saw it."""

from starlette.responses import Response

from leadflow import leads
from leadflow.api.deps import Answer, Calling, requires, router
from leadflow.api.schemas import RecordedEvent, problems
from leadflow.api.times import Dated
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import RecordBehaviour

ROUTER = router("events")


class Behaviour(Dated, RecordBehaviour):
    """Something a lead did. The lead is named by id, e-mail or phone."""


@ROUTER.post("", status_code=202, response_model=RecordedEvent, responses=problems(404, 413, 415))
@requires(Permission.EVENTS_WRITE)
async def record(call: Calling, body: Behaviour) -> Response:
    """Put a behaviour on a lead's timeline: `page_viewed`, `email_opened`, `pricing_visited`, or a kind of your own.

    The lead is named by `lead_id`, `email` or `phone`.
    """

    async def effect(work: Work) -> Answer:
        (lead_id,) = await leads.record_behaviour(work, [body])
        event, _ = work.events[-1]
        return Answer(202, {"id": event.id, "lead_id": lead_id})

    return await call.once(effect)
