"""Reassigned leads taken back: those that nothing has happened to since."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import UpdateLead
from leadflow.routing.errors import ReassignmentNotFound, TooLateToUndo
from leadflow.routing.reassigning.service import Undone
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import fold
from tests.routing.desk import happened, only, rule, suspend
from tests.routing.reassigning import look, of, owners, reassign, to, told, undo


class TestTakingBack:
    async def test_each_lead_goes_back_unless_somebody_has_assigned_it_since(self, app: App, floor: Floor) -> None:
        bens, free = await of(app, floor, floor.ben, 4), await of(app, floor, None, 1)
        await rule(app, floor.ada, pool=only(floor.ole), is_on=True)
        made = await reassign(app, floor.ada, leads=(*bens, *free), **to(floor.nora))
        async with app.work(floor.ada) as work:
            await leads.update(work, bens[0], UpdateLead(owner=floor.rita.actor.id))
            await leads.update(work, bens[1], UpdateLead(owner=floor.rita.actor.id))
        async with app.work(floor.ada) as work:
            await leads.update(work, bens[1], UpdateLead(owner=floor.nora.actor.id))
        await happened(app, floor.ada, "activity.note", bens[2])
        assert await undo(app, floor.ada, made) == Undone(returned=3, kept=2, remaining=0)
        ben, nora, rita = floor.ben.actor.id, floor.nora.actor.id, floor.rita.actor.id
        assert await owners(app, floor.ada, [*bens, *free]) == [rita, nora, ben, ben, None]
        assert [each.lead_id for each in await told(app, floor.ada, "lead.released")] == free
        (summary,) = await told(app, floor.ada, "leads.given_back")
        assert summary.data == {"reassignment_id": str(made.id), "leads": 5}
        await fold(app, floor.ada.organization_id, "routing")
        assert await owners(app, floor.ada, free) == [floor.ole.actor.id]

    async def test_repeating_it_changes_nothing(self, app: App, floor: Floor) -> None:
        bens = await of(app, floor, floor.ben, 2)
        made = await reassign(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        first = await undo(app, floor.ada, made)
        await reassign(app, floor.ada, leads=tuple(bens), **to(floor.nora))
        before = len(await told(app, floor.ada, "lead.assigned", "leads.given_back"))
        assert await undo(app, floor.ada, made) == first == Undone(2, 0, 0)
        assert len(await told(app, floor.ada, "lead.assigned", "leads.given_back")) == before
        assert set(await owners(app, floor.ada, bens)) == {floor.nora.actor.id}

    async def test_nothing_goes_back_to_whoever_has_been_suspended(self, app: App, floor: Floor) -> None:
        bens, ritas = await of(app, floor, floor.ben, 1), await of(app, floor, floor.rita, 1)
        made = await reassign(app, floor.ada, leads=(*bens, *ritas), **to(floor.nora))
        await suspend(app, floor.ada, floor.ben)
        assert await undo(app, floor.ada, made) == Undone(returned=1, kept=1, remaining=0)
        assert await owners(app, floor.ada, [*bens, *ritas]) == [floor.nora.actor.id, floor.rita.actor.id]

    async def test_a_lead_without_an_owner_is_of_its_team_again(self, app: App, floor: Floor) -> None:
        (lead,) = await of(app, floor, floor.ben, 1)
        async with app.work(floor.ada) as work:
            await leads.update(work, lead, UpdateLead(owner=None))
        made = await reassign(app, floor.cleo, leads=(lead,), **to(floor.nora))
        assert await undo(app, floor.cleo, made) == Undone(1, 0, 0)
        assert (await look(app, floor.cleo, leads=(lead,), **to(floor.ben))).leads == 1

    async def test_it_is_for_whoever_did_it_and_those_who_may_change_every_lead(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        bens = await of(app, floor, floor.ben, 1)
        made = await reassign(app, floor.cleo, leads=tuple(bens), **to(floor.nora))
        for other in (floor.ben, floor.nora, mallory):
            with pytest.raises(ReassignmentNotFound):
                await undo(app, other, made)
        assert (await undo(app, floor.ada, made)).returned == 1

    async def test_a_lead_does_not_go_back_to_where_the_actor_may_change_nothing_any_more(
        self, app: App, floor: Floor
    ) -> None:
        bens = await of(app, floor, floor.ben, 1)
        made = await reassign(app, floor.cleo, leads=tuple(bens), **to(floor.nora))
        demoted = Member(
            floor.cleo.organization_id, floor.cleo.actor, floor.nora.permissions, floor.nora.reaches,
            name="Cleo", email="", role=Role.REP,
        )  # fmt: skip
        assert await undo(app, demoted, made) == Undone(returned=0, kept=1, remaining=0)
        assert await owners(app, floor.ada, bens) == [floor.nora.actor.id]

    async def test_after_a_day_it_is_too_late_and_later_it_is_forgotten(self, app: App, floor: Floor) -> None:
        bens = await of(app, floor, floor.ben, 2)
        made = await reassign(app, floor.ada, leads=(bens[0],), **to(floor.nora))
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            back = "UPDATE reassignment SET made_at = made_at - :gone"
            await work.session.execute(text(back), {"gone": timedelta(hours=25)})
        with pytest.raises(TooLateToUndo):
            await undo(app, floor.ada, made)
        await reassign(app, floor.ada, leads=(bens[1],), **to(floor.nora))
        with pytest.raises(ReassignmentNotFound):
            await undo(app, floor.ada, made)
        assert set(await owners(app, floor.ada, bens)) == {floor.nora.actor.id}
