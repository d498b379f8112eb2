"""Rows for screens: pages, boards and changes, straight from PostgreSQL as plain dicts (no ORM objects)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Result

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.leads.fields import COLUMNS
from leadflow.views.columns import NO_MORE, Extra, row_of
from leadflow.views.filtering import queries as filtering
from leadflow.views.grouping import queries as grouping
from leadflow.views.grouping.rules import Part, require_read
from leadflow.views.orders.queries import ordering, values_after
from leadflow.views.orders.rules import TOO_MUCH_TO_SORT, UNINDEXED, Order, as_order
from leadflow.views.rules import BOARD_DEPTH, COUNT_CAP, Cursor, LeadFilter, Sort, decode_cursor, encode_cursor

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
    """The filter as SQL over `lead l`, within the reach of whoever asks, with the values of a row's columns."""
    clause, values = await filtering.where(work, lead_filter, is_ranked=is_ranked)
    return clause, {**values, **row_of(work.scope.fields).values}


def _columns(work: Work, extra: frozenset[Extra] = NO_MORE) -> str:
    return row_of(work.scope.fields, extra).columns


async def page(
    work: Work,
    lead_filter: LeadFilter,
    sort: Sort | Order,
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
    order = _order(work, lead_filter, sort)
    place = decode_cursor(order, cursor) if cursor else None
    how = ordering(order, work.scope.fields, place)
    clause, values = await _in_part(work, part, *await where(work, lead_filter, is_ranked=how.is_ranked))
    values |= {"limit": limit + 1, **values_after(place)}
    # Which rows, then what they say: the first is read from an index alone where the filter's columns are in it.
    rows = await work.session.execute(
        text(f"""
            SELECT {_columns(work, extra)}, {how.told}, hit.total
            FROM (
                SELECT l.id, {how.places}, {_total(clause, lead_filter, place)} AS total
                FROM {how.source} WHERE {clause} {how.after} ORDER BY {how.by} LIMIT :limit
            ) hit JOIN lead l ON l.organization_id = :organization_id AND l.id = hit.id
            ORDER BY {how.hits_by}
        """),
        values,
    )
    return _as_page(_dicts(rows), order, how.names, limit, place, values)


def _as_page(
    found: list[Row],
    order: Order,
    names: Sequence[str],
    limit: int,
    place: Cursor | None,
    values: dict[str, Any],
) -> Page:
    total = found[0]["total"] if found else place.total if place else 0
    said = [[row.pop(name) for name in names] for row in found]
    items = found[:limit]
    following = None
    if len(found) > limit:
        value, *others = said[limit - 1]
        following = encode_cursor(order, Cursor(value, UUID(items[-1]["id"]), total, tuple(others)))
    for item in items:
        del item["total"]
    is_more = total > COUNT_CAP or total == values.get("found")  # as many as a search finds: there may be others
    return Page(items, following, min(total, COUNT_CAP), is_more)


async def _in_part(work: Work, part: Part | None, clause: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if part is None:
        return clause, values
    require_read(part.by, work.scope.fields)
    in_part, named = grouping.within(part, await filtering.time_zone(work) if part.by.period else "UTC")
    return clause + in_part, values | named


def _order(work: Work, lead_filter: LeadFilter, sort: Sort | Order) -> Order:
    """Raises Forbidden for what is hidden, and Invalid for what would have to sort a whole organization."""
    order = as_order(sort)
    for each in order:
        if each.column in COLUMNS:
            work.scope.fields.require_read(COLUMNS[each.column])
    if order == (Sort.RELEVANCE,) and not lead_filter.q.strip():
        return (Sort.SCORE_DESC,)
    is_bounded = lead_filter.is_narrow or not work.scope.reach(Permission.LEADS_READ).is_all
    if order[0].column in UNINDEXED and not is_bounded:
        raise Invalid(problems=[FieldProblem("sort", TOO_MUCH_TO_SORT)])
    return order


def _total(clause: str, lead_filter: LeadFilter, place: Cursor | None) -> str:
    if place:
        return "CAST(:total AS bigint)"
    if lead_filter.q.strip():
        return "count(*) OVER ()"  # what was searched for is found once, and sorted as a whole in any case
    return f"(SELECT count(*) FROM (SELECT 1 FROM lead l WHERE {clause} LIMIT {COUNT_CAP + 1}) c)"


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
