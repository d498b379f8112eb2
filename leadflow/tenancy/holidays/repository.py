"""Loads and saves holidays."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from leadflow.kernel.work import Work
from leadflow.tenancy.holidays.rules import KnownHoliday
from leadflow.tenancy.models import Holiday

_KNOWN = text("""
    SELECT day, name, team_id, account_id FROM holiday
    WHERE organization_id = :organization_id AND day BETWEEN :first AND :last ORDER BY day, name, id
""")


async def known(work: Work, first: date, last: date) -> list[KnownHoliday]:
    """Everybody's, from the first to the last day."""
    values = {"organization_id": work.organization_id, "first": first, "last": last}
    return [KnownHoliday(*row) for row in await work.session.execute(_KNOWN, values)]


async def between(work: Work, first: date, last: date) -> list[Holiday]:
    """Everybody's, from the first to the last day, in order."""
    found = await work.session.execute(
        select(Holiday)
        .where(col(Holiday.organization_id) == work.organization_id, col(Holiday.day).between(first, last))
        .order_by(col(Holiday.day), col(Holiday.name), col(Holiday.id))
    )
    return list(found.scalars())


async def holiday(work: Work, holiday_id: UUID) -> Holiday | None:
    return await work.session.get(Holiday, (work.organization_id, holiday_id))


async def number_of_holidays(work: Work) -> int:
    asked = select(func.count()).select_from(Holiday).where(col(Holiday.organization_id) == work.organization_id)
    return int((await work.session.execute(asked)).scalar_one())


async def same(work: Work, holiday: Holiday) -> Holiday | None:
    """The one of this day and name, of the same whom."""
    found = await work.session.execute(
        select(Holiday).where(
            col(Holiday.organization_id) == work.organization_id,
            col(Holiday.day) == holiday.day,
            col(Holiday.name) == holiday.name,
            col(Holiday.team_id).is_not_distinct_from(holiday.team_id),
            col(Holiday.account_id).is_not_distinct_from(holiday.account_id),
        )
    )
    return found.scalar_one_or_none()


async def save_new(work: Work, holidays: Sequence[Holiday]) -> int:
    """Add those that are not there yet, and say how many these were."""
    if not holidays:
        return 0
    added = insert(Holiday).values([each.model_dump() for each in holidays]).on_conflict_do_nothing()
    return len((await work.session.execute(added.returning(col(Holiday.id)))).all())
