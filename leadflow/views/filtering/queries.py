"""Which leads a filter means, as SQL over `lead l`: for lists, boards, counts, live channels, bulk changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.views.conditions import dates
from leadflow.views.conditions import queries as conditions
from leadflow.views.rules import LeadFilter
from leadflow.views.search import queries as search

_CAPTURED: Final[Mapping[str, str]] = {"today": "today", "7d": "last_7_days", "30d": "last_30_days"}


async def where(work: Work, lead_filter: LeadFilter, *, is_ranked: bool = False) -> tuple[str, dict[str, Any]]:
    """The filter as SQL over `lead l`, within the reach of whoever asks; every value is bound.

    Where the leads come ranked from the search, what is found is not asked for again. Days are those of now: asked
    again tomorrow, the same filter means other leads.

    Raises:
        Forbidden: it asks about what is hidden from whoever asks.
        Invalid: it says `me` or `mine`, and whoever asks is no person.

    """
    fields = work.scope.fields
    for field in lead_filter.asks_about:
        fields.require_read(field)
    lead_filter = await for_asker(work, lead_filter)
    zone = await time_zone(work) if lead_filter.is_about_days else "UTC"
    clause, values = _asked(lead_filter, work.clock.now(), zone)
    if lead_filter.q.strip():
        found, terms = search.asked(lead_filter.q, fields, is_ranked=is_ranked)
        clause, values = clause + found, values | terms
    reach, within = work.scope.within(Permission.LEADS_READ)
    return clause + reach, {**values, **within, "organization_id": work.organization_id}


async def for_asker(work: Work, lead_filter: LeadFilter) -> LeadFilter:
    """The filter with ids in place of `me` and `mine`: before it is kept for later, or shared with others.

    Raises:
        Invalid: whoever asks is no person.

    """
    if lead_filter.where is None or not lead_filter.where.is_personal:
        return lead_filter
    return lead_filter.model_copy(update={"where": await conditions.for_asker(work, lead_filter.where)})


def _asked(lead_filter: LeadFilter, now: datetime, zone: str) -> tuple[str, dict[str, Any]]:
    clauses = ["l.organization_id = :organization_id"]
    values: dict[str, Any] = {}
    if lead_filter.owner == "none":
        clauses.append("l.owner_id IS NULL")
    elif lead_filter.owner is not None:
        clauses.append("l.owner_id = :owner")
        values["owner"] = lead_filter.owner
    for name in ("stage", "band", "source"):
        if wanted := getattr(lead_filter, name):
            clauses.append(f"l.{name} = ANY(:{name})")
            values[name] = list(wanted)
    if lead_filter.captured:
        clauses.append("l.captured_at >= :since")
        values["since"] = dates.period(_CAPTURED[lead_filter.captured], now, zone).start
    if lead_filter.lead is not None:
        clauses.append("l.id = :lead")
        values["lead"] = lead_filter.lead
    if lead_filter.where is not None:
        said, bound = conditions.clause(lead_filter.where, now, zone)
        clauses.append(said)
        values |= bound
    return " AND ".join(clauses), values


async def time_zone(work: Work) -> str:
    row = await work.session.execute(
        text("SELECT time_zone FROM organization WHERE id = :id"), {"id": work.organization_id}
    )
    return str(row.scalar_one_or_none() or "UTC")
