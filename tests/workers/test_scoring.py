"""Rules that go live move every score, through a worker that dies on the way; a backtest comes back with its report."""

from functools import partial
from uuid import UUID

from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.scoring import relearning
from leadflow.scoring.backtest import service as backtests
from leadflow.scoring.backtest.commands import Backtest
from leadflow.tenancy.permissions import Role
from tests.fixtures.cast import found_company
from tests.fixtures.installation import as_superuser, fold, worker
from tests.fixtures.patience import eventually
from tests.scoring.lives import capture
from tests.scoring.rules import ask, config, deploy, live, look

LEADS = 1_300
"""A few chunks in each round."""
TOLD = """
    SELECT lead_id, count(*) AS n FROM event
    WHERE kind = 'lead.scored' AND data ->> 'because' = 'scoring.deployed' GROUP BY lead_id
"""


async def many(app: App, scope: Scope) -> None:
    for number in range(3):
        await capture(app, scope, email=f"p{number}@acme.example")
    await fold(app, scope.organization_id, "scoring")
    with as_superuser(app.settings) as admin:
        admin.execute(
            """
            WITH one AS (SELECT * FROM lead_score WHERE organization_id = %(o)s LIMIT 1), made AS (
                INSERT INTO lead (organization_id, id, name, stage, score, band)
                SELECT %(o)s, gen_random_uuid(), 'Lead ' || n, 'new', round(one.score), one.band
                FROM one, generate_series(1, %(n)s) AS n RETURNING id)
            INSERT INTO lead_score (organization_id, lead_id, features, score, band, explanation)
            SELECT %(o)s, made.id, one.features, one.score, one.band, one.explanation FROM made, one
            """,
            {"o": scope.organization_id, "n": LEADS},
        )


async def looked(app: App, scope: Scope) -> int:
    return (await live(app, scope)).looked


async def is_done(app: App, scope: Scope) -> bool:
    return (await live(app, scope)).rescored_at is not None


async def test_every_score_follows_though_a_worker_is_killed(premises: App) -> None:
    (ada,) = await found_company(premises, "Northwind", ("Ada", Role.OWNER))
    await many(premises, ada)
    await deploy(premises, ada, config(base=60), 0)
    async with worker(premises.settings) as first:
        await eventually(partial(looked, premises, ada))
        first.kill()
        await first.wait()
    with as_superuser(premises.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")
    async with worker(premises.settings):
        await eventually(partial(is_done, premises, ada))
    assert len(await ask(premises, ada, "SELECT id FROM lead WHERE score > 50")) == LEADS + 3
    told = {row.lead_id: row.n for row in await ask(premises, ada, TOLD)}
    assert set(told.values()) == {1}
    # What is found out about the few that were captured meanwhile scores them anew as well, by the new rules.
    assert LEADS <= len(told) == (await live(premises, ada)).changed


async def test_a_backtest_is_run(premises: App) -> None:
    (ada,) = await found_company(premises, "Northwind", ("Ada", Role.OWNER))
    await capture(premises, ada, name="Grace", email="grace@navy.example")
    async with premises.work(ada) as work:
        asked = UUID(str((await backtests.start(work, Backtest(config=config(base=80))))["id"]))

    async def is_there() -> bool:
        return (await look(premises, ada, asked))["report"] is not None

    async with worker(premises.settings):
        await eventually(is_there)
    assert [each["name"] for each in (await look(premises, ada, asked))["report"]["changed"]] == ["Grace"]


async def test_learning_anew_is_done_by_a_worker(premises: App) -> None:
    (ada,) = await found_company(premises, "Northwind", ("Ada", Role.OWNER))
    await capture(premises, ada, name="Grace", email="grace@navy.example")
    await fold(premises, ada.organization_id, "scoring")
    async with premises.work(ada) as work:
        relearning.ask(work)

    async def is_learned() -> bool:
        return bool(await ask(premises, ada, "SELECT 1 FROM event WHERE kind = 'scoring.relearned'"))

    async with worker(premises.settings):
        await eventually(is_learned)
