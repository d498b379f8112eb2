"""What open screens are told: everything of their own organization, and nothing of others."""

import asyncio

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.hub import Hub
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads import RecordBehaviour
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.patience import eventually
from tests.infra.live.writing import ROW_KEYS, capture, named, shows, update
from tests.infra.screens import opened


class TestWho:
    async def test_everybody_of_the_organization_gets_the_patch_and_mallory_gets_nothing(
        self, quiet: App, hub: Hub, ada: Member, mallory: Member
    ) -> None:
        hers = await capture(quiet, mallory, "Hers")
        async with opened(hub, ada) as one, opened(hub, ada) as other, opened(hub, mallory) as spy:
            pictures = [await one.sees(), await other.sees()]
            await spy.sees()
            await spy.sees("t", "table")
            await spy.sees("k", "kpis")
            lead = await capture(quiet, ada)
            for picture in pictures:
                await eventually(shows(picture, lead, name="Ada Lovelace"))
            await update(quiet, ada, lead, stage="qualified")
            for picture in pictures:
                await eventually(shows(picture, lead, stage="qualified"))
            frames = await spy.heard_all()
            assert named(frames) == {str(hers)}
            assert not any("Ada" in str(frame) or str(ada.organization_id) in str(frame) for frame in frames)

    async def test_mallory_cannot_ask_for_a_lead_of_northwind(
        self, quiet: App, hub: Hub, ada: Member, mallory: Member
    ) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as ours, opened(hub, mallory) as spy:
            for view in ("board", "table", "lead"):
                await spy.sees(f"l{view}", view, lead=str(lead))
                await spy.sees(f"s{view}", view, lead=str(lead), since="1")
            picture = await ours.sees()
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(picture, lead, name="Changed"))
            frames = await spy.heard_all()
        assert not any(row["id"] == str(lead) for frame in frames for row in frame.get("upsert", ()))
        assert not any("Changed" in str(frame) for frame in frames)

    async def test_a_row_says_what_the_protocol_promises(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            picture = await screen.sees()
            await capture(quiet, ada)
            await eventually(lambda: picture.rows)
        (row,) = picture.rows.values()
        assert set(row) == ROW_KEYS
        snapshot, *_ = screen.told("snapshot")
        assert {person["role"] for person in snapshot["people"]} == {"owner", "rep", "manager", "viewer"}
        assert snapshot["stages"][0] == {"key": "new", "name": "New", "kind": "open"}

    async def test_rights_are_asked_for_each_view(self, quiet: App, hub: Hub, ada: Member) -> None:
        await capture(quiet, ada)
        actor = Actor(ActorKind.PERSON, new_id())
        blind = Scope(ada.organization_id, actor, frozenset())
        half_blind = Scope(ada.organization_id, actor, frozenset({Permission.LEADS_READ}))
        async with opened(hub, blind) as nobody, opened(hub, half_blind) as somebody:
            for name, view in (("b", "board"), ("t", "table"), ("l", "lead"), ("k", "kpis")):
                nobody.watch(name, view)
                somebody.watch(name, view)
            await nobody.heard_all()
            await somebody.heard_all()
        assert [frame["op"] for frame in nobody.frames] == ["error"] * 4 + ["pong"]
        assert [frame["id"] for frame in somebody.told("error")] == ["k"]
        assert len(somebody.told("snapshot")) == 3

    async def test_a_viewer_may_watch(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        lead = await capture(quiet, company.owner)
        async with opened(hub, company.viewer) as screen:
            await eventually(shows(await screen.sees(), lead))
            await screen.sees("k", "kpis")


class TestFilters:
    async def test_a_lead_that_enters_is_shown_and_one_that_leaves_is_removed(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        lead, other = await capture(quiet, ada), await capture(quiet, ada, "Other")
        async with opened(hub, ada) as screen:
            won = await screen.sees("w", stage="won")
            new = await screen.sees("n", stage="new")
            assert set(new.rows) == {str(lead), str(other)}
            await update(quiet, ada, lead, stage="won")
            await eventually(shows(won, lead))
            await eventually(lambda: set(new.rows) == {str(other)})
            await update(quiet, ada, lead, stage="new")
            await eventually(lambda: not won.rows)
            await eventually(lambda: set(new.rows) == {str(lead), str(other)})

    async def test_one_lead_is_told_of_itself_alone(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead, other = await capture(quiet, ada), await capture(quiet, ada, "Other")
        async with opened(hub, ada) as screen:
            board = await screen.sees()
            picture = await screen.sees("l", "lead", lead=str(lead))
            await update(quiet, ada, other, name="Changed")
            await eventually(shows(board, other, name="Changed"))
            await update(quiet, ada, lead, name="Changed too")
            await eventually(shows(picture, lead, name="Changed too"))
            frames = [frame for frame in screen.frames if frame.get("sub") == picture.sub]
        assert named(frames) == {str(lead)}

    async def test_whoever_looks_at_a_lead_hears_of_what_it_does(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            picture = await screen.sees("l", "lead", lead=str(lead))
            before = len(screen.told("patch"))
            async with quiet.work(ada) as work:
                await leads.record_behaviour(work, [RecordBehaviour(kind="page_viewed", lead_id=lead)])
            await eventually(lambda: len(screen.told("patch")) > before)
            assert all(frame["sub"] == picture.sub for frame in screen.told("patch"))

    async def test_tables_load_their_rows_elsewhere_and_hear_of_changes_here(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            picture = await screen.sees("t", "table")
            assert picture.rows == {}
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(picture, lead, name="Changed"))

    async def test_those_who_look_at_the_same_share_one_computation(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as one, opened(hub, ada) as other:
            first, second = await one.sees(stage="new"), await other.sees(stage="new")
            assert first.sub == second.sub
            assert (await one.sees("w", stage="won")).sub != first.sub
            assert len(hub.feeds[ada.organization_id].channels) == 2

    async def test_what_nobody_watches_any_more_is_not_computed(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            for letter in "abcdef":
                await screen.sees("q", q=letter)
            assert len(hub.feeds[ada.organization_id].channels) == 1
            screen.unwatch("q")
            await screen.heard_all()
            assert hub.feeds[ada.organization_id].channels == {}
            await capture(quiet, ada)
            last = await screen.sees("b")
            assert {frame["sub"] for frame in screen.told("patch") if named([frame])} <= {last.sub}
        assert hub.feeds == {}


class TestFigures:
    async def test_counts_and_kpis_move_while_one_looks(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            board, figures = await screen.sees(), await screen.sees("k", "kpis")
            assert figures.kpis["new_today"]["value"] == 0
            lead = await capture(quiet, ada, value=100_00)
            await eventually(lambda: board.counts.get("new") == {"count": 1, "value": 100_00, "mean": 0})
            await eventually(lambda: figures.kpis["new_today"]["value"] == 1)
            await update(quiet, ada, lead, stage="won")
            await eventually(lambda: "new" not in board.counts)
            await eventually(lambda: figures.kpis["conversion_this_month"]["value"] == 100)

    async def test_figures_that_stand_still_are_not_sent_again(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as screen:
            board = await screen.sees()
            await screen.sees("k", "kpis")
            await update(quiet, ada, lead, name="Changed")
            await eventually(shows(board, lead, name="Changed"))
            await asyncio.sleep(1.2)
            await screen.heard_all()
        assert sum("counts" in frame for frame in screen.told("patch")) <= 1
        assert len(screen.told("kpis")) <= 2
