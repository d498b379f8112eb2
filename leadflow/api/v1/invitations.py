"""Invitations: links by which people join."""

from typing import Any

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import Invitations, NewInvitation, problems
from leadflow.api.times import milliseconds
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import invitations
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.commands import Invite
from leadflow.tenancy.errors import InvitationNotFound
from leadflow.tenancy.models import Invitation

ROUTER = router("invitations")


async def _rows(work: Work, found: list[Invitation]) -> list[dict[str, Any]]:
    roles = {str(role.id): role.name for role in await tenancy.roles(work)}
    names = {person.id: person.name for person in await tenancy.people(work)}
    return [
        {
            "id": each.id,
            "email": each.email,
            "role": each.role,
            "role_name": roles.get(each.role, each.role.title()),
            "team": each.team_id,
            "invited_by": names.get(each.invited_by, ""),
            "created_at": milliseconds(each.created_at),
            "expires_at": milliseconds(each.expires_at),
        }
        for each in found
    ]


@ROUTER.get("", response_model=Invitations, responses=problems())
@requires(Permission.PEOPLE_MANAGE)
async def all_open(call: Calling) -> Response:
    """Those that can still be accepted, latest first."""
    async with call.work() as work:
        return answer({"items": await _rows(work, await invitations.open_invitations(work))})


@ROUTER.post("", status_code=201, response_model=NewInvitation, responses=problems(413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def invite(call: Calling, body: Invite) -> Response:
    """Make a link. The answer is the only place where it can be read; an earlier one to the same address ends."""

    async def effect(work: Work) -> Answer:
        invitation, token = await invitations.invite(work, body)
        (row,) = await _rows(work, [invitation])
        link = f"{call.door.app.settings.public_origin}/join/{token}"
        return Answer(201, {**row, "url": link}, stored={**row, "url": None})

    return await call.once(effect)


@ROUTER.delete("/{invitation_id}", status_code=204, responses=problems(404))
@requires(Permission.PEOPLE_MANAGE)
async def revoke(call: Calling, invitation_id: str) -> Response:
    """From now on the link leads nowhere."""
    known = parse_id(invitation_id)
    if known is None:
        raise InvitationNotFound
    async with call.work() as work:
        await invitations.revoke_invitation(work, known)
    return Response(status_code=204)
