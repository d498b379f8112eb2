"""Leads as files: what is in them, who may have them, and what the log says of it."""

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.intake import exporting
from leadflow.intake.exporting import COLUMNS, ExportLeads, Format, service
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import rights_from
from leadflow.kernel.ids import new_id
from leadflow.leads import CaptureLead, CloseLead, UpdateLead
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.cast import Company, Member
from tests.fixtures.floor import Floor
from tests.fixtures.installation import as_superuser
from tests.intake.editing.desk import some, told
from tests.intake.exporting.desk import download, outlook, sheet, table

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


async def captured(app: App, scope: Member, **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.capture(work, CaptureLead(**fields))).lead_id


async def in_berlin(app: App, scope: Member) -> None:
    async with app.work(system_scope(scope.organization_id)) as work:
        await work.session.execute(text("UPDATE organization SET time_zone = 'Europe/Berlin'"))


async def large(app: App, scope: Member) -> None:
    """More than connections hold on their way: 30 MB."""
    await some(app, scope, 600)
    async with app.work(system_scope(scope.organization_id)) as work:
        await work.session.execute(text("UPDATE lead SET custom = jsonb_build_object('note', repeat('x', 50000))"))


class TestContent:
    async def test_every_column_of_a_lead(self, app: App, ada: Member) -> None:
        await in_berlin(app, ada)
        lead = await captured(
            app, ada, name='Grace "Amazing", Hopper', email="grace@example.com", phone="+49 30 901820", company="Navy",
            title="Rear admiral", country="US", source="fair", value=123456, currency="EUR",
            custom={"note": "two\nlines"}, occurred_at=NOON,
        )  # fmt: skip
        async with app.work(ada) as work:
            await leads.update(work, lead, UpdateLead(owner=ada.actor.id))
            await leads.close(work, lead, CloseLead(outcome="won", occurred_at=NOON))
        header, row = await table(app, ada)
        assert header == [column.label for column in COLUMNS.values()]
        assert dict(zip(COLUMNS, row, strict=True)) == {
            "name": 'Grace "Amazing", Hopper', "email": "grace@example.com", "phone": "+4930901820", "company": "Navy",
            "title": "Rear admiral", "country": "US", "source": "fair", "stage": "Won", "score": "0", "band": "cold",
            "reason": "", "owner": "Ada", "value": "1234.56", "currency": "EUR",
            "captured_at": "2026-07-01T14:00:00+02:00", "stage_at": "2026-07-01T14:00:00+02:00",
            "touched_at": "2026-07-01T14:00:00+02:00", "closed_at": "2026-07-01T14:00:00+02:00",
            "custom": '{"note": "two\\nlines"}', "id": str(lead),
        }  # fmt: skip

    async def test_a_sheet_has_numbers_and_times_that_a_spreadsheet_reckons_with(self, app: App, ada: Member) -> None:
        await in_berlin(app, ada)
        await captured(app, ada, name="Grace & <Co>", value=123456, country="US", occurred_at=NOON)
        header, row = await sheet(app, ada, columns=("name", "score", "value", "captured_at", "closed_at"))
        assert header == ["Name", "Score", "Value", "Currency", "Came in (Europe/Berlin)", "Closed (Europe/Berlin)"]
        days = (NOON + timedelta(hours=2) - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds() / 86400
        assert row == ["Grace & <Co>", 0, 1234.56, "EUR", pytest.approx(days, abs=1e-7), None]

    async def test_amounts_are_in_the_major_unit_of_their_currency(self, app: App, ada: Member) -> None:
        for currency, value in (("EUR", 5), ("JPY", 1200), ("KWD", 1234), ("CHF", 0)):
            await captured(app, ada, name=currency, value=value, currency=currency)
        wanted = {"columns": ("value",), "sort": (Sort.NAME,)}
        assert await table(app, ada, **wanted) == [
            ["Value", "Currency"], ["", ""], ["0.05", "EUR"], ["1200", "JPY"], ["1.234", "KWD"],
        ]  # fmt: skip
        assert (await sheet(app, ada, **wanted))[1:] == [
            [None, None], [0.05, "EUR"], [1200, "JPY"], [1.234, "KWD"],
        ]  # fmt: skip

    async def test_the_columns_asked_for_in_their_order_and_the_order_of_the_view(self, app: App, ada: Member) -> None:
        for place, name in enumerate(("Ada", "Bea", "Cleo")):
            await captured(app, ada, name=name, company="Acme" if place else "Zoo", value=place, source="fair")
        wanted = {"columns": ("company", "name", "company"), "sort": (Sort.STAGE, Sort.NAME_DESC)}
        assert await table(app, ada, where=LeadFilter(source=("fair",)), **wanted) == [
            ["Company", "Name"], ["Acme", "Cleo"], ["Acme", "Bea"], ["Zoo", "Ada"],
        ]  # fmt: skip
        assert await table(app, ada, where=LeadFilter(q="acme"), columns=("name",), sort=(Sort.RELEVANCE,)) == [
            ["Name"], ["Cleo"], ["Bea"],
        ]  # fmt: skip

    async def test_a_selection_and_nothing_at_all(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 3)
        assert len(await table(app, ada, leads=(ids[0], ids[2], new_id()))) == 3
        made, content = await download(app, ada, leads=(new_id(),), columns=("name",), mark=False)
        assert (made.leads, content) == (0, b"Name\r\n")
        assert await sheet(app, ada, leads=(new_id(),), columns=("name",)) == [["Name"]]

    async def test_more_lines_than_travel_together(self, app: App, ada: Member) -> None:
        ids = await some(app, ada, 1203)
        assert {row[0] for row in (await table(app, ada, columns=("id",)))[1:]} == {str(lead) for lead in ids}
        assert len(await sheet(app, ada, columns=("id", "name"))) == 1204

    async def test_it_can_be_imported_again(self, app: App, ada: Member) -> None:
        await captured(app, ada, name="Grace", email="grace@example.com", value=123456, currency="CHF")
        _, content = await download(app, ada, columns=("name", "email", "value"))
        assert content.decode("utf-8-sig").splitlines()[1] == "Grace,grace@example.com,1234.56,CHF"


class TestRights:
    async def test_what_is_hidden_is_left_out_and_asking_for_it_is_refused(self, app: App, ada: Member) -> None:
        await captured(app, ada, name="Grace", email="grace@example.com", value=100)
        kept = Member(
            ada.organization_id, ada.actor, ada.permissions, ada.reaches,
            rights_from({"email": "none", "value": "none", "source": "none", "company": "none"}), name="", email="",
            role=Role.REP,
        )  # fmt: skip
        header, row = await table(app, kept)
        assert set(header) == {column.label for column in COLUMNS.values()} - {
            "Email", "Value", "Currency", "Source", "Company",
        }  # fmt: skip
        assert "grace@example.com" not in row
        assert (await outlook(app, kept)).columns == [
            name for name in COLUMNS if name not in {"email", "value", "currency", "source", "company"}
        ]
        refused: tuple[dict[str, Any], ...] = (
            {"columns": ("email",)}, {"columns": ("currency",)}, {"sort": (Sort.VALUE,)}, {"sort": (Sort.NAME, Sort.COMPANY)},
            {"where": LeadFilter(source=("fair",))},
        )  # fmt: skip
        for wanted in refused:
            with pytest.raises(Forbidden):
                await download(app, kept, **wanted)
        assert len(await told(app, ada, "leads.exported")) == 1

    async def test_a_rep_has_their_own_and_is_told_of_the_rest(self, app: App, floor: Floor) -> None:
        bens, noras = await some(app, floor.ada, 2, floor.ben), await some(app, floor.ada, 1, floor.nora)
        async with app.work(floor.ada) as work:
            await leads.update(work, bens[0], UpdateLead(name="Bens"))
        free = await some(app, floor.ada, 1, floor.cleo)
        ids = (*bens, *noras, *free)
        expected = ((floor.ben, 2, 0), (floor.nora, 1, 0), (floor.cleo, 3, 0), (floor.ada, 4, 0))
        for member, exported, beyond in expected:
            found = await outlook(app, member, leads=ids)
            assert (found.leads, found.beyond) == (exported, beyond), member.name
            assert len(await table(app, member, leads=ids)) == 1 + exported
        sees_north = Member(
            floor.ada.organization_id, floor.ben.actor, floor.ben.permissions,
            {**floor.ben.reaches, "leads.read": floor.ada.reach("leads.read")}, name="", email="", role=Role.REP,
        )  # fmt: skip
        found = await outlook(app, sees_north, leads=ids)
        assert (found.leads, found.beyond) == (2, 2)
        assert {row[-1] for row in (await table(app, sees_north))[1:]} == {str(lead) for lead in bens}

    async def test_who_may_not_export_and_who_is_not_here_get_nothing(
        self, app: App, northwind: Company, mallory: Member
    ) -> None:
        ids = await some(app, northwind.owner, 2)
        for use in (outlook, download):
            with pytest.raises(Forbidden):
                await use(app, northwind.viewer)
        assert await table(app, mallory, columns=("name",)) == [["Name"]]
        assert await table(app, mallory, leads=tuple(ids), columns=("name",)) == [["Name"]]
        assert await sheet(app, mallory, leads=tuple(ids), columns=("name",)) == [["Name"]]

    async def test_it_is_told_in_the_log_without_anybodys_name(self, app: App, ada: Member) -> None:
        await some(app, ada, 2, source="fair")
        wanted = LeadFilter(source=("fair",), q="lead")
        await download(app, ada, where=wanted, columns=("name", "value"), format=Format.XLSX)
        await download(app, ada, leads=(new_id(),), columns=("name",))
        assert [event.data for event in await told(app, ada, "leads.exported")] == [
            {
                "leads": 2, "format": "xlsx", "columns": ["name", "value", "currency"],
                "filter": {"source": ["fair"], "q": True},
            },
            {"leads": 0, "format": "csv", "columns": ["name"], "selected": 1},
        ]  # fmt: skip

    async def test_what_cannot_be_is_refused(self, app: App, ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        await some(app, ada, 2)
        monkeypatch.setattr(service, "SPREADSHEET_ROWS", 1)
        with pytest.raises(Invalid) as error:
            await download(app, ada, format=Format.XLSX)
        assert [each.field for each in error.value.problems] == ["format"]
        assert len(await table(app, ada)) == 3
        with pytest.raises(Invalid) as error:
            await download(app, ada, columns=("password",))
        assert [each.field for each in error.value.problems] == ["columns"]


async def test_it_holds_back_nobody_who_reads_the_log(app: App, ada: Member) -> None:
    """A reader of the log takes what is below the oldest transaction with a number; one that only reads has none."""
    await large(app, ada)
    made = await exporting.export(app, ada, ExportLeads(where=LeadFilter()))
    async with aclosing(made.pieces) as pieces:
        assert await anext(pieces)
        assert await anext(pieces)  # in the middle of its statement: there is more than connections hold
        (lead,) = await some(app, ada, 1)
        with as_superuser(app.settings) as admin:
            running = "SELECT state, backend_xid FROM pg_stat_activity WHERE query LIKE 'COPY (%%' AND datname = %s"
            assert admin.execute(running, [admin.info.dbname]).fetchall() == [("active", None)]
            readable = "SELECT xid < pg_snapshot_xmin(pg_current_snapshot()) FROM event WHERE lead_id = %s"
            assert admin.execute(readable, [lead]).fetchall() == [(True,)]


async def test_whoever_stops_early_gives_the_connection_back(app: App, ada: Member) -> None:
    await large(app, ada)
    pool = app.database.engine.sync_engine.pool
    before = pool.checkedout()  # type: ignore[attr-defined]  # of a pool of connections
    for form in Format:
        made = await exporting.export(app, ada, ExportLeads(where=LeadFilter(), format=form))
        async with aclosing(made.pieces) as pieces:
            assert await anext(pieces)
            assert await anext(pieces)
        assert pool.checkedout() == before  # type: ignore[attr-defined]
    assert len(await table(app, ada, columns=("id",))) == 601


async def test_it_cannot_write(app: App, ada: Member) -> None:
    async with app.streaming(ada, "UTC") as work:
        with pytest.raises(Exception, match="read-only transaction"):
            await work.session.execute(text("UPDATE lead SET name = 'x'"))
