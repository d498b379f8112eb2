"""Two people at one lead: what merges, what is asked, what is kept while the connection is away, and who is there."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from playwright.async_api import Locator, Page, Route, expect

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import UpdateLead
from leadflow.leads.queries import detail
from tests.e2e.people import card, column, is_live, lead_of
from tests.e2e.test_live import listen
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor

LogIn = Callable[..., Awaitable[Page]]


async def change(app: App, member: Member, lead_id: str, **fields: object) -> None:
    async with app.work(member) as work:
        await leads.update(work, UUID(lead_id), UpdateLead.model_validate(fields))


async def stored(app: App, member: Member, lead_id: str, field: str) -> object:
    async with app.work(member) as work:
        return (await detail(work, UUID(lead_id)))[field]


async def at_lead(page: Page, lead_id: str) -> None:
    await page.goto(f"/leads/{lead_id}")
    await is_live(page)
    await page.get_by_role("heading", name="Facts").wait_for()


def box(page: Page, field: str) -> Locator:
    return page.get_by_role("textbox", name=field, exact=True)


async def write(page: Page, field: str, text: str) -> None:
    await page.get_by_role("button", name=f"Edit {field}").click()
    await box(page, field).fill(text)


def fact(page: Page, field: str) -> Locator:
    return page.locator(".lf-fact").filter(has=page.locator("dt", has_text=field))


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Somebody else changed this too")


class TestMeeting:
    async def test_different_fields_merge_in_silence_on_both_screens(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Frances Allen", company="Compilers")
        hers, his = await log_in(ada), await log_in(ben)
        for page in (hers, his):
            await at_lead(page, lead)
        await write(hers, "Company", "IBM")
        await write(his, "Title", "Fellow")
        await hers.keyboard.press("Enter")
        await expect(fact(his, "Company")).to_contain_text("IBM")
        await his.keyboard.press("Enter")
        for page in (hers, his):
            await expect(fact(page, "Company")).to_contain_text("IBM")
            await expect(fact(page, "Title")).to_contain_text("Fellow")
            await expect(dialog(page)).to_have_count(0)

    async def test_the_same_field_is_chosen_between_three_values(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Frances Allen", company="Compilers")
        hers, his = await log_in(ada), await log_in(ben)
        for page in (hers, his):
            await at_lead(page, lead)
        await write(his, "Company", "His Ltd")
        await write(hers, "Company", "Hers Ltd")
        await hers.keyboard.press("Enter")
        await expect(fact(hers, "Company")).to_contain_text("Hers Ltd")
        await box(his, "Company").press("Enter")
        asked = dialog(his)
        await expect(asked.get_by_role("radio", name="Before Compilers")).to_be_focused()
        await expect(asked.get_by_role("radio", name="Theirs (Ada, just now) Hers Ltd")).to_be_visible()
        await expect(asked.get_by_role("radio", checked=True)).to_have_count(0)
        await asked.get_by_role("button", name="Save choice").click()
        await expect(asked.get_by_role("alert")).to_have_text("Choose one of them.")
        await his.keyboard.press("Escape")
        await expect(box(his, "Company")).to_have_value("His Ltd")
        assert await stored(app, ada, lead, "company") == "Hers Ltd"
        await box(his, "Company").press("Enter")
        await asked.get_by_role("radio", name="Yours His Ltd").check()
        await asked.get_by_role("button", name="Save choice").click()
        for page in (hers, his):
            await expect(fact(page, "Company")).to_contain_text("His Ltd")

    async def test_theirs_is_kept_and_something_else_is_written(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Frances Allen", company="Compilers", title="Dr")
        page = await log_in(ben)
        await at_lead(page, lead)
        await write(page, "Company", "His Ltd")
        await change(app, ada, lead, company="Hers Ltd", title="Professor")
        await box(page, "Company").press("Enter")
        await dialog(page).get_by_role("button", name="Keep theirs").click()
        await expect(fact(page, "Company")).to_contain_text("Hers Ltd")
        await expect(box(page, "Company")).to_have_count(0)

        await write(page, "Title", "Fellow")
        await change(app, ada, lead, title="Dame")
        await box(page, "Title").press("Enter")
        await dialog(page).get_by_role("radio", name="Write another").check()
        await dialog(page).get_by_role("textbox", name="Another title").fill("Dame, Fellow")
        await page.keyboard.press("Control+Enter")
        await expect(fact(page, "Title")).to_contain_text("Dame, Fellow")
        assert await stored(app, ada, lead, "title") == "Dame, Fellow"

    async def test_an_owner_that_somebody_else_gave_meanwhile_is_asked_about(
        self, app: App, log_in: LogIn, ada: Member, ben: Member, cleo: Member
    ) -> None:
        lead = await lead_of(app, ada, "Frances Allen")
        page = await log_in(ben)
        await at_lead(page, lead)
        await expect(page.get_by_role("button", name="Owner: Ben. Change").first).to_be_visible()

        hers = iter([str(cleo.actor.id)])

        async def held(route: Route) -> None:
            if route.request.method == "PATCH" and (owner := next(hers, None)):
                await change(app, ada, lead, owner=owner)
            await route.continue_()

        await page.route("**/api/v1/leads/*", held)
        await page.get_by_role("button", name="Owner: Ben. Change").first.click()
        await page.get_by_role("menuitemradio", name="Ada").click()
        await expect(dialog(page).get_by_role("radio", name="Theirs (Ada, just now) Cleo")).to_be_visible()
        await dialog(page).get_by_role("radio", name="Yours Ada").check()
        await dialog(page).get_by_role("button", name="Save choice").click()
        await expect(page.get_by_role("button", name="Owner: Ada. Change").first).to_be_visible()
        assert await stored(app, ada, lead, "owner") == str(ada.actor.id)

    async def test_a_card_that_somebody_else_has_moved_meanwhile_is_asked_about_too(
        self, app: App, log_in: LogIn, ada: Member
    ) -> None:
        lead = await lead_of(app, ada, "Alan Kay")
        page = await log_in(ada)
        await is_live(page)
        hers = iter(["won"])

        async def held(route: Route) -> None:
            if stage := next(hers, None):
                await change(app, ada, lead, stage=stage)
            await route.continue_()

        await page.route("**/api/v1/leads/*", held)
        await card(page, "Alan Kay").get_by_role("link").focus()
        await page.keyboard.press("m")
        await page.get_by_role("menuitemradio", name="Qualified").click()
        await expect(dialog(page).get_by_role("radio", name="Before New")).to_be_visible()
        await dialog(page).get_by_role("button", name="Keep theirs").click()
        await expect(page.get_by_role("region", name="Won, 1 lead")).to_be_visible()
        await expect(page.get_by_text("Alan Kay stays in Won.")).to_be_visible()


def cell(page: Page, name: str, field: str) -> Locator:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    return row.locator(f'[data-cell="{field}"]')


async def at_list(page: Page) -> None:
    await page.goto("/leads")
    await is_live(page)
    await page.get_by_role("table", name="Leads").get_by_role("link").first.wait_for()


class TestTable:
    async def test_cells_are_edited_by_keyboard_seen_by_others_and_undone(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy", value=100_00)
        hers, his = await log_in(ada), await log_in(ben)
        for page in (hers, his):
            await at_list(page)
        await hers.keyboard.press("j")
        await expect(hers.get_by_role("link", name="Grace Hopper")).to_be_focused()
        await hers.keyboard.press("ArrowRight")
        await expect(cell(hers, "Grace Hopper", "company")).to_be_focused()
        await hers.keyboard.press("e")
        editor = hers.get_by_role("textbox", name="Company of Grace Hopper")
        await expect(editor).to_be_focused()
        await editor.fill("IBM jj")
        await hers.keyboard.press("Enter")
        await expect(cell(hers, "Grace Hopper", "company")).to_be_focused()
        for page in (hers, his):
            await expect(cell(page, "Grace Hopper", "company")).to_have_text("IBM jj")
        await (
            hers.get_by_text("Company of Grace Hopper: IBM jj.")
            .locator("..")
            .get_by_role("button", name="Undo")
            .click()
        )
        await expect(cell(his, "Grace Hopper", "company")).to_have_text("Navy")

        await cell(hers, "Grace Hopper", "company").focus()
        await hers.keyboard.press("F2")
        await editor.fill("nothing of this")
        await hers.keyboard.press("Escape")
        await expect(cell(hers, "Grace Hopper", "company")).to_have_text("Navy")
        await expect(cell(hers, "Grace Hopper", "company")).to_be_focused()

        await cell(hers, "Grace Hopper", "value").dblclick()
        value = hers.get_by_role("textbox", name="Value of Grace Hopper")
        await value.fill("much")
        await hers.keyboard.press("Enter")
        await expect(hers.get_by_role("alert")).to_have_text("Write a number, such as 1500.")
        await value.fill("1,500.50")
        await hers.keyboard.press("Enter")
        await expect(cell(his, "Grace Hopper", "value")).to_have_text("€1,500.50")
        assert await stored(app, ada, lead, "value") == 1500_50

    async def test_tab_goes_on_to_the_next_cell_and_stage_and_owner_are_chosen_from_menus(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy", source="fair")
        hers, his = await log_in(ada), await log_in(ben)
        for page in (hers, his):
            await at_list(page)
        await hers.get_by_role("link", name="Grace Hopper").focus()
        await hers.keyboard.press("e")
        await hers.get_by_role("textbox", name="Name of Grace Hopper").fill("Grace B. Hopper")
        await hers.keyboard.press("Tab")
        company = hers.get_by_role("textbox", name="Company of Grace B. Hopper")
        await expect(company).to_be_focused()
        await company.fill("IBM")
        await hers.keyboard.press("Tab")
        await hers.get_by_role("menuitemradio", name="Qualified").click()
        await expect(cell(his, "Grace B. Hopper", "stage")).to_have_text("Qualified")
        await expect(cell(his, "Grace B. Hopper", "company")).to_have_text("IBM")
        await expect(cell(hers, "Grace B. Hopper", "stage")).to_be_focused()
        await hers.keyboard.press("ArrowRight")
        await hers.keyboard.press("Enter")
        await hers.get_by_role("menuitemradio", name="Ada").click()
        await expect(cell(his, "Grace B. Hopper", "owner")).to_contain_text("Ada")
        assert await stored(app, ada, lead, "owner") == str(ada.actor.id)
        await hers.get_by_role("link", name="Grace B. Hopper").focus()
        await hers.keyboard.press("Enter")
        await hers.wait_for_url(f"**/leads/{lead}")

    async def test_what_is_refused_stands_at_the_cell_with_what_was_written(
        self, app: App, log_in: LogIn, ada: Member
    ) -> None:
        await lead_of(app, ada, "Grace Hopper", company="Navy")
        page = await log_in(ada)
        await at_list(page)
        await page.route(
            "**/api/v1/leads/*",
            lambda route: route.fulfill(
                status=422,
                content_type="application/problem+json",
                body='{"title":"x","errors":[{"field":"company","message":"Not this one."}]}',
            ),
        )
        await cell(page, "Grace Hopper", "company").dblclick()
        editor = page.get_by_role("textbox", name="Company of Grace Hopper")
        await editor.fill("IBM")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_have_text("Not this one.")
        await expect(editor).to_have_value("IBM")
        await page.unroute("**/api/v1/leads/*")
        await editor.press("Enter")
        await expect(cell(page, "Grace Hopper", "company")).to_have_text("IBM")

    async def test_a_cell_that_somebody_else_has_changed_meanwhile_asks(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
        page = await log_in(ben)
        await at_list(page)
        await cell(page, "Grace Hopper", "company").dblclick()
        editor = page.get_by_role("textbox", name="Company of Grace Hopper")
        await editor.fill("DEC")
        await change(app, ada, lead, company="IBM")
        await editor.press("Enter")
        await expect(dialog(page)).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(editor).to_have_value("DEC")
        await editor.press("Enter")
        await dialog(page).get_by_role("radio", name="Yours DEC").check()
        await dialog(page).get_by_role("button", name="Save choice").click()
        await expect(cell(page, "Grace Hopper", "company")).to_have_text("DEC")
        assert await stored(app, ada, lead, "company") == "DEC"

    async def test_nothing_can_be_edited_by_a_viewer_and_on_a_phone_the_row_opens_the_lead(
        self, app: App, log_in: LogIn, ada: Member, viewer: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
        page = await log_in(viewer)
        await at_list(page)
        await expect(page.locator("[data-cell]")).to_have_count(0)
        await page.get_by_role("link", name="Grace Hopper").focus()
        await page.keyboard.press("e")
        await expect(page.get_by_role("textbox", name="Name of Grace Hopper")).to_have_count(0)
        phone = await log_in(ada, viewport={"width": 390, "height": 844})
        await at_list(phone)
        await expect(phone.locator("[data-cell]")).to_have_count(0)
        await phone.get_by_role("link", name="Grace Hopper").click()
        await phone.wait_for_url(f"**/leads/{lead}")


NOT_SAVED = "Not saved yet. Waiting for the connection"


class TestOffline:
    async def test_what_is_written_while_away_is_kept_and_sent(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
        page = await log_in(ben)
        await at_lead(page, lead)
        await page.context.set_offline(True)
        await write(page, "Company", "IBM")
        await box(page, "Company").press("Enter")
        await expect(fact(page, "Company")).to_contain_text("IBM")
        await expect(fact(page, "Company")).to_contain_text(NOT_SAVED)
        composer = page.get_by_role("form", name="Log an activity")
        await composer.get_by_role("textbox").fill("Met at the fair.")
        await composer.get_by_role("button", name="Save note").click()
        await expect(composer).to_contain_text(NOT_SAVED)
        assert await stored(app, ada, lead, "company") == "Navy"
        await page.context.set_offline(False)
        await expect(fact(page, "Company")).not_to_contain_text(NOT_SAVED)
        await expect(fact(page, "Company")).to_contain_text("IBM")
        await expect(composer.get_by_role("textbox")).to_have_value("")
        await expect(page.locator(".lf-timeline").get_by_text("Met at the fair.")).to_have_count(1)
        assert await stored(app, ada, lead, "company") == "IBM"

    async def test_what_somebody_else_has_changed_meanwhile_is_asked_about_on_the_way_back(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy", title="Dr")
        page = await log_in(ben)
        await at_lead(page, lead)
        await page.context.set_offline(True)
        for field, text in (("Company", "DEC"), ("Title", "Admiral")):
            await write(page, field, text)
            await box(page, field).press("Enter")
            await expect(fact(page, field)).to_contain_text(NOT_SAVED)
        await change(app, ada, lead, company="IBM")
        await page.context.set_offline(False)
        await dialog(page).get_by_role("radio", name="Theirs (Ada, just now) IBM").wait_for()
        await expect(dialog(page).get_by_role("group")).to_have_count(1)
        await dialog(page).get_by_role("radio", name="Yours DEC").check()
        await dialog(page).get_by_role("button", name="Save choice").click()
        await expect(fact(page, "Company")).to_contain_text("DEC")
        await expect(fact(page, "Title")).to_contain_text("Admiral")
        await expect(page.locator(".lf-unsaved")).to_have_count(0)
        assert [await stored(app, ada, lead, field) for field in ("company", "title")] == ["DEC", "Admiral"]

    async def test_it_survives_a_reload_and_belongs_to_one_person(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy", title="Dr")
        page = await log_in(ben)
        await at_lead(page, lead)
        await write(page, "Title", "Adm")
        await page.route("**/api/v1/leads/*", lambda route: route.abort() if _writes(route) else route.continue_())
        await write(page, "Company", "IBM")
        await box(page, "Company").press("Enter")
        await expect(fact(page, "Company")).to_contain_text(NOT_SAVED)
        await page.reload()
        await expect(fact(page, "Company")).to_contain_text(NOT_SAVED)
        await expect(fact(page, "Company")).to_contain_text("IBM")
        await expect(box(page, "Title")).to_have_value("Adm")
        await expect(box(page, "Title")).not_to_be_focused()
        names = await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('lf.unsaved'))")
        assert sorted(names) == [f"lf.unsaved.{ben.actor.id}.{lead}.{field}" for field in ("company", "title")]
        await page.unroute("**/api/v1/leads/*")
        await expect(fact(page, "Company")).not_to_contain_text(NOT_SAVED)
        await box(page, "Title").press("Escape")
        await expect(fact(page, "Title")).to_contain_text("Dr")
        assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('lf.unsaved'))") == []
        assert await stored(app, ada, lead, "company") == "IBM"

    async def test_a_list_and_a_board_wait_as_well(self, app: App, log_in: LogIn, ada: Member, ben: Member) -> None:
        lead = await lead_of(app, ada, "Grace Hopper", company="Navy")
        page, board = await log_in(ben), await log_in(ada)
        await at_list(page)
        await is_live(board)
        for each in (page, board):
            await each.context.set_offline(True)
        await cell(page, "Grace Hopper", "company").dblclick()
        await page.get_by_role("textbox", name="Company of Grace Hopper").fill("IBM")
        await page.keyboard.press("Enter")
        await expect(cell(page, "Grace Hopper", "company").get_by_role("img", name=NOT_SAVED)).to_be_visible()
        await card(board, "Grace Hopper").get_by_role("link").focus()
        await board.keyboard.press("m")
        await board.get_by_role("menuitemradio", name="Qualified").click()
        await expect(column(board, "qualified").get_by_role("listitem", name="Grace Hopper")).to_be_visible()
        assert await stored(app, ada, lead, "stage") == "new"
        for each in (page, board):
            await each.context.set_offline(False)
        await expect(cell(page, "Grace Hopper", "stage")).to_have_text("Qualified")
        await expect(page.get_by_role("img", name=NOT_SAVED)).to_have_count(0)
        await expect(board.get_by_text("Saved what was waiting: Stage of Grace Hopper.")).to_be_visible()
        assert [await stored(app, ada, lead, field) for field in ("company", "stage")] == ["IBM", "qualified"]


def _writes(route: Route) -> bool:
    return route.request.method == "PATCH"


class TestPresence:
    async def test_two_see_each_other_and_one_who_leaves_is_gone(
        self, app: App, log_in: LogIn, ada: Member, ben: Member
    ) -> None:
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
        self, app: App, log_in: LogIn, ada: Member, ben: Member
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

    async def test_mallory_and_a_rep_of_another_team_are_told_nothing(
        self, app: App, log_in: LogIn, mallory: Member
    ) -> None:
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
