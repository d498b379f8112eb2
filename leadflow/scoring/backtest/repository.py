"""Keeps backtests, and reads the log for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.scoring.backtest.rules import Standing
from leadflow.scoring.config import ScoringConfig

_FORGET = text("""
    DELETE FROM scoring_backtest WHERE organization_id = :organization_id AND made_at < :before
""")
_SUPERSEDE = text("""
    UPDATE scoring_backtest SET state = 'replaced'
    WHERE organization_id = :organization_id AND state IN ('waiting', 'running')
""")
_ADD = text("""
    INSERT INTO scoring_backtest (organization_id, id, config, days, made_at)
    VALUES (:organization_id, :id, CAST(:config AS jsonb), :days, :now)
""")
_BEGIN = text("""
    UPDATE scoring_backtest SET state = 'running', replayed = 0
    WHERE organization_id = :organization_id AND id = :id AND state IN ('waiting', 'running')
    RETURNING config, days, made_at
""")
_ADVANCE = text("""
    UPDATE scoring_backtest SET events = :events, replayed = :replayed
    WHERE organization_id = :organization_id AND id = :id AND state = 'running'
""")
_FINISH = text("""
    UPDATE scoring_backtest SET state = 'done', report = CAST(:report AS jsonb), replayed = events, finished_at = :now
    WHERE organization_id = :organization_id AND id = :id AND state = 'running'
""")
# A job that was given up says so itself.
_GET = text("""
    SELECT b.id, b.days, b.events, b.replayed, b.report, b.made_at, b.finished_at, CASE
        WHEN b.state IN ('waiting', 'running') AND EXISTS (
            SELECT 1 FROM job j WHERE j.organization_id = b.organization_id AND j.kind = 'scoring.backtest'
              AND j.dedupe_key = b.id::text AND j.state IN ('failed', 'quarantined'))
        THEN 'failed' ELSE b.state END AS state
    FROM scoring_backtest b WHERE b.organization_id = :organization_id AND b.id = :id
""")
_STANDING = text("""
    SELECT l.id, l.owner_id, s.kind = 'open' AS is_open FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A backtest that is to be run."""

    id: UUID
    config: ScoringConfig
    days: int
    made_at: datetime


def _of(work: Work, **values: object) -> dict[str, object]:
    return {"organization_id": work.organization_id, **values}


async def forget(work: Work, before: datetime) -> None:
    await work.session.execute(_FORGET, _of(work, before=before))


async def supersede(work: Work) -> None:
    """Whatever is under way is no longer wanted."""
    await work.session.execute(_SUPERSEDE, _of(work))


async def add(work: Work, backtest: UUID, config: ScoringConfig, days: int) -> None:
    stored = orjson.dumps(config.model_dump(mode="json")).decode()
    await work.session.execute(_ADD, _of(work, id=backtest, config=stored, days=days, now=work.clock.now()))


async def begin(work: Work, backtest: UUID) -> Asked | None:
    """Start it, or start it anew; None when it is done or no longer wanted."""
    row = (await work.session.execute(_BEGIN, _of(work, id=backtest))).one_or_none()
    return None if row is None else Asked(backtest, ScoringConfig.model_validate(row.config), row.days, row.made_at)


async def advance(work: Work, backtest: UUID, *, events: int, replayed: int) -> bool:
    """Say how far it is; whether it is still wanted."""
    found = await work.session.execute(_ADVANCE, _of(work, id=backtest, events=events, replayed=replayed))
    return bool(found.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


async def finish(work: Work, backtest: UUID, report: dict[str, object]) -> None:
    stored = orjson.dumps(report).decode()
    await work.session.execute(_FINISH, _of(work, id=backtest, report=stored, now=work.clock.now()))


async def get(work: Work, backtest: UUID) -> dict[str, Any] | None:
    row = (await work.session.execute(_GET, _of(work, id=backtest))).mappings().one_or_none()
    return None if row is None else dict(row)


async def standing(work: Work, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Whose these leads are today, and whether they are open; without those that are gone."""
    rows = await work.session.execute(_STANDING, _of(work, ids=list(ids)))
    return {row.id: Standing(row.owner_id, row.is_open) for row in rows}
