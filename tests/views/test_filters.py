"""Filters, search, and what has changed."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.leads import CaptureLead
from leadflow.views import queries
from leadflow.views.rules import LeadFilter
from tests.fixtures.cast import Company, Member
from tests.views.office import MANY, NOW, rows


class TestFilters:
    @pytest.mark.parametrize("field", ["stage", "band", "source"])
    async def test_several_values_mean_any_of_them(self, office: App, everyone: Member, field: str) -> None:
        everything = await rows(office, everyone)
        for value in {row[field] for row in everything}:
            assert {row[field] for row in await rows(office, everyone, **{field: (value,)})} == {value}
        two = sorted({row[field] for row in everything})[:2]
        expected = {row["id"] for row in everything if row[field] in two}
        assert {row["id"] for row in await rows(office, everyone, **{field: tuple(two)})} == expected

    async def test_by_owner_and_without_one(self, office: App, everyone: Member, company: Company) -> None:
        ben = company.rep.actor.id
        owned, free = await rows(office, everyone, owner=ben), await rows(office, everyone, owner="none")
        assert {row["owner"] for row in owned} == {str(ben)}
        assert {row["owner"] for row in free} == {None}
        assert len(owned) + len(free) == MANY

    @pytest.mark.parametrize(("captured", "days"), [("today", 1), ("7d", 7), ("30d", 30)])
    async def test_by_time_of_capture(self, office: App, everyone: Member, captured: str, days: int) -> None:
        midnight = NOW.replace(hour=0) - timedelta(days=days - 1)
        expected = {
            row["id"] for row in await rows(office, everyone) if row["captured_at"] >= midnight.timestamp() * 1000
        }
        found = await rows(office, everyone, captured=captured)
        assert expected == {row["id"] for row in found}
        assert found

    async def test_everything_given_must_hold(self, office: App, everyone: Member) -> None:
        found = await rows(office, everyone, stage=("new",), band=("hot",), source=("website",))
        assert found
        assert {(row["stage"], row["band"], row["source"]) for row in found} == {("new", "hot", "website")}

    async def test_one_lead(self, office: App, everyone: Member, mallory: Member) -> None:
        lead = UUID((await rows(office, everyone))[0]["id"])
        assert len(await rows(office, everyone, lead=lead)) == 1
        assert await rows(office, mallory, lead=lead) == []


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("ada", {"Ada", "ada", "Ädä"}),
            ("ADA", {"Ada", "ada", "Ädä"}),
            (" ada ", {"Ada", "ada", "Ädä"}),
            ("ädä", {"Ada", "ada", "Ädä"}),
            ("Weiß", {"Weiß"}),
            ("WEISS", {"Weiß"}),
            ("zoë", {"Zoë"}),
            ("zoe", {"Zoë"}),
            ("100%", {"100%"}),
            ("%", set()),
            ("a_b", {"a_b"}),
            ("_", set()),
            ("a%", set()),
            ("k\\slash", {"back\\slash"}),
            ("k_slash", set()),
            ("\\", set()),
            ("'; DROP TABLE lead; --", set()),
            ("nobody", set()),
            ("\0", set()),
        ],
    )
    async def test_what_is_typed_is_what_is_looked_for(
        self, office: App, everyone: Member, words: str, names: set[str]
    ) -> None:
        assert {row["name"] for row in await rows(office, everyone, q=words)} == names

    async def test_it_looks_through_name_address_number_and_company(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as work:
            await leads.capture(
                work, CaptureLead(name="Grace", email="g@navy.example", phone="+4930901820", company="Navy")
            )
        for words in ("grace", "navy.ex", "30901", "NAVY"):
            assert len(await rows(office, cleo, q=words)) == 1

    async def test_mallory_finds_nobody_of_northwind(self, office: App, everyone: Member, mallory: Member) -> None:
        assert await rows(office, mallory, q="ada") == []


class TestChanges:
    async def test_what_left_the_filter_is_to_be_removed(self, office: App, everyone: Member) -> None:
        everything = await rows(office, everyone)
        async with office.work(everyone) as work:
            changes = await queries.changes_of(work, LeadFilter(band=("hot",)), [UUID(row["id"]) for row in everything])
        assert {row["id"] for row in changes.upsert} == {row["id"] for row in everything if row["band"] == "hot"}
        assert set(changes.remove) == {row["id"] for row in everything if row["band"] != "hot"}

    async def test_somebody_elses_lead_is_only_ever_removed(
        self, office: App, everyone: Member, mallory: Member
    ) -> None:
        theirs = [UUID(row["id"]) for row in (await rows(office, everyone))[:3]]
        async with office.work(mallory) as work:
            changes = await queries.changes_of(work, LeadFilter(), theirs)
        assert (changes.upsert, set(changes.remove)) == ([], {str(lead) for lead in theirs})

    async def test_everything_since_a_revision_includes_what_was_open_then(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as slow:
            first = await leads.capture(slow, CaptureLead(name="Slow"))
            async with office.work(cleo) as work:
                revision = await queries.current_revision(work)
            async with office.work(cleo) as work:
                second = await leads.capture(work, CaptureLead(name="Quick"))
        async with office.work(cleo) as work:
            changed = await queries.changes_since(work, revision, 100)
        assert changed is not None
        assert {lead for lead, _ in changed.leads} == {first.lead_id, second.lead_id}
        assert changed.revision >= revision

    async def test_too_many_changes_are_not_counted_out(self, office: App, everyone: Member) -> None:
        async with office.work(everyone) as work:
            assert await queries.changes_since(work, 0, MANY - 1) is None
            changed = await queries.changes_since(work, 0, MANY)
        assert changed is not None
        assert len(changed.leads) == MANY

    async def test_each_change_counts_a_version_and_knows_its_transaction(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as work:
            lead = await leads.capture(work, CaptureLead(name="Ada"))
        seen = []
        for score in (10, 20):
            async with office.work(cleo) as work:
                await work.session.execute(
                    text("UPDATE lead SET score = :s, version = 99, changed_xid = '3' WHERE id = :id"),
                    {"s": score, "id": lead.lead_id},
                )
            async with office.work(cleo) as work:
                row = await work.session.execute(
                    text("SELECT version, changed_xid::text::bigint FROM lead WHERE id = :id"), {"id": lead.lead_id}
                )
                seen.append(tuple(row.one()))
        assert [version for version, _ in seen] == [2, 3]
        assert seen[0][1] < seen[1][1]
