"""Tabs and defaults are each person's own; the organization's default is for those who chose nothing."""

import asyncio

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.views import saved
from leadflow.views.saved import ArrangePins
from leadflow.views.saved.models import Layout
from tests.fixtures.cast import Company
from tests.views.saved.desk import change, choose, do, everything, opens, said, save, tabs


async def test_tabs_are_each_persons_own_and_in_their_order(office: App, company: Company) -> None:
    views = [await save(office, company.rep, name, is_shared=True, is_pinned=True) for name in ("A", "B", "C")]
    assert await tabs(office, company.rep) == ["A", "B", "C"]
    assert await tabs(office, company.viewer) == []
    await do(office, company.viewer, "pin", views[2])
    async with office.work(company.rep) as work:
        await saved.arrange(work, ArrangePins(views=(views[2], views[0])))
    assert await tabs(office, company.rep) == ["C", "A", "B"]
    assert await tabs(office, company.viewer) == ["C"]
    await do(office, company.rep, "unpin", views[0])
    await do(office, company.rep, "pin", views[0])
    await do(office, company.rep, "pin", views[0])
    assert await tabs(office, company.rep) == ["C", "B", "A"]
    pins = [event.data["person"] for event in await said(office, company.rep) if "pinned" in event.kind]
    assert pins == [str(each.actor.id) for each in (company.rep,) * 3 + (company.viewer,) + (company.rep,) * 2]


async def test_an_order_that_is_so_already_and_views_that_are_no_tabs_change_nothing(
    office: App, company: Company
) -> None:
    views = [await save(office, company.rep, name, is_pinned=name != "C") for name in ("A", "B", "C")]
    before = await everything(office, company.rep)
    async with office.work(company.rep) as work:
        await saved.arrange(work, ArrangePins(views=(views[2], views[0], views[1], views[0])))
    assert await everything(office, company.rep) == before


async def test_a_tab_that_is_no_longer_shared_is_gone_and_comes_back_with_it(office: App, company: Company) -> None:
    view = await save(office, company.owner, is_shared=True)
    await do(office, company.rep, "pin", view)
    await choose(office, company.rep, view)
    await change(office, company.owner, view, is_shared=False)
    assert (await tabs(office, company.rep), await opens(office, company.rep)) == ([], None)
    await change(office, company.owner, view, is_shared=True)
    assert (await tabs(office, company.rep), await opens(office, company.rep)) == (["Hot"], "Hot")


async def test_ones_own_default_wins_and_all_leads_can_be_it(office: App, company: Company) -> None:
    ours = await save(office, company.owner, "Ours", is_shared=True)
    mine = await save(office, company.rep, "Mine")
    assert await opens(office, company.rep) is None
    await choose(office, company.owner, ours, whose="organization")
    for each in (company.owner, company.rep, company.viewer):
        assert await opens(office, each) == "Ours"
        assert await opens(office, each, "board") is None
    await choose(office, company.rep, mine)
    assert (await opens(office, company.rep), await opens(office, company.viewer)) == ("Mine", "Ours")
    await choose(office, company.rep, "all")
    assert await opens(office, company.rep) == "all"
    await choose(office, company.rep, None)
    assert await opens(office, company.rep) == "Ours"
    await choose(office, company.owner, None, whose="organization")
    assert await opens(office, company.rep) is None


async def test_the_organizations_default_is_a_shared_view_of_that_page_and_for_some_to_choose(
    office: App, company: Company
) -> None:
    own = await save(office, company.owner, "Own")
    shared = await save(office, company.owner, "Shared", is_shared=True)
    before = await everything(office, company.owner)
    for other in (company.rep, company.manager, company.viewer):
        with pytest.raises(Forbidden, match=r"settings\.manage"):
            await choose(office, other, shared, whose="organization")
    with pytest.raises(Invalid):
        await choose(office, company.owner, own, whose="organization")
    for whose in ("me", "organization"):
        with pytest.raises(Invalid):
            await choose(office, company.owner, shared, whose=whose, layout=Layout.BOARD)
    assert await everything(office, company.owner) == before


async def test_two_who_choose_at_once_leave_one_default(office: App, company: Company) -> None:
    views = [await save(office, company.owner, name, is_shared=True) for name in ("A", "B")]
    await asyncio.gather(*(choose(office, company.owner, view, whose="organization") for view in views * 3))
    assert await opens(office, company.viewer) in {"A", "B"}


async def test_what_is_no_longer_shared_is_no_default_either(office: App, company: Company) -> None:
    view = await save(office, company.owner, is_shared=True)
    await choose(office, company.owner, view, whose="organization")
    await change(office, company.owner, view, is_shared=False)
    assert await opens(office, company.owner) is None
    await change(office, company.owner, view, is_shared=True)
    assert await opens(office, company.owner) is None


async def test_another_default_that_was_chosen_meanwhile_stays(office: App, company: Company) -> None:
    view, other = [await save(office, company.owner, name, is_shared=True) for name in ("A", "B")]
    await choose(office, company.owner, view, whose="organization")
    await do(office, company.owner, "delete", view)
    await choose(office, company.owner, other, whose="organization")
    await do(office, company.owner, "restore", view)
    assert await opens(office, company.viewer) == "B"
