"""What only reads: one round trip for each statement, of one organization, and nothing is ever written."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from leadflow.bootstrap import App
from leadflow.infra.db import Database
from leadflow.kernel.events import Event
from leadflow.leads.models import Stage
from tests.fixtures.cast import Member
from tests.infra.test_db import EVENTS, ROWS, write_a_row


class TestReading:
    async def test_every_statement_is_of_the_organization(self, quiet: App, ada: Member, mallory: Member) -> None:
        own = text("SELECT count(*) FROM membership")
        for scope in (ada, mallory, ada):
            async with quiet.work(scope) as work:
                expected = (await work.session.execute(own)).scalar_one()
            async with quiet.reading(scope) as work:
                assert [(await work.session.execute(own)).scalar_one() for _ in range(2)] == [expected] * 2

    async def test_the_organization_is_forgotten_with_it(self, single: Database, ada: Member) -> None:
        tenant = text("SELECT current_setting('app.organization_id', true), current_setting('transaction_read_only')")
        async with single.reading(ada) as work:
            assert (await work.session.execute(tenant)).one() == (str(ada.organization_id), "on")
        assert (await single.ask(tenant, {})).one() == ("", "off")

    async def test_it_writes_nothing(self, quiet: App, ada: Member) -> None:
        with pytest.raises(DBAPIError, match="read-only"):
            async with quiet.reading(ada) as work:
                await write_a_row(work)
        with pytest.raises(TypeError, match="only reads"):
            async with quiet.reading(ada) as work:
                work.record(Event("test.done", None, {}))
        async with quiet.work(ada) as work:
            assert (await work.session.execute(ROWS, {"key": "a row"})).scalar_one() == 0
            await write_a_row(work)
            assert not (await work.session.execute(EVENTS)).all()

    async def test_mapped_objects_are_refused_instead_of_not_found(self, quiet: App, ada: Member) -> None:
        async with quiet.reading(ada) as work:
            with pytest.raises(TypeError, match="textual"):
                await work.session.execute(select(Stage))
