"""Many leads edited and exported on screen: others see it at once, and see it taken back."""

import csv
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from leadflow.bootstrap import App
from tests.e2e.people import card, is_live
from tests.fixtures.floor import given_to, sales_floor

LogIn = Callable[..., Awaitable[Page]]
NAMES = ("Grace", "Katherine", "Radia")


async def test_three_leads_are_moved_seen_by_another_and_moved_back(app: App, log_in: LogIn) -> None:
    floor = await sales_floor(app)
    for name in (*NAMES, "Sophie"):
        await given_to(app, floor, floor.ben, name)
    ben, cleo = await log_in(floor.ben), await log_in(floor.cleo)
    await is_live(ben)
    await cleo.goto("/leads?sort=name")
    table = cleo.get_by_role("table", name="Leads")
    await table.get_by_role("checkbox", name="Select Grace").check()
    await table.get_by_role("checkbox", name="Select Radia").click(modifiers=["Shift"])
    bar = cleo.get_by_role("region", name="Selection")
    await expect(bar).to_contain_text("3 leads selected")
    await cleo.keyboard.press("s")
    dialog = cleo.get_by_role("dialog", name="Move 3 leads")
    await expect(dialog.get_by_label("Move to")).to_be_focused()
    await dialog.get_by_label("Move to").select_option(label="Won")
    await dialog.get_by_label("Reason").fill("The fair")
    await expect(dialog).to_contain_text("3 leads change.")
    await expect(dialog).to_contain_text("3 from New")
    findings = (await Axe().run(cleo)).response["violations"]
    assert not [each["id"] for each in findings if each["impact"] in ("serious", "critical")]
    await dialog.get_by_role("button", name="Change 3 leads").click()
    await expect(cleo.get_by_text("3 leads changed.")).to_be_visible()
    await expect(bar).to_have_count(0)
    await expect(ben.get_by_role("region", name="Won, 3 leads")).to_be_visible()
    for name in NAMES:
        await expect(card(ben, name)).to_have_count(0)
    await cleo.get_by_text("3 leads changed.").locator("..").get_by_role("button", name="Undo").click()
    await expect(cleo.get_by_text("3 leads went back.")).to_be_visible()
    for name in NAMES:
        await expect(card(ben, name)).to_be_visible()


async def test_a_field_is_set_for_some_on_a_phone(app: App, log_in: LogIn) -> None:
    floor = await sales_floor(app)
    for name in NAMES:
        await given_to(app, floor, floor.ben, name)
    ada = await log_in(floor.ada, viewport={"width": 390, "height": 844})
    await ada.goto("/leads?sort=name")
    await ada.get_by_role("button", name="Select", exact=True).click()
    await ada.get_by_role("checkbox", name="Select Grace").check()
    await ada.get_by_role("checkbox", name="Select Radia").check()
    await ada.get_by_role("button", name="More for the selected leads").click()
    await ada.get_by_role("menuitem", name="Edit…").click()
    dialog = ada.get_by_role("dialog", name="Edit 2 leads")
    await dialog.get_by_label("Field").select_option(label="Country")
    await dialog.get_by_label("Country").fill("D1")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Change", exact=True)).to_be_disabled()
    await dialog.get_by_label("Country").fill("DE")
    await expect(dialog).to_contain_text("2 from nothing")
    await dialog.get_by_role("button", name="Change 2 leads").click()
    await expect(ada.get_by_text("2 leads changed.")).to_be_visible()


async def test_what_is_listed_and_what_is_selected_becomes_a_file(app: App, log_in: LogIn) -> None:
    floor = await sales_floor(app)
    for name in NAMES:
        await given_to(app, floor, floor.ben, name)
    ben = await log_in(floor.ben)
    await ben.goto("/leads?sort=name")
    await ben.get_by_role("button", name="Export…").click()
    dialog = ben.get_by_role("dialog", name="Export 3 leads")
    await expect(dialog.get_by_role("status")).to_contain_text("3 leads.")
    async with ben.expect_download() as download:
        await dialog.get_by_role("button", name="Export 3 leads").click()
    rows = saved(await (await download.value).path())
    assert [row[0] for row in rows] == ["Name", *NAMES]
    assert "Email" not in rows[0]
    await expect(ben.get_by_text("3 leads exported.")).to_be_visible()
    await ben.get_by_role("checkbox", name="Select Radia").check()
    await ben.get_by_role("region", name="Selection").get_by_role("button", name="Export…").click()
    dialog = ben.get_by_role("dialog", name="Export 1 lead")
    await dialog.get_by_label("All", exact=False).check()
    async with ben.expect_download() as download:
        await dialog.get_by_role("button", name="Export 1 lead").click()
    rows = saved(await (await download.value).path())
    assert rows[0][:2] == ["Name", "Email"]
    assert [row[0] for row in rows[1:]] == ["Radia"]


def saved(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
