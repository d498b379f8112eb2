"""Who else has a lead open: told to those who may read it, in whatever process they are, and gone when they are."""

import asyncio
from dataclasses import replace
from uuid import UUID

import orjson
import pytest

from leadflow.bootstrap import App
from leadflow.infra import presence as presences
from leadflow.infra.channel import Channel
from leadflow.infra.doorbell import RedisDoorbell
from leadflow.infra.hub import Hub
from leadflow.infra.mailbox import Mailbox
from leadflow.infra.presence import BEAT_S, SILENCE_S, Presence, Witness
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import Present
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads import UpdateLead, update
from leadflow.views.rules import LeadFilter
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.floor import given_to, sales_floor
from tests.fixtures.patience import eventually
from tests.infra.bells import Bell
from tests.infra.live.writing import capture
from tests.infra.screens import Screen, opened


def there(screen: Screen, lead: UUID) -> set[str]:
    """Whom this screen was last told to be at a lead."""
    told = [frame["people"] for frame in screen.told("presence") if frame["lead"] == str(lead)]
    return set(told[-1]) if told else set()


def ids(*members: Scope) -> set[str]:
    return {str(member.actor.id) for member in members}


class TestOneProcess:
    async def test_two_see_each_other_and_not_themselves_until_one_leaves(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        ada, ben = company.owner, company.rep
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as hers:
            await hers.sees("l", "lead", lead=str(lead))
            async with opened(hub, ben) as his:
                await his.sees("l", "lead", lead=str(lead))
                await eventually(lambda: (there(hers, lead), there(his, lead)) == (ids(ben), ids(ada)))
            await eventually(lambda: there(hers, lead) == set())

    async def test_one_in_two_windows_is_one_and_alone(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        ada, ben = company.owner, company.rep
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as hers, opened(hub, ben) as one:
            for screen in (hers, one):
                await screen.sees("l", "lead", lead=str(lead))
            async with opened(hub, ben) as two:
                await two.sees("l", "lead", lead=str(lead))
                await eventually(lambda: there(two, lead) == ids(ada))
            await hers.heard_all()
            assert [frame["people"] for frame in hers.told("presence")] == [[str(ben.actor.id)]]
            one.unwatch("l")
            await eventually(lambda: there(hers, lead) == set())
            assert there(one, lead) == ids(ada)

    async def test_boards_and_other_leads_are_not_the_lead(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        ada, ben = company.owner, company.rep
        lead, other = await capture(quiet, ada), await capture(quiet, ada, "Grace Hopper")
        async with opened(hub, ada) as hers, opened(hub, ben) as his:
            await hers.sees("l", "lead", lead=str(lead))
            await his.sees("b")
            await his.sees("l", "lead", lead=str(other))
            await his.sees("t", "table", lead=str(lead))
            for screen in (hers, his):
                await screen.heard_all()
                assert screen.told("presence") == []
            await his.sees("l", "lead", lead=str(lead))
            await eventually(lambda: there(hers, lead) == ids(ben))
            await his.sees("l", "lead", lead=str(other))
            await eventually(lambda: there(hers, lead) == set())


class TestWalls:
    async def test_mallory_who_knows_the_id_hears_nothing_and_is_not_seen(
        self, quiet: App, hub: Hub, mallory: Member
    ) -> None:
        company = await cast.northwind(quiet)
        lead = await capture(quiet, company.owner)
        async with opened(hub, company.owner) as hers, opened(hub, mallory) as theirs, opened(hub, company.rep) as his:
            for screen in (hers, theirs, his):
                await screen.sees("l", "lead", lead=str(lead))
            await eventually(lambda: there(hers, lead) == ids(company.rep))
            await theirs.heard_all()
            assert theirs.told("presence") == []

    async def test_a_rep_of_another_team_hears_nothing_and_is_not_seen(self, quiet: App, hub: Hub) -> None:
        floor = await sales_floor(quiet)
        lead = await given_to(quiet, floor, floor.nora, "Grace")
        async with opened(hub, floor.nora) as hers, opened(hub, floor.ben) as his, opened(hub, floor.ada) as boss:
            for screen in (hers, his, boss):
                await screen.sees("l", "lead", lead=str(lead))
            await eventually(lambda: there(hers, lead) == ids(floor.ada))
            await eventually(lambda: there(boss, lead) == ids(floor.nora))
            await his.heard_all()
            assert his.told("presence") == []

    async def test_whoever_loses_sight_of_the_lead_is_gone(self, quiet: App, hub: Hub) -> None:
        floor = await sales_floor(quiet)
        lead = await given_to(quiet, floor, floor.nora, "Grace")
        async with opened(hub, floor.nora) as hers, opened(hub, floor.ada) as boss:
            for screen in (hers, boss):
                await screen.sees("l", "lead", lead=str(lead))
            await eventually(lambda: there(boss, lead) == ids(floor.nora))
            async with quiet.work(floor.ada) as work:
                await update(work, lead, UpdateLead(owner=floor.ben.actor.id))
            await eventually(lambda: there(boss, lead) == there(hers, lead) == set())

    async def test_a_key_is_nobody(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        lead = await capture(quiet, company.owner)
        key = replace(company.rep, actor=Actor(ActorKind.API_KEY, new_id()))
        async with opened(hub, company.owner) as hers, opened(hub, key) as system:
            for screen in (hers, system):
                await screen.sees("l", "lead", lead=str(lead))
                await screen.heard_all()
                assert screen.told("presence") == []


class TestSeveralProcesses:
    async def test_people_in_two_web_processes_see_each_other_at_once(self, quiet: App, hub: Hub) -> None:
        company = await cast.northwind(quiet)
        ada, ben = company.owner, company.rep
        lead = await capture(quiet, ada)
        bell = RedisDoorbell(quiet.settings.redis_url)
        async with Hub(quiet, bell).running() as other, opened(hub, ada) as hers:
            await hers.sees("l", "lead", lead=str(lead))
            await eventually(lambda: (ada.organization_id, lead) in other.presence._elsewhere)
            async with opened(other, ben) as his:
                await his.sees("l", "lead", lead=str(lead))
                await eventually(lambda: (there(hers, lead), there(his, lead)) == (ids(ben), ids(ada)))
            await eventually(lambda: there(hers, lead) == set())
        await bell.close()

    async def test_nothing_of_it_is_stored(self, quiet: App, hub: Hub, ada: Member) -> None:
        lead = await capture(quiet, ada)
        async with opened(hub, ada) as hers:
            await hers.sees("l", "lead", lead=str(lead))
            assert hub.presence._watches
        assert not hub.presence._watches


class Line:
    """A socket that takes everything and never answers."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []

    async def send_text(self, text: str) -> None:
        self.sent.append(orjson.loads(text))

    async def receive_text(self) -> str:
        await asyncio.Event().wait()
        return ""

    async def close(self, code: int, reason: str) -> None: ...


class Desk:
    """Presence with a clock of its own, and people at one lead."""

    def __init__(self) -> None:
        self.at = 0.0
        self.bell = Bell()
        self.presence = Presence(self.bell, lambda: self.at)
        self.organization, self.lead = new_id(), new_id()

    def sits_down(self) -> tuple[Witness, Line]:
        scope = Scope(self.organization, Actor(ActorKind.PERSON, new_id()), frozenset({"leads.read"}))
        line = Line()
        witness = Witness(Mailbox(line), scope, self.at)
        self.presence.open(witness, "l", Channel("s1", "lead", LeadFilter(lead=self.lead), scope))
        return witness, line

    def hears_of(self, process: UUID, *people: UUID) -> None:
        self.presence.heard(Present(self.organization, process, ((self.lead, people),)))


async def told(witness: Witness, line: Line) -> list[object]:
    """The people of every presence frame so far."""
    writer = asyncio.create_task(witness.mailbox.run())
    before = len(line.sent)
    witness.mailbox.tell({"op": "done"})
    await eventually(lambda: {"op": "done"} in line.sent[before:])
    writer.cancel()
    return [frame["people"] for frame in line.sent if frame["op"] == "presence"]


class TestSilence:
    async def test_a_socket_that_answers_no_more_is_nobody_within_ten_seconds(self) -> None:
        assert BEAT_S + SILENCE_S <= 10
        desk = Desk()
        one, line = desk.sits_down()
        other, _ = desk.sits_down()
        for desk.at in (3.0, 6.0, 9.0):
            one.heard_at = desk.at
            desk.presence.beat()
        assert await told(one, line) == [[str(other.scope.person)], []]
        other.heard_at = desk.at = 12.0
        desk.presence.beat()
        assert (await told(one, line))[-1] == [str(other.scope.person)]

    async def test_a_process_that_says_nothing_more_has_nobody(self) -> None:
        desk = Desk()
        one, line = desk.sits_down()
        process, ben, cleo = new_id(), new_id(), new_id()
        desk.hears_of(process, ben)
        desk.hears_of(new_id(), cleo)
        desk.at = one.heard_at = SILENCE_S - 1
        desk.hears_of(process, ben)
        desk.at = one.heard_at = SILENCE_S + 1
        desk.presence.beat()
        both = sorted(map(str, (ben, cleo)))
        assert await told(one, line) == [[str(ben)], both, [str(ben)]]

    async def test_what_one_process_has_said_of_itself_it_does_not_believe(self) -> None:
        desk = Desk()
        one, line = desk.sits_down()
        desk.hears_of(desk.presence.process, new_id())
        assert await told(one, line) == []

    async def test_other_processes_are_told_what_changes_and_now_and_then_everything(self) -> None:
        desk = Desk()
        one, _ = desk.sits_down()
        await desk.presence.publish(again=False)
        await desk.presence.publish(again=False)
        await desk.presence.publish(again=True)
        desk.presence.close(one.mailbox)
        await desk.presence.publish(again=True)
        await desk.presence.publish(again=True)
        said = [signal.leads for signal in desk.bell.rung if isinstance(signal, Present)]
        here, nobody = ((desk.lead, (one.scope.person,)),), ((desk.lead, ()),)
        assert said == [here, here, nobody]

    async def test_a_redis_that_is_away_costs_only_those_who_are_elsewhere(
        self, quiet: App, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(presences, "BEAT_S", 0.05)
        company = await cast.northwind(quiet)
        lead = await capture(quiet, company.owner)
        broken = RedisDoorbell("redis://127.0.0.1:1/0")
        async with (
            Hub(quiet, broken).running() as hub,
            opened(hub, company.owner) as hers,
            opened(hub, company.rep) as his,
        ):
            for screen in (hers, his):
                await screen.sees("l", "lead", lead=str(lead))
            await eventually(lambda: (there(hers, lead), there(his, lead)) == (ids(company.rep), ids(company.owner)))
        await broken.close()
