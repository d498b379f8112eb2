"""What people do with LeadFlow, from the door to the deal."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from leadflow.bootstrap import App
from tests.e2e.people import api, card, column, is_live, lead_of
from tests.fixtures.cast import Member
from tests.fixtures.house import House

LogIn = Callable[..., Awaitable[Page]]


async def test_a_stranger_signs_up_publishes_the_form_and_sees_the_first_lead_come_in(
    chrome: Browser, product: House
) -> None:
    context = await chrome.new_context(base_url=product.url)
    page = await context.new_page()
    await page.goto("/")
    await page.wait_for_url("**/login**")
    await page.get_by_role("link", name="Create an organization").click()
    await page.get_by_role("textbox", name="Organization").fill("Fabrikam")
    await page.get_by_label("Your name").fill("Ida Rhodes")
    await page.get_by_label("E-mail").fill("ida@fabrikam.example")
    await page.get_by_label("Password").fill("long enough to pass")
    await page.get_by_role("button", name=re.compile("Create|Sign up")).click()
    await is_live(page)

    forms = await page.evaluate("fetch('/api/v1/forms').then((answer) => answer.json())")
    visitor = await (await chrome.new_context(base_url=product.url, java_script_enabled=False)).new_page()
    await visitor.goto(f"/f/{forms['items'][0]['slug']}")
    await visitor.get_by_label("Name").fill("Hedy Lamarr")
    await visitor.get_by_label("E-mail").fill("hedy@studio.example")
    if await visitor.get_by_role("checkbox").count():
        await visitor.get_by_role("checkbox").check()
    await visitor.get_by_role("button").click()
    await expect(visitor.get_by_role("heading")).to_have_text("Sent")

    await expect(card(page, "Hedy Lamarr")).to_be_visible()
    await visitor.context.close()
    await context.close()


async def test_a_rep_reads_why_edits_a_fact_logs_a_call_and_wins(app: App, log_in: LogIn, ben: Member) -> None:
    lead_id = await lead_of(app, ben, "Barbara Liskov", title="CEO", company="Substitution")
    page = await log_in(ben)
    await is_live(page)
    await card(page, "Barbara Liskov").get_by_role("link").click()
    await page.wait_for_url(f"**/leads/{lead_id}")

    await page.get_by_text(re.compile(r"^Why \d+")).click()
    figures = await page.locator(".lf-why").first.inner_text()
    assert "Executive" in figures

    await page.get_by_role("button", name="Edit Company").click()
    await page.get_by_role("textbox", name="Company").fill("Abstraction Ltd")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Abstraction Ltd").first).to_be_visible()

    composer = page.get_by_role("form", name="Log an activity")
    await composer.get_by_role("button", name="Call").click()
    await composer.get_by_role("textbox").fill("Wants a demo on Friday.")
    await composer.get_by_role("button", name=re.compile("Save|Log")).click()
    await expect(page.get_by_text("Wants a demo on Friday.").first).to_be_visible()

    await page.get_by_role("button", name="Won", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name=re.compile("Won|won")).click()
    await expect(page.get_by_role("button", name="Reopen")).to_be_visible()


async def test_two_people_edit_one_lead_and_nothing_is_lost_in_silence(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    lead_id = await lead_of(app, ada, "Frances Allen", company="Compilers")
    hers, his = await log_in(ada), await log_in(ben)
    for page in (hers, his):
        await page.goto(f"/leads/{lead_id}")
        await page.get_by_role("button", name="Edit Company").click()
    await hers.get_by_role("textbox", name="Company").fill("Hers")
    await hers.keyboard.press("Enter")
    await expect(hers.get_by_role("textbox", name="Company")).to_have_count(0)
    await his.get_by_role("textbox", name="Company").fill("His")
    await his.keyboard.press("Enter")
    await expect(his.get_by_text("His").or_(his.get_by_role("alert")).first).to_be_visible()


async def test_a_list_is_searched_sorted_and_its_address_carries_it(app: App, log_in: LogIn, ada: Member) -> None:
    for name in ("Grete Hermann", "Emmy Noether", "Sofja Kowalewskaja"):
        await lead_of(app, ada, name)
    page = await log_in(ada)
    await page.goto("/leads?sort=name")
    rows = page.get_by_role("table", name="Leads").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("Emmy Noether")
    await page.get_by_role("searchbox").last.fill("kowal")
    await expect(page.get_by_role("row", name=re.compile("Emmy"))).to_have_count(0)
    await expect(page.get_by_role("row", name=re.compile("Sofja"))).to_be_visible()
    assert "q=kowal" in page.url


async def test_a_file_is_imported_and_its_bad_rows_come_back(
    app: App, log_in: LogIn, ada: Member, tmp_path: Path
) -> None:
    file = tmp_path / "fair.csv"
    file.write_text("Name;E-Mail;Firma\nLise Meitner;lise@physics.example;KWI\nNobody;not an address;X\n", "cp1252")
    page = await log_in(ada)
    await page.goto("/import")
    await page.get_by_label("CSV file").set_input_files(file)
    await page.get_by_role("button", name="Check the file").click()
    await expect(page.get_by_role("region", name="Problems in the file")).to_contain_text("3")
    await page.get_by_role("button", name=re.compile("^Import 1")).click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name=re.compile("rows|rejected|problems", re.IGNORECASE)).first.click()
    rejected = (await (await download.value).path()).read_text("utf-8-sig")
    assert "not an address" in rejected
    await page.goto("/")
    await expect(card(page, "Lise Meitner")).to_be_visible()


async def test_a_viewer_sees_everything_and_can_change_nothing(
    app: App, log_in: LogIn, ada: Member, viewer: Member
) -> None:
    lead_id = await lead_of(app, ada, "Mary Somerville")
    page = await log_in(viewer)
    await is_live(page)
    await expect(card(page, "Mary Somerville").get_by_role("button")).to_have_count(0)
    await page.goto(f"/leads/{lead_id}")
    await expect(page.get_by_role("heading", name="Facts")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^Edit"))).to_have_count(0)


async def test_a_key_is_shown_once_and_works(app: App, product: House, log_in: LogIn, ada: Member) -> None:
    page = await log_in(ada)
    await page.goto("/settings?tab=keys")
    await (
        page.get_by_role("tab", name=re.compile("API keys"))
        .or_(page.get_by_role("link", name="API keys"))
        .first.click()
    )
    await page.get_by_role("button", name=re.compile("key", re.IGNORECASE)).first.click()
    await page.get_by_label("Name", exact=True).fill("Website")
    await page.get_by_role("button", name="Create key").click()
    secret = await page.locator(".lf-secret").inner_text()
    assert secret.startswith("lf_")
    await page.get_by_role("button", name="Done").click()
    await page.reload()
    assert secret not in await page.content()


async def test_capturing_by_api_twice_makes_one_lead(app: App, product: House, log_in: LogIn, ada: Member) -> None:
    page = await log_in(ada)
    await is_live(page)
    async with api(app, product, ada) as client:
        first = await client.post("/leads", json={"name": "Katherine Johnson", "email": "Katherine@Space.example"})
        second = await client.post("/leads", json={"email": "katherine@space.example", "company": "Space"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["lead"]["id"] == second.json()["lead"]["id"]
    await expect(card(page, "Katherine Johnson")).to_contain_text("Space")
    await expect(column(page, "new").get_by_role("listitem", name="Katherine Johnson")).to_have_count(1)
