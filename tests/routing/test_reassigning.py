"""Many leads given to others at once: looked at before, and taken back after."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.leads import CloseLead, UpdateLead
from leadflow.routing.commands import Pool
from leadflow.routing.reassigning import service
from leadflow.routing.reassigning.service import Reassigned, Undone
from leadflow.tenancy.holidays import service as holidays
from leadflow.tenancy.holidays.commands import AddHoliday
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from leadflow.views.rules import LeadFilter
from leadflow.views.selecting import queries as selecting
from tests.fixtures import cast
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.installation import fold
from tests.routing.desk import away, only, rule, some, suspend
from tests.routing.reassigning import look, of, owners, reassign, to, told, undo


class TestPreview:
    async def test_it_says_who_would_get_how_many_from_whom_and_changes_nothing(self, app: App, floor: Floor) -> None:
        bens, noras, free = (
            await of(app, floor, floor.ben, 3),
            await of(app, floor, floor.nora, 1),
            await of(app, floor, None, 1),
        )
        await of(app, floor, floor.nora, 4)
        found = await look(app, floor.ada, leads=(*bens, *noras, *free, new_id()), **to(floor.nora))
        assert (found.leads, found.moving, found.already, found.missing) == (5, 4, 1, 1)
        (nora,) = found.to
        assert (nora.name, nora.gets, nora.keeps, nora.open_before, nora.open_after) == ("Nora", 4, 1, 5, 9)
        assert [(each.id, each.name, each.leads) for each in nora.givers] == [
            (floor.ben.actor.id, "Ben", 3),
            (None, "Nobody", 1),
        ]
        assert await owners(app, floor.ada, [*bens, *free]) == [floor.ben.actor.id] * 3 + [None]

    async def test_closed_leads_are_left_out_unless_asked_for(self, app: App, floor: Floor) -> None:
        bens = await of(app, floor, floor.ben, 2)
        async with app.work(floor.ada) as work:
            await leads.close(work, bens[0], CloseLead(outcome="won"))
        found = await look(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        assert (found.moving, found.closed, found.to[0].open_after) == (1, 1, 1)
        found = await look(app, floor.ada, leads=tuple(bens), with_closed=True, **to(floor.nora))
        assert (found.moving, found.closed, found.to[0].gets, found.to[0].open_after) == (2, 0, 2, 1)

    async def test_what_is_out_of_reach_is_not_there_and_what_is_out_of_hand_is_refused(
        self, app: App, floor: Floor
    ) -> None:
        bens, noras = await of(app, floor, floor.ben, 2), await of(app, floor, floor.nora, 2)
        found = await look(app, floor.cleo, leads=(*bens, *noras), **to(floor.nora))
        assert (found.leads, found.moving, found.missing, found.refused) == (2, 2, 2, 0)
        assert (found.to[0].open_before, found.to[0].open_after) == (None, None)
        reads_all = Member(
            floor.ada.organization_id, floor.ben.actor, floor.ben.permissions,
            {**floor.ben.reaches, "leads.read": floor.ada.reach("leads.read")}, name="", email="", role=Role.REP,
        )  # fmt: skip
        found = await look(app, reads_all, leads=(*bens, *noras), **to(floor.ole))
        assert (found.leads, found.moving, found.refused) == (4, 2, 2)

    async def test_it_warns_of_who_is_absent_or_has_had_enough(self, app: App, floor: Floor) -> None:
        await away(app, floor.nora)
        await rule(app, floor.ada, pool=only(floor.ole), strategy="capacity", options={"most": 1})
        bens = await of(app, floor, floor.ben, 3)  # one of which routing has counted as Ole's
        found = await look(app, floor.ada, leads=tuple(bens), **to(floor.nora, floor.ole, floor.rita))
        assert {each.name: each.warning for each in found.to} == {
            "Nora": "absent", "Ole": "at capacity", "Rita": "",
        }  # fmt: skip

    async def test_a_team_brings_those_who_are_there(self, app: App, floor: Floor) -> None:
        await away(app, floor.nora)
        bens = await of(app, floor, floor.ben, 3)
        found = await look(app, floor.ada, leads=tuple(bens), **to(teams=[floor.north]))
        assert [(each.name, each.gets) for each in found.to] == [("Ole", 3)]
        assert [(each.name, each.why) for each in found.passed_over] == [("Nora", "absent")]
        today = datetime.now(UTC).date()
        async with app.work(floor.ole) as work:
            for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
                await holidays.add(work, AddHoliday(day=day, name="Name day", person=floor.ole.actor.id))
        found = await look(app, floor.ada, leads=tuple(bens), **to(floor.ole))
        assert [(each.gets, each.warning) for each in found.to] == [(3, "holiday")]
        with pytest.raises(Invalid) as error:
            await look(app, floor.ada, leads=tuple(bens), **to(teams=[floor.north]))
        assert [each.field for each in error.value.problems] == ["to"]


class TestReassigning:
    async def test_they_go_to_one_person_each_with_an_event_and_one_for_all(self, app: App, floor: Floor) -> None:
        bens, noras = await of(app, floor, floor.ben, 3), await of(app, floor, floor.nora, 1)
        before = len(await told(app, floor.ada, "lead.assigned"))
        made = await reassign(app, floor.cleo, leads=(*bens, *noras), **to(floor.rita))
        assert (made.leads, made.skipped, made.remaining) == (3, 0, 0)
        assert await owners(app, floor.ada, [*bens, *noras]) == [floor.rita.actor.id] * 3 + [floor.nora.actor.id]
        events = (await told(app, floor.ada, "lead.assigned"))[before:]
        assert {event.lead_id for event in events} == set(bens)
        assert events[0].actor_id == floor.cleo.actor.id
        assert events[0].data == {
            "from": str(floor.ben.actor.id), "to": str(floor.rita.actor.id), "name": "Rita", "how": "in bulk",
            "reassignment_id": str(made.id),
        }  # fmt: skip
        (summary,) = await told(app, floor.ada, "leads.reassigned")
        assert summary.data == {
            "reassignment_id": str(made.id), "leads": 3, "to": {str(floor.rita.actor.id): 3},
        }  # fmt: skip
        assert await reassign(app, floor.ada, leads=tuple(bens), **to(floor.rita)) == Reassigned(None, 0, 0, 0)

    async def test_all_that_match_a_filter_are_shared_out_as_previewed(self, app: App, floor: Floor) -> None:
        bens, others = await of(app, floor, floor.ben, 7), await of(app, floor, floor.rita, 2)
        command = {"where": LeadFilter(owner=floor.ben.actor.id), **to(teams=[floor.north])}
        looked = await look(app, floor.ada, **command)
        await reassign(app, floor.ada, **command)
        got = Counter(await owners(app, floor.ada, bens))
        assert got == {each.id: each.gets for each in looked.to}
        assert sorted(got.values()) == [3, 4]
        assert set(await owners(app, floor.ada, others)) == {floor.rita.actor.id}

    async def test_what_the_actor_may_not_change_stays(self, app: App, floor: Floor) -> None:
        bens, noras = await of(app, floor, floor.ben, 1), await of(app, floor, floor.nora, 1)
        made = await reassign(app, floor.ben, leads=(*bens, *noras), **to(floor.ole))
        assert made.leads == 1
        assert await owners(app, floor.ada, [*bens, *noras]) == [floor.ole.actor.id, floor.nora.actor.id]

    async def test_whoever_is_suspended_or_a_stranger_is_refused(self, app: App, floor: Floor, mallory: Member) -> None:
        bens = await of(app, floor, floor.ben, 1)
        await suspend(app, floor.ada, floor.nora)
        for pool, field in (
            (only(floor.nora), "to.people"),
            (only(mallory), "to.people"),
            ({"teams": [new_id()]}, "to.teams"),
        ):
            with pytest.raises(Invalid) as error:
                await reassign(app, floor.ada, leads=tuple(bens), to=Pool.model_validate(pool))
            assert [each.field for each in error.value.problems] == [field]
        assert await owners(app, floor.ada, bens) == [floor.ben.actor.id]

    async def test_more_than_can_be_reassigned_at_once_are_refused(
        self, app: App, floor: Floor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bens = await of(app, floor, floor.ben, 3)
        monkeypatch.setattr(selecting, "MOST_MATCHING", 2)
        with pytest.raises(Invalid) as error:
            await reassign(app, floor.ada, where=LeadFilter(), **to(floor.nora))
        assert "More than 2 leads match" in error.value.problems[0].message
        assert set(await owners(app, floor.ada, bens)) == {floor.ben.actor.id}

    async def test_a_given_lead_is_nobodys_turn(self, app: App, floor: Floor) -> None:
        await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
        bens = await of(app, floor, floor.ben, 4)
        await reassign(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        fresh = await some(app, floor.ada, 2)
        await fold(app, floor.ada.organization_id, "routing")
        assert set(await owners(app, floor.ada, fresh)) == {floor.ben.actor.id, floor.nora.actor.id}

    async def test_those_who_only_look_and_those_who_are_not_here_change_nothing(
        self, app: App, northwind: cast.Company, mallory: Member
    ) -> None:
        (lead,) = await some(app, northwind.owner, 1)
        command = {"leads": (lead,), **to(northwind.manager)}
        for use in (look, reassign):
            with pytest.raises(Forbidden):
                await use(app, northwind.viewer, **command)
            with pytest.raises(Invalid):
                await use(app, mallory, **command)
        assert (await look(app, mallory, leads=(lead,), **to(mallory))).leads == 0
        assert await reassign(app, mallory, leads=(lead,), **to(mallory)) == Reassigned(None, 0, 0, 0)
        assert await reassign(app, mallory, where=LeadFilter(), **to(mallory)) == Reassigned(None, 0, 0, 0)
        assert await owners(app, northwind.owner, [lead]) == [None]

    async def test_two_who_take_the_same_leads_do_not_embrace(self, app: App, floor: Floor) -> None:
        bens = await of(app, floor, floor.ben, 40)
        made = await asyncio.gather(
            *(reassign(app, floor.ada, leads=tuple(bens), **to(each)) for each in (floor.nora, floor.ole, floor.rita))
        )
        moved = sum(each.leads - each.skipped for each in made)
        assert moved == len(
            [each for each in await told(app, floor.ada, "lead.assigned") if each.data["how"] == "in bulk"]
        )
        assert floor.ben.actor.id not in await owners(app, floor.ada, bens)


class TestMany:
    @pytest.fixture(autouse=True)
    def few_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "AT_ONCE", 4)

    async def rest(self, app: App, scope: Scope, made: Reassigned, *, is_undo: bool = False) -> int:
        """What the job does; says in how many transactions."""
        assert made.id is not None
        is_more, parts = True, 0
        while is_more:
            async with app.work(system_scope(scope.organization_id).acting_as(scope.actor)) as work:
                is_more = await service.go_on(work, made.id, is_undo=is_undo)
            parts += 1
        return parts

    async def test_the_rest_moves_in_parts_and_back(self, app: App, floor: Floor) -> None:
        bens = await of(app, floor, floor.ben, 10)
        made = await reassign(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        assert (made.leads, made.remaining) == (10, 6)
        assert await self.rest(app, floor.ada, made) == 2
        assert await owners(app, floor.ada, bens) == [floor.nora.actor.id] * 10
        assert await undo(app, floor.ada, made) == Undone(returned=4, kept=0, remaining=6)
        assert await self.rest(app, floor.ada, made, is_undo=True) == 2
        assert await self.rest(app, floor.ada, made) == 1
        assert await owners(app, floor.ada, bens) == [floor.ben.actor.id] * 10
        assert await undo(app, floor.ada, made) == Undone(returned=10, kept=0, remaining=0)

    async def test_what_is_taken_back_before_it_has_all_moved_moves_no_further(self, app: App, floor: Floor) -> None:
        bens = await of(app, floor, floor.ben, 10)
        made = await reassign(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        assert await undo(app, floor.ada, made) == Undone(returned=4, kept=0, remaining=0)
        await self.rest(app, floor.ada, made)
        assert await owners(app, floor.ada, bens) == [floor.ben.actor.id] * 10

    async def test_what_somebody_has_changed_meanwhile_or_can_no_longer_take_stays(
        self, app: App, floor: Floor
    ) -> None:
        bens = await of(app, floor, floor.ben, 10)
        made = await reassign(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        async with app.work(floor.ada) as work:
            await leads.update(work, bens[9], UpdateLead(owner=floor.rita.actor.id))
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            assert made.id is not None
            await service.go_on(work, made.id, is_undo=False)
        await suspend(app, floor.ada, floor.nora)
        await self.rest(app, floor.ada, made)
        nora, ben = floor.nora.actor.id, floor.ben.actor.id
        assert await owners(app, floor.ada, bens) == [*[nora] * 8, ben, floor.rita.actor.id]


async def test_a_lead_given_to_a_team_that_it_leaves_is_out_of_sight(app: App, floor: Floor) -> None:
    lead = await given_to(app, floor, floor.ben, "Grace")
    await reassign(app, floor.cleo, leads=(lead,), **to(floor.nora))
    assert (await look(app, floor.cleo, leads=(lead,), **to(floor.ben))).missing == 1
