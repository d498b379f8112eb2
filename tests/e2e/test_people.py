"""Who belongs where, arranged in the browser; and what others see of it."""

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.tenancy.permissions import Role
from tests.e2e.people import card, is_live, lead_of
from tests.fixtures.cast import Member, found_company

LogIn = Callable[..., Awaitable[Page]]


@pytest.fixture
async def sellers(app: App) -> list[Member]:
    """Ada owns the company; Ben and Nora sell, and there are no teams yet."""
    return await found_company(app, "Contoso", ("Ada", Role.OWNER), ("Ben", Role.REP), ("Nora", Role.REP))


async def test_a_team_is_made_somebody_put_into_it_and_other_reps_stop_seeing_their_leads(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, ben, nora = sellers
    lead = await lead_of(app, ada, "Grace Hopper")
    async with app.work(ada) as work:
        await leads.update(work, UUID(lead), leads.UpdateLead(owner=ben.actor.id))
    his, hers, page = await log_in(ben), await log_in(nora), await log_in(ada)
    for board in (his, hers):
        await is_live(board)
        await expect(card(board, "Grace Hopper")).to_be_visible()

    await page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    await page.get_by_role("tab", name="Teams").click()
    await page.get_by_role("button", name="Add a team").click()
    await page.get_by_label("Name of the new team").fill("Berlin")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Rename Berlin")).to_be_focused()
    await page.get_by_role("tab", name="People").click()
    await page.get_by_label("Team of Ben").select_option(label="\u2003Berlin")
    await expect(page.get_by_role("list", name="In Berlin").get_by_text(ben.email)).to_be_visible()
    await expect(page.get_by_text("Ben is in Berlin now.")).to_be_visible()

    await expect(card(hers, "Grace Hopper")).to_have_count(0)
    await expect(card(his, "Grace Hopper")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(card(hers, "Grace Hopper")).to_be_visible()


async def test_what_the_server_refuses_is_taken_back_and_said(log_in: LogIn, sellers: list[Member]) -> None:
    ada, *_ = sellers
    page = await log_in(ada)
    await page.goto("/people")
    await page.route("**/api/v1/people/*", lambda route: route.fulfill(status=503, json={"title": "Busy"}))
    role = page.get_by_label("Role of Ben")
    await role.select_option("manager")
    await expect(page.get_by_text("The role of Ben was not changed.")).to_be_visible()
    await expect(role).to_have_value("rep")


async def test_an_invitation_is_shown_once_and_revoked(log_in: LogIn, sellers: list[Member]) -> None:
    ada, *_ = sellers
    page = await log_in(ada)
    await page.goto("/people")
    await page.get_by_role("button", name="Invite", exact=True).click()
    await page.get_by_label("E-mail").fill("lena@contoso.example")
    await page.get_by_role("button", name="Make a link instead").click()
    link = await page.locator(".lf-secret").inner_text()
    assert "/join/" in link
    await page.get_by_role("button", name="Done").click()
    await page.reload()
    await page.get_by_role("button", name="Revoke the invitation of lena@contoso.example").click()
    await expect(page.get_by_text("Its link leads nowhere now.")).to_be_visible()
    assert link not in await page.content()
    stranger = await page.request.get(link)
    assert "used or revoked" in await stranger.text()


async def test_whoever_is_removed_from_work_is_logged_out_and_their_leads_are_handed_over(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, ben, _ = sellers
    lead = await lead_of(app, ada, "Grace Hopper")
    async with app.work(ada) as work:
        await leads.update(work, UUID(lead), leads.UpdateLead(owner=ben.actor.id))
    his, page = await log_in(ben), await log_in(ada)
    await is_live(his)
    await page.goto("/people")
    await page.get_by_role("button", name="More for Ben").click()
    await page.get_by_role("menuitem", name=re.compile("Hand over")).click()
    await page.get_by_label("Hand the one open lead to").select_option(label="Nora")
    await page.get_by_role("button", name="Hand over and remove").click()
    await expect(page.get_by_text("Nora has 1 lead more.")).to_be_visible()
    await expect(page.get_by_text("Suspended")).to_be_visible()
    await his.wait_for_url("**/login**")


async def test_a_role_of_ones_own_is_made_given_and_kept_while_somebody_has_it(
    log_in: LogIn, sellers: list[Member]
) -> None:
    ada, *_ = sellers
    page = await log_in(ada)
    await page.goto("/people?tab=roles")
    await page.get_by_role("button", name="Make a role").click()
    await page.get_by_label("Name", exact=True).fill("Assistant")
    await page.get_by_label("Change leads").select_option("all")
    await page.get_by_role("button", name="Make role").click()
    await expect(page.get_by_role("alert")).to_contain_text("cannot read")
    await page.get_by_label("Change leads").select_option("")
    await page.get_by_role("button", name="Make role").click()
    await expect(page.get_by_role("columnheader", name=re.compile("Assistant"))).to_contain_text("nobody")
    await page.get_by_role("tab", name="People").click()
    await page.get_by_label("Role of Ben").select_option(label="Assistant")
    await expect(page.get_by_text("Ben: role Assistant.")).to_be_visible()
    await page.get_by_role("tab", name="Roles").click()
    await page.get_by_role("button", name="More for the role Assistant").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await expect(page.get_by_text("Give them another one first.")).to_be_visible()


async def test_a_team_is_renamed_and_dissolved_by_keyboard(log_in: LogIn, sellers: list[Member]) -> None:
    ada, *_ = sellers
    page = await log_in(ada)
    await page.goto("/people?tab=teams")
    await page.get_by_role("button", name="Add a team").press("Enter")
    await page.keyboard.type("Nord")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Rename Nord")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("North")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Rename North")).to_be_focused()
    await page.get_by_role("button", name="More for North").press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Dissolve North").press("Enter")
    await expect(page.get_by_text("North is dissolved.")).to_be_visible()
    await expect(page.get_by_text(re.compile("Teams decide who sees which leads"))).to_be_visible()


async def test_whoever_may_not_arrange_people_is_told_who_may(log_in: LogIn, sellers: list[Member]) -> None:
    _, ben, _ = sellers
    page = await log_in(ben)
    await expect(page.get_by_role("link", name="People")).to_have_count(0)
    await page.goto("/people")
    await expect(page.get_by_text("Owners and admins arrange here who belongs where.")).to_be_visible()


async def test_a_role_without_some_fields_is_made_and_its_people_see_and_set_the_rest(
    app: App, log_in: LogIn, sellers: list[Member]
) -> None:
    ada, ben, _ = sellers
    lead = await lead_of(app, ada, "Grace Hopper")
    async with app.work(ada) as work:
        await leads.update(
            work, UUID(lead), leads.UpdateLead(value=125_000, company="Navy", email="grace@navy.example")
        )
    page = await log_in(ada)
    await page.goto("/people?tab=roles")
    await page.get_by_role("button", name="Make a role").click()
    dialog = page.get_by_role("dialog", name="Make a role")
    await dialog.get_by_label("Name", exact=True).first.fill("Caller")
    await dialog.get_by_label("Assignment rules").check()
    await expect(dialog.get_by_text("Every field: Assignment rules leads to all of them.")).to_be_visible()
    await dialog.get_by_label("Assignment rules").uncheck()
    await dialog.get_by_label("Value").select_option("none")
    await dialog.get_by_label("Email and its facts").select_option("none")
    await dialog.get_by_label("Company").select_option("read")
    await dialog.get_by_role("button", name="Make role").click()
    await expect(page.get_by_text("Not email, value; only reads company")).to_be_visible()
    await page.get_by_role("tab", name="People").click()
    await page.get_by_label("Role of Ben").select_option(label="Caller")

    his = await log_in(ben)
    await his.goto("/leads")
    await expect(his.get_by_role("link", name="Grace Hopper")).to_be_visible()
    await expect(his.get_by_role("columnheader", name="Stage")).to_be_visible()
    await expect(his.get_by_role("columnheader", name="Value")).to_have_count(0)
    await his.goto(f"/leads/{lead}")
    facts = his.get_by_role("region", name="Facts")
    await expect(facts.get_by_text("Navy")).to_be_visible()
    await expect(facts.get_by_text("Not for your role")).to_have_count(2)
    await expect(facts.get_by_role("button", name="Edit Title")).to_be_visible()
    await expect(facts.get_by_role("button", name="Edit Company")).to_have_count(0)
    await his.goto("/leads")
    await his.get_by_role("button", name="Add a lead").click()
    form = his.get_by_role("dialog", name="Add a lead")
    await expect(form.get_by_label("Email")).to_be_hidden()
    await form.get_by_label("Name").fill("Katherine Johnson")
    await form.get_by_role("button", name="Add lead").click()
    await expect(his.get_by_text("Lead added.")).to_be_visible()
    await his.goto("/leads?q=Katherine")
    await expect(his.get_by_role("link", name="Katherine Johnson")).to_be_visible()
