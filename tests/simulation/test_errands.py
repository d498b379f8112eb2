"""What the demonstration's people find in their day."""

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.simulation.company import DEMO
from leadflow.simulation.errands import ERRANDS, hand_out
from leadflow.tenancy.service import system_scope
from tests.fixtures.floor import Floor, given_to, sales_floor
from tests.fixtures.office import MONDAY
from tests.fixtures.office import clock as clock
from tests.fixtures.office import office as office
from tests.tasks.desk import counted, listed, me


async def hand(app: App, floor: Floor) -> None:
    async with app.work(system_scope(floor.ada.organization_id)) as work:
        await hand_out(work, DEMO, [me(floor.ada), me(floor.ben)], MONDAY)


async def test_everybody_finds_something_late_something_today_and_something_to_come(
    office: App, clock: FixedClock
) -> None:
    floor = await sales_floor(office)
    await given_to(office, floor, floor.ben, "Grace")
    for _ in range(2):
        await hand(office, floor)
    for member in (floor.ada, floor.ben):
        due = await counted(office, member, DEMO.hours.zone)
        assert due == {"overdue": 1, "today": 2, "upcoming": 2, "undated": 1, "done_today": 0}
        titles = await listed(office, member, assignee=me(member))
        assert (titles[0], len(titles)) == ("Call back about the offer", len(ERRANDS))


async def test_where_there_are_no_leads_nobody_is_to_call_them(office: App, clock: FixedClock) -> None:
    floor = await sales_floor(office)
    await hand(office, floor)
    assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Look through last month's lost deals"]
