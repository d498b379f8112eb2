"""What an organization uses of its installation: counted when asked, over all of it, whoever asks."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text

from leadflow.insight.kpi import Period
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy import seats
from leadflow.tenancy.rules import Seats
from leadflow.views.filtering.queries import time_zone

MOST = 100_000
"""Nothing is counted further: the answer would be late, and no more useful."""

_COUNTED = text("""
    SELECT (SELECT count(*) FROM (
                SELECT 1 FROM lead WHERE organization_id = :organization_id AND captured_at >= :since
                LIMIT :most) counted) AS leads,
           (SELECT count(*) FROM (
                SELECT 1 FROM event WHERE organization_id = :organization_id AND recorded_at >= :since
                LIMIT :most) counted) AS events,
           (SELECT count(*) FROM api_key WHERE organization_id = :organization_id AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > :now)) AS api_keys,
           (SELECT count(*) FROM form WHERE organization_id = :organization_id AND is_open) AS forms
""")


@dataclass(frozen=True, slots=True)
class Usage:
    """Seats, and what there is and has happened since the month began in the organization's time zone."""

    seats: Seats
    since: datetime
    leads: int
    """Leads that came in since then and are still there, at most `MOST`."""
    events: int
    """Entries of the log that were recorded since then, at most `MOST`."""
    api_keys: int
    """Keys that work: neither revoked nor expired."""
    forms: int
    """Hosted forms that are open."""


async def usage(work: Work) -> Usage:
    """Numbers of the organization as a whole, which reach does not narrow: they tell nothing of any lead."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    now = work.clock.now()
    since = Period(now, ZoneInfo(await time_zone(work))).month
    values = {"organization_id": work.organization_id, "since": since, "now": now, "most": MOST}
    row = (await work.session.execute(_COUNTED, values)).one()
    return Usage(await seats.seats(work), since, row.leads, row.events, row.api_keys, row.forms)
