"""Teams, in a tree."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import TeamItem, Teams, problems
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import service as tenancy
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeTeam, CreateTeam
from leadflow.tenancy.errors import TeamNotFound
from leadflow.tenancy.models import Team

ROUTER = router("teams")


def _row(team: Team) -> dict[str, Any]:
    return {"id": team.id, "name": team.name, "parent": team.parent_id}


def _known(team_id: str) -> UUID:
    known = parse_id(team_id)
    if known is None:
        raise TeamNotFound
    return known


@ROUTER.get("", response_model=Teams, responses=problems())
@requires(Permission.LEADS_READ)
async def all_teams(call: Calling) -> Response:
    """Every team by name, with the one above it; null at the top."""
    async with call.work() as work:
        return answer({"items": [_row(team) for team in await tenancy.teams(work)]})


@ROUTER.post("", status_code=201, response_model=TeamItem, responses=problems(413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def create(call: Calling, body: CreateTeam) -> Response:
    """Found a team, below another one or at the top."""

    async def effect(work: Work) -> Answer:
        return Answer(201, _row(await teams.create_team(work, body)))

    return await call.once(effect)


@ROUTER.patch("/{team_id}", response_model=TeamItem, responses=problems(404, 413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def change(call: Calling, team_id: str, body: ChangeTeam) -> Response:
    """Rename a team, or hang it elsewhere in the tree with everything below it."""
    known = _known(team_id)
    async with call.work() as work:
        row = _row(await teams.change_team(work, known, body))
    call.rights_changed()
    return answer(row)


@ROUTER.delete("/{team_id}", status_code=204, responses=problems(404))
@requires(Permission.PEOPLE_MANAGE)
async def remove(call: Calling, team_id: str) -> Response:
    """Dissolve a team: its people, leads and teams go to the one above it."""
    known = _known(team_id)
    async with call.work() as work:
        await teams.remove_team(work, known)
    call.rights_changed()
    return Response(status_code=204)
