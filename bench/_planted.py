"""Large organizations for measuring, planted as `leadflow seed` does it."""

from datetime import UTC, datetime

from bench._stand import catch_up, organization
from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.simulation import planting


async def planted(app: App, leads: int, *, events: int = 0, seed: int = 1, is_searchable: bool = False) -> Scope:
    """An organization of that size with 24 people who sell, in four teams; its owner's scope."""
    scope, _ = await organization(app, reps=0)
    plan = planting.Plan(leads, events, seed, datetime.now(UTC).replace(microsecond=0), is_searchable)
    await catch_up(app, scope.organization_id)
    async with app.work(scope) as work:
        plan, done = await planting.begin(work, plan, [], is_among_others=False)
    await catch_up(app, scope.organization_id)
    await planting.plant(app, scope, plan, done, lambda _: None)
    return scope
