"""Totals that move while somebody looks, and columns that only those are sent who show them."""

from leadflow.bootstrap import App
from leadflow.infra.hub import Hub
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor
from tests.fixtures.patience import eventually
from tests.infra.live.writing import ROW_KEYS, capture, shows, update
from tests.infra.screens import opened


def one(**values: int) -> dict[str, object]:
    return {"count": 1, "values": values, "mean": 0}


class TestTotals:
    async def test_totals_move_and_mallory_hears_nothing(
        self, quiet: App, hub: Hub, ada: Member, mallory: Member
    ) -> None:
        async with opened(hub, ada) as screen, opened(hub, mallory) as spy:
            stages = await screen.sees("g", "groups", asks={"by": "stage"})
            whole = await screen.sees("a", "groups")
            await spy.sees("g", "groups", asks={"by": "stage"})
            assert (stages.groups, whole.groups) == ({}, {})
            lead = await capture(quiet, ada, value=100_00)
            await eventually(lambda: stages.groups == {"new": one(EUR=100_00)})
            await eventually(lambda: whole.groups == {"": one(EUR=100_00)})
            await update(quiet, ada, lead, stage="won")
            await eventually(lambda: stages.groups == {"won": one(EUR=100_00)})
            await spy.heard_all()
            assert all(not frame["groups"] for frame in spy.told("groups"))

    async def test_only_what_changed_is_told(self, quiet: App, hub: Hub, ada: Member) -> None:
        await capture(quiet, ada, "One", source="fair")
        async with opened(hub, ada) as screen:
            picture = await screen.sees("g", "groups", asks={"by": "source"})
            assert set(picture.groups) == {"fair"}
            await capture(quiet, ada, "Two", source="partner")
            await eventually(lambda: set(picture.groups) == {"fair", "partner"})
            _, *later = screen.told("groups")
        assert [set(frame["groups"]) for frame in later] == [{"partner"}]

    async def test_viewers_share_one_reading_and_a_late_one_goes_on_from_what_was_told(
        self, quiet: App, hub: Hub, ada: Member
    ) -> None:
        await capture(quiet, ada)
        async with opened(hub, ada) as first, opened(hub, ada) as second:
            early = await first.sees("g", "groups", asks={"by": "stage"})
            late, other = (
                await second.sees("g", "groups", asks={"by": "stage"}),
                await second.sees("o", "groups", asks={"by": "owner"}),
            )
            assert early.sub == late.sub != other.sub
            assert late.groups == {"new": one()}
            await capture(quiet, ada, "Another")
            for picture in (early, late):
                await eventually(lambda shown=picture: shown.groups["new"]["count"] == 2)  # type: ignore[misc]
            await eventually(lambda: other.groups[""]["count"] == 2)

    async def test_each_counts_what_is_within_reach(self, quiet: App, hub: Hub) -> None:
        floor = await sales_floor(quiet)
        await given_to(quiet, floor, floor.nora, "Grace")
        async with opened(hub, floor.nora) as hers, opened(hub, floor.ben) as his:
            in_the_north = await hers.sees("g", "groups")
            elsewhere = await his.sees("g", "groups")
            assert (in_the_north.groups[""]["count"], elsewhere.groups) == (1, {})
            await given_to(quiet, floor, floor.nora, "Radia")
            await eventually(lambda: in_the_north.groups[""]["count"] == 2)
            await his.heard_all()
            assert elsewhere.groups == {}

    async def test_what_is_not_on_offer_is_refused(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            screen.watch("g", "groups", asks={"by": "weather"})
            screen.watch("t", "table", asks={"columns": ["password"]})
            await screen.heard_all()
        assert len(screen.told("error")) == 2


class TestColumns:
    async def test_only_who_asks_is_sent_more(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as plain, opened(hub, ada) as curious:
            usual = await plain.sees("t", "table")
            wide = await curious.sees("t", "table", asks={"columns": ["phone", "title"]})
            same = await curious.sees("s", "table", asks={"columns": ["title", "phone"]})
            lead = await capture(quiet, ada, phone="+4930123456")
            await eventually(shows(usual, lead))
            await eventually(shows(wide, lead, phone="+4930123456", title=""))
            assert set(usual.rows[str(lead)]) == ROW_KEYS
            assert set(wide.rows[str(lead)]) == ROW_KEYS | {"phone", "title"}
            assert usual.sub != wide.sub == same.sub

    async def test_whoever_comes_back_is_sent_what_they_had(self, quiet: App, hub: Hub, ada: Member) -> None:
        async with opened(hub, ada) as screen:
            await screen.sees("t", "table", asks={"columns": ["phone"]})
            rev = str(hub.feeds[ada.organization_id].revision)
            lead = await capture(quiet, ada, phone="+4930123456")
            again = await screen.sees("a", "table", since=rev, reach="", asks={"columns": ["phone"]})
            await eventually(shows(again, lead, phone="+4930123456"))
