"""Open screens whose filter is a tree of conditions: shared by those who mean the same, and by nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.infra.hub import Hub
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.fields import rights_from
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.leads import UpdateLead
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor
from tests.fixtures.patience import eventually
from tests.infra.live.writing import named, shows
from tests.infra.screens import opened

MINE = {"field": "owner", "op": "any_of", "value": ["me"]}
RECENT = {"field": "captured_at", "op": "within", "value": "last_2_days"}
TEAM = {"field": "team", "op": "any_of", "value": ["mine"]}


async def test_me_is_another_on_every_screen(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    hers = await given_to(quiet, floor, floor.nora, "Grace")
    his = await given_to(quiet, floor, floor.ben, "Linus")
    async with opened(hub, floor.nora) as one, opened(hub, floor.ben) as other:
        for where in (MINE, {"all": [TEAM, MINE]}):
            left, right = await one.sees(where=where), await other.sees(where=where)
            assert (set(left.rows), set(right.rows)) == ({str(hers)}, {str(his)})
            assert left.sub != right.sub
        async with quiet.work(floor.ada) as work:
            await leads.update(work, hers, UpdateLead(name="Grace Hopper"))
        await eventually(shows(left, hers, name="Grace Hopper"))
        assert str(hers) not in str(await other.heard_all())


async def test_whoever_means_the_same_shares_a_channel(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    named_her = {**MINE, "value": [str(floor.ada.actor.id)]}
    async with opened(hub, floor.ada) as one, opened(hub, floor.ada) as other:
        assert (await one.sees(where=MINE)).sub == (await other.sees(where=named_her)).sub


async def test_a_lead_enters_and_leaves_by_any_condition(quiet: App, hub: Hub, mallory: Member) -> None:
    floor = await sales_floor(quiet)
    lead = await given_to(quiet, floor, floor.nora, "Grace")
    worth = {
        "any": [{"field": "value", "op": "gte", "value": 5000}, {"field": "company", "op": "contains", "value": "nav"}]
    }
    async with opened(hub, floor.ada) as screen, opened(hub, mallory) as spy:
        picture = await screen.sees(where=worth)
        await spy.sees(where=worth)
        assert picture.rows == {}
        for change, is_in in (
            (UpdateLead(value=9000), True),
            (UpdateLead(value=1), False),
            (UpdateLead(company="Navy"), True),
        ):
            async with quiet.work(floor.ada) as work:
                await leads.update(work, lead, change)
            await eventually(lambda is_in=is_in: (str(lead) in picture.rows) is is_in)
        assert named(await spy.heard_all()) == set()


async def test_a_relative_day_is_that_of_each_change(quiet: App, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    floor = await sales_floor(quiet)
    lead = await given_to(quiet, floor, floor.nora, "Grace")
    async with opened(hub, floor.ada) as screen:
        picture = await screen.sees(where=RECENT)
        assert set(picture.rows) == {str(lead)}
        monkeypatch.setattr(quiet.database, "clock", FixedClock(quiet.clock.now() + timedelta(days=3)))
        async with quiet.work(floor.ada) as work:
            await leads.update(work, lead, UpdateLead(name="Of old"))
        await eventually(lambda: picture.rows == {})
        assert (await screen.sees("again", where=RECENT)).rows == {}


async def test_what_cannot_be_watched_is_refused_by_name(quiet: App, hub: Hub) -> None:
    floor = await sales_floor(quiet)
    worth = {"all": [{"any": [{"field": "value", "op": "gte", "value": 1}]}]}
    blind = replace(floor.ben, fields=rights_from({"value": "none"}))
    key = floor.ada.acting_as(Actor(ActorKind.API_KEY, floor.ada.actor.id))
    for scope, where, words in (
        (blind, worth, "You may not watch this."),
        (floor.ada, {"field": "shoe"}, "This filter was not understood."),
        (floor.ada, "{", "This filter was not understood."),
        (key, MINE, "This filter was not understood."),
    ):
        async with opened(hub, scope) as screen:
            screen.watch("b", where=where)
            await screen.heard_all()
            assert [(frame["id"], frame["message"]) for frame in screen.told("error")] == [("b", words)]
