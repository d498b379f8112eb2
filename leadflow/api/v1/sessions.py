"""Where the acting person is logged in."""

from typing import Any

from starlette.responses import Response

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import Sessions, problems
from leadflow.api.times import milliseconds
from leadflow.identity import service as identity
from leadflow.identity.models import LoginSession
from leadflow.kernel.errors import NotFound
from leadflow.kernel.ids import parse_id
from leadflow.kernel.live import SessionEnded
from leadflow.kernel.permissions import Permission

ROUTER = router("sessions")


def _row(session: LoginSession, current: object) -> dict[str, Any]:
    return {
        "id": session.id,
        "current": session.id == current,
        "user_agent": session.user_agent,
        "ip": session.address,
        "created_at": milliseconds(session.created_at),
        "last_seen_at": milliseconds(session.last_seen_at),
        "expires_at": milliseconds(session.expires_at),
    }


@ROUTER.get("", response_model=Sessions, responses=problems())
@requires(Permission.SESSIONS_OWN)
async def sessions(call: Calling) -> Response:
    """The caller's live sessions, latest first; `current` is the one that asks."""
    async with call.work() as work:
        found = await identity.my_sessions(work)
    return answer({"items": [_row(session, call.principal.id) for session in found]})


@ROUTER.delete("/{session_id}", status_code=204, responses=problems(404))
@requires(Permission.SESSIONS_OWN)
async def end(call: Calling, session_id: str) -> Response:
    """Log one of the caller's sessions out; its open screens close within a moment."""
    known = parse_id(session_id)
    if known is None:
        raise NotFound("This session does not exist.")
    async with call.work() as work:
        await identity.end_session(work, known)
    call.door.principals.forget(known)
    await call.door.app.doorbell.ring(SessionEnded(known))
    return Response(status_code=204)
