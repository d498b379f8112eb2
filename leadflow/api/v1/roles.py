"""Roles: the five, and those of one's own."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import RoleItem, Roles, problems
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import service as tenancy
from leadflow.tenancy import teams
from leadflow.tenancy.commands import DefineRole
from leadflow.tenancy.errors import RoleNotFound
from leadflow.tenancy.models import CustomRole
from leadflow.tenancy.permissions import ROLE_GRANTS, Grants

ROUTER = router("roles")


def _row(role: CustomRole) -> dict[str, Any]:
    return {"id": str(role.id), "name": role.name, "grants": role.grants, "fields": role.fields, "is_own": True}


def _said(grants: Grants) -> dict[str, str]:
    return {permission.value: extent.value for permission, extent in grants.items()}


def _known(role_id: str) -> UUID:
    known = parse_id(role_id)
    if known is None:
        raise RoleNotFound
    return known


@ROUTER.get("", response_model=Roles, responses=problems())
@requires(Permission.PEOPLE_MANAGE)
async def roles(call: Calling) -> Response:
    """Every role with what it may do and how far, first the five that everybody has."""
    async with call.work() as work:
        own = [_row(role) for role in await tenancy.roles(work)]
    given = [
        {"id": role.value, "name": role.value.title(), "grants": _said(grants), "fields": {}, "is_own": False}
        for role, grants in ROLE_GRANTS.items()
    ]
    return answer({"items": given + own})


@ROUTER.post("", status_code=201, response_model=RoleItem, responses=problems(413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def define(call: Calling, body: DefineRole) -> Response:
    """Make a role. Nobody can give more than they have."""

    async def effect(work: Work) -> Answer:
        return Answer(201, _row(await teams.define_role(work, body)))

    return await call.once(effect)


@ROUTER.put("/{role_id}", response_model=RoleItem, responses=problems(404, 413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def redefine(call: Calling, role_id: str, body: DefineRole) -> Response:
    """Say anew what a role may do; whoever has it feels it at once."""
    known = _known(role_id)
    async with call.work() as work:
        row = _row(await teams.define_role(work, body, known))
    call.rights_changed()
    return answer(row)


@ROUTER.delete("/{role_id}", status_code=204, responses=problems(404, 409))
@requires(Permission.PEOPLE_MANAGE)
async def remove(call: Calling, role_id: str) -> Response:
    """Remove a role that nobody has."""
    known = _known(role_id)
    async with call.work() as work:
        await teams.remove_role(work, known)
    return Response(status_code=204)
