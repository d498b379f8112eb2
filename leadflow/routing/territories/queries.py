"""The territories of an organization."""

from uuid import UUID

from sqlmodel import col, select

from leadflow.kernel.work import Work
from leadflow.routing import models
from leadflow.routing.commands import Pool
from leadflow.routing.conditions import Condition
from leadflow.routing.dealing import Territory


async def all_territories(work: Work) -> list[models.Territory]:
    """The first to be asked first."""
    found = await work.session.execute(
        select(models.Territory)
        .where(col(models.Territory.organization_id) == work.organization_id)
        .order_by(col(models.Territory.position), col(models.Territory.id))
    )
    return list(found.scalars())


async def territory(work: Work, territory_id: UUID) -> models.Territory | None:
    return await work.session.get(models.Territory, (work.organization_id, territory_id))


async def known_territories(work: Work) -> list[Territory]:
    """The same, ready to decide."""
    return [
        Territory(
            row.id,
            row.name,
            Condition.model_validate(row.conditions) if row.conditions else None,
            Pool.model_validate(row.pool),
        )
        for row in await all_territories(work)
    ]
