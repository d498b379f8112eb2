"""Saved views, as somebody handles them on screen."""

from collections.abc import Awaitable, Callable

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from leadflow.bootstrap import App
from leadflow.views import saved
from leadflow.views.saved import ChooseDefault, SaveView
from leadflow.views.saved.models import Layout
from tests.fixtures.cast import Member

LogIn = Callable[..., Awaitable[Page]]
REST = """Promise.allSettled(
    document.getAnimations().filter((each) => each.effect.getTiming().iterations === 1).map((each) => each.finished)
)"""


async def save(app: App, member: Member, name: str, **fields: object) -> str:
    async with app.work(member) as work:
        command = SaveView.model_validate({"name": name, "layout": "list", "params": {"band": "cold"}, **fields})
        return str(await saved.save(work, command))


async def choose(app: App, member: Member, view: str, whose: str = "organization") -> None:
    async with app.work(member) as work:
        await saved.choose_default(
            work, ChooseDefault.model_validate({"layout": Layout.LIST, "view": view, "whose": whose})
        )


def tabs(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Views").get_by_role("link")


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Views").get_by_role("link", name=name, exact=True)


def temperature(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Temperature").get_by_role("button", name=name)


async def is_open(page: Page, name: str) -> None:
    await expect(tab(page, name)).to_have_attribute("aria-current", "page")


async def run(page: Page, command: str) -> None:
    """By the palette, without a mouse."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type(command)
    options = page.get_by_role("listbox", name="Commands and leads").get_by_role("option")
    await expect(options.first).to_contain_text(command, ignore_case=True)
    await page.keyboard.press("Enter")


async def pick(page: Page, menu: str, entry: str) -> None:
    await page.get_by_role("button", name=f"More for {menu}", exact=True).last.press("Enter")
    await page.get_by_role("menu", name=menu, exact=True).get_by_role("menuitem", name=entry, exact=True).press("Enter")


async def findings(page: Page) -> list[str]:
    """What axe finds seriously wrong once everything has come to rest."""
    await page.evaluate(REST)
    found = (await Axe().run(page)).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in serious for node in each["nodes"]
    ]


async def undo(page: Page, said: str) -> None:
    await page.get_by_text(said).locator("..").get_by_role("button", name="Undo").click()
