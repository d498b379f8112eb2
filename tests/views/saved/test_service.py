"""Views are made, changed, shared, deleted and restored; Mallory finds none of them."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.live import News, news_of
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember
from leadflow.tenancy.service import system_scope
from leadflow.views import saved
from leadflow.views.saved import ChangeView, SaveView
from leadflow.views.saved.errors import ViewChanged, ViewDeleted, ViewNotFound
from leadflow.views.saved.rules import KEPT
from tests.fixtures.cast import Company, Member
from tests.views.saved.desk import HOT, change, choose, do, everything, look, names, said, save, tabs, view_of


async def test_a_view_is_its_owners_until_it_is_shared(office: App, company: Company, mallory: Member) -> None:
    view = await save(office, company.rep)
    told = await view_of(office, company.rep, view)
    assert (told["name"], told["layout"], told["params"], told["is_mine"], told["version"]) == (
        "Hot",
        "list",
        HOT,
        True,
        1,
    )
    for other in (company.owner, company.manager, company.viewer, mallory):
        assert await names(office, other) == []
    await change(office, company.rep, view, is_shared=True)
    for other in (company.owner, company.manager, company.viewer):
        assert await names(office, other) == ["Hot"]
        assert (await view_of(office, other, view))["owner_name"] == "Ben"
    assert await names(office, mallory) == []
    await change(office, company.rep, view, is_shared=False)
    assert await names(office, company.owner) == []


async def test_the_log_names_what_is_shared_and_nothing_else(office: App, company: Company) -> None:
    view = await save(office, company.rep, "My secret plan", params={"q": "hushmail"})
    await change(office, company.rep, view, name="Our plan", is_shared=True)
    await do(office, company.rep, "delete", view)
    await do(office, company.rep, "restore", view)
    await change(office, company.rep, view, is_shared=False)
    log = await said(office, company.rep)
    assert [event.kind for event in log] == [
        "view.saved", "view.changed", "view.shared", "view.deleted", "view.restored", "view.unshared",
    ]  # fmt: skip
    assert [event.data.get("name") for event in log] == [None, *["Our plan"] * 5]
    assert {event.actor_id for event in log} == {company.rep.actor.id}
    assert "secret" not in str(log)
    assert "hushmail" not in str(log)


async def test_whoever_looks_only_saves_for_themselves(office: App, company: Company) -> None:
    view = await save(office, company.viewer)
    assert await names(office, company.viewer) == ["Hot"]
    with pytest.raises(Forbidden, match=r"leads\.write"):
        await change(office, company.viewer, view, is_shared=True)
    with pytest.raises(Forbidden, match=r"leads\.write"):
        await save(office, company.viewer, "Shared", is_shared=True)


async def test_a_shared_view_is_changed_by_its_owner_and_by_those_who_manage_settings(
    office: App, company: Company
) -> None:
    view = await save(office, company.rep, is_shared=True)
    before = await everything(office, company.rep)
    for other in (company.manager, company.viewer):
        with pytest.raises(Forbidden):
            await change(office, other, view, name="Mine now")
        with pytest.raises(Forbidden):
            await do(office, other, "delete", view)
        assert not (await view_of(office, other, view))["may_change"]
    assert await everything(office, company.rep) == before
    await change(office, company.owner, view, name="Hot leads")
    told = await view_of(office, company.rep, view)
    assert (told["name"], told["changed_by"], told["owner_name"]) == ("Hot leads", "Ada", "Ben")
    assert (await view_of(office, company.owner, view))["may_change"]


async def test_mallory_reaches_no_view(office: App, company: Company, mallory: Member) -> None:
    view = await save(office, company.rep, is_shared=True, is_pinned=True)
    before = [await everything(office, each) for each in (company.rep, mallory)]
    for attempt in (
        change(office, mallory, view, name="Mine"),
        *(do(office, mallory, step, view) for step in ("delete", "restore", "pin", "unpin")),
        choose(office, mallory, view),
        choose(office, mallory, view, whose="organization"),
    ):
        with pytest.raises(ViewNotFound):
            await attempt
    async with office.work(mallory) as work:
        await saved.arrange(work, saved.ArrangePins(views=(view,)))
    assert [await everything(office, each) for each in (company.rep, mallory)] == before


async def test_somebody_elses_own_view_is_not_there_for_anybody(office: App, company: Company) -> None:
    view = await save(office, company.rep)
    for other in (company.owner, company.manager):
        for attempt in (
            change(office, other, view, name="x"),
            do(office, other, "delete", view),
            do(office, other, "pin", view),
        ):
            with pytest.raises(ViewNotFound):
                await attempt


async def test_names_are_taken_whatever_their_case(office: App, company: Company) -> None:
    view = await save(office, company.rep, "Hot")
    with pytest.raises(Invalid) as refused:
        await save(office, company.rep, "hOT")
    assert [(each.field, each.message) for each in refused.value.problems] == [
        ("name", "You have a view of this name already.")
    ]
    shared = await save(office, company.manager, "hot", is_shared=True)
    with pytest.raises(Invalid):
        await change(office, company.rep, view, is_shared=True)
    assert not (await view_of(office, company.rep, view))["is_shared"]
    await change(office, company.manager, shared, name="Hotter")
    await change(office, company.rep, view, is_shared=True)
    await do(office, company.rep, "delete", view)
    await save(office, company.rep, "HOT")


async def test_one_of_two_who_share_the_same_name_is_refused(office: App, company: Company) -> None:
    views = [(each, await save(office, each, "Both")) for each in (company.rep, company.manager)]
    done = await asyncio.gather(
        *(change(office, each, view, is_shared=True) for each, view in views), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["Invalid", "NoneType"]


async def test_a_change_is_held_against_the_version_that_was_seen(office: App, company: Company) -> None:
    view = await save(office, company.rep, is_shared=True)
    await change(office, company.owner, view, params={"band": "warm"}, version=1)
    with pytest.raises(ViewChanged) as conflict:
        await change(office, company.rep, view, params={"band": "cold"}, version=1)
    assert conflict.value.current == {
        "name": "Hot", "icon": "Eye", "params": {"band": "warm"}, "is_shared": True, "version": 2,
    }  # fmt: skip
    await change(office, company.rep, view, params={"band": "cold"}, version=2)
    assert (await view_of(office, company.owner, view))["params"] == {"band": "cold"}


async def test_what_changes_nothing_is_no_change(office: App, company: Company) -> None:
    view = await save(office, company.rep)
    before = await everything(office, company.rep)
    await change(office, company.rep, view, name="Hot", params={**HOT, "q": ""}, is_shared=False)
    await do(office, company.rep, "restore", view)
    await do(office, company.rep, "unpin", view)
    assert await everything(office, company.rep) == before


async def test_deleting_is_taken_back_with_pins_and_defaults(office: App, company: Company) -> None:
    view = await save(office, company.owner, is_shared=True, is_pinned=True)
    await do(office, company.rep, "pin", view)
    await choose(office, company.owner, view, whose="organization")
    await do(office, company.owner, "delete", view)
    await do(office, company.owner, "delete", view)
    for each in (company.owner, company.rep):
        assert await names(office, each) == []
    with pytest.raises(ViewDeleted):
        await change(office, company.owner, view, name="x")
    with pytest.raises(ViewDeleted):
        await do(office, company.rep, "pin", view)
    with pytest.raises(Forbidden):
        await do(office, company.rep, "restore", view)
    await do(office, company.owner, "restore", view)
    for each in (company.owner, company.rep):
        assert await tabs(office, each) == ["Hot"]
        assert (await look(office, each)).defaults["list"]["opens"] == str(view)


async def test_a_name_that_was_given_away_meanwhile_comes_back_as_one_like_it(office: App, company: Company) -> None:
    view = await save(office, company.rep)
    await do(office, company.rep, "delete", view)
    await save(office, company.rep, "hot")
    await do(office, company.rep, "restore", view)
    assert sorted(await names(office, company.rep)) == ["Hot 2", "hot"]


async def test_after_thirty_days_it_is_forgotten(office: App, company: Company, clock: FixedClock) -> None:
    view, kept = await save(office, company.rep, is_pinned=True), await save(office, company.rep, "Kept")
    await do(office, company.rep, "delete", view)
    async with office.work(system_scope(company.rep.organization_id)) as work:
        await saved.forget(work)
        assert [job.run_at for job in work.jobs] == [clock.at + KEPT]
    clock.at += KEPT - timedelta(seconds=1)
    async with office.work(system_scope(company.rep.organization_id)) as work:
        await saved.forget(work)
    await do(office, company.rep, "restore", view)
    await do(office, company.rep, "delete", view)
    clock.at += KEPT
    async with office.work(system_scope(company.rep.organization_id)) as work:
        await saved.forget(work)
        assert work.jobs == []
    with pytest.raises(ViewNotFound):
        await do(office, company.rep, "restore", view)
    assert (await view_of(office, company.rep, kept))["name"] == "Kept"


async def test_a_suspended_persons_shared_view_stays_and_is_given_to_somebody(office: App, company: Company) -> None:
    view, own = await save(office, company.rep, is_shared=True), await save(office, company.rep, "Own")
    assert company.rep.actor.id
    async with office.work(company.owner) as work:
        await teams.change_member(work, company.rep.actor.id, ChangeMember(suspended=True))
    told = await view_of(office, company.viewer, view)
    assert (told["owner_name"], told["owner_is_here"]) == ("Ben", False)
    with pytest.raises(Forbidden):
        await change(office, company.manager, view, owner=company.manager.actor.id)
    with pytest.raises(Invalid):
        await change(office, company.owner, view, owner=uuid4())
    with pytest.raises(ViewNotFound):
        await change(office, company.owner, own, owner=company.owner.actor.id)
    await change(office, company.owner, view, owner=company.manager.actor.id)
    told = await view_of(office, company.manager, view)
    assert (told["owner_name"], told["owner_is_here"], told["is_mine"]) == ("Cleo", True, True)


async def test_a_key_reads_what_is_shared_and_has_no_views(office: App, company: Company) -> None:
    view = await save(office, company.rep, is_shared=True)
    await save(office, company.rep, "Own")
    key = Scope(company.rep.organization_id, Actor(ActorKind.API_KEY, uuid4()), company.owner.permissions)
    assert await names(office, key) == ["Hot"]
    for attempt in (save(office, key, "x"), change(office, key, view, name="x"), do(office, key, "pin", view)):
        with pytest.raises(Forbidden, match="log in"):
            await attempt


async def test_news_of_a_view_go_to_those_who_see_it(office: App, company: Company) -> None:
    me = company.rep.actor.id
    assert me

    async def news(view: UUID | None = None, **fields: object) -> tuple[News, ...]:
        async with office.work(company.rep) as work:
            if view is None:
                await saved.save(work, SaveView.model_validate({"name": "Hot", "layout": "list"}))
            else:
                await saved.change(work, view, ChangeView.model_validate(fields))
            return news_of(event for event, _ in work.events)

    assert await news() == (News("views", (me,)),)
    view = UUID((await look(office, company.rep)).items[0]["id"])
    assert await news(view, name="Hotter") == (News("views", (me,)),)
    assert await news(view, is_shared=True) == (News("views"),)
    assert await news(view, name="Hot") == (News("views"),)
    assert await news(view, is_shared=False) == (News("views"),)
