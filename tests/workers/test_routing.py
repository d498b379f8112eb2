"""Leads that wait are taken as soon as somebody is back, though nothing else happens."""

from leadflow.bootstrap import App
from leadflow.tenancy.permissions import Role
from tests.fixtures.cast import found_company
from tests.fixtures.installation import as_superuser, worker
from tests.fixtures.patience import eventually
from tests.routing.desk import away, owners, proofs, some
from tests.workers.test_shift import look


def a_day_passes(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute(
            "UPDATE absence SET ends_at = ends_at - interval '25 hours', starts_at = starts_at - interval '2d'"
        )
        admin.execute("UPDATE job SET run_at = run_at - interval '25 hours' WHERE kind = 'routing.resume'")


async def test_an_absence_ends_by_itself_and_the_lead_is_taken(premises: App) -> None:
    ada, ben = await found_company(premises, "Northwind", ("Ada", Role.OWNER), ("Ben", Role.REP))
    await away(premises, ben, hours=24)
    (lead,) = await some(premises, ada, 1)
    assert await owners(premises, ada, [lead]) == [None]
    a_day_passes(premises)

    async def is_bens() -> bool:
        return bool((await look(premises, ada, lead))["owner"] == str(ben.actor.id))

    async with worker(premises.settings):
        await eventually(is_bens)
    taken, tried = await proofs(premises, ada, lead)
    assert (taken["chosen"], tried["how"]) == (str(ben.actor.id), "nobody can take it")
