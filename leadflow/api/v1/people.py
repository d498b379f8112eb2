"""Who belongs to the organization."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from leadflow import onboarding
from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import HandedOver, HoursItem, People, PersonItem, problems
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.tenancy import hours, teams
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.commands import ChangeMember
from leadflow.tenancy.errors import MemberNotFound
from leadflow.tenancy.hours import SetHours
from leadflow.tenancy.models import Membership
from leadflow.tenancy.repository import Person

ROUTER = router("people")


class Successor(BaseModel):
    """Who takes over; null gives the leads back, to be routed anew."""

    model_config = ConfigDict(extra="forbid")

    to: UUID | None = None


def _known(account_id: str) -> UUID:
    known = parse_id(account_id)
    if known is None:
        raise MemberNotFound
    return known


def initials(name: str) -> str:
    """
    >>> initials("Ada King Lovelace")
    'AL'
    """
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "initials": initials(person.name),
        "email": person.email,
        "role": person.role,
        "role_name": person.role_name or person.role.title(),
        "team": person.team,
        "state": person.state,
        "hours": person.hours,
        "time_zone": person.time_zone,
    }


@ROUTER.get("", response_model=People, responses=problems())
@requires(Permission.LEADS_READ)
async def people(call: Calling) -> Response:
    """Everybody who belongs to the organization, by name."""
    async with call.work() as work:
        return answer({"items": [_row(person) for person in await tenancy.people(work)]})


@ROUTER.patch("/{account_id}", response_model=PersonItem, responses=problems(404, 409, 413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def change(call: Calling, account_id: str, body: ChangeMember) -> Response:
    """Give somebody another role or team, suspend them, or let them in again. Open screens feel it at once."""
    known = _known(account_id)
    async with call.work() as work:
        await teams.change_member(work, known, body)
        changed = next(person for person in await tenancy.people(work) if person.id == known)
    call.rights_changed()
    return answer(_row(changed))


@ROUTER.post("/{account_id}/offboard", response_model=HandedOver, responses=problems(404, 413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def offboard(call: Calling, account_id: str, body: Successor) -> Response:
    """Suspend somebody and hand over all their open leads in one go. Safe to repeat: what is handed over stays so."""
    handed = await onboarding.offboard(call.door.app, call.scope, _known(account_id), body.to)
    call.rights_changed()
    return answer({"leads": handed})


def _hours(member: Membership) -> dict[str, Any]:
    return {"hours": member.working_hours, "time_zone": member.time_zone}


@ROUTER.get("/{account_id}/hours", response_model=HoursItem, responses=problems(404))
@requires(Permission.LEADS_READ)
async def working_hours(call: Calling, account_id: str) -> Response:
    """When somebody is on shift."""
    async with call.work() as work:
        return answer(_hours(await hours.hours_of(work, _known(account_id))))


@ROUTER.put("/{account_id}/hours", response_model=HoursItem, responses=problems(404, 413, 415))
@requires(Permission.PEOPLE_MANAGE)
async def set_working_hours(call: Calling, account_id: str, body: SetHours) -> Response:
    """Say when somebody is on shift: outside of it leads go to others, as long as one of them is."""
    known = _known(account_id)
    async with call.work() as work:
        return answer(_hours(await hours.set_hours(work, known, body)))
