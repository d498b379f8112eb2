"""Holding leads in bands, and what everybody sees of it."""

from typing import Any
from uuid import UUID

from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.scoring.jobs import RELEASE_BANDS
from leadflow.scoring.overrides import service
from leadflow.scoring.overrides.commands import HoldBand
from leadflow.tenancy.service import system_scope
from leadflow.views import queries as views
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import behave, look, told


async def hold(office: App, scope: Scope, lead_id: UUID, band: str = "hot", **said: Any) -> None:
    async with office.work(scope) as work:
        await service.hold(work, lead_id, HoldBand.model_validate({"band": band, **said}))


async def release(office: App, scope: Scope, lead_id: UUID) -> None:
    async with office.work(scope) as work:
        await service.release(work, lead_id)


async def expire(office: App, scope: Scope) -> None:
    """What the job does."""
    async with office.work(system_scope(scope.organization_id)) as work:
        await service.expire(work)


async def happens(office: App, scope: Scope, lead_id: UUID, *kinds: str) -> None:
    for kind in kinds:
        await behave(office, scope, lead_id, kind)
    await fold(office, scope.organization_id, "scoring")


async def rows(office: App, scope: Scope, **wanted: Any) -> dict[str, dict[str, Any]]:
    async with office.reading(scope) as work:
        page = await views.page(work, LeadFilter(**wanted), Sort.SCORE_DESC, None, 50)
        cards, _ = await views.board(work, LeadFilter(**wanted))
    assert {row["id"]: row for row in page.items} == {card["id"]: card for card in cards}
    return {card["id"]: card for card in cards}


async def shown(office: App, scope: Scope, lead_id: UUID) -> str:
    """The band, which page, row and score agree about."""
    detail, score = await look(office, scope, lead_id)
    row = (await rows(office, scope))[str(lead_id)]
    assert detail["band"] == score["band"] == row["band"]
    until = score["held"]["until"] if score["held"] else None
    assert detail["held_until"] == row["held_until"] == until
    return str(row["band"])


def due(office: App, scope: Scope) -> list[Any]:
    with as_superuser(office.settings) as admin:
        found = admin.execute(
            "SELECT run_at FROM job WHERE organization_id = %s AND kind = %s AND state = 'ready'",
            (scope.organization_id, RELEASE_BANDS),
        )
        return [run_at for (run_at,) in found]


def somebody_waits(office: App) -> bool:
    """Whether a transaction waits for a row that another one has locked."""
    with as_superuser(office.settings) as admin:
        found = admin.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return found.fetchone() is not None


async def bands(office: App, scope: Scope, lead_id: UUID) -> list[str]:
    """What the log says of bands since the lead was scored for the first time."""
    found = await told(office, scope, lead_id, "lead.band_", "lead.became_")
    return [kind.removeprefix("lead.") for kind, _ in found][1:]
