"""Seats: what takes one, who is refused when there is none, and that the last one is given once."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, NotFound
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.tenancy import invitations, seats, teams
from leadflow.tenancy.commands import ChangeMember, Invite, RenewInvitation, SetSeats
from leadflow.tenancy.errors import SeatsTaken
from leadflow.tenancy.models import Invitation
from leadflow.tenancy.rules import Seats
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.post import account_of

# Northwind is four people: Ada, Ben, Cleo and Vera.


async def allow(app: App, member: Scope, number: int | None) -> Seats:
    async with app.work(system_scope(member.organization_id)) as work:
        return await seats.set_seats(work, SetSeats(seats=number))


async def counted(app: App, member: Member) -> Seats:
    async with app.work(member) as work:
        return await seats.seats(work)


async def invite(app: App, by: Member, email: str = "") -> Invitation:
    async with app.work(by) as work:
        made, _ = await invitations.invite(work, Invite(email=email or f"{uuid4().hex}@guest.example", role="rep"))
    return made


async def set_suspended(app: App, by: Member, whom: Member, *, suspended: bool) -> None:
    async with app.work(by) as work:
        await teams.change_member(work, account_of(whom), ChangeMember(suspended=suspended))


class TestCounting:
    async def test_members_and_open_invitations_take_seats_and_nothing_limits_them_at_first(
        self, app: App, ada: Member
    ) -> None:
        assert await counted(app, ada) == Seats(None, 4, 0)
        await invite(app, ada)
        assert await counted(app, ada) == Seats(None, 4, 1)
        assert await allow(app, ada, 6) == Seats(6, 4, 1)
        assert (await counted(app, ada)).free == 1

    async def test_who_is_suspended_takes_none(self, app: App, ada: Member, ben: Member) -> None:
        await set_suspended(app, ada, ben, suspended=True)
        assert (await counted(app, ada)).used == 3

    async def test_an_invitation_that_is_over_takes_none(self, app: App, ada: Member) -> None:
        revoked, expired = await invite(app, ada), await invite(app, ada)
        async with app.work(ada) as work:
            await invitations.revoke_invitation(work, revoked.id)
            late = await work.session.get(Invitation, (work.organization_id, expired.id))
            assert late is not None
            late.expires_at = work.clock.now() - timedelta(seconds=1)
        assert (await counted(app, ada)).reserved == 0


class TestFull:
    async def test_nobody_is_invited_and_it_is_said_what_can_be_done(self, app: App, ada: Member) -> None:
        await allow(app, ada, 5)
        await invite(app, ada)
        with pytest.raises(SeatsTaken, match="All 5 seats are taken, by 4 people and 1 open invitation"):
            await invite(app, ada)
        assert await counted(app, ada) == Seats(5, 4, 1)

    async def test_another_link_for_the_same_address_needs_no_other_seat(self, app: App, ada: Member) -> None:
        await allow(app, ada, 5)
        first = await invite(app, ada, "gus@guest.example")
        second = await invite(app, ada, "GUS@guest.example")
        async with app.work(ada) as work:
            await invitations.renew_invitation(work, second.id, RenewInvitation())
            assert [each.id for each in await invitations.open_invitations(work)] == [second.id]
        assert first.id != second.id

    async def test_nobody_is_let_in_again(self, app: App, ada: Member, ben: Member) -> None:
        await allow(app, ada, 4)
        await set_suspended(app, ada, ben, suspended=True)
        await invite(app, ada)
        with pytest.raises(SeatsTaken):
            await set_suspended(app, ada, ben, suspended=False)
        await allow(app, ada, None)
        await set_suspended(app, ada, ben, suspended=False)
        assert (await counted(app, ada)).used == 4

    async def test_whoever_works_and_is_said_to_work_takes_no_second_seat(
        self, app: App, ada: Member, ben: Member
    ) -> None:
        await allow(app, ada, 4)
        await set_suspended(app, ada, ben, suspended=False)

    async def test_fewer_seats_than_people_put_nobody_out(self, app: App, ada: Member) -> None:
        assert await allow(app, ada, 2) == Seats(2, 4, 0)
        assert (await counted(app, ada)).free == 0


class TestAtOnce:
    async def test_of_many_invitations_for_the_last_seat_one_is_made(self, app: App, ada: Member) -> None:
        await allow(app, ada, 5)
        results = await asyncio.gather(*(invite(app, ada) for _ in range(6)), return_exceptions=True)
        assert sum(isinstance(result, SeatsTaken) for result in results) == 5
        assert await counted(app, ada) == Seats(5, 4, 1)

    async def test_of_an_invitation_and_somebody_let_in_again_one_gets_the_last_seat(
        self, app: App, ada: Member, ben: Member, cleo: Member
    ) -> None:
        for whom in (ben, cleo):
            await set_suspended(app, ada, whom, suspended=True)
        await allow(app, ada, 3)
        tries = (
            invite(app, ada),
            set_suspended(app, ada, ben, suspended=False),
            set_suspended(app, ada, cleo, suspended=False),
        )
        results = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(result, SeatsTaken) for result in results) == 2
        assert (await counted(app, ada)).free == 0


class TestWhoSays:
    async def test_no_member_sets_the_seats_of_their_organization(
        self, app: App, ada: Member, cleo: Member, mallory: Member
    ) -> None:
        for member in (ada, cleo, mallory):
            with pytest.raises(Forbidden):
                async with app.work(member) as work:
                    await seats.set_seats(work, SetSeats(seats=None))

    async def test_an_organization_that_does_not_exist_has_none(self, app: App) -> None:
        with pytest.raises(NotFound):
            async with app.work(system_scope(new_id())) as work:
                await seats.set_seats(work, SetSeats(seats=3))

    async def test_mallorys_seats_and_invitations_are_her_own(self, app: App, ada: Member, mallory: Member) -> None:
        await allow(app, ada, 5)
        await invite(app, ada)
        assert await counted(app, mallory) == Seats(None, 1, 0)
        await allow(app, mallory, 1)
        with pytest.raises(SeatsTaken, match="The only seat is taken, by 1 person"):
            await invite(app, mallory)
        assert await counted(app, ada) == Seats(5, 4, 1)

    async def test_what_does_not_change_is_not_told(self, app: App, ada: Member) -> None:
        async with app.work(system_scope(ada.organization_id)) as work:
            for _ in range(3):
                await seats.set_seats(work, SetSeats(seats=7))
            assert [event.data for event, _ in work.events] == [{"before": None, "seats": 7}]

    async def test_whoever_may_not_manage_people_is_told_nothing(self, app: App, ben: Member, cleo: Member) -> None:
        for member in (ben, cleo):
            with pytest.raises(Forbidden):
                await counted(app, member)
