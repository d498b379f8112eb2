"""What an organization's history says of a lead, and of its sources."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.intelligence import advice, repository, sources
from leadflow.intelligence.insight import Case, Cell, Counts
from leadflow.intelligence.story import KINDS, Story, tell
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import queries as leads

# From the log itself: what has just happened to a lead counts at once for the lead, and a moment later for the others.
_EVENTS = """
    SELECT seq, xid::text::bigint AS xid, id, kind, lead_id, actor_kind, actor_id, occurred_at, recorded_at, source,
           data
    FROM event
    WHERE organization_id = :organization_id AND lead_id = :lead_id AND kind = ANY(:kinds)
    ORDER BY xid, seq
"""
_COUNTS = """
    SELECT c.topic, c.part, c.bucket, c.amount
    FROM unnest(CAST(:topics AS text[]), CAST(:parts AS text[])) AS asked (topic, part)
    JOIN insight_count c ON c.organization_id = :organization_id AND c.topic = asked.topic AND c.part = asked.part
"""
_MOST = 100
_SOURCES = """
    WITH biggest AS (
        SELECT part FROM insight_count
        WHERE organization_id = :organization_id AND topic IN ('open from', 'won from', 'lost from')
        GROUP BY part ORDER BY sum(amount) DESC, part LIMIT :most
    )
    SELECT topic, part, bucket, amount FROM insight_count
    WHERE organization_id = :organization_id AND (
        topic IN ('open', 'won', 'lost')
        OR part IN (SELECT part FROM biggest) AND (
            topic IN ('open from', 'won from', 'lost from', 'bad address from') OR starts_with(topic, 'value from '))
    )
"""
# The same counts, of the leads within reach.
_SOURCES_WITHIN = """
    WITH seen AS MATERIALIZED (
        SELECT s.source, coalesce(nullif(s.outcome, ''), 'open') AS outcome, s.day, s.value, s.currency, s.is_bad
        FROM lead l JOIN lead_story s ON s.organization_id = l.organization_id AND s.lead_id = l.id
        WHERE l.organization_id = :organization_id{within}
    ), biggest AS (
        SELECT source FROM seen GROUP BY source ORDER BY count(*) DESC, source LIMIT :most
    )
    SELECT outcome AS topic, '' AS part, day AS bucket, count(*) AS amount FROM seen GROUP BY outcome, day
    UNION ALL
    SELECT outcome || ' from', source, day, count(*) FROM seen JOIN biggest USING (source)
    GROUP BY outcome, source, day
    UNION ALL
    SELECT 'bad address from', source, 0, count(*) FROM seen JOIN biggest USING (source) WHERE is_bad GROUP BY source
    UNION ALL
    SELECT 'value from ' || currency, source, 0, sum(value)::bigint FROM seen JOIN biggest USING (source)
    WHERE outcome = 'won' AND value <> 0 GROUP BY currency, source
"""


async def of_lead(work: Work, lead_id: UUID) -> dict[str, Any]:
    """The next steps and the insights of one open lead, with how much evidence each rests on.

    The counts are those of the whole organization, as what a score has learned is; nothing is told of a field that is
    hidden from the reader.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    work.scope.require(Permission.LEADS_READ)
    lead = await leads.detail(work, lead_id)
    zone = await repository.usual_zone(work)
    story = await _story(work, lead_id, zone)
    case = Case(story, lead, work.clock.now(), zone, work.scope.fields)
    return advice.told(case, await _counts(work, advice.asks(case)) if story.is_open else Counts({}))


async def _story(work: Work, lead_id: UUID, zone: str) -> Story:
    rows = await work.session.execute(
        text(_EVENTS), {"organization_id": work.organization_id, "lead_id": lead_id, "kinds": list(KINDS)}
    )
    story = Story()
    for row in rows:
        tell(story, RecordedEvent(*row), zone)
    return story


async def _counts(work: Work, asked: Collection[tuple[str, str]]) -> Counts:
    topics, parts = zip(*sorted(asked), strict=True) if asked else ((), ())
    rows = await work.session.execute(
        text(_COUNTS), {"organization_id": work.organization_id, "topics": list(topics), "parts": list(parts)}
    )
    return Counts({Cell(topic, part, bucket): amount for topic, part, bucket, amount in rows})


async def source_quality(work: Work) -> dict[str, Any]:
    """What the leads within reach have come to, by source: the hundred that brought the most.

    Raises:
        Forbidden: sources are hidden from the reader.

    """
    work.scope.require(Permission.INSIGHT_READ)
    work.scope.fields.require_read(LeadField.SOURCE)
    within, values = work.scope.within(Permission.INSIGHT_READ)
    asked = text(_SOURCES_WITHIN.format(within=within) if within else _SOURCES)
    rows = await work.session.execute(asked, {"organization_id": work.organization_id, "most": _MOST, **values})
    cells = {Cell(topic, part, bucket): int(amount) for topic, part, bucket, amount in rows}
    hidden = work.scope.fields.hidden
    return sources.report(
        Counts(cells),
        int(work.clock.now().timestamp()) // 86_400,
        with_value=LeadField.VALUE not in hidden,
        with_addresses=LeadField.EMAIL not in hidden,
    )
