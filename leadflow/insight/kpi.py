"""What a KPI is."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Result, text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

SPARK_DAYS = 14


class Better(StrEnum):
    UP = "up"
    DOWN = "down"


class Unit(StrEnum):
    LEADS = "leads"
    SECONDS = "seconds"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Period:
    """Now, and where its day and month began in the organization's time zone."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> datetime:
        return self.now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)

    @property
    def month(self) -> datetime:
        return self.today.replace(day=1)

    @property
    def previous_month(self) -> datetime:
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def this_time_yesterday(self) -> datetime:
        return self.now.astimezone(self.zone) - timedelta(days=1)

    def days_ago(self, days: int) -> datetime:
        return self.today - timedelta(days=days)

    def days(self, count: int) -> dict[str, list[datetime]]:
        """When each of the last `count` days starts and stops; a day in which the clocks change is an hour off."""
        midnights = [self.days_ago(ago) for ago in range(count - 1, -2, -1)]
        return {"starts": midnights[:-1], "stops": midnights[1:]}


@dataclass(frozen=True, slots=True)
class Measured:
    """A KPI's figure; None where there is nothing to measure yet. `spark` is one figure a day, oldest first."""

    value: float | None
    previous: float | None = None
    spark: Sequence[float] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number that a manager watches; `href` opens the rows behind it."""

    label: str
    unit: Unit
    better: Better
    help: str
    href: str
    measure: Callable[[Work, Period], Awaitable[Measured]]
    compared_with: str = ""
    position: int = 100


async def ask(work: Work, statement: str, **values: object) -> Result[Any]:
    """A KPI's statement over `lead l`, whose `{within}` stands for the leads of the organization that are in reach."""
    clause, reach = work.scope.within(Permission.INSIGHT_READ)
    within = f"l.organization_id = :organization_id{clause}"
    return await work.session.execute(
        text(statement.format(within=within)), {**values, **reach, "organization_id": work.organization_id}
    )


def spelled(value: float | None, unit: Unit) -> str:
    """A figure as people read it.

    >>> spelled(1234, Unit.LEADS), spelled(4.26, Unit.PERCENT), spelled(42.4, Unit.PERCENT)
    ('1,234', '4.3 %', '42 %')
    >>> spelled(45, Unit.SECONDS), spelled(420, Unit.SECONDS), spelled(9000, Unit.SECONDS), spelled(None, Unit.LEADS)
    ('45 s', '7 min', '2.5 h', '–')
    """
    if value is None:
        return "–"
    match unit:
        case Unit.PERCENT:
            return f"{value:.1f} %" if value < 10 else f"{value:.0f} %"
        case Unit.SECONDS:
            return _duration(value)
        case Unit.LEADS:
            return f"{value:,.0f}"


def _duration(seconds: float) -> str:
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            amount = seconds / size
            return f"{amount:.1f} {unit}" if amount < 10 and unit != "min" else f"{amount:.0f} {unit}"
    return f"{seconds:.0f} s"
