"""Speed to lead on screen: the time that is left, and a lead that goes on to somebody else when it is over."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from leadflow.routing import projection, service
from leadflow.routing.commands import DefineRule
from leadflow.tenancy.service import system_scope
from tests.e2e.people import card, is_live
from tests.fixtures.floor import Floor, sales_floor

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def floor(app: App) -> Floor:
    """What comes in is Ben's for a quarter of an hour, and Nora's if he does not call."""
    floor = await sales_floor(app)
    ben, nora = ({"people": [str(each.actor.id)]} for each in (floor.ben, floor.nora))
    said = {"name": "Inbound", "pool": ben, "promise": {"minutes": 15, "fallbacks": [nora]}}
    async with app.work(floor.ada) as work:
        await service.define(work, DefineRule.model_validate(said))
    return floor


async def capture(app: App, floor: Floor) -> str:
    async with app.work(floor.ada) as work:
        return str((await leads.capture(work, CaptureLead(name="Grace", email="grace@lead.example"))).lead_id)


async def test_a_breach_reassigns_on_screen(app: App, log_in: LogIn, floor: Floor) -> None:
    his, hers = await log_in(floor.ben), await log_in(floor.nora)
    for page in (his, hers):
        await is_live(page)
    lead = await capture(app, floor)
    await expect(card(his, "Grace")).to_contain_text("14 min left")
    await expect(card(hers, "Grace")).to_have_count(0)
    async with app.work(system_scope(floor.ada.organization_id)) as work:
        late = "now() - interval '1 second'"
        await work.session.execute(text(f"UPDATE lead_clock SET due_at = {late}, next_at = {late}"))
        projection.strike(work)
    await expect(card(hers, "Grace")).to_contain_text("14 min left")
    await expect(card(his, "Grace")).to_have_count(0)
    await hers.goto(f"/leads/{lead}")
    await expect(hers.get_by_text("Nobody got in touch in time")).to_be_visible()
    await expect(
        hers.get_by_role("banner").get_by_text("14 min left").or_(hers.locator(".lf-countdown"))
    ).to_be_visible()


async def test_a_call_stops_the_clock_on_every_screen(app: App, log_in: LogIn, floor: Floor) -> None:
    his, board = await log_in(floor.ben), await log_in(floor.ben)
    await is_live(board)
    lead = await capture(app, floor)
    await expect(card(board, "Grace")).to_contain_text("14 min left")
    await his.goto(f"/leads/{lead}")
    await expect(his.locator(".lf-countdown")).to_be_visible()
    await his.get_by_role("button", name="Call", exact=True).click()
    await his.get_by_label("How the call went").select_option(index=1)
    await his.get_by_role("button", name="Log call").click()
    await expect(his.locator(".lf-countdown")).to_have_count(0)
    await expect(card(board, "Grace")).not_to_contain_text("left")
