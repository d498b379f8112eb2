"""Reads the log from its beginning, some events at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work

_HEARD = """
    FROM event e WHERE e.organization_id = :organization_id
      AND (e.lead_id IS NOT NULL OR e.kind IN ('scoring.boosted', 'scoring.pooled'))
      AND (e.xid, e.seq) <= (CAST(CAST(:end_xid AS text) AS xid8), :end_seq)
      AND (e.kind = ANY(:exact) OR split_part(e.kind, '.', 1) = ANY(:nouns))
"""
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_SCORED = """
    SELECT xid::text::bigint AS xid, seq FROM projection_cursor
    WHERE organization_id = :organization_id AND projection = 'scoring'
"""
_SCORED_SO_FAR, _HOLD = text(_SCORED), text(f"{_SCORED} FOR UPDATE")
_COUNT = text(f"SELECT count(*) {_HEARD}")
_SKIP = text(f"""
    SELECT e.xid::text::bigint AS xid, e.seq {_HEARD} ORDER BY e.xid, e.seq OFFSET :skipped LIMIT 1
""")
_READ = text(f"""
    SELECT e.kind, e.lead_id, e.occurred_at, e.data, e.xid::text::bigint AS xid, e.seq {_HEARD}
      AND (e.xid, e.seq) > (CAST(CAST(:xid AS text) AS xid8), :seq)
    ORDER BY e.xid, e.seq LIMIT :limit
""")
AT_ONCE: Final = 1_000


class Past(NamedTuple):
    """An event of a lead, as far as scoring reads it; one without a lead says what was trained elsewhere."""

    kind: str
    lead_id: UUID | None
    occurred_at: datetime
    data: Mapping[str, object]


class Place(NamedTuple):
    """A place in the log, after which it is read on."""

    xid: int
    seq: int


BEGINNING: Final = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Log:
    """The part of the log that is replayed: up to the `end`, without the `skipped` oldest events."""

    kinds: tuple[str, ...]
    end: Place
    events: int = 0
    skipped: int = 0
    start: Place = BEGINNING

    @property
    def heard(self) -> dict[str, object]:
        """As a projection of these kinds hears them."""
        exact = [kind for kind in self.kinds if not kind.endswith(".")]
        nouns = [kind[:-1] for kind in self.kinds if kind.endswith(".")]
        return {"end_xid": self.end.xid, "end_seq": self.end.seq, "exact": exact, "nouns": nouns}


def _of(work: Work, **values: object) -> dict[str, object]:
    return {"organization_id": work.organization_id, **values}


async def log(work: Work, kinds: tuple[str, ...], most: int) -> Log:
    """The log as it stands: its latest `most` events of these kinds."""
    horizon = int((await work.session.execute(_HORIZON)).scalar_one())
    whole = Log(kinds, Place(horizon, 0))
    events = int((await work.session.execute(_COUNT, _of(work, **whole.heard))).scalar_one())
    skipped = max(events - most, 0)
    start = whole.start
    if skipped:
        found = await work.session.execute(_SKIP, _of(work, **whole.heard, skipped=skipped - 1))
        start = Place(*found.one())
    return Log(kinds, whole.end, events - skipped, skipped, start)


async def scored_so_far(work: Work, *, hold: bool = False) -> Place:
    """How far the log has been scored; with `hold` it stays so until this transaction ends."""
    row = (await work.session.execute(_HOLD if hold else _SCORED_SO_FAR, _of(work))).one_or_none()
    return BEGINNING if row is None else Place(*row)


async def read(work: Work, log: Log, after: Place) -> tuple[list[Past], Place]:
    """The next events of the log, and the place after them."""
    values = {**log.heard, **after._asdict(), "limit": AT_ONCE}
    rows = (await work.session.execute(_READ, _of(work, **values))).all()
    if not rows:
        return [], after
    return [Past(row.kind, row.lead_id, row.occurred_at, row.data) for row in rows], Place(rows[-1].xid, rows[-1].seq)
