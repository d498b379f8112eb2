"""Teams, roles and people: who may change them, what cannot be, and what follows."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent
from leadflow.kernel.scope import Scope
from leadflow.leads.queries import detail
from leadflow.tenancy import repository, rules, teams
from leadflow.tenancy.commands import ChangeMember, ChangeTeam, CreateTeam, DefineRole
from leadflow.tenancy.errors import MemberNotFound, RoleInUse, RoleNotFound, TeamNotFound
from leadflow.tenancy.permissions import ROLE_GRANTS, Role, grants_of
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to


async def tree(app: App, scope: Scope) -> dict[UUID, UUID | None]:
    async with app.work(scope) as work:
        return await repository.teams_above(work)


async def team_of(app: App, floor: Floor, lead: UUID) -> UUID | None:
    async with app.work(floor.ada) as work:
        row = await work.session.execute(text("SELECT team_id FROM lead WHERE id = :id"), {"id": lead})
        found: UUID | None = row.scalar_one()
    return found


def me(member: Member) -> UUID:
    assert member.actor.id is not None
    return member.actor.id


class TestTree:
    async def test_a_team_cannot_stand_below_itself(self, app: App, floor: Floor) -> None:
        for parent in (floor.central, floor.berlin):
            with pytest.raises(Invalid) as refused:
                async with app.work(floor.ada) as work:
                    await teams.change_team(work, floor.central, ChangeTeam(parent=parent))
            assert [problem.field for problem in refused.value.problems] == ["parent"]

    async def test_it_moves_with_everything_below(self, app: App, floor: Floor) -> None:
        async with app.work(floor.ada) as work:
            await teams.change_team(work, floor.central, ChangeTeam(parent=floor.north))
        assert await tree(app, floor.ada) == {
            floor.central: floor.north, floor.berlin: floor.central, floor.north: None
        }  # fmt: skip

    async def test_what_is_left_out_stays(self, app: App, floor: Floor) -> None:
        async with app.work(floor.ada) as work:
            team = await teams.change_team(work, floor.berlin, ChangeTeam(name="Potsdam"))
        assert (team.name, team.parent_id) == ("Potsdam", floor.central)

    async def test_two_teams_of_one_name_are_refused(self, app: App, floor: Floor) -> None:
        with pytest.raises(Invalid, match="correct"):
            async with app.work(floor.ada) as work:
                await teams.create_team(work, CreateTeam(name="berlin"))

    async def test_it_cannot_grow_deeper_than_eight(self, app: App, floor: Floor) -> None:
        above: UUID | None = None
        for level in range(rules.DEEPEST):
            async with app.work(floor.ada) as work:
                above = (await teams.create_team(work, CreateTeam(name=f"Level {level}", parent=above))).id
        with pytest.raises(Invalid):
            async with app.work(floor.ada) as work:
                await teams.create_team(work, CreateTeam(name="Too deep", parent=above))
        with pytest.raises(Invalid):
            async with app.work(floor.ada) as work:
                await teams.change_team(work, floor.central, ChangeTeam(parent=above))

    async def test_dissolved_it_leaves_everything_to_the_one_above(self, app: App, floor: Floor) -> None:
        lead = await given_to(app, floor, floor.ben, "Grace")
        async with app.work(floor.ada) as work:
            await teams.remove_team(work, floor.berlin)
        assert await team_of(app, floor, lead) == floor.central
        async with app.work(floor.ada) as work:
            people = {person.name: person.team for person in await repository.people(work)}
            await teams.remove_team(work, floor.central)
        assert (people["Ben"], await team_of(app, floor, lead)) == (floor.central, None)
        assert await tree(app, floor.ada) == {floor.north: None}


class TestLeadsFollow:
    async def test_a_lead_is_of_its_owners_team(self, app: App, floor: Floor) -> None:
        assert await team_of(app, floor, await given_to(app, floor, floor.nora, "Grace")) == floor.north
        assert await team_of(app, floor, await given_to(app, floor, None, "Katherine")) is None

    async def test_it_moves_with_its_owner(self, app: App, floor: Floor) -> None:
        lead = await given_to(app, floor, floor.nora, "Grace")
        async with app.work(floor.ada) as work:
            await teams.change_member(work, me(floor.nora), ChangeMember(team=floor.berlin))
        assert await team_of(app, floor, lead) == floor.berlin
        async with app.work(floor.ada) as work:
            await teams.change_member(work, me(floor.nora), ChangeMember(team=None))
        assert await team_of(app, floor, lead) is None


class TestPeople:
    async def test_an_organization_keeps_an_owner(self, app: App, floor: Floor) -> None:
        for command in (ChangeMember(role=Role.ADMIN), ChangeMember(suspended=True)):
            with pytest.raises(Invalid):
                async with app.work(floor.ada) as work:
                    await teams.change_member(work, me(floor.ada), command)

    async def test_an_admin_makes_no_owner_and_unmakes_none(self, app: App, floor: Floor) -> None:
        async with app.work(floor.ada) as work:
            await teams.change_member(work, me(floor.cleo), ChangeMember(role=Role.ADMIN))
        admin = Scope(floor.ada.organization_id, floor.cleo.actor, frozenset(grants_of(Role.ADMIN)))
        for whom, command in (
            (floor.ben, ChangeMember(role=Role.OWNER)), (floor.cleo, ChangeMember(role=Role.OWNER)),
            (floor.ada, ChangeMember(role=Role.REP)), (floor.ada, ChangeMember(suspended=True)),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                async with app.work(admin) as work:
                    await teams.change_member(work, me(whom), command)

    async def test_nobody_suspended_is_given_a_lead(self, app: App, floor: Floor) -> None:
        async with app.work(floor.ada) as work:
            await teams.change_member(work, me(floor.nora), ChangeMember(suspended=True))
        with pytest.raises(Invalid):
            await given_to(app, floor, floor.nora, "Grace")

    @pytest.mark.parametrize("command", [ChangeMember(role="chief"), ChangeMember(team=uuid4())])
    async def test_what_does_not_exist_is_refused(self, app: App, floor: Floor, command: ChangeMember) -> None:
        with pytest.raises(Invalid):
            async with app.work(floor.ada) as work:
                await teams.change_member(work, me(floor.ben), command)


class TestOwnRoles:
    async def test_it_gives_what_it_says(self, app: App, floor: Floor) -> None:
        command = DefineRole(
            name="Hunter", grants={Permission.LEADS_READ: Extent.TEAM, Permission.LEADS_WRITE: Extent.OWN}
        )
        async with app.work(floor.ada) as work:
            role = await teams.define_role(work, command)
            await teams.change_member(work, me(floor.ben), ChangeMember(role=str(role.id)))
        assert grants_of(str(role.id), role.grants) == {**command.grants, Permission.SESSIONS_OWN: Extent.ALL}
        with pytest.raises(RoleInUse):
            async with app.work(floor.ada) as work:
                await teams.remove_role(work, role.id)

    @pytest.mark.parametrize(
        "grants",
        [
            {Permission.LEADS_READ: Extent.OWN, Permission.LEADS_WRITE: Extent.TEAM},
            {Permission.LEADS_WRITE: Extent.OWN},
            {Permission.PEOPLE_MANAGE: Extent.TEAM},
        ],
    )
    async def test_no_role_can_be_like_this(self, app: App, floor: Floor, grants: dict[Permission, Extent]) -> None:
        with pytest.raises(Invalid) as refused:
            async with app.work(floor.ada) as work:
                await teams.define_role(work, DefineRole(name="Odd", grants=grants))
        assert all(problem.field.startswith("grants.") for problem in refused.value.problems)

    async def test_nobody_gives_more_than_they_have(self, app: App, floor: Floor) -> None:
        narrow = Scope(
            floor.ada.organization_id, floor.cleo.actor,
            frozenset({Permission.PEOPLE_MANAGE, Permission.LEADS_READ}), floor.cleo.reaches,
        )  # fmt: skip
        for grants in ({Permission.LEADS_READ: Extent.ALL}, {Permission.KEYS_MANAGE: Extent.ALL}):
            with pytest.raises(Forbidden):
                async with app.work(narrow) as work:
                    await teams.define_role(work, DefineRole(name="More", grants=grants))

    def test_what_is_not_understood_is_not_given(self) -> None:
        assert grants_of("x", {"leads.read": "team", "leads.fly": "all", "leads.write": "galaxy"}) == {
            Permission.LEADS_READ: Extent.TEAM,
            Permission.SESSIONS_OWN: Extent.ALL,
        }
        assert grants_of("chief") == {}

    def test_only_owners_manage_owners(self) -> None:
        having = [role for role, grants in ROLE_GRANTS.items() if Permission.OWNERS_MANAGE in grants]
        assert having == [Role.OWNER]


class TestWho:
    async def test_it_takes_the_permission_to_manage_people(self, app: App, floor: Floor) -> None:
        for member in (floor.cleo, floor.ben):
            for change in (
                lambda work: teams.create_team(work, CreateTeam(name="Mine")),
                lambda work: teams.remove_team(work, floor.north),
                lambda work: teams.change_member(work, me(floor.ben), ChangeMember(role=Role.OWNER)),
                lambda work: teams.define_role(
                    work, DefineRole(name="God", grants={Permission.LEADS_READ: Extent.ALL})
                ),
            ):
                with pytest.raises(Forbidden):
                    async with app.work(member) as work:
                        await change(work)

    async def test_mallory_finds_nothing_of_ours(self, app: App, floor: Floor, mallory: Member) -> None:
        async with app.work(floor.ada) as work:
            role = await teams.define_role(work, DefineRole(name="Own", grants={Permission.LEADS_READ: Extent.OWN}))
        lead = await given_to(app, floor, floor.nora, "Grace")
        cases = (
            (TeamNotFound, lambda work: teams.change_team(work, floor.north, ChangeTeam(name="Hers"))),
            (TeamNotFound, lambda work: teams.remove_team(work, floor.north)),
            (MemberNotFound, lambda work: teams.change_member(work, me(floor.nora), ChangeMember(role=Role.OWNER))),
            (RoleNotFound, lambda work: teams.remove_role(work, role.id)),
            (Invalid, lambda work: teams.create_team(work, CreateTeam(name="Below", parent=floor.north))),
            (Invalid, lambda work: teams.change_member(work, me(mallory), ChangeMember(team=floor.north))),
            (Invalid, lambda work: teams.change_member(work, me(mallory), ChangeMember(role=str(role.id)))),
        )
        for error, attempt in cases:
            with pytest.raises(error):
                async with app.work(mallory) as work:
                    await attempt(work)
        assert await team_of(app, floor, lead) == floor.north
        async with app.work(floor.ada) as work:
            assert (await detail(work, lead))["owner"] == str(floor.nora.actor.id)
