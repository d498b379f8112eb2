"""Each page, light and dark, narrow and wide: it works for everybody, fits, and says nothing wrong on the console."""

from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Page

from leadflow.bootstrap import App
from tests.e2e.people import lead_of
from tests.fixtures.cast import Member

LogIn = Callable[..., Awaitable[Page]]
PAGES = (
    "/", "/day", "/leads", "/leads?view=all&band=cold", "/leads?group=stage&columns=name,phone,band,trail,value", "/leads/{lead}", "/leads/{lead}?tab=tasks", "/import", "/people", "/people?tab=teams", "/people?tab=roles", "/people?tab=calendar",
    "/calendar?month=2026-12",
    "/assignment", "/assignment?edit=new", "/assignment?tab=dry-run", "/scoring", "/scoring?tab=history", "/scoring?tab=model",
    "/sources", "/settings",
    "/settings?tab=audit", "/settings?tab=notifications",
)  # fmt: skip
NAMES = (
    "Maximiliana Theodora Wolkenstein-Trostburg von und zu Hohenlohe-Langenburg",
    "فاطمة الزهراء بن عبد الرحمن",
    "Li",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
async def test_no_serious_finding_no_sideways_scrolling_and_a_quiet_console(
    app: App, log_in: LogIn, ada: Member, scheme: str, width: int
) -> None:
    for number, name in enumerate(NAMES):
        lead = await lead_of(app, ada, name, email=f"p{number}@buyer.example", company="" if number else name * 2)
    page = await log_in(ada, color_scheme=scheme, viewport={"width": width, "height": 844})
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for path in PAGES:
        await page.goto(path.format(lead=lead))
        await page.wait_for_load_state("networkidle")
        findings = (await Axe().run(page)).response["violations"]
        serious = [
            f"{path}: {each['id']} {each['nodes'][0]['html'][:160]}"
            for each in findings
            if each["impact"] in ("serious", "critical")
        ]
        assert not serious
        sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, path
    assert not said
