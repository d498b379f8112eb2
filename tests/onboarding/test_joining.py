"""Coming in by invitation, and leaving with everything handed over."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from leadflow import leads, onboarding
from leadflow.bootstrap import App
from leadflow.identity.commands import OpenSession
from leadflow.kernel.errors import Forbidden, Invalid, NotFound
from leadflow.kernel.reach import Extent
from leadflow.leads import CloseLead
from leadflow.leads.queries import detail
from leadflow.onboarding import Join, LogIn, WrongCredentials
from leadflow.tenancy import invitations, repository, seats, teams
from leadflow.tenancy.commands import ChangeMember, DefineRole, Invite, SetSeats
from leadflow.tenancy.errors import InvitationNotFound, MemberNotFound, SeatsTaken
from leadflow.tenancy.permissions import Permission, Role
from leadflow.tenancy.repository import Person
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import PASSWORD, Member
from tests.fixtures.floor import Floor, given_to, sales_floor
from tests.fixtures.installation import fold

BROWSER = OpenSession(address="198.51.100.7")


@pytest.fixture
async def floor(app: App) -> Floor:
    return await sales_floor(app)


async def link(app: App, by: Member, email: str, role: str = Role.REP, team: UUID | None = None) -> str:
    async with app.work(by) as work:
        _, token = await invitations.invite(work, Invite(email=email, role=role, team=team))
    return token


async def person(app: App, floor: Floor, email: str) -> Person | None:
    async with app.work(floor.ada) as work:
        return next((each for each in await repository.people(work) if each.email == email), None)


def new_address() -> str:
    return f"guest.{uuid4().hex[:10]}@guest.example"


class TestJoining:
    async def test_a_stranger_makes_an_account_and_stands_where_invited(self, app: App, floor: Floor) -> None:
        email = new_address()
        token = await link(app, floor.ada, email, team=floor.north)
        assert (await onboarding.invited(app, token)).organization_name == "Northwind"
        entered = await onboarding.join(app, token, Join(name="Gus", password=PASSWORD, browser=BROWSER))
        joined = await person(app, floor, email)
        assert joined is not None
        assert (joined.id, joined.role, joined.team) == (entered.account_id, "rep", floor.north)
        assert (await onboarding.log_in(app, LogIn(email=email, password=PASSWORD))).account_id == entered.account_id

    async def test_a_link_works_once(self, app: App, floor: Floor) -> None:
        token = await link(app, floor.ada, new_address())
        await onboarding.join(app, token, Join(name="Gus", password=PASSWORD, browser=BROWSER))
        for _ in range(2):
            with pytest.raises(NotFound):
                await onboarding.join(app, token, Join(name="Eve", password=PASSWORD, browser=BROWSER))

    async def test_somebody_with_an_account_joins_with_its_password_and_no_other(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        token = await link(app, floor.ada, mallory.email.upper())
        with pytest.raises(WrongCredentials):
            await onboarding.join(app, token, Join(password="not the password", browser=BROWSER))
        entered = await onboarding.join(app, token, Join(password=PASSWORD, browser=BROWSER))
        assert (entered.account_id, entered.organization_id) == (mallory.actor.id, floor.ada.organization_id)

    @pytest.mark.parametrize("join", [Join(name="", password=PASSWORD), Join(name="Gus", password="short")])
    async def test_what_will_not_do_uses_nothing_up(self, app: App, floor: Floor, join: Join) -> None:
        token = await link(app, floor.ada, new_address())
        with pytest.raises(Invalid):
            await onboarding.join(app, token, join)
        assert (await onboarding.invited(app, token)).invited_by == "Ada"

    async def test_revoked_replaced_or_expired_it_leads_nowhere(self, app: App, floor: Floor) -> None:
        email = new_address()
        first, second = await link(app, floor.ada, email), await link(app, floor.ada, email)
        with pytest.raises(NotFound):
            await onboarding.invited(app, first)
        async with app.work(floor.ada) as work:
            (open_one,) = await invitations.open_invitations(work)
            await invitations.revoke_invitation(work, open_one.id)
        with pytest.raises(NotFound):
            await onboarding.invited(app, second)
        third = await link(app, floor.ada, email)
        async with app.work(floor.ada) as work:
            (open_one,) = await invitations.open_invitations(work)
            open_one.expires_at -= timedelta(days=8)
        with pytest.raises(NotFound):
            await onboarding.invited(app, third)

    async def test_of_two_who_join_at_once_one_gets_the_last_seat_and_the_other_keeps_the_link(
        self, app: App, floor: Floor
    ) -> None:
        links = [await link(app, floor.ada, new_address()) for _ in range(2)]
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            used = (await seats.seats(work)).used
            await seats.set_seats(work, SetSeats(seats=used + 1))
        tries = [onboarding.join(app, each, Join(name="Gus", password=PASSWORD, browser=BROWSER)) for each in links]
        results = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["Entered", "SeatsTaken"]
        (refused,) = [each for each, result in zip(links, results, strict=True) if isinstance(result, SeatsTaken)]
        assert (await onboarding.invited(app, refused)).organization_name == "Northwind"

    async def test_a_team_that_is_dissolved_meanwhile_leaves_it_to_the_one_above(self, app: App, floor: Floor) -> None:
        token = await link(app, floor.ada, new_address(), team=floor.berlin)
        async with app.work(floor.ada) as work:
            await teams.remove_team(work, floor.berlin)
        assert (await onboarding.invited(app, token)).team_id == floor.central


class TestInviting:
    async def test_nobody_gives_more_than_they_have(self, app: App, floor: Floor) -> None:
        async with app.work(floor.ada) as work:
            role = await teams.define_role(
                work,
                DefineRole(
                    name="People", grants={Permission.PEOPLE_MANAGE: Extent.ALL, Permission.LEADS_READ: Extent.OWN}
                ),
            )
            assert floor.rita.actor.id is not None
            await teams.change_member(work, floor.rita.actor.id, ChangeMember(role=str(role.id)))
        limited = Member(
            floor.ada.organization_id, floor.rita.actor, frozenset({Permission.PEOPLE_MANAGE, Permission.LEADS_READ}),
            name="Rita", email=floor.rita.email, role=Role.REP,
        )  # fmt: skip
        with pytest.raises(Forbidden):
            await link(app, limited, new_address(), Role.OWNER)

    async def test_a_member_or_something_that_does_not_exist_is_refused(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        for email, role, team in (
            (floor.ben.email.upper(), "rep", None), (new_address(), "chief", None), (new_address(), "rep", uuid4()),
            ("no address", "rep", None),
        ):  # fmt: skip
            with pytest.raises(Invalid):
                await link(app, floor.ada, email, role, team)
        with pytest.raises(Invalid):
            await link(app, mallory, new_address(), team=floor.north)

    async def test_mallory_revokes_and_sees_nothing(self, app: App, floor: Floor, mallory: Member) -> None:
        token = await link(app, floor.ada, new_address())
        async with app.work(floor.ada) as work:
            (invitation,) = await invitations.open_invitations(work)
        with pytest.raises(InvitationNotFound):
            async with app.work(mallory) as work:
                assert await invitations.open_invitations(work) == []
                await invitations.revoke_invitation(work, invitation.id)
        assert (await onboarding.invited(app, token)).organization_name == "Northwind"

    async def test_a_role_that_somebody_is_invited_to_cannot_be_removed(self, app: App, floor: Floor) -> None:
        async with app.work(floor.ada) as work:
            role = await teams.define_role(work, DefineRole(name="Own", grants={Permission.LEADS_READ: Extent.OWN}))
        await link(app, floor.ada, new_address(), str(role.id))
        with pytest.raises(teams.RoleInUse):
            async with app.work(floor.ada) as work:
                await teams.remove_role(work, role.id)


class TestLeaving:
    async def test_open_leads_go_to_the_successor_and_closed_ones_stay(self, app: App, floor: Floor) -> None:
        assert floor.nora.actor.id is not None
        mine = [await given_to(app, floor, floor.nora, name) for name in ("Grace", "Katherine", "Mary")]
        async with app.work(floor.ada) as work:
            await leads.close(work, mine[2], CloseLead(outcome="won"))
        for expected in (2, 0):
            assert await onboarding.offboard(app, floor.ada, floor.nora.actor.id, floor.ben.actor.id) == expected
        async with app.work(floor.ada) as work:
            owners = [(await detail(work, lead))["owner"] for lead in mine]
        assert owners == [str(floor.ben.actor.id), str(floor.ben.actor.id), str(floor.nora.actor.id)]
        with pytest.raises(WrongCredentials):
            await onboarding.log_in(app, LogIn(email=floor.nora.email, password=PASSWORD))

    async def test_given_back_they_are_routed_anew_to_somebody_who_works(self, app: App, floor: Floor) -> None:
        assert floor.nora.actor.id is not None
        lead = await given_to(app, floor, floor.nora, "Grace")
        await fold(app, floor.ada.organization_id)
        assert await onboarding.offboard(app, floor.ada, floor.nora.actor.id, None) == 1
        await fold(app, floor.ada.organization_id)
        async with app.work(floor.ada) as work:
            owner = (await detail(work, lead))["owner"]
        assert owner in {str(member.actor.id) for member in (floor.ben, floor.ole, floor.rita)}

    async def test_neither_oneself_nor_a_stranger_nor_to_a_stranger(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        assert floor.ada.actor.id is not None
        assert floor.nora.actor.id is not None
        assert mallory.actor.id is not None
        lead = await given_to(app, floor, floor.nora, "Grace")
        for by, whom, to, error in (
            (floor.ada, floor.ada.actor.id, None, Invalid),
            (floor.ada, floor.nora.actor.id, mallory.actor.id, Invalid),
            (floor.ada, floor.nora.actor.id, floor.nora.actor.id, Invalid),
            (floor.ada, mallory.actor.id, None, MemberNotFound),
            (mallory, floor.nora.actor.id, None, MemberNotFound),
            (floor.cleo, floor.nora.actor.id, None, Forbidden),
        ):
            with pytest.raises(error):
                await onboarding.offboard(app, by, whom, to)
        async with app.work(floor.ada) as work:
            assert (await detail(work, lead))["owner"] == str(floor.nora.actor.id)
        still = await person(app, floor, floor.nora.email)
        assert still is not None
        assert still.state == "active"
