"""Loads and saves stories and counts."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.intelligence import lives
from leadflow.intelligence.insight import Cell
from leadflow.intelligence.story import Story
from leadflow.kernel.work import Work

PROJECTION: Final = "intelligence"

_LOAD = text("SELECT lead_id, story FROM lead_story WHERE organization_id = :organization_id AND lead_id = ANY(:ids)")
_ZONE = text("SELECT time_zone FROM organization WHERE id = :organization_id")
# A lead that has been deleted meanwhile leaves no story.
_SAVE = text("""
    INSERT INTO lead_story (organization_id, lead_id, story, source, outcome, day, value, currency, is_bad)
    SELECT :organization_id, s.*
    FROM json_to_recordset(CAST(:rows AS json)) AS s (
        lead_id uuid, story jsonb, source text, outcome text, day int, value bigint, currency text, is_bad bool)
    WHERE EXISTS (SELECT 1 FROM lead l WHERE l.organization_id = :organization_id AND l.id = s.lead_id)
    ON CONFLICT (organization_id, lead_id) DO UPDATE SET story = excluded.story, source = excluded.source,
        outcome = excluded.outcome, day = excluded.day, value = excluded.value, currency = excluded.currency,
        is_bad = excluded.is_bad
""")
_COUNT = text("""
    INSERT INTO insight_count (organization_id, topic, part, bucket, amount)
    SELECT :organization_id, c.* FROM json_to_recordset(CAST(:rows AS json)) AS c (
        topic text, part text, bucket int, amount bigint)
    ON CONFLICT (organization_id, topic, part, bucket) DO UPDATE SET amount = insight_count.amount + excluded.amount
""")
_SWEEP = text("""
    DELETE FROM insight_count i USING json_to_recordset(CAST(:rows AS json)) AS c (topic text, part text, bucket int)
    WHERE i.organization_id = :organization_id AND i.topic = c.topic AND i.part = c.part AND i.bucket = c.bucket
      AND i.amount = 0
""")
_HOLD_CURSOR = text("""
    SELECT 1 FROM projection_cursor WHERE organization_id = :organization_id AND projection = :projection FOR UPDATE
""")
_FORGET = tuple(
    text(statement)
    for statement in (
        "DELETE FROM insight_count WHERE organization_id = :organization_id",
        "DELETE FROM lead_story WHERE organization_id = :organization_id",
        """
        UPDATE projection_cursor SET xid = '0'::xid8, seq = 0
        WHERE organization_id = :organization_id AND projection = :projection
        """,
    )
)


async def load(work: Work, ids: Collection[UUID]) -> dict[UUID, Story]:
    """The stories of those leads that have one."""
    rows = await work.session.execute(_LOAD, {"organization_id": work.organization_id, "ids": list(ids)})
    return {lead_id: Story.from_json(stored) for lead_id, stored in rows}


async def usual_zone(work: Work) -> str:
    """Where leads live of whom nothing else is known."""
    found = await work.session.execute(_ZONE, {"organization_id": work.organization_id})
    return str(found.scalar_one_or_none() or "UTC")


async def save(work: Work, stories: Mapping[UUID, Story]) -> None:
    rows = [_row(lead_id, story) for lead_id, story in sorted(stories.items())]
    await work.session.execute(_SAVE, {"organization_id": work.organization_id, "rows": orjson.dumps(rows).decode()})


async def count(work: Work, changes: Mapping[Cell, int]) -> None:
    """Add to the counts; what comes to nothing is not kept."""
    rows = [{**cell._asdict(), "amount": amount} for cell, amount in sorted(changes.items()) if amount]
    if not rows:
        return
    values = {"organization_id": work.organization_id}
    await work.session.execute(_COUNT, {**values, "rows": orjson.dumps(rows).decode()})
    if fewer := [row for row in rows if row["amount"] < 0]:
        await work.session.execute(_SWEEP, {**values, "rows": orjson.dumps(fewer).decode()})


async def forget(work: Work) -> None:
    """Nothing is known, and the log is read from its beginning; waits for a batch that is being read."""
    values = {"organization_id": work.organization_id, "projection": PROJECTION}
    await work.session.execute(_HOLD_CURSOR, values)
    for statement in _FORGET:
        await work.session.execute(statement, values)


def _row(lead_id: UUID, story: Story) -> dict[str, object]:
    return {
        "lead_id": str(lead_id),
        "story": story.as_json(),
        "source": story.source,
        "outcome": story.outcome,
        "day": lives.bucket_of(story),
        "value": story.value,
        "currency": story.currency,
        "is_bad": story.is_bad,
    }
