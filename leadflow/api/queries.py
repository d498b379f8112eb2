"""What the door itself asks the database."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def schema_revision(session: AsyncSession) -> str | None:
    """The migration that the database stands at; None when it has seen none."""
    exists = (await session.execute(text("SELECT to_regclass('public.alembic_version')"))).scalar()
    if exists is None:
        return None
    revision: str | None = (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    return revision
