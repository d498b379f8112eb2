"""What happens to leads, and what scoring has made of it."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads.queries import detail
from leadflow.scoring import projection, queries
from leadflow.scoring.jobs import SETTLE_BANDS
from leadflow.scoring.projection import Scoring
from leadflow.scoring.repository import signer
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import as_superuser, fold, is_unread
from tests.fixtures.patience import eventually

BEHAVIOUR = ("page_viewed", "pricing_visited", "demo_requested", "email_opened", "unsubscribed", "something_else")


def _rule(behaviour: str, points: float) -> dict[str, Any]:
    label = f"Was {behaviour}"
    return {"behaviour": behaviour, "points": points, "limit": 200, "half_life_days": 3650, "label": label}


STEADY: dict[str, Any] = {
    "base": 50,
    "engagement": [_rule("praised", 20), _rule("thanked", 12), _rule("blamed", -10), _rule("crushed", -80)],
}
"""Every lead comes in at 50, warm: praised it is at 73, hot; blamed then at 62, and thanked after that at 75."""

SECRET = "a-key-for-tests-and-nothing-else-0000"


async def capture(app: App, scope: Scope, **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.capture(work, CaptureLead(**fields))).lead_id


async def behave(app: App, scope: Scope, lead_id: UUID, kind: str) -> None:
    async with app.work(scope) as work:
        await leads.record_behaviour(work, [RecordBehaviour(kind=kind, lead_id=lead_id)])


async def close(app: App, scope: Scope, lead_id: UUID, outcome: str) -> None:
    async with app.work(scope) as work:
        await leads.close(work, lead_id, CloseLead(outcome=outcome))  # type: ignore[arg-type]


async def look(app: App, scope: Scope, lead_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """The lead and its score, as its page shows them."""
    async with app.work(scope) as work:
        return await detail(work, lead_id), await queries.score_of(work, lead_id)


async def live_a_little(app: App, scope: Scope, clock: FixedClock, dice: random.Random, steps: int) -> None:
    """What happens to leads in a few weeks; the log is read every now and then."""
    known: list[UUID] = []
    for number in range(steps):
        clock.at += timedelta(hours=dice.randrange(1, 40))
        async with app.work(scope) as work:
            match dice.randrange(8) if known else 0:
                case 0 | 1:
                    source = dice.choice(("google", "fair", "partner"))
                    command = CaptureLead(
                        email=f"p{number}@acme{dice.randrange(4)}.example", source=source, title=dice.choice(("CEO", "")),
                        value=dice.randrange(0, 10**7), custom={"employees": dice.randrange(1, 500)},
                    )  # fmt: skip
                    known.append((await leads.capture(work, command)).lead_id)
                case 2 | 3 | 4:
                    command = RecordBehaviour(kind=dice.choice(BEHAVIOUR), lead_id=dice.choice(known))
                    await leads.record_behaviour(work, [command])
                case 5:
                    await leads.log_activity(work, dice.choice(known), LogActivity(kind="call"))
                case 6:
                    outcome = dice.choice(("won", "lost", "lost"))
                    await leads.close(work, dice.choice(known), CloseLead(outcome=outcome))  # type: ignore[arg-type]
                case 7:
                    await leads.update(work, dice.choice(known), UpdateLead(stage="contacted", company="Acme"))
        if dice.random() < 0.3:
            await fold(app, scope.organization_id, "scoring")
            await settle(app, scope, clock)
    await fold(app, scope.organization_id, "scoring")


def stored(app: App, organization_id: UUID) -> tuple[dict[UUID, Any], list[Any]]:
    """Scores by lead, and the learner."""
    with as_superuser(app.settings) as admin:
        scores = admin.execute(
            """
            SELECT lead_id, features, score, band, explanation, band_since, band_changes, trail
            FROM lead_score WHERE organization_id = %s
            """,
            (organization_id,),
        )
        models = admin.execute(
            "SELECT name, state, signature FROM model_snapshot WHERE organization_id = %s", (organization_id,)
        )
        return {row[0]: row[1:] for row in scores}, models.fetchall()


def forget(app: App, organization_id: UUID) -> None:
    """Everything that scoring has made of the log."""
    with as_superuser(app.settings) as admin:
        for statement in (
            "DELETE FROM scoring_example WHERE organization_id = %s",
            "DELETE FROM lead_score WHERE organization_id = %s",
            "DELETE FROM model_snapshot WHERE organization_id = %s",
            "DELETE FROM model_grade WHERE organization_id = %s",
            "DELETE FROM model_lesson WHERE organization_id = %s",
            "DELETE FROM scoring_day WHERE organization_id = %s",
            "DELETE FROM projection_cursor WHERE organization_id = %s AND projection = 'scoring'",
            "UPDATE lead SET score = 0, band = 'cold', score_delta = 0, reason = '' WHERE organization_id = %s",
        ):
            admin.execute(statement, (organization_id,))


def scoring(app: App, secret: str = SECRET, batch: int = 1000) -> Projector:
    """A worker that has just been started."""
    reader = replace(Scoring(signer(secret)).projection(), batch=batch)
    return Projector(app.database, reader, frozenset(SYSTEM_PERMISSIONS))


async def settle(app: App, scope: Scope, clock: FixedClock) -> int:
    """Do what the worker would with leads that have been in their bands for long enough; says how many there were."""
    with as_superuser(app.settings) as admin:
        due = admin.execute(
            "DELETE FROM job WHERE organization_id = %s AND kind = %s AND run_at <= %s RETURNING payload ->> 'lead'",
            (scope.organization_id, SETTLE_BANDS, clock.at),
        ).fetchall()
    async with app.work(system_scope(scope.organization_id)) as work:
        if due:
            projection.dwelt(work, [lead for (lead,) in due])
    await fold(app, scope.organization_id, "scoring")
    return len(due)


async def told(app: App, scope: Scope, lead_id: UUID, *nouns: str) -> list[tuple[str, dict[str, Any]]]:
    """What the log says of a lead about these, in order."""
    with as_superuser(app.settings) as admin:
        rows = admin.execute(
            "SELECT kind, data FROM event WHERE organization_id = %s AND lead_id = %s ORDER BY xid, seq",
            (scope.organization_id, lead_id),
        ).fetchall()
    return [(kind, data) for kind, data in rows if kind.startswith(nouns)]


async def score_by(app: App, scope: Scope, config: dict[str, Any]) -> None:
    """The organization's own way of scoring."""
    async with app.work(scope) as work:
        await work.session.execute(
            text("UPDATE organization SET settings = CAST(:s AS jsonb)"),
            {"s": orjson.dumps({"scoring": config}).decode()},
        )


async def read(app: App, worker: Projector, organization_id: UUID) -> None:
    """Read the log to its end, with this worker's memory of what it has learned."""

    async def is_read() -> bool:
        await worker.catch_up(organization_id)
        return not await is_unread(app, organization_id, [worker.projection.name])

    await eventually(is_read)
