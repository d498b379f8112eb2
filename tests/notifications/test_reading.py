"""What becomes of notifications: read, unread, out of reach, not wanted, told once, forgotten."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from leadflow import notifications
from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.notifications import queries
from leadflow.notifications.errors import NotificationNotFound
from leadflow.notifications.rules import KEPT
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import as_superuser, projectors
from tests.fixtures.office import MONDAY
from tests.notifications.desk import (
    give,
    happen,
    heard,
    items,
    lines,
    mark,
    me,
    note,
    stored,
    tell,
    unread,
    want,
)


@pytest.fixture
async def lead(office: App, clock: FixedClock, floor: Floor) -> UUID:
    lead = await given_to(office, floor, floor.ben, "Grace")
    await tell(office, floor.ada)
    return lead


def hot(lead: UUID) -> Event:
    return Event("lead.became_hot", lead, {"score": 90})


class TestReading:
    async def test_read_and_unread_again(self, office: App, floor: Floor, lead: UUID) -> None:
        [told] = await items(office, floor.ben)
        assert (told["is_read"], await unread(office, floor.ben)) == (False, 1)
        for _ in range(2):
            await mark(office, floor.ben, "read", told["id"])
            assert await unread(office, floor.ben) == 0
        assert await lines(office, floor.ben, is_unread=True) == []
        assert [each["is_read"] for each in await items(office, floor.ben)] == [True]
        await mark(office, floor.ben, "unread", told["id"])
        assert await unread(office, floor.ben) == 1

    async def test_all_at_once(self, office: App, floor: Floor, lead: UUID) -> None:
        await happen(office, floor.ada, hot(lead))
        await tell(office, floor.ada)
        async with office.work(floor.ben) as work:
            assert len(await notifications.mark_all_read(work)) == 2
            assert work.notified == {me(floor.ben)}
        async with office.work(floor.ben) as work:
            assert await notifications.mark_all_read(work) == []
            assert work.notified == set()
        assert await unread(office, floor.ben) == 0

    async def test_more_of_it_joins_what_is_unread_and_comes_anew_after_it_was_read(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        replied = Event("behaviour.email_replied", lead)
        clock.at = MONDAY + timedelta(minutes=1)
        await happen(office, floor.ada, replied)
        await tell(office, floor.ada)
        await happen(office, floor.ada, hot(lead))
        clock.at = MONDAY + timedelta(minutes=2)
        await happen(office, floor.ada, Event("behaviour.email_replied", lead))
        told = await heard(office, floor.ben)
        assert told == ["Grace replied to an e-mail twice", "Grace became hot", "Ada gave you Grace"]
        await mark(office, floor.ben, "read", (await items(office, floor.ben))[0]["id"])
        clock.at = MONDAY + timedelta(minutes=3)
        await happen(office, floor.ada, Event("behaviour.email_replied", lead))
        assert (await heard(office, floor.ben))[:2] == ["Grace replied to an e-mail", told[0]]

    async def test_pages_follow_each_other(self, office: App, clock: FixedClock, floor: Floor, lead: UUID) -> None:
        for minute in range(5):
            clock.at = MONDAY + timedelta(minutes=minute)
            await note(office, floor.ada, lead, f"{minute}", floor.ben)
            await tell(office, floor.ada)
        seen, cursor = [], None
        async with office.reading(floor.ben) as work:
            while True:
                page = await queries.page(work, cursor, 2)
                seen += [each["id"] for each in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    break
            with pytest.raises(Invalid):
                await queries.page(work, "nonsense")
        assert len(seen) == len(set(seen)) == 6
        assert seen == [each["id"] for each in await items(office, floor.ben)]


class TestWhoSees:
    async def test_only_ones_own(self, office: App, floor: Floor, lead: UUID, mallory: Member) -> None:
        [told] = await items(office, floor.ben)
        for other in (floor.ada, floor.cleo, floor.nora, mallory):
            assert await lines(office, other) == []
            for step in ("read", "unread"):
                with pytest.raises(NotificationNotFound):
                    await mark(office, other, step, told["id"])
        assert await unread(office, floor.ben) == 1

    async def test_what_is_out_of_reach_is_neither_shown_nor_counted_nor_read(
        self, office: App, floor: Floor, lead: UUID
    ) -> None:
        [told] = await items(office, floor.ben)
        await give(office, floor.ada, lead, floor.nora)
        await tell(office, floor.ada)
        assert (await lines(office, floor.ben), await unread(office, floor.ben)) == ([], 0)
        with pytest.raises(NotificationNotFound):
            await mark(office, floor.ben, "read", told["id"])
        async with office.work(floor.ben) as work:
            assert await notifications.mark_all_read(work) == []
        assert await lines(office, floor.nora) == ["Ada gave you Grace"]
        await give(office, floor.ada, lead, floor.ben)
        assert await lines(office, floor.ben) == ["Ada gave you Grace"]

    async def test_of_several_leads_those_within_reach_are_told(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        for name in ("Joan", "Mary"):
            other = await given_to(office, floor, floor.ben, name)
        assert await heard(office, floor.ben) == ["Ada gave you Mary and 2 more leads"]
        await give(office, floor.ada, other, floor.nora)
        [line] = await lines(office, floor.ben)
        assert line.endswith(" and one more lead")
        assert "Mary" not in line

    async def test_who_is_mentioned_where_they_do_not_see_hears_of_it_once_they_do(
        self, office: App, floor: Floor, lead: UUID
    ) -> None:
        await note(office, floor.ben, lead, "@Nora look", floor.nora)
        assert await heard(office, floor.nora) == []
        await give(office, floor.ada, lead, floor.ole)
        assert await heard(office, floor.nora) == ["Ben mentioned you on Grace: “@Nora look”"]

    async def test_a_hidden_name_is_not_told(self, office: App, floor: Floor, lead: UUID) -> None:
        await happen(office, floor.ada, hot(lead))
        await tell(office, floor.ada)
        hides = replace(floor.ben, fields=FieldRights(frozenset({LeadField.NAME}), frozenset({LeadField.NAME})))
        assert sorted(await lines(office, hides)) == ["A lead became hot", "Ada gave you a lead"]

    async def test_a_key_has_none(self, office: App, floor: Floor, lead: UUID) -> None:
        key = floor.ada.acting_as(Actor(ActorKind.API_KEY, new_id()))
        assert (await lines(office, key), await unread(office, key)) == ([], 0)
        with pytest.raises(Forbidden):
            await want(office, key, "assigned", in_app=False)

    async def test_who_is_suspended_is_told_nothing(self, office: App, floor: Floor, lead: UUID) -> None:
        async with office.work(floor.ada) as work:
            await teams.change_member(work, me(floor.ben), ChangeMember(suspended=True))
        await happen(office, floor.ada, hot(lead))
        assert "Grace became hot" not in await heard(office, floor.ben)


class TestPreferences:
    async def test_what_is_not_wanted_is_not_told_and_not_caught_up_with(
        self, office: App, floor: Floor, lead: UUID
    ) -> None:
        await want(office, floor.ben, "became_hot", in_app=False)
        await happen(office, floor.ada, hot(lead))
        assert await heard(office, floor.ben) == ["Ada gave you Grace"]
        await want(office, floor.ben, "became_hot", in_app=True)
        assert await heard(office, floor.ben) == ["Ada gave you Grace"]
        await happen(office, floor.ada, hot(lead))
        assert "Grace became hot" in await heard(office, floor.ben)

    async def test_they_are_each_persons_own_and_offer_what_is_for_them(
        self, office: App, floor: Floor, mallory: Member
    ) -> None:
        await want(office, floor.ben, "assigned", in_app=False)
        for member, offered in ((floor.ben, False), (floor.ada, True), (mallory, True)):
            async with office.reading(member) as work:
                said = {each["kind"]: each["in_app"] for each in await queries.preferences(work)}
            assert said["assigned"] is (member is not floor.ben)
            assert ("scoring_alarm" in said) is offered
        for unknown in ("scoring_alarm", "nonsense"):
            with pytest.raises(Invalid):
                await want(office, floor.ben, unknown, in_app=False)


class TestOnce:
    async def test_read_from_the_beginning_the_log_tells_nobody_anew(
        self, office: App, floor: Floor, lead: UUID
    ) -> None:
        await happen(office, floor.ada, hot(lead))
        before = await heard(office, floor.ben)
        await mark(office, floor.ben, "read", (await items(office, floor.ben))[0]["id"])
        kept = await stored(office, floor.ada)
        with as_superuser(office.settings) as admin:
            admin.execute(
                "DELETE FROM projection_cursor WHERE projection = 'notifications' AND organization_id = %s",
                [floor.ada.organization_id],
            )
        assert await heard(office, floor.ben) == before
        assert await stored(office, floor.ada) == kept

    async def test_what_dies_with_its_transaction_is_told_once(
        self, office: App, floor: Floor, lead: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await happen(office, floor.ada, hot(lead))
        [projector] = projectors(office, "notifications")
        step = Projector.step

        def dies(*_: object, **__: object) -> None:
            raise ConnectionError("killed")

        monkeypatch.setattr("leadflow.notifications.projection.tidy_at", dies)
        with pytest.raises(ConnectionError):
            await step(projector, floor.ada.organization_id)
        assert await lines(office, floor.ben) == ["Ada gave you Grace"]
        monkeypatch.undo()
        assert await heard(office, floor.ben) == ["Grace became hot", "Ada gave you Grace"]


class TestForgetting:
    async def tidy(self, app: App, floor: Floor) -> list[object]:
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            await notifications.tidy(work)
            return [job.run_at for job in work.jobs]

    async def test_after_ninety_days(self, office: App, clock: FixedClock, floor: Floor, lead: UUID) -> None:
        clock.at = MONDAY + KEPT - timedelta(seconds=1)
        assert await self.tidy(office, floor) == [MONDAY + KEPT]
        assert await lines(office, floor.ben) == ["Ada gave you Grace"]
        clock.at = MONDAY + KEPT
        assert await self.tidy(office, floor) == []
        assert await stored(office, floor.ada) == []

    async def test_with_a_lead_what_was_told_of_it_goes_too(self, office: App, floor: Floor, lead: UUID) -> None:
        await note(office, floor.ada, lead, "Secret", floor.ben)
        assert len(await heard(office, floor.ben)) == 2
        with as_superuser(office.settings) as admin:
            admin.execute("DELETE FROM lead WHERE id = %s", [lead])
        assert await stored(office, floor.ada) == []
