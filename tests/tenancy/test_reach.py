"""Who sees and changes which leads: lists, counts, pages, key figures, sources and searches agree, for everybody."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.insight.queries import kpis
from leadflow.intake import queries as intake
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.fields import FieldLevel, LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Extent, Place, reach_of
from leadflow.leads import CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads import queries as lead_queries
from leadflow.leads.errors import LeadNotFound
from leadflow.scoring import queries as scoring
from leadflow.tenancy import teams
from leadflow.tenancy.access import who_sees
from leadflow.tenancy.commands import ChangeMember, DefineRole
from leadflow.views import queries as views
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import fold

Leads = dict[str, UUID]


@pytest.fixture
async def given(app: App, floor: Floor) -> Leads:
    """One lead of everybody who sells, and one of nobody's."""
    owners = {"Berlin": floor.ben, "Nora": floor.nora, "Ole": floor.ole, "Rita": floor.rita, "Cleo": floor.cleo}
    found = {name: await given_to(app, floor, owner, name) for name, owner in owners.items()}
    found["Nobody"] = await given_to(app, floor, None, "Nobody")
    await fold(app, floor.ada.organization_id, "scoring")
    return found


SEES: dict[str, set[str]] = {
    "ada": {"Berlin", "Nora", "Ole", "Rita", "Cleo", "Nobody"},
    "cleo": {"Berlin", "Cleo"},
    "ben": {"Berlin"},
    "nora": {"Nora", "Ole"},
    "rita": {"Rita", "Nobody"},
}


def everybody(floor: Floor) -> dict[str, Member]:
    return {name: getattr(floor, name) for name in SEES}


async def listed(app: App, member: Member, **wanted: object) -> set[str]:
    async with app.work(member) as work:
        page = await views.page(work, LeadFilter(**wanted), Sort.NAME, None, 200)  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return {row["name"] for row in page.items}


class TestOneTruth:
    async def test_lists_boards_counts_sources_and_figures_agree(self, app: App, floor: Floor, given: Leads) -> None:
        for name, member in everybody(floor).items():
            async with app.work(member) as work:
                cards, _ = await views.board(work, LeadFilter())
                counted = await views.counts(work, LeadFilter())
                changes = await views.changes_of(work, LeadFilter(), list(given.values()))
                figures = await kpis(work)
            assert await listed(app, member) == SEES[name]
            assert {card["name"] for card in cards} == SEES[name]
            assert sum(each["count"] for each in counted.values()) == len(SEES[name])
            assert {row["name"] for row in changes.upsert} == SEES[name]
            assert figures["new_today"]["value"] == len(SEES[name])

    async def test_search_and_every_filter_stay_within_reach(self, app: App, floor: Floor, given: Leads) -> None:
        assert await listed(app, floor.ben, q="lead.example") == {"Berlin"}
        assert await listed(app, floor.ben, owner=floor.nora.actor.id) == set()
        assert await listed(app, floor.ben, owner="none") == set()
        assert await listed(app, floor.rita, owner="none") == {"Nobody"}
        assert await listed(app, floor.nora, stage="new", captured="today") == {"Nora", "Ole"}

    async def test_a_page_of_a_lead_out_of_reach_does_not_exist(self, app: App, floor: Floor, given: Leads) -> None:
        for name, member in everybody(floor).items():
            for lead, lead_id in given.items():
                assert await self._parts(app, member, lead_id) == (lead in SEES[name]), (name, lead)

    async def _parts(self, app: App, member: Member, lead_id: UUID) -> bool:
        """Whether all parts of a lead's page are there, or none."""
        seen: list[bool] = []
        async with app.work(member) as work:
            for part in (lead_queries.detail, lead_queries.timeline):
                try:
                    await part(work, lead_id)  # type: ignore[operator]
                    seen.append(True)
                except LeadNotFound:
                    seen.append(False)
            seen.append(bool(await scoring.score_of(work, lead_id)))
            seen.append(bool(await scoring.history(work, lead_id)))
            assert await intake.consent_of(work, lead_id) is None
        assert len(set(seen)) == 1
        return seen[0]


class TestChanges:
    async def test_nothing_out_of_reach_can_be_changed(self, app: App, floor: Floor, given: Leads) -> None:
        lead = given["Nora"]
        for attempt in (
            lambda work: leads.update(work, lead, UpdateLead(name="Ben's")),
            lambda work: leads.close(work, lead, CloseLead(outcome="lost")),
            lambda work: leads.log_activity(work, lead, LogActivity(kind="note", text="Mine")),
            lambda work: leads.record_behaviour(work, [RecordBehaviour(kind="page_viewed", lead_id=lead)]),
            lambda work: leads.record_behaviour(work, [RecordBehaviour(kind="page_viewed", email="nora@lead.example")]),
        ):
            with pytest.raises(LeadNotFound):
                async with app.work(floor.ben) as work:
                    await attempt(work)
        async with app.work(floor.ada) as work:
            assert (await lead_queries.detail(work, lead))["name"] == "Nora"

    async def test_what_may_be_seen_only_is_said_to_be_others(self, app: App, floor: Floor, given: Leads) -> None:
        looker = replace(
            floor.nora,
            reaches={**floor.nora.reaches, Permission.LEADS_WRITE: reach_of(Extent.OWN, Place(floor.nora.actor.id))},
        )
        async with app.work(looker) as work:
            await leads.update(work, given["Nora"], UpdateLead(title="CEO"))
        with pytest.raises(Forbidden):
            async with app.work(looker) as work:
                await leads.update(work, given["Ole"], UpdateLead(title="CEO"))

    async def test_handed_on_it_leaves_one_reach_and_enters_another(self, app: App, floor: Floor, given: Leads) -> None:
        async with app.work(floor.nora) as work:
            await leads.update(work, given["Nora"], UpdateLead(owner=floor.ben.actor.id))
        assert await listed(app, floor.nora) == {"Ole"}
        assert await listed(app, floor.ben) == {"Berlin", "Nora"}


class TestWhoIsToldToForget:
    async def told(self, app: App, member: Member, ids: Sequence[UUID]) -> tuple[set[str], set[str]]:
        async with app.work(member) as work:
            changes = await views.changes_of(work, LeadFilter(), ids)
        return {row["name"] for row in changes.upsert}, set(changes.remove)

    async def test_only_those_who_saw_it_before(self, app: App, floor: Floor, given: Leads) -> None:
        lead = given["Nora"]
        async with app.work(floor.ada) as work:
            await leads.update(work, lead, UpdateLead(owner=floor.ben.actor.id))
        assert await self.told(app, floor.ben, [lead]) == ({"Nora"}, set())
        assert await self.told(app, floor.nora, [lead]) == (set(), {str(lead)})
        assert await self.told(app, floor.rita, [lead]) == (set(), set())
        assert await self.told(app, floor.ada, [lead]) == ({"Nora"}, set())

    async def test_what_has_left_a_filter_and_not_the_reach_is_told(self, app: App, floor: Floor, given: Leads) -> None:
        async with app.work(floor.nora) as work:
            await leads.update(work, given["Ole"], UpdateLead(stage="contacted"))
            changes = await views.changes_of(work, LeadFilter(stage=("new",)), list(given.values()))
        assert changes.remove == [str(given["Ole"])]


class TestWhy:
    async def test_what_is_said_is_what_lists_do(self, app: App, floor: Floor, given: Leads) -> None:
        for name, lead in given.items():
            async with app.work(floor.ada) as work:
                told = await who_sees(work, *await lead_queries.place_of(work, lead))
            said = {access.person.name: (access.sees, access.changes) for access in told}
            for short, member in everybody(floor).items():
                assert said[member.name][0] == (name in SEES[short]), (name, short)
                assert said[member.name][1] == said[member.name][0]

    async def test_it_is_said_in_words(self, app: App, floor: Floor, given: Leads) -> None:
        async with app.work(floor.ada) as work:
            assert floor.ole.actor.id is not None
            await teams.change_member(work, floor.ole.actor.id, ChangeMember(suspended=True))
            told = await who_sees(work, *await lead_queries.place_of(work, given["Nora"]))
        words = {access.person.name: access.why for access in told}
        assert words == {
            "Ada": "Sees every lead.",
            "Nora": "Sees leads of North: this is one of them.",
            "Ben": "Sees leads of Berlin: this one is of North.",
            "Cleo": "Sees leads of Central and the teams below: this one is of North.",
            "Ole": "Suspended: sees nothing.",
            "Rita": "Sees leads that are in no team: this one is of North.",
        }
        assert [access.sees for access in told] == sorted((access.sees for access in told), reverse=True)

    async def test_it_is_for_those_who_manage_people(
        self, app: App, floor: Floor, given: Leads, mallory: Member
    ) -> None:
        with pytest.raises(Forbidden):
            async with app.work(floor.nora) as work:
                await who_sees(work, *await lead_queries.place_of(work, given["Nora"]))
        with pytest.raises(LeadNotFound):
            async with app.work(mallory) as work:
                await lead_queries.place_of(work, given["Nora"])


async def test_a_role_that_goes_without_fields_says_so(app: App, floor: Floor) -> None:
    lead = await given_to(app, floor, floor.nora, "Grace")
    async with app.work(floor.ada) as work:
        command = DefineRole(
            name="Partner",
            grants={Permission.LEADS_READ: Extent.ALL},
            fields={LeadField.EMAIL: FieldLevel.NONE, LeadField.VALUE: FieldLevel.READ},
        )
        role = await teams.define_role(work, command)
        assert floor.rita.actor.id is not None
        await teams.change_member(work, floor.rita.actor.id, ChangeMember(role=str(role.id)))
    async with app.work(floor.ada) as work:
        told = await who_sees(work, *await lead_queries.place_of(work, lead))
    words = {access.person.name: access.why for access in told}
    assert words["Rita"] == "Sees every lead. The role is not told: email."
    assert "not told" not in words["Ada"]
