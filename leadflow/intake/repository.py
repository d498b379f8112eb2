"""Loads and saves hosted forms and what was sent through them."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from leadflow.intake.models import Form, FormSubmission
from leadflow.kernel.work import Work


async def organization_of(session: AsyncSession, slug: str) -> UUID | None:
    """Whose form this is: asked before there is a tenant."""
    found: UUID | None = (await session.execute(text("SELECT form_organization(:slug)"), {"slug": slug})).scalar()
    return found


async def by_slug(work: Work, slug: str) -> Form | None:
    found = await work.session.execute(
        select(Form).where(col(Form.organization_id) == work.organization_id, col(Form.slug) == slug)
    )
    return found.scalar_one_or_none()


async def get(work: Work, form_id: UUID) -> Form | None:
    return await work.session.get(Form, (work.organization_id, form_id), with_for_update=True)


async def is_submitted(work: Work, submission_id: UUID) -> bool:
    return await work.session.get(FormSubmission, (work.organization_id, submission_id)) is not None
