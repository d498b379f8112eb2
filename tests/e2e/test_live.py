"""Several browsers, one truth: what happens to a lead is on every open screen of its organization, and on no other."""

import json
from collections.abc import Awaitable, Callable

from playwright.async_api import Page, WebSocket, expect

from leadflow.bootstrap import App
from tests.e2e.people import api, card, column, is_live, lead_of
from tests.fixtures.cast import Member
from tests.fixtures.house import House

LogIn = Callable[..., Awaitable[Page]]


def listen(page: Page) -> list[str]:
    """Every frame that this page's sockets receive from now on."""
    frames: list[str] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page.on("websocket", opened)
    return frames


async def test_an_event_by_api_is_on_the_other_board_with_its_score_and_rivals_hear_nothing(
    app: App, product: House, log_in: LogIn, ada: Member, ben: Member, mallory: Member
) -> None:
    lead_id = await lead_of(app, ada, "Grace Hopper", title="Director", company="Navy")
    hers, his, theirs = await log_in(ada), await log_in(ben), await log_in(mallory)
    rival_frames = listen(theirs)
    await theirs.reload()
    for page in (hers, his, theirs):
        await is_live(page)
    before = await card(his, "Grace Hopper").locator(".lf-lead__score").inner_text()

    async with api(app, product, ada) as client:
        answer = await client.post("/events", json={"email": "grace@buyer.example", "kind": "demo_requested"})
    assert answer.status_code == 202

    for page in (hers, his):
        await expect(card(page, "Grace Hopper").locator(".lf-lead__score")).not_to_have_text(before)
        await expect(card(page, "Grace Hopper")).to_contain_text("Requested a demo")
    await expect(card(theirs, "Grace Hopper")).to_have_count(0)
    assert rival_frames
    assert not [frame for frame in rival_frames if lead_id in frame or "Grace" in frame]


async def test_a_move_in_one_browser_is_seen_in_the_other_and_survives_a_reload(
    app: App, log_in: LogIn, ada: Member, ben: Member
) -> None:
    await lead_of(app, ada, "Alan Kay")
    hers, his = await log_in(ada), await log_in(ben)
    await is_live(his)
    await card(hers, "Alan Kay").get_by_role("link").focus()
    await hers.keyboard.press("m")
    await hers.get_by_role("menuitemradio", name="Qualified").click()
    for page in (hers, his):
        await expect(column(page, "qualified").get_by_role("listitem", name="Alan Kay")).to_be_visible()
    await hers.reload()
    await expect(column(hers, "qualified").get_by_role("listitem", name="Alan Kay")).to_be_visible()


async def test_a_card_is_dragged_with_the_mouse(app: App, log_in: LogIn, ada: Member) -> None:
    await lead_of(app, ada, "Ada Yonath")
    page = await log_in(ada)
    await is_live(page)
    start = await card(page, "Ada Yonath").bounding_box()
    goal = await column(page, "contacted").bounding_box()
    assert start
    assert goal
    await page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 8)
    await page.mouse.down()
    await page.mouse.move(start["x"] + 60, start["y"] + 40, steps=4)
    await page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 160, steps=8)
    await page.mouse.up()
    await expect(column(page, "contacted").get_by_role("listitem", name="Ada Yonath")).to_be_visible()


async def test_only_cards_in_sight_are_in_the_page_and_the_keyboard_reaches_all_others(
    app: App, log_in: LogIn, ada: Member
) -> None:
    names = {f"Lead{number}" for number in range(60)}
    for name in names:
        await lead_of(app, ada, name)
    page = await log_in(ada)
    await is_live(page)
    new = column(page, "new")
    await expect(new.locator(".lf-column__count")).to_have_text("60")
    await new.get_by_role("listitem").first.get_by_role("link").focus()
    await page.keyboard.press("ArrowDown")  # from here on the order stands still
    reached: set[str] = set()
    for key in ["ArrowUp"] * 5 + ["ArrowDown"] * 200:
        reached.add(await page.evaluate("document.activeElement.textContent"))
        if reached == names:
            break
        await page.keyboard.press(key)
    assert reached == names
    assert await new.get_by_role("listitem").count() < 30
    await new.locator(".lf-column__cards").evaluate("(cards) => cards.scrollTo(0, 0)")
    await expect(new.get_by_role("listitem").last.get_by_role("link")).to_be_focused()


async def test_figures_move_without_a_reload(app: App, log_in: LogIn, ada: Member) -> None:
    page = await log_in(ada)
    await is_live(page)
    tile = page.get_by_role("group", name="New today")
    await expect(tile).to_contain_text("0")
    await lead_of(app, ada, "Radia Perlman")
    await expect(tile).to_contain_text("1")


async def test_the_browser_catches_up_without_a_reload_when_the_web_process_was_killed(
    app: App, product: House, log_in: LogIn, ada: Member
) -> None:
    await lead_of(app, ada, "Before Crash")
    page = await log_in(ada)
    await is_live(page)
    await page.evaluate("window.stillTheSamePage = true")
    product.kill("web")
    await lead_of(app, ada, "During Crash")
    await expect(page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    product.start("web")
    await is_live(page)
    await expect(card(page, "During Crash")).to_be_visible()
    await expect(card(page, "Before Crash")).to_be_visible()
    assert await page.evaluate("window.stillTheSamePage")


async def test_a_revoked_session_is_told_so(log_in: LogIn, ada: Member) -> None:
    first, second = await log_in(ada), await log_in(ada)
    await is_live(first)
    sessions = await second.evaluate("fetch('/api/v1/sessions').then((answer) => answer.json())")
    other = next(each for each in json.loads(json.dumps(sessions))["items"] if not each["current"])
    status = await second.evaluate(
        "(id) => fetch(`/api/v1/sessions/${id}`, {method: 'DELETE'}).then((answer) => answer.status)", other["id"]
    )
    assert status in (200, 204)
    await first.wait_for_url("**/login**")
