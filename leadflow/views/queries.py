"""Rows for screens: pages, boards and changes, straight from PostgreSQL as plain dicts (no ORM objects)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Result

from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.leads.fields import COLUMNS
from leadflow.views.columns import NO_MORE, Extra, row_of
from leadflow.views.grouping import queries as grouping
from leadflow.views.grouping.rules import Part, require_read
from leadflow.views.rules import BOARD_DEPTH, COUNT_CAP, Cursor, LeadFilter, Sort, decode_cursor, encode_cursor
from leadflow.views.search import queries as search

Row = dict[str, Any]
"""A lead as screens know it; see the live protocol in ARCHITECTURE.md."""


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Row]
    next_cursor: str | None
    total: int
    total_capped: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of some leads under a filter, and the revision at which that was true."""

    upsert: list[Row]
    remove: list[str]
    revision: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Which leads changed, each with its version, and the revision at which that was read."""

    leads: list[tuple[UUID, int]]
    revision: int


async def where(work: Work, lead_filter: LeadFilter, *, is_ranked: bool = False) -> tuple[str, dict[str, Any]]:
    """The filter as SQL over `lead l`, within the reach of whoever asks; every value is bound.

    Where the leads come ranked from the search, what is found is not asked for again.
    """
    fields = work.scope.fields
    for field in lead_filter.asks_about:
        fields.require_read(field)
    zone = await time_zone(work) if lead_filter.captured else "UTC"
    clause, values = _asked(lead_filter, work.clock.now(), zone)
    if lead_filter.q.strip():
        found, terms = search.asked(lead_filter.q, fields, is_ranked=is_ranked)
        clause, values = clause + found, values | terms
    reach, within = work.scope.within(Permission.LEADS_READ)
    return clause + reach, {**values, **within, **row_of(fields).values, "organization_id": work.organization_id}


def _columns(work: Work, extra: frozenset[Extra] = NO_MORE) -> str:
    return row_of(work.scope.fields, extra).columns


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
        values["since"] = _since(lead_filter.captured, now, zone)
    if lead_filter.lead is not None:
        clauses.append("l.id = :lead")
        values["lead"] = lead_filter.lead
    return " AND ".join(clauses), values


def _since(period: str, now: datetime, zone: str) -> datetime:
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight - timedelta(days={"today": 0, "7d": 6, "30d": 29}[period])


async def page(
    work: Work,
    lead_filter: LeadFilter,
    sort: Sort,
    cursor: str | None,
    limit: int,
    *,
    part: Part | None = None,
    extra: frozenset[Extra] = NO_MORE,
) -> Page:
    """One page in `sort` order after `cursor`, of one group (`part`) where that is asked. Matches are counted up to a
    cap, for the first page: later pages are told by their cursor.
    """
    work.scope.require(Permission.LEADS_READ)
    if sort.column in COLUMNS:
        work.scope.fields.require_read(COLUMNS[sort.column])
    if sort is Sort.RELEVANCE and not lead_filter.q.strip():
        sort = Sort.SCORE_DESC
    place = decode_cursor(sort, cursor) if cursor else None
    source, key, is_ranked = search.ordered(sort, work.scope.fields)
    clause, values = await _in_part(work, part, *await where(work, lead_filter, is_ranked=is_ranked))
    values["limit"] = limit + 1
    after = search.after(sort, key) if place else ""
    if place:
        values |= {"after": place.value, "after_id": place.lead_id, "total": place.total}
    order = "DESC" if sort.is_descending else "ASC"
    # Which rows, then what they say: the first is read from an index alone where the filter's columns are in it.
    rows = await work.session.execute(
        text(f"""
            SELECT {_columns(work, extra)}, hit.place::text AS sort_value, hit.total
            FROM (
                SELECT l.id, {key} AS place, {_total(clause, lead_filter, place)} AS total
                FROM {source} WHERE {clause} {after} ORDER BY {key} {order}, l.id {order} LIMIT :limit
            ) hit JOIN lead l ON l.organization_id = :organization_id AND l.id = hit.id
            ORDER BY hit.place {order}, hit.id {order}
        """),
        values,
    )
    return _as_page(_dicts(rows), sort, limit, place, values)


def _as_page(found: list[Row], sort: Sort, limit: int, place: Cursor | None, values: dict[str, Any]) -> Page:
    total = found[0]["total"] if found else place.total if place else 0
    items = found[:limit]
    following = None
    if len(found) > limit:
        last = items[-1]
        following = encode_cursor(sort, Cursor(last["sort_value"], UUID(last["id"]), total))
    for item in items:
        del item["sort_value"], item["total"]
    is_more = total > COUNT_CAP or total == values.get("found")  # as many as a search finds: there may be others
    return Page(items, following, min(total, COUNT_CAP), is_more)


async def _in_part(work: Work, part: Part | None, clause: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if part is None:
        return clause, values
    require_read(part.by, work.scope.fields)
    in_part, named = grouping.within(part, await time_zone(work) if part.by.period else "UTC")
    return clause + in_part, values | named


def _total(clause: str, lead_filter: LeadFilter, place: Cursor | None) -> str:
    if place:
        return "CAST(:total AS bigint)"
    if lead_filter.q.strip():
        return "count(*) OVER ()"  # what was searched for is found once, and sorted as a whole in any case
    return f"(SELECT count(*) FROM (SELECT 1 FROM lead l WHERE {clause} LIMIT {COUNT_CAP + 1}) c)"


async def time_zone(work: Work) -> str:
    row = await work.session.execute(
        text("SELECT time_zone FROM organization WHERE id = :id"), {"id": work.organization_id}
    )
    return str(row.scalar_one_or_none() or "UTC")


async def board(work: Work, lead_filter: LeadFilter) -> tuple[list[Row], int]:
    """The best leads of each stage, and the revision at which they were read."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = await where(work, lead_filter)
    rows = await work.session.execute(
        text(f"""
            SELECT {_columns(work)}, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS revision
            FROM (SELECT key FROM stage s WHERE s.organization_id = :organization_id) s
            CROSS JOIN LATERAL (
                SELECT l.id FROM lead l WHERE {clause} AND l.stage = s.key
                ORDER BY l.score DESC, l.id DESC LIMIT {BOARD_DEPTH}
            ) hit JOIN lead l ON l.organization_id = :organization_id AND l.id = hit.id
            ORDER BY l.stage, l.score DESC, l.id DESC
        """),
        values,
    )
    cards = _dicts(rows)
    revision = max((card.pop("revision") for card in cards), default=None)
    return cards, revision if revision is not None else await current_revision(work)


async def current_revision(work: Work) -> int:
    row = await work.session.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    return int(row.scalar_one())


async def counts(work: Work, lead_filter: LeadFilter) -> dict[str, dict[str, int | None]]:
    """Per stage: how many leads, the sum of their values in minor units (null where values are hidden), and their mean
    score.
    """
    work.scope.require(Permission.LEADS_READ)
    clause, values = await where(work, lead_filter)
    rows = await work.session.execute(
        text(f"""
            SELECT l.stage, count(*), sum(l.value)::bigint, round(avg(l.score))::int
            FROM lead l WHERE {clause} GROUP BY l.stage
        """),
        values,
    )
    is_told = LeadField.VALUE not in work.scope.fields.hidden
    return {
        stage: {"count": count, "value": value if is_told else None, "mean": mean} for stage, count, value, mean in rows
    }


async def changes_of(
    work: Work, lead_filter: LeadFilter, lead_ids: Sequence[UUID], extra: frozenset[Extra] = NO_MORE
) -> Changes:
    """How these leads stand under the filter; those that are not in it (any more) are to be removed.

    Of leads that have always been out of reach, nothing is said.
    """
    work.scope.require(Permission.LEADS_READ)
    clause, values = await where(work, lead_filter)
    rows = await work.session.execute(
        text(f"""
            SELECT {_columns(work, extra)}, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS revision
            FROM lead l WHERE {clause} AND l.id = ANY(:ids)
        """),
        {**values, "ids": list(lead_ids)},
    )
    upsert = _dicts(rows)
    revision = max((row.pop("revision") for row in upsert), default=0)
    found = {row["id"] for row in upsert}
    gone = [lead for lead in lead_ids if str(lead) not in found]
    if gone and not work.scope.reach(Permission.LEADS_READ).is_all:
        gone = await _were_within(work, gone)
    return Changes(upsert, [str(lead) for lead in gone], revision)


async def _were_within(work: Work, lead_ids: Sequence[UUID]) -> list[UUID]:
    """Those that are within reach, or were before they last changed hands, or are no more."""
    reach = work.scope.reach(Permission.LEADS_READ)
    now, values = reach.clause("l")
    before, _ = reach.clause("l", before=True)
    rows = await work.session.execute(
        text(f"""
            SELECT i.id FROM unnest(CAST(:ids AS uuid[])) AS i (id)
            LEFT JOIN lead l ON l.organization_id = :organization_id AND l.id = i.id
            WHERE l.id IS NULL OR (true{now}) OR (true{before})
        """),
        {"organization_id": work.organization_id, "ids": list(lead_ids), **values},
    )
    return list(rows.scalars())


async def changes_since(work: Work, revision: int, limit: int) -> Changed | None:
    """The leads that changed since `revision`, and the revision now; None when there are more than `limit`.

    Nothing is missed: what the earlier snapshot did not see was written by a transaction of at least its xmin.
    """
    work.scope.require(Permission.LEADS_READ)
    rows = (
        await work.session.execute(
            text("""
                SELECT l.id, l.version, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS revision
                FROM lead l
                WHERE l.organization_id = :organization_id
                  AND l.changed_xid >= CAST(CAST(:revision AS text) AS xid8)
                LIMIT :limit
            """),
            {"organization_id": work.organization_id, "revision": revision, "limit": limit + 1},
        )
    ).all()
    if len(rows) > limit:
        return None
    now = int(rows[0].revision) if rows else revision
    return Changed([(row.id, row.version) for row in rows], now)


def _dicts(found: Result[Any]) -> list[Row]:
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found]
