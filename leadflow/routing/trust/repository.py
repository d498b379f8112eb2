"""Keeps what an organization wants done while scores are in alarm."""

from collections.abc import Mapping
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.trust.rules import WAITS, Trust

_GET = text("""
    SELECT t.stops, t.alarms, t.passed, t.reason, t.by_id, coalesce(a.name, '') AS name, t.passed_at
    FROM score_trust t LEFT JOIN account a ON a.id = t.by_id WHERE t.organization_id = :organization_id
""")
_HOLD = text("""
    INSERT INTO score_trust (organization_id) VALUES (:organization_id)
    ON CONFLICT (organization_id) DO UPDATE SET stops = score_trust.stops
""")
_SET_STOP = text("UPDATE score_trust SET stops = :stops WHERE organization_id = :organization_id")
_SET_ALARMS = text("""
    UPDATE score_trust SET alarms = CAST(:alarms AS jsonb), passed = CAST(:passed AS jsonb)
    WHERE organization_id = :organization_id
""")
_PASS = text("""
    UPDATE score_trust SET passed = alarms, reason = :reason, by_id = :by, passed_at = :now
    WHERE organization_id = :organization_id
""")
_WAITING = """
    SELECT count(*) FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    CROSS JOIN LATERAL (
        SELECT a.how FROM assignment a WHERE a.organization_id = l.organization_id AND a.lead_id = l.id
        ORDER BY a.id DESC LIMIT 1
    ) last
    WHERE l.organization_id = :organization_id AND l.owner_id IS NULL AND s.kind = 'open' AND last.how = :waits
"""


async def get(work: Work) -> Trust:
    row = (await work.session.execute(_GET, {"organization_id": work.organization_id})).one_or_none()
    return Trust(*row) if row else Trust()


async def hold(work: Work) -> Trust:
    """The same, unchanged by others until this transaction ends."""
    await work.session.execute(_HOLD, {"organization_id": work.organization_id})
    return await get(work)


async def set_stop(work: Work, *, stops: bool) -> None:
    await work.session.execute(_SET_STOP, {"organization_id": work.organization_id, "stops": stops})


async def set_alarms(work: Work, alarms: Mapping[str, str], passed: Mapping[str, str]) -> None:
    values = {"alarms": orjson.dumps(dict(alarms)).decode(), "passed": orjson.dumps(dict(passed)).decode()}
    await work.session.execute(_SET_ALARMS, {"organization_id": work.organization_id, **values})


async def pass_over(work: Work, reason: str, by: UUID | None) -> None:
    """The alarms that stand are no reason to wait any more."""
    values = {"reason": reason, "by": by, "now": work.clock.now()}
    await work.session.execute(_PASS, {"organization_id": work.organization_id, **values})


async def count_waiting(work: Work) -> int:
    """Open leads in sight that nobody owns because scores are in alarm."""
    clause, values = work.scope.within(Permission.LEADS_READ)
    found = await work.session.execute(
        text(f"{_WAITING}{clause}"), {"organization_id": work.organization_id, "waits": WAITS, **values}
    )
    return int(found.scalar_one())
