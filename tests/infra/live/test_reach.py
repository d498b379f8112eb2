"""Open screens and reach: frames carry what their viewer may see, and somebody whose rights change starts anew."""

from dataclasses import replace

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.identity.repository import live_sessions, sessions_alive
from leadflow.infra.hub import CLOSE_RIGHTS_CHANGED, CLOSE_SESSION_ENDED, Hub
from leadflow.kernel.fields import rights_from
from leadflow.leads import RecordBehaviour, UpdateLead
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember
from tests.fixtures.floor import given_to, sales_floor
from tests.fixtures.patience import eventually
from tests.infra.live.writing import named, shows
from tests.infra.screens import opened


async def test_a_lead_that_changes_teams_leaves_one_screen_and_enters_another_and_no_third(
    quiet: App, hub: Hub
) -> None:
    floor = await sales_floor(quiet)
    lead = await given_to(quiet, floor, floor.nora, "Grace")
    async with opened(hub, floor.nora) as hers, opened(hub, floor.ben) as his, opened(hub, floor.rita) as third:
        before, after, nothing = await hers.sees(), await his.sees(), await third.sees()
        assert (set(before.rows), set(after.rows), set(nothing.rows)) == ({str(lead)}, set(), set())
        async with quiet.work(floor.ada) as work:
            await leads.update(work, lead, UpdateLead(owner=floor.ben.actor.id))
        await eventually(shows(after, lead, name="Grace"))
        await eventually(lambda: before.rows == {})
        await eventually(lambda: sum(stage["count"] for stage in before.counts.values()) == 0)
        assert str(lead) not in str(await third.heard_all())


async def test_the_page_of_a_lead_out_of_reach_stays_silent(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    lead = await given_to(quiet, floor, floor.nora, "Grace")
    async with opened(hub, floor.nora) as hers, opened(hub, floor.ben) as his:
        page = await hers.sees("l", "lead", lead=str(lead))
        await his.sees("l", "lead", lead=str(lead))
        async with quiet.work(floor.nora) as work:
            await leads.update(work, lead, UpdateLead(name="Grace Hopper"))
            await leads.record_behaviour(work, [RecordBehaviour(kind="page_viewed", lead_id=lead)])
        await eventually(shows(page, lead, name="Grace Hopper"))
        frames = await his.heard_all()
        assert named(frames) == set()
        assert not [frame for frame in frames if frame["op"] == "patch"]


async def test_key_figures_are_of_ones_own_reach(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    await given_to(quiet, floor, floor.nora, "Grace")
    async with opened(hub, floor.nora) as hers, opened(hub, floor.ben) as his, opened(hub, floor.ada) as all_:
        figures = [await screen.sees("k", "kpis") for screen in (hers, his, all_)]
        assert [figure.kpis["new_today"]["value"] for figure in figures] == [1, 0, 1]


async def test_a_hidden_field_is_in_no_frame_and_its_viewers_share_none_with_others(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    lead = await given_to(quiet, floor, floor.nora, "Grace")
    ole = replace(floor.ole, fields=rights_from({"email": "none", "value": "none", "source": "none"}))
    async with opened(hub, floor.nora) as hers, opened(hub, ole) as his:
        full, thin = await hers.sees(), await his.sees()
        page = await his.sees("l", "lead", lead=str(lead))
        his.watch("s", source=["whispered hint"])
        await eventually(lambda: [frame["id"] for frame in his.told("error")] == ["s"])
        async with quiet.work(floor.nora) as work:
            change = UpdateLead(
                email="grace@whispered.example", value=7_654_321, source="whispered hint", company="Navy"
            )
            await leads.update(work, lead, change)
        await eventually(shows(full, lead, email="grace@whispered.example", value=7_654_321))
        await eventually(shows(thin, lead, email=None, value=None, source=None, company="Navy"))
        await eventually(shows(page, lead, email=None))
        await eventually(lambda: full.counts["new"]["value"] == 7_654_321)
        frames = str(await his.heard_all())
        assert "whispered" not in frames
        assert "7654321" not in frames
        assert thin.sub != full.sub
        assert thin.counts["new"] == full.counts["new"] | {"value": None}


async def test_viewers_of_one_reach_share_one_computation(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    async with opened(hub, floor.nora) as one, opened(hub, floor.ole) as other, opened(hub, floor.ben) as third:
        same, shared, different = await one.sees(), await other.sees(), await third.sees()
        assert same.sub == shared.sub
        assert different.sub != same.sub


async def test_a_picture_drawn_under_another_reach_is_not_patched(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    await given_to(quiet, floor, floor.nora, "Grace")
    async with opened(hub, floor.ada) as screen:
        seen = await screen.sees()
        rev = seen.rev or str(hub.feeds[floor.ada.organization_id].revision)
    async with opened(hub, floor.ben) as screen:
        picture = await screen.sees(since=rev, reach="")
        assert (picture.snapshots, picture.rows) == (1, {})


async def test_changed_rights_and_ended_sessions_close_the_socket(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    ben = floor.ben.actor.id
    assert ben is not None
    async with quiet.work(floor.ben) as work:
        await identity.open_session(work, ben, OpenSession())
    async with quiet.work(floor.ben) as work:
        session = (await live_sessions(work, ben))[0].id
    async with quiet.across() as across:
        rights = (await sessions_alive(across, [session]))[session]
    async with opened(hub, floor.ben) as screen, opened(hub, floor.ben) as key:
        await screen.sees()
        await key.sees()
        (watching,) = [viewer for viewer in hub.viewers if viewer.socket is screen]
        watching.session_id, watching.rights = session, rights
        await hub.check()
        assert screen.closed is None
        async with quiet.work(floor.ada) as work:
            await teams.change_member(work, ben, ChangeMember(team=floor.north))
        await hub.check()
        assert (screen.closed or (0,))[0] == CLOSE_RIGHTS_CHANGED
        assert key.closed is None
    async with opened(hub, floor.ben) as screen:
        await screen.sees()
        (watching,) = hub.viewers
        watching.session_id, watching.rights = session, rights + 1
        async with quiet.work(floor.ada) as work:
            await teams.change_member(work, ben, ChangeMember(suspended=True))
        await hub.check()
        assert (screen.closed or (0,))[0] == CLOSE_SESSION_ENDED
