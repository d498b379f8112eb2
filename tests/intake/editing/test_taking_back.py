"""Edited leads put back: what still says what the edit made it say."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.intake.editing import Undone, service
from leadflow.intake.editing.errors import EditNotFound, TooLateToUndo
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.fields import rights_from
from leadflow.leads import CloseLead, UpdateLead
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import fold
from tests.intake.editing.desk import command, edit, progress, rest, said, some, told, undo


class TestTakingBack:
    async def test_each_field_goes_back_unless_somebody_has_changed_it_since(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 3, title="CTO", company="Acme", value=100)
        made = await edit(app, ada, command(ids, title="CEO", company="Bell", value=900, currency="CHF"))
        async with app.work(ada) as work:
            await leads.update(work, ids[0], UpdateLead(title="CFO"))
            await leads.update(work, ids[1], UpdateLead(title="CFO", company="Core", value=1))
        assert await undo(app, ada, made) == Undone(returned=2, kept=1, remaining=0)
        assert await said(app, ada, ids, "title, company, value, currency") == [
            ("CFO", "Acme", 100, "EUR"), ("CFO", "Core", 1, "CHF"), ("CTO", "Acme", 100, "EUR"),
        ]  # fmt: skip
        (whole,) = await told(app, ada, "leads.put_back")
        assert whole.data == {"edit_id": str(made.id), "leads": 3}
        last = (await told(app, ada, "lead.updated"))[-1]
        assert (last.lead_id, last.data["how"]) == (ids[2], "taken back")

    async def test_a_lead_is_in_its_stage_for_as_long_as_it_was_and_is_no_success_any_more(
        self, app: App, ada: Member
    ) -> None:
        ids = await some(app, ada, 2)
        async with app.work(ada) as work:
            await leads.close(work, ids[1], CloseLead(outcome="lost", reason="Budget"))
        before = await said(app, ada, ids, "stage, stage_at, closed_at")
        made = await edit(app, ada, command(ids, stage="won", with_closed=True))
        assert await undo(app, ada, made) == Undone(2, 0, 0)
        assert await said(app, ada, ids, "stage, stage_at, closed_at") == before
        assert [event.lead_id for event in await told(app, ada, "lead.reopened")] == [ids[0]]
        await fold(app, ada.organization_id)
        async with app.work(system_scope(ada.organization_id)) as work:
            found = await work.session.execute(text("SELECT lead_id, coalesce(features ->> 'o', '') FROM lead_score"))
            assert dict(list(found)) == {ids[0]: "", ids[1]: "lost"}

    async def test_repeating_it_changes_nothing(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 2)
        made = await edit(app, ada, command(ids, title="CEO"))
        first = await undo(app, ada, made)
        await edit(app, ada, command(ids, title="CEO"))
        before = len(await told(app, ada, "lead.updated", "leads.put_back"))
        assert await undo(app, ada, made) == first == Undone(2, 0, 0)
        assert len(await told(app, ada, "lead.updated", "leads.put_back")) == before
        assert {row.title for row in await said(app, ada, ids)} == {"CEO"}

    async def test_it_is_for_whoever_did_it_and_those_who_may_change_every_lead(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        ids = await some(app, floor.ada, 1, floor.ben)
        made = await edit(app, floor.cleo, command(ids, title="CEO"))
        for other in (floor.ben, floor.nora, mallory):
            for use in (undo, progress):
                with pytest.raises(EditNotFound):
                    await use(app, other, made)
        assert (await undo(app, floor.ada, made)).returned == 1

    async def test_what_is_out_of_reach_or_locked_by_now_stays(self, app: App, floor: Floor) -> None:
        ids = await some(app, floor.ada, 2, floor.ben)
        made = await edit(app, floor.cleo, command(ids, title="CEO"))
        async with app.work(floor.ada) as work:
            await leads.update(work, ids[0], UpdateLead(owner=floor.nora.actor.id))
        kept = Member(
            floor.cleo.organization_id, floor.cleo.actor, floor.cleo.permissions, floor.cleo.reaches,
            rights_from({"title": "read"}), name="", email="", role=Role.MANAGER,
        )  # fmt: skip
        with pytest.raises(Forbidden):
            await undo(app, kept, made)
        assert await undo(app, floor.cleo, made) == Undone(returned=1, kept=1, remaining=0)
        assert [row.title for row in await said(app, floor.ada, ids)] == ["CEO", ""]

    async def test_after_a_day_it_is_too_late_and_later_it_is_forgotten(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 2)
        made = await edit(app, ada, command(ids[:1], title="CEO"))
        async with app.work(system_scope(ada.organization_id)) as work:
            await work.session.execute(
                text("UPDATE lead_edit SET made_at = made_at - :gone"), {"gone": timedelta(hours=25)}
            )
        with pytest.raises(TooLateToUndo):
            await undo(app, ada, made)
        await edit(app, ada, command(ids[1:], title="CEO"))
        with pytest.raises(EditNotFound):
            await undo(app, ada, made)


class TestMany:
    @pytest.fixture(autouse=True)
    def few_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "AT_ONCE", 4)

    async def test_the_rest_changes_in_parts_and_back_and_says_how_far_it_is(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 10)
        made = await edit(app, ada, command(ids, stage="contacted"))
        assert (made.leads, made.remaining) == (10, 6)
        assert (await progress(app, ada, made)).remaining == 6
        assert await rest(app, ada, made) == 2
        assert (await progress(app, ada, made)).changed == 10
        assert {row.stage for row in await said(app, ada, ids)} == {"contacted"}
        assert await undo(app, ada, made) == Undone(returned=4, kept=0, remaining=6)
        assert (await progress(app, ada, made)).is_undone
        assert await rest(app, ada, made, is_undo=True) == 2
        assert await rest(app, ada, made) == 1
        assert {row.stage for row in await said(app, ada, ids)} == {"new"}
        assert await undo(app, ada, made) == Undone(returned=10, kept=0, remaining=0)
        assert len(await told(app, ada, "lead.stage_changed")) == 20

    async def test_taken_back_before_it_is_whole_it_goes_no_further(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 10)
        made = await edit(app, ada, command(ids, title="CEO"))
        assert await undo(app, ada, made) == Undone(returned=4, kept=0, remaining=0)
        await rest(app, ada, made)
        assert {row.title for row in await said(app, ada, ids)} == {""}

    async def test_what_somebody_has_changed_meanwhile_stays(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 6)
        made = await edit(app, ada, command(ids, title="CEO", source="fair"))
        async with app.work(ada) as work:
            await leads.update(work, ids[4], UpdateLead(title="CFO", source="web"))
            await leads.update(work, ids[5], UpdateLead(title="CFO"))
        await rest(app, ada, made)
        assert await said(app, ada, ids[4:], "title, source") == [("CFO", "web"), ("CFO", "fair")]
        found = await progress(app, ada, made)
        assert (found.changed, found.skipped, found.remaining, found.has_stopped) == (5, 1, 0, False)

    async def test_what_has_failed_too_often_is_told(self, app: App, ada: Member) -> None:
        made = await edit(app, ada, command(await some(app, ada, 6), title="CEO"))
        assert not (await progress(app, ada, made)).has_stopped
        async with app.work(system_scope(ada.organization_id)) as work:
            await work.session.execute(text("UPDATE job SET state = 'quarantined' WHERE kind = 'leads.edit'"))
        assert (await progress(app, ada, made)).has_stopped
