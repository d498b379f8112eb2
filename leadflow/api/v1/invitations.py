"""Invitations: links by which people join."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow import onboarding
from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import Invitations, NewInvitation, problems
from leadflow.api.times import milliseconds
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import invitations
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.commands import Invite, RenewInvitation
from leadflow.tenancy.errors import InvitationNotFound
from leadflow.tenancy.models import Invitation

ROUTER = router("invitations")


def _known(invitation_id: str) -> UUID:
    known = parse_id(invitation_id)
    if known is None:
        raise InvitationNotFound
    return known


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
            "mail": each.mail or None,
            "mailed_at": milliseconds(each.mailed_at) if each.mailed_at else None,
        }
        for each in found
    ]


@ROUTER.get("", response_model=Invitations, responses=problems())
@requires(Permission.PEOPLE_MANAGE)
async def all_open(call: Calling) -> Response:
    """Those that can still be accepted, latest first."""
    async with call.work() as work:
        return answer({"items": await _rows(work, await invitations.open_invitations(work))})


@ROUTER.post("", status_code=201, response_model=NewInvitation, responses=problems(409, 413, 415, 429))
@requires(Permission.PEOPLE_MANAGE)
async def invite(call: Calling, body: Invite) -> Response:
    """Mail a link, or show it where no mail is sent or wanted: in this answer alone. An earlier one of the same
    address ends. 409 when every seat is taken: open invitations hold one each.
    """
    app = call.door.app
    if body.mail and app.settings.has_mail:
        await onboarding.count_invitation(app, call.scope.organization_id, body.email)

    async def effect(work: Work) -> Answer:
        return await _made(call, work, *await invitations.invite(work, body, has_mail=app.settings.has_mail))

    return await call.once(effect)


@ROUTER.post(
    "/{invitation_id}/renew", status_code=201, response_model=NewInvitation, responses=problems(404, 413, 415, 429)
)
@requires(Permission.PEOPLE_MANAGE)
async def renew(call: Calling, invitation_id: str, body: RenewInvitation) -> Response:
    """Mail another link, or show it, five times an hour at most by mail. The one before leads nowhere from now on."""
    app, known = call.door.app, _known(invitation_id)
    if body.mail and app.settings.has_mail:
        await onboarding.count_renewal(app, call.scope.organization_id, known)

    async def effect(work: Work) -> Answer:
        renewed = await invitations.renew_invitation(work, known, body, has_mail=app.settings.has_mail)
        return await _made(call, work, *renewed)

    return await call.once(effect)


async def _made(call: Calling, work: Work, invitation: Invitation, token: str) -> Answer:
    (row,) = await _rows(work, [invitation])
    link = f"{call.door.app.settings.public_origin}/join/{token}" if token else None
    return Answer(201, {**row, "url": link}, stored={**row, "url": None})


@ROUTER.delete("/{invitation_id}", status_code=204, responses=problems(404))
@requires(Permission.PEOPLE_MANAGE)
async def revoke(call: Calling, invitation_id: str) -> Response:
    """From now on the link leads nowhere."""
    async with call.work() as work:
        await invitations.revoke_invitation(work, _known(invitation_id))
    return Response(status_code=204)
