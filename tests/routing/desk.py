"""What these tests do with leads, rules and people, in their own words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.events import Event
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead
from leadflow.routing import absences, projection, queries, service
from leadflow.routing.commands import DefineRule, ReportAbsence
from leadflow.routing.models import AssignmentRule
from leadflow.routing.proof import replay
from leadflow.routing.strategy import Choice
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember
from leadflow.tenancy.hours import SetHours, set_hours
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold

ROUTING = "routing"
NEVER: dict[str, Any] = {"hours": {}}
ALWAYS: dict[str, Any] = {"hours": None}


async def rule(app: App, scope: Scope, **fields: Any) -> AssignmentRule:
    async with app.work(scope) as work:
        return await service.define(work, DefineRule.model_validate({"name": "Sales", **fields}))


async def captured(app: App, scope: Scope, *commands: CaptureLead) -> list[UUID]:
    async with app.work(scope) as work:
        return [each.lead_id for each in await leads.capture_valid(work, commands)]


async def some(app: App, scope: Scope, number: int, **fields: Any) -> list[UUID]:
    return await captured(app, scope, *(CaptureLead(name=f"Lead {place}", **fields) for place in range(number)))


async def routed(app: App, scope: Scope, number: int = 1, **fields: Any) -> list[UUID | None]:
    """Capture leads, fold, and say who owns them."""
    fresh = await some(app, scope, number, **fields)
    return await owners(app, scope, fresh)


async def owners(app: App, scope: Scope, lead_ids: Sequence[UUID]) -> list[UUID | None]:
    await fold(app, scope.organization_id, ROUTING)
    async with app.work(system_scope(scope.organization_id)) as work:
        rows = await work.session.execute(
            text("SELECT id, owner_id FROM lead WHERE id = ANY(:ids)"), {"ids": list(lead_ids)}
        )
        found = {row.id: row.owner_id for row in rows}
    return [found[lead] for lead in lead_ids]


async def away(app: App, member: Member, *, hours: float = 24, begins: float = -1) -> UUID:
    now = datetime.now(UTC)
    times = {"starts_at": now + timedelta(hours=begins), "ends_at": now + timedelta(hours=hours)}
    async with app.work(member) as work:
        return (await absences.report(work, ReportAbsence(**times))).id


async def works(app: App, owner: Scope, member: Member, said: dict[str, Any]) -> None:
    assert member.actor.id is not None
    async with app.work(owner) as work:
        await set_hours(work, member.actor.id, SetHours.model_validate(said))


async def suspend(app: App, owner: Scope, member: Member, *, is_suspended: bool = True) -> None:
    assert member.actor.id is not None
    async with app.work(owner) as work:
        await teams.change_member(work, member.actor.id, ChangeMember(suspended=is_suspended))


async def happened(app: App, scope: Scope, kind: str, lead: UUID) -> None:
    async with app.work(system_scope(scope.organization_id)) as work:
        work.record(Event(kind, lead))


async def passes(app: App, scope: Scope, minutes: float) -> None:
    """As if so much time had gone by since the offers were made; the job that waits for it comes."""
    async with app.work(system_scope(scope.organization_id)) as work:
        back = "UPDATE lead_offer SET offered_at = offered_at - :gone, until = until - :gone"
        await work.session.execute(text(back), {"gone": timedelta(minutes=minutes)})
        projection.ask_again(work)
    await fold(app, scope.organization_id, ROUTING)


async def proofs(app: App, scope: Scope, lead: UUID) -> list[dict[str, Any]]:
    """Latest first, and each leads to the same answer when it is asked again."""
    async with app.work(scope) as work:
        found = await queries.proofs(work, lead)
    for proof in found:
        asked = [
            {name: value for name, value in each.items() if name not in {"name", "said"}}
            for each in proof["candidates"]
        ]
        answer = replay(proof["strategy"], proof["options"], asked)
        assert (str(answer.person) if isinstance(answer, Choice) else None) == proof["chosen"]
        assert answer is None or answer.how == proof["how"]
    return found


GERMAN = {"field": "country", "operator": "is", "value": "DE"}


def ids(*members: Member) -> list[str]:
    return [str(member.actor.id) for member in members]


def only(*members: Member) -> dict[str, Any]:
    """A pool of these people."""
    return {"people": ids(*members)}
