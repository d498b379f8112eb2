"""Keeps which models are tried, and reads how they do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.scoring import duel
from leadflow.scoring.duel import Duel
from leadflow.scoring.goals import Goal
from leadflow.scoring.learner import NAME

_HOLD = text("""
    SELECT settings -> 'challengers' FROM organization WHERE id = :organization_id FOR NO KEY UPDATE
""")
_PUT = text("""
    UPDATE organization SET settings = jsonb_set(settings, '{challengers}', CAST(:challengers AS jsonb))
    WHERE id = :organization_id
""")
_STANDING = text("""
    SELECT state ->> 'champion' AS champion, state -> 'duels' AS duels, state ->> 'goal' AS goal
    FROM model_snapshot WHERE organization_id = :organization_id AND name = :name
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """Which model scores by what was learned last (empty: nothing was), and how those in its shadow do."""

    champion: str = ""
    duels: Mapping[str, Duel] = field(default_factory=dict)
    goal: Goal | None = None
    """What they foretell."""


async def hold(work: Work) -> frozenset[str]:
    """The challengers, which stay so until this transaction ends."""
    found = await work.session.execute(_HOLD, {"organization_id": work.organization_id})
    return frozenset(found.scalar_one() or ())


async def put(work: Work, challengers: Iterable[str]) -> None:
    values = {"organization_id": work.organization_id, "challengers": orjson.dumps(sorted(challengers)).decode()}
    await work.session.execute(_PUT, values)


async def standing(work: Work) -> Standing:
    values = {"organization_id": work.organization_id, "name": NAME}
    row = (await work.session.execute(_STANDING, values)).one_or_none()
    return Standing(row.champion, duel.read(row.duels), Goal(row.goal)) if row else Standing()
