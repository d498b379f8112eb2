"""Deleted views are forgotten by a worker."""

from leadflow.bootstrap import App
from leadflow.views import saved
from leadflow.views.saved import SaveView
from leadflow.views.saved.models import Layout
from tests.fixtures.cast import Company
from tests.fixtures.installation import as_superuser, worker
from tests.fixtures.patience import eventually


async def test_what_was_deleted_a_month_ago_is_forgotten(premises: App, northwind: Company) -> None:
    ben = northwind.rep
    async with premises.work(ben) as work:
        gone, kept = [await saved.save(work, SaveView(name=name, layout=Layout.LIST)) for name in ("Gone", "Kept")]
        await saved.delete(work, gone)
    with as_superuser(premises.settings) as admin:
        admin.execute("UPDATE saved_view SET deleted_at = deleted_at - interval '30 days' WHERE deleted_at IS NOT NULL")
        admin.execute("UPDATE job SET run_at = run_at - interval '30 days' WHERE kind = 'views.forget'")

    async def is_forgotten() -> bool:
        with as_superuser(premises.settings) as admin:
            return {row[0] for row in admin.execute("SELECT id FROM saved_view").fetchall()} == {kept}

    async with worker(premises.settings):
        await eventually(is_forgotten)
