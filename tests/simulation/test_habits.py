"""The views that the demonstration's people find."""

from leadflow.bootstrap import App
from leadflow.simulation.habits import VIEWS, share
from leadflow.tenancy.service import system_scope
from leadflow.views.saved.rules import cleaned, problems_of
from tests.fixtures.cast import northwind
from tests.fixtures.office import office as office
from tests.tasks.desk import me
from tests.views.saved.desk import names, tabs


async def test_everybody_finds_them_among_their_tabs_and_once(office: App) -> None:
    company = await northwind(office)
    for _ in range(2):
        async with office.work(system_scope(company.owner.organization_id)) as work:
            await share(work, me(company.owner), [me(company.rep), me(company.owner)])
    for member in (company.owner, company.rep):
        assert await tabs(office, member) == [view.name for view in VIEWS]
    assert (await tabs(office, company.viewer), len(await names(office, company.viewer))) == ([], len(VIEWS))
    assert all(problems_of(view.params) == [] and cleaned(view.params) for view in VIEWS)
