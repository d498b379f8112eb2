"""Groups as SQL over `lead l`; every value is bound."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadflow.views.grouping.rules import Grouping, Part

KEYS: Final[Mapping[Grouping, str]] = {
    Grouping.ALL: "''",
    Grouping.STAGE: "l.stage",
    Grouping.OWNER: "l.owner_id",
    Grouping.BAND: "l.band",
    Grouping.SOURCE: "l.source",
    Grouping.COUNTRY: "l.country",
    Grouping.DAY: "date_trunc('day', l.captured_at AT TIME ZONE CAST(:group_zone AS text))::date",
    Grouping.WEEK: "date_trunc('week', l.captured_at AT TIME ZONE CAST(:group_zone AS text))::date",
    Grouping.MONTH: "date_trunc('month', l.captured_at AT TIME ZONE CAST(:group_zone AS text))::date",
}
"""What leads of one group have in common."""
_NOBODYS = " AND l.owner_id IS NULL"
_IN: Final[Mapping[Grouping, str]] = {
    Grouping.STAGE: " AND l.stage = :group_key",
    Grouping.OWNER: " AND l.owner_id = CAST(:group_key AS uuid)",
    Grouping.BAND: " AND l.band = :group_key",
    Grouping.SOURCE: " AND l.source = :group_key",
    Grouping.COUNTRY: " AND l.country = :group_key",
}
_CAPTURED_IN = " AND l.captured_at >= :group_from AND l.captured_at < :group_until"


def within(part: Part, zone: str) -> tuple[str, dict[str, Any]]:
    """That leads are in this group, where days are those of `zone`; and the values."""
    if part.by is Grouping.ALL:
        return "", {}
    if part.by.period:
        first, after = part.days()
        return _CAPTURED_IN, {"group_from": _midnight(first, zone), "group_until": _midnight(after, zone)}
    if part.by is Grouping.OWNER and not part.key:
        return _NOBODYS, {}
    return _IN[part.by], {"group_key": part.key}


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
