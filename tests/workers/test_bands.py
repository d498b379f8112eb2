"""What is held is let go, and what has fallen falls, without anybody looking."""

from leadflow.bootstrap import App
from leadflow.infra.jobs import JobRunner
from leadflow.kernel.jobs import Queue
from leadflow.scoring.overrides import service as overrides
from leadflow.scoring.overrides.commands import HoldBand
from tests.fixtures.cast import Company
from tests.fixtures.installation import as_superuser, fold, worker
from tests.fixtures.patience import eventually
from tests.scoring.lives import STEADY, behave, capture, look, score_by, told
from workers.handlers import all_handlers


def a_day_passes(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE score_override SET until = until - interval '25 hours'")
        admin.execute("UPDATE lead_score SET band_since = band_since - interval '25 hours'")
        admin.execute("UPDATE job SET run_at = run_at - interval '25 hours' WHERE kind LIKE 'scoring.%'")


async def test_a_held_band_ends_by_itself_also_when_a_worker_dies_over_it(premises: App, northwind: Company) -> None:
    ben = northwind.rep
    lead = await capture(premises, ben, email="grace@acme.example")
    await fold(premises, ben.organization_id, "scoring")
    async with premises.work(ben) as work:
        await overrides.hold(work, lead, HoldBand.model_validate({"band": "hot", "hours": 24}))
    a_day_passes(premises)
    dead = JobRunner(premises, all_handlers())
    assert "scoring.release_bands" in {job.kind for job in await dead.claim(Queue.INTERACTIVE, 1000)}
    with as_superuser(premises.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")

    async def is_let_go() -> bool:
        detail, score = await look(premises, ben, lead)
        return score["held"] is None and detail["held_until"] is None and detail["band"] == "cold"

    async with worker(premises.settings):
        await eventually(is_let_go)
    (released,) = await told(premises, ben, lead, "lead.band_released")
    assert released[1]["how"] == "expired"


async def test_a_lead_falls_when_its_dwell_time_is_over(premises: App, northwind: Company) -> None:
    ben = northwind.rep
    await score_by(premises, ben, STEADY)
    lead = await capture(premises, ben, email="grace@acme.example")
    for kind in ("praised", "blamed"):
        await behave(premises, ben, lead, kind)
    await fold(premises, ben.organization_id, "scoring")
    assert (await look(premises, ben, lead))[0]["band"] == "hot"
    a_day_passes(premises)

    async def has_fallen() -> bool:
        return bool((await look(premises, ben, lead))[0]["band"] == "warm")

    async with worker(premises.settings):
        await eventually(has_fallen)
    assert [kind for kind, _ in await told(premises, ben, lead, "lead.became_")] == [
        "lead.became_warm",
        "lead.became_hot",
        "lead.became_warm",
    ]
