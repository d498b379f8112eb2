"""How many leads a list has, group by group, what they are worth, and how warm they are."""

from dataclasses import dataclass
from typing import Any

from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.views.filtering.queries import time_zone
from leadflow.views.grouping.queries import KEYS
from leadflow.views.grouping.rules import MAX_GROUPS, Grouping, require_read
from leadflow.views.queries import where
from leadflow.views.rules import COUNT_CAP, LeadFilter

Total = dict[str, Any]
"""`count`, `values` (currency → sum in minor units; null where values are hidden) and `mean` (of the scores)."""

_EACH = "SELECT {key} AS key, l.currency, count(*) AS count, sum(l.value)::bigint AS value, sum(l.score) AS score"
_SUMMED_UP = """
    SELECT coalesce(g.key::text, '') AS key, sum(g.count)::bigint AS count,
           round(sum(g.score)::numeric / sum(g.count))::int AS mean,
           coalesce(jsonb_object_agg(g.currency, g.value) FILTER (WHERE g.value <> 0), '{{}}') AS values
    FROM ({each}) g GROUP BY g.key ORDER BY 2 DESC, 1 LIMIT :groups
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """By key of the group: empty for what has no owner, source or country, and for the list as a whole; the first day
    for a period. Capped: there are more groups, or the list as a whole has more leads, than are told.
    """

    groups: dict[str, Total]
    is_capped: bool


async def totals(work: Work, lead_filter: LeadFilter, by: Grouping) -> Totals:
    """The largest groups first, at most `MAX_GROUPS`; read from an index alone.

    A list as a whole is read no further than it is counted: above that cap no sum is told.
    """
    work.scope.require(Permission.LEADS_READ)
    require_read(by, work.scope.fields)
    clause, values = await where(work, lead_filter)
    values["groups"] = MAX_GROUPS + 1
    if by.period:
        values["group_zone"] = await time_zone(work)
    source = f"lead l WHERE {clause}"
    if by is Grouping.ALL:
        source = f"(SELECT l.currency, l.value, l.score FROM {source} LIMIT {COUNT_CAP + 1}) l"
    each = f"{_EACH.format(key=KEYS[by])} FROM {source} GROUP BY 1, 2"
    rows = await work.session.execute(text(_SUMMED_UP.format(each=each)), values)
    is_told = LeadField.VALUE not in work.scope.fields.hidden
    found = {
        row.key: {"count": row.count, "values": row.values if is_told else None, "mean": row.mean} for row in rows.all()
    }
    if by is Grouping.ALL:
        return _as_a_whole(found)
    return Totals(dict(list(found.items())[:MAX_GROUPS]), len(found) > MAX_GROUPS)


def _as_a_whole(found: dict[str, Total]) -> Totals:
    total = found.get("")
    if total is None or total["count"] <= COUNT_CAP:
        return Totals(found, is_capped=False)
    return Totals({"": {"count": COUNT_CAP, "values": None, "mean": None}}, is_capped=True)
