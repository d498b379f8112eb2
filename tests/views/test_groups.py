"""Lists in groups: totals, the leads of one group, and columns that only who asks for them is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads import CaptureLead
from leadflow.views import queries
from leadflow.views.columns import Extra
from leadflow.views.grouping.rules import MAX_GROUPS, Grouping, Part
from leadflow.views.rules import LeadFilter, Sort
from leadflow.views.totals import queries as totalling
from leadflow.views.totals.queries import Totals, totals
from tests.fixtures.cast import Company, Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.plans import scans_of
from tests.views.office import BANDS, MANY, SOURCES, STAGES, rows

GROUPINGS = [by for by in Grouping if by is not Grouping.ALL]
KEY_OF: dict[Grouping, Callable[[dict[str, Any]], str]] = {
    Grouping.STAGE: lambda row: row["stage"],
    Grouping.OWNER: lambda row: row["owner"] or "",
    Grouping.BAND: lambda row: row["band"],
    Grouping.SOURCE: lambda row: row["source"],
    Grouping.COUNTRY: lambda row: row["country"],
    Grouping.DAY: lambda row: f"{day_of(row)}",
    Grouping.WEEK: lambda row: f"{date.fromordinal(day_of(row).toordinal() - day_of(row).weekday())}",
    Grouping.MONTH: lambda row: f"{day_of(row):%Y-%m}-01",
}
PLANTED = """
    INSERT INTO lead (organization_id, id, name, email, phone, company, title, domain, country, source, custom, stage,
                      value, currency, score, captured_at)
    SELECT %(organization_id)s, gen_random_uuid(), 'p' || n, '', '', '', '', '', (ARRAY['DE', 'FR', ''])[1 + n %% 3],
           's' || n %% 7, '{}', (ARRAY['new', 'won'])[1 + n %% 2], n, (ARRAY['EUR', 'USD'])[1 + n %% 2], n %% 100,
           now() - make_interval(hours => n)
    FROM generate_series(1, 6000) n
"""
NOTHING_BUT_INDEXES = text("""
    SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
           set_config('enable_indexscan', 'off', true)
""")


def day_of(row: dict[str, Any]) -> date:
    return datetime.fromtimestamp(row["captured_at"] / 1000, UTC).date()


def summed(found: list[dict[str, Any]], by: Grouping) -> dict[str, dict[str, Any]]:
    """What the totals have to be, by hand."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        groups.setdefault(KEY_OF[by](row), []).append(row)
    return {
        key: {"count": len(each), "values": {"EUR": value} if (value := sum(row["value"] for row in each)) else {}}
        for key, each in groups.items()
    }


async def totalled(app: App, scope: Scope, by: Grouping, **wanted: Any) -> Totals:
    async with app.work(scope) as work:
        return await totals(work, LeadFilter(**wanted), by)


async def in_part(app: App, scope: Scope, part: Part, **wanted: Any) -> list[dict[str, Any]]:
    async with app.work(scope) as work:
        page = await queries.page(work, LeadFilter(**wanted), Sort.CAPTURED_DESC, None, 200, part=part)
    assert page.total == len(page.items)
    return page.items


def seeing(member: Scope, *hidden: LeadField) -> Scope:
    return Scope(
        member.organization_id,
        member.actor,
        member.permissions,
        reaches=member.reaches,
        fields=FieldRights(frozenset(hidden), frozenset(hidden)),
    )


class TestTotals:
    @hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(GROUPINGS),
        st.fixed_dictionaries(
            {},
            optional={
                "stage": st.lists(st.sampled_from(STAGES), min_size=1, max_size=3).map(tuple),
                "band": st.lists(st.sampled_from(BANDS), min_size=1, max_size=2).map(tuple),
                "source": st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(tuple),
                "captured": st.sampled_from(["today", "7d", "30d"]),
                "q": st.sampled_from(["ada", "acme", "zzz"]),
            },
        ),
    )
    async def test_groups_are_the_list_taken_apart(
        self, office: App, everyone: Member, by: Grouping, wanted: dict[str, Any]
    ) -> None:
        everything = await rows(office, everyone, **wanted)
        told = await totalled(office, everyone, by, **wanted)
        assert not told.is_capped
        assert summed(everything, by) == {
            key: {"count": total["count"], "values": total["values"]} for key, total in told.groups.items()
        }
        for key, total in list(told.groups.items())[:3]:
            found = await in_part(office, everyone, Part(by, key), **wanted)
            assert {row["id"] for row in found} == {row["id"] for row in everything if KEY_OF[by](row) == key}
            assert total["mean"] == pytest.approx(sum(row["score"] for row in found) / len(found), abs=0.51)

    async def test_the_list_as_a_whole_is_one_group(self, office: App, everyone: Member) -> None:
        everything = await rows(office, everyone)
        told = await totalled(office, everyone, Grouping.ALL)
        assert set(told.groups) == {""}
        assert told.groups[""]["count"] == MANY
        assert told.groups[""]["values"] == {"EUR": sum(row["value"] for row in everything)}
        assert (await totalled(office, everyone, Grouping.ALL, q="zzz")) == Totals({}, is_capped=False)

    async def test_above_the_cap_no_sum_of_the_whole_is_told_and_groups_are_exact(
        self, office: App, everyone: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(totalling, "COUNT_CAP", MANY - 1)
        told = await totalled(office, everyone, Grouping.ALL)
        assert told == Totals({"": {"count": MANY - 1, "values": None, "mean": None}}, is_capped=True)
        by_stage = await totalled(office, everyone, Grouping.STAGE)
        assert sum(each["count"] for each in by_stage.groups.values()) == MANY

    async def test_the_largest_groups_are_told_when_there_are_too_many(
        self, office: App, everyone: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        every_day = await totalled(office, everyone, Grouping.DAY)
        monkeypatch.setattr(totalling, "MAX_GROUPS", 5)
        told = await totalled(office, everyone, Grouping.DAY)
        assert told.is_capped
        assert [each["count"] for each in told.groups.values()] == sorted(
            (each["count"] for each in every_day.groups.values()), reverse=True
        )[:5]
        assert len(every_day.groups) < MAX_GROUPS

    async def test_currencies_are_not_added_up(self, app: App, cleo: Member) -> None:
        async with app.work(cleo) as work:
            for name, value, currency in (("A", 5, "EUR"), ("B", 7, "USD"), ("C", 2, "USD"), ("D", 0, "CHF")):
                await leads.capture(work, CaptureLead(name=name, value=value, currency=currency))
        told = await totalled(app, cleo, Grouping.STAGE)
        assert told.groups["new"]["values"] == {"EUR": 5, "USD": 9}

    async def test_a_day_begins_at_midnight_where_the_organization_is(self, app: App, cleo: Member) -> None:
        """Also on the day on which Cairo's clocks leave midnight out, and on the one that is an hour longer."""
        cairo = ZoneInfo("Africa/Cairo")
        moments = [
            datetime(2025, 4, 24, 23, 59, 59, tzinfo=cairo), datetime(2025, 4, 25, 1, 0, tzinfo=cairo),
            datetime(2025, 10, 30, 23, 59, 59, tzinfo=cairo), datetime(2025, 10, 30, 23, 59, 59, tzinfo=cairo, fold=1),
            datetime(2025, 10, 31, 0, 0, tzinfo=cairo),
        ]  # fmt: skip
        async with app.work(cleo) as work:
            await work.session.execute(
                text("UPDATE organization SET time_zone = 'Africa/Cairo' WHERE id = :id"), {"id": cleo.organization_id}
            )
            for place, moment in enumerate(moments):
                await leads.capture(work, CaptureLead(name=f"L{place}", occurred_at=moment.astimezone(UTC)))
        told = await totalled(app, cleo, Grouping.DAY)
        counted = {key: total["count"] for key, total in told.groups.items()}
        assert counted == {"2025-04-24": 1, "2025-04-25": 1, "2025-10-30": 2, "2025-10-31": 1}
        for key, count in counted.items():
            assert len(await in_part(app, cleo, Part(Grouping.DAY, key))) == count

    @pytest.mark.parametrize(
        ("by", "key"),
        [
            (Grouping.OWNER, "somebody"), (Grouping.DAY, ""), (Grouping.WEEK, "soon"), (Grouping.MONTH, "2026-13-01"),
            (Grouping.DAY, "9999-12-31"), (Grouping.DAY, "20260101"),
        ],
    )  # fmt: skip
    def test_what_no_group_is_called_is_refused(self, by: Grouping, key: str) -> None:
        with pytest.raises(Invalid):
            Part(by, key)

    async def test_a_group_that_is_not_there_is_empty(self, office: App, everyone: Member) -> None:
        for part in (Part(Grouping.SOURCE, "\0"), Part(Grouping.STAGE), Part(Grouping.MONTH, "2001-01-01")):
            assert await in_part(office, everyone, part) == []
        assert len(await in_part(office, everyone, Part(Grouping.ALL))) == MANY


class TestRights:
    @pytest.mark.parametrize("by", list(Grouping))
    async def test_mallory_and_whoever_may_not_read_are_told_nothing(
        self, office: App, everyone: Member, mallory: Member, by: Grouping
    ) -> None:
        assert (await totalled(office, mallory, by)).groups == {}
        blind = Scope(everyone.organization_id, Actor(ActorKind.API_KEY), frozenset())
        with pytest.raises(Forbidden):
            await totalled(office, blind, by)

    async def test_a_rep_counts_what_is_within_reach(self, office: App, company: Company) -> None:
        told = await totalled(office, company.rep, Grouping.OWNER)
        everything = await rows(office, company.rep)
        assert {key: total["count"] for key, total in told.groups.items()} == {
            key: each["count"] for key, each in summed(everything, Grouping.OWNER).items()
        }

    async def test_hidden_fields_make_no_groups_and_hidden_values_no_sums(self, office: App, everyone: Member) -> None:
        his = seeing(everyone, LeadField.SOURCE, LeadField.COUNTRY, LeadField.VALUE)
        for by, key in ((Grouping.SOURCE, "fair"), (Grouping.COUNTRY, "DE")):
            with pytest.raises(Forbidden):
                await totalled(office, his, by)
            with pytest.raises(Forbidden):
                await in_part(office, his, Part(by, key))
        told = await totalled(office, his, Grouping.STAGE)
        assert {total["values"] for total in told.groups.values()} == {None}


class TestColumns:
    async def test_a_row_says_more_where_more_is_asked(self, app: App, cleo: Member) -> None:
        async with app.work(cleo) as work:
            said = CaptureLead(name="Ida", phone="+4930123456", title="CTO", email="ida@acme.example")
            lead = (await leads.capture(work, said)).lead_id
            page = await queries.page(work, LeadFilter(), Sort.NAME, None, 5, extra=frozenset(Extra))
            plain = await queries.page(work, LeadFilter(), Sort.NAME, None, 5)
            changes = await queries.changes_of(work, LeadFilter(), [lead], frozenset({Extra.PHONE}))
        (row,), (bare,), (told,) = page.items, plain.items, changes.upsert
        assert row == bare | {
            "phone": "+4930123456", "title": "CTO", "domain": "acme.example", "team": None, "closed_at": None,
        }  # fmt: skip
        assert told == bare | {"phone": "+4930123456"}

    async def test_null_stands_for_what_is_hidden(self, app: App, cleo: Member) -> None:
        async with app.work(cleo) as work:
            await leads.capture(work, CaptureLead(name="Ida", phone="+4930123456", email="ida@acme.example"))
        async with app.work(seeing(cleo, LeadField.PHONE, LeadField.EMAIL)) as work:
            page = await queries.page(work, LeadFilter(), Sort.NAME, None, 5, extra=frozenset(Extra))
        (row,) = page.items
        assert {row["phone"], row["domain"], row["email"]} == {None}


@pytest.mark.parametrize("by", list(Grouping))
async def test_totals_are_read_from_an_index_alone(
    app: App, ada: Member, database: TestDatabase, by: Grouping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index can answer: which pages have to be looked up beside it depends on who else is looking."""
    async with await psycopg.AsyncConnection.connect(database.admin_dsn, autocommit=True) as admin:
        await admin.execute(PLANTED, {"organization_id": ada.organization_id})
        await admin.execute("VACUUM (ANALYZE) lead")
    async with app.work(ada) as work:
        await work.session.execute(NOTHING_BUT_INDEXES)
        scans = await scans_of(work, lambda asking: totals(asking, LeadFilter(), by), monkeypatch)
        assert {scan.how for scan in scans if scan.table == "lead"} == {"Index Only Scan"}
        told = await totals(work, LeadFilter(), by)
        assert sum(total["count"] for total in told.groups.values()) >= queries.COUNT_CAP
        key = next(iter(told.groups))
        page = await queries.page(work, LeadFilter(), Sort.SCORE_DESC, None, 50, part=Part(by, key))
        assert len(page.items) == min(50, told.groups[key]["count"])
