"""Many leads edited at once: looked at before."""

import asyncio
from collections import Counter

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.intake.editing import Change, Edited
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import rights_from
from leadflow.kernel.ids import new_id
from leadflow.leads import CloseLead, UpdateLead
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from leadflow.views.rules import LeadFilter
from leadflow.views.selecting import queries as selecting
from tests.fixtures.cast import Company, Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import fold
from tests.intake.editing.desk import command, edit, look, progress, said, some, told


class TestPreview:
    async def test_it_says_how_many_change_from_what_and_changes_nothing(self, app: App, ada: Member) -> None:
        new, contacted = await some(app, ada, 3, source="fair"), await some(app, ada, 2, source="web")
        there = await some(app, ada, 1, source="ads")
        async with app.work(ada) as work:
            for lead in contacted:
                await leads.update(work, lead, UpdateLead(stage="contacted"))
            await leads.update(work, there[0], UpdateLead(stage="qualified"))
            await leads.close(work, new[0], CloseLead(outcome="lost"))
        everything = [*new, *contacted, *there, new_id()]
        found = await look(app, ada, command(everything, stage="qualified"))
        assert (found.leads, found.changing, found.already, found.closed, found.refused, found.missing) == (
            6, 4, 1, 1, 0, 1,
        )  # fmt: skip
        (stage,) = found.fields
        assert (stage.field, stage.to, stage.changing, stage.others) == ("stage", "qualified", 4, 0)
        assert {each.value: each.leads for each in stage.from_} == {"new": 2, "contacted": 2}
        assert (await look(app, ada, command(everything, stage="qualified", with_closed=True))).changing == 5
        assert Counter(row.stage for row in await said(app, ada, everything)) == {
            "new": 2, "contacted": 2, "qualified": 1, "lost": 1,
        }  # fmt: skip

    async def test_what_is_rare_is_counted_together(self, app: App, ada: Member) -> None:
        ids = [(await some(app, ada, 1, company=f"Company {place}"))[0] for place in range(8)]
        (company,) = (await look(app, ada, command(ids, company="One"))).fields
        assert (len(company.from_), company.others, company.changing) == (6, 2, 8)

    async def test_out_of_reach_is_not_there_and_out_of_hand_is_refused(self, app: App, floor: Floor) -> None:
        bens, noras = await some(app, floor.ada, 2, floor.ben), await some(app, floor.ada, 1, floor.nora)
        found = await look(app, floor.cleo, command([*bens, *noras], title="CEO"))
        assert (found.leads, found.changing, found.missing, found.refused) == (2, 2, 1, 0)
        reads_all = Member(
            floor.ada.organization_id, floor.ben.actor, floor.ben.permissions,
            {**floor.ben.reaches, "leads.read": floor.ada.reach("leads.read")}, name="", email="", role=Role.REP,
        )  # fmt: skip
        found = await look(app, reads_all, command([*bens, *noras], title="CEO"))
        assert (found.leads, found.changing, found.refused) == (3, 2, 1)


class TestEditing:
    async def test_fields_are_set_and_emptied_each_with_an_event_and_one_for_all(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 2, source="fair", title="CTO", company="Acme", country="DE")
        done = await some(app, ada, 1, source="web", country="AT", value=500, currency="CHF")
        change = {"source": "web", "title": None, "country": "at", "value": 500, "currency": "CHF"}
        made = await edit(app, ada, command([*ids, *done], **change))
        assert (made.leads, made.skipped, made.remaining) == (2, 0, 0)
        assert await said(app, ada, ids) == [("new", "web", "AT", "", "Acme", 500, "CHF")] * 2
        events = await told(app, ada, "lead.updated")
        assert [event.lead_id for event in events] == sorted(ids)
        assert events[0].actor_id == ada.actor.id
        assert events[0].data == {
            "changes": {
                "source": {"from": "fair", "to": "web"}, "country": {"from": "DE", "to": "AT"},
                "title": {"from": "CTO", "to": ""}, "value": {"from": 0, "to": 500},
                "currency": {"from": "EUR", "to": "CHF"},
            },
            "source": "web", "country": "AT", "title": "", "value": 500, "currency": "CHF",
            "how": "in bulk", "edit_id": str(made.id),
        }  # fmt: skip
        (whole,) = await told(app, ada, "leads.edited")
        assert whole.data == {
            "edit_id": str(made.id), "leads": 2,
            "set": {"source": "web", "country": "AT", "title": "", "value": 500, "currency": "CHF"},
        }  # fmt: skip
        assert await edit(app, ada, command(ids, **change)) == Edited(None, 0, 0, 0)

    async def test_one_lead_changed_alone_and_many_at_once_are_told_the_same(self, app: App, ada: Member) -> None:
        alone, (other, *_) = (await some(app, ada, 1, title="CTO"))[0], await some(app, ada, 2, title="CTO")
        async with app.work(ada) as work:
            await leads.update(work, alone, UpdateLead(title="CEO", country="DE", stage="contacted"))
        await edit(app, ada, command([other], title="CEO", country="DE", stage="contacted"))
        by_lead = {
            lead: [
                (event.kind, {key: value for key, value in event.data.items() if key not in {"how", "edit_id"}})
                for event in await told(app, ada, "lead.updated", "lead.stage_changed")
                if event.lead_id == lead
            ]
            for lead in (alone, other)
        }
        assert len(by_lead[alone]) == 2
        assert by_lead[alone] == by_lead[other]

    async def test_winning_many_is_what_winning_one_is_and_scoring_learns_of_it(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 3, value=700)
        await edit(app, ada, command(ids, stage="won", reason="The fair"))
        events = await told(app, ada, "lead.won")
        assert {event.lead_id for event in events} == set(ids)
        for event in events:
            assert {name: event.data[name] for name in ("from", "to", "reason", "value")} == {
                "from": "new", "to": "won", "reason": "The fair", "value": 700,
            }  # fmt: skip
        rows = await said(app, ada, ids, "stage, closed_at = stage_at, touched_at = stage_at")
        assert rows == [("won", True, True)] * 3
        await fold(app, ada.organization_id)
        async with app.work(system_scope(ada.organization_id)) as work:
            found = await work.session.execute(text("SELECT features ->> 'o' FROM lead_score"))
            assert list(found.scalars()) == ["won"] * 3

    async def test_reopening_is_told_as_such(self, app: App, ada: Member) -> None:
        (lead,) = await some(app, ada, 1)
        async with app.work(ada) as work:
            await leads.close(work, lead, CloseLead(outcome="lost"))
        assert (await edit(app, ada, command([lead], stage="contacted"))).leads == 0
        assert (await edit(app, ada, command([lead], stage="contacted", with_closed=True))).leads == 1
        assert await said(app, ada, [lead], "stage, closed_at") == [("contacted", None)]
        assert [event.lead_id for event in await told(app, ada, "lead.reopened")] == [lead]

    async def test_a_company_is_found_by_its_new_name(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 2, company="Acme")
        await edit(app, ada, command(ids, company="Zimtstern"))
        assert (await look(app, ada, command(where=LeadFilter(q="zimtstern"), title="CEO"))).leads == 2

    async def test_all_that_match_and_nothing_else(self, app: App, floor: Floor) -> None:
        bens, noras = await some(app, floor.ada, 3, floor.ben), await some(app, floor.ada, 2, floor.nora)
        made = await edit(app, floor.cleo, command(where=LeadFilter(), title="CEO"))
        assert made.leads == 3
        assert [row.title for row in await said(app, floor.ada, [*bens, *noras])] == ["CEO"] * 3 + [""] * 2

    async def test_more_than_can_be_edited_at_once_are_refused(
        self, app: App, ada: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = await some(app, ada, 3)
        monkeypatch.setattr(selecting, "MOST_MATCHING", 2)
        with pytest.raises(Invalid) as error:
            await edit(app, ada, command(where=LeadFilter(), title="CEO"))
        assert "More than 2 leads match" in error.value.problems[0].message
        assert {row.title for row in await said(app, ada, ids)} == {""}

    async def test_what_is_locked_is_not_set_and_what_is_no_stage_is_none(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 1)
        kept = Member(
            ada.organization_id, ada.actor, ada.permissions, ada.reaches,
            rights_from({"value": "read", "company": "none"}), name="", email="", role=Role.REP,
        )  # fmt: skip
        for change, field in (({"value": 1, "currency": "EUR"}, "value"), ({"company": None}, "company")):
            for use in (look, edit):
                with pytest.raises(Forbidden) as error:
                    await use(app, kept, command(ids, **change))
                assert [each.field for each in error.value.problems] == [field]
        with pytest.raises(Invalid) as refused:
            await edit(app, ada, command(ids, stage="dreaming"))
        assert [each.field for each in refused.value.problems] == ["change.stage"]
        assert (await edit(app, kept, command(ids, title="CEO"))).leads == 1

    async def test_who_only_looks_and_who_is_not_here_change_nothing(
        self, app: App, northwind: Company, mallory: Member
    ) -> None:
        ids = await some(app, northwind.owner, 2)
        wanted = command(ids, title="Mallory was here")
        for use in (look, edit):
            with pytest.raises(Forbidden):
                await use(app, northwind.viewer, wanted)
        assert (await look(app, mallory, wanted)).leads == 0
        for which in (wanted, command(where=LeadFilter(), title="Mallory was here")):
            assert await edit(app, mallory, which) == Edited(None, 0, 0, 0)
        assert {row.title for row in await said(app, northwind.owner, ids)} == {""}

    async def test_two_who_edit_the_same_leads_do_not_embrace(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 40)
        made = await asyncio.gather(*(edit(app, ada, command(ids, title=title)) for title in ("CEO", "CTO", "CFO")))
        changed = sum([(await progress(app, ada, each)).changed for each in made])
        assert changed == len(await told(app, ada, "lead.updated"))
        assert len({row.title for row in await said(app, ada, ids)}) == 1


@pytest.mark.parametrize(
    "change",
    [{}, {"reason": "none"}, {"stage": None}, {"stage": ""}, {"value": 5}, {"currency": "EUR"}, {"country": "Germany"}],
    ids=str,
)
def test_what_is_not_said_clearly_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Change.model_validate(change)
