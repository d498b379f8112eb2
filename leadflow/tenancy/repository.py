"""Loads organizations and their people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.tenancy.models import Organization


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the organization."""

    id: UUID
    name: str
    email: str
    role: str


async def organization(work: Work) -> Organization | None:
    return await work.session.get(Organization, work.organization_id)


async def people(work: Work) -> list[Person]:
    rows = await work.session.execute(
        text("""
            SELECT a.id, a.name, a.email, m.role FROM membership m JOIN account a ON a.id = m.account_id
            WHERE m.organization_id = :organization_id ORDER BY a.name, a.id
        """),
        {"organization_id": work.organization_id},
    )
    return [Person(*row) for row in rows]
