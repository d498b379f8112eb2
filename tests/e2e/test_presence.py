"""Who else has a lead open: told to those who may read it, and gone when they are."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from tests.e2e.editing import at_lead
from tests.e2e.people import lead_of
from tests.e2e.test_live import listen
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor

LogIn = Callable[..., Awaitable[Page]]


async def test_two_see_each_other_and_one_who_leaves_is_gone(app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
    lead = await lead_of(app, ada, "Grace Hopper")
    hers, his = await log_in(ada), await log_in(ben)
    await at_lead(hers, lead)
    await expect(hers.get_by_text("here too")).to_have_count(0)
    await at_lead(his, lead)
    await expect(hers.get_by_text("Ben is here too")).to_be_visible()
    await expect(his.get_by_text("Ada is here too")).to_be_visible()
    again = await his.context.new_page()
    await again.goto(f"/leads/{lead}")
    await expect(again.get_by_text("Ada is here too")).to_be_visible()
    await expect(hers.get_by_text("Ben is here too")).to_be_visible()
    await again.close()
    await his.get_by_role("link", name="Board").first.click()
    await expect(hers.get_by_text("here too")).to_have_count(0)
    await his.go_back()
    await expect(hers.get_by_text("Ben is here too")).to_be_visible()
    await his.close()
    await expect(hers.get_by_text("here too")).to_have_count(0)


async def test_whoever_loses_the_connection_is_gone_and_back_when_it_is(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead = await lead_of(app, ada, "Grace Hopper")
    hers, his = await log_in(ada), await log_in(ben)
    for page in (hers, his):
        await at_lead(page, lead)
    await expect(hers.get_by_text("Ben is here too")).to_be_visible()
    await his.context.set_offline(True)
    await expect(hers.get_by_text("here too")).to_have_count(0, timeout=30_000)
    await expect(his.get_by_text("here too")).to_have_count(0)
    await his.context.set_offline(False)
    for page, who in ((hers, "Ben"), (his, "Ada")):
        await expect(page.get_by_text(f"{who} is here too")).to_be_visible(timeout=30_000)


async def test_mallory_and_a_rep_of_another_team_are_told_nothing(app: App, log_in: LogIn, mallory: Member) -> None:
    floor = await sales_floor(app)
    lead = str(await given_to(app, floor, floor.nora, "Grace"))
    theirs, other = await log_in(mallory), await log_in(floor.ben)
    heard = [listen(page) for page in (theirs, other)]
    for page in (theirs, other):
        await page.goto(f"/leads/{lead}")
        await page.get_by_role("heading", name="There is no such lead here").wait_for()
    hers, boss = await log_in(floor.nora), await log_in(floor.ada)
    for page in (hers, boss):
        await at_lead(page, lead)
    await expect(hers.get_by_text("Ada is here too")).to_be_visible()
    await expect(boss.get_by_text("Nora is here too")).to_be_visible()
    for frames in heard:
        assert frames
        assert not [frame for frame in frames if '"presence"' in frame]
