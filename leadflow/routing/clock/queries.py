"""How quickly people get in touch: by person, by source."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text

from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

MOST_GROUPS = 200


class By(StrEnum):
    PERSON = "person"
    SOURCE = "source"


_GROUPED = {By.PERSON: "l.owner_id::text", By.SOURCE: "l.source"}
_NAMES = {By.PERSON: "a.name", By.SOURCE: "g.key"}

# Working time where it was counted; a lead of before that counts as answered, without a time.
_SPEED = """
    SELECT g.key, {name} AS name, g.leads, g.answered, g.promised, g.breached,
           g.median_s, g.p90_s, g.median_clock_s, g.p90_clock_s
    FROM (
        SELECT {key} AS key, grouping({key}) AS is_total, count(*) AS leads, count(l.touched_at) AS answered,
               count(c.due_at) AS promised, count(c.due_at) FILTER (WHERE c.breached_at IS NOT NULL) AS breached,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY c.worked_s) AS median_s,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY c.worked_s) AS p90_s,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.touched_at - l.captured_at))
                   FILTER (WHERE l.touched_at >= l.captured_at) AS median_clock_s,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM l.touched_at - l.captured_at))
                   FILTER (WHERE l.touched_at >= l.captured_at) AS p90_clock_s
        FROM lead l LEFT JOIN lead_clock c ON c.organization_id = l.organization_id AND c.lead_id = l.id
        WHERE l.organization_id = :organization_id AND l.captured_at >= :since{within}
        GROUP BY GROUPING SETS (({key}), ())
    ) g {join}
    ORDER BY g.is_total DESC, g.leads DESC, g.key LIMIT :limit
"""
_JOINED = {By.PERSON: "LEFT JOIN account a ON a.id = CAST(g.key AS uuid)", By.SOURCE: ""}


async def speed(work: Work, by: By, days: int) -> dict[str, Any]:
    """Time from capture to the first call, e-mail or meeting of leads that came in during the last days, within reach:
    altogether, and for each owner or source the median and the 90th percentile, in seconds of working time and of
    the clock; how many were promised an answer, and for how many the time ran out.

    Raises:
        Forbidden: it is asked for by source, and sources are hidden.

    """
    work.scope.require(Permission.INSIGHT_READ)
    if by is By.SOURCE:
        work.scope.fields.require_read(LeadField.SOURCE)
    within, values = work.scope.within(Permission.INSIGHT_READ)
    asked = _SPEED.format(key=_GROUPED[by], name=_NAMES[by], join=_JOINED[by], within=within)
    since = work.clock.now() - timedelta(days=days)
    rows = await work.session.execute(
        text(asked),
        {"organization_id": work.organization_id, "since": since, "limit": MOST_GROUPS, **values},
    )
    total, *groups = [dict(row) for row in rows.mappings()]
    return {"total": total, "items": groups}
