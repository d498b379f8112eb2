"""How the log is looked up: in its index, however long it is."""

from collections.abc import Mapping
from uuid import UUID

import psycopg
import pytest

from leadflow.bootstrap import App
from leadflow.infra import projector
from leadflow.kernel.events import Event
from leadflow.tenancy.service import system_scope
from tests.fixtures.engines import TestDatabase
from tests.infra.log.reading import organization

READ_WHOLE = "Seq Scan on {}"
FILLED = "SELECT relname FROM pg_class WHERE relname LIKE 'event\\_%' AND relkind = 'r' AND reltuples > 0"


@pytest.fixture
async def northwind_id(app: App) -> UUID:
    """One of several organizations with a long log."""
    for _ in range(3):
        northwind_id = await organization(app)
        async with app.work(system_scope(northwind_id)) as work:
            work.record_all(Event("behaviour.page_viewed") for _ in range(2000))
    return northwind_id


def assert_reads_little(database: TestDatabase, statement: str, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        statement = statement.replace(name, value)
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute("ANALYZE event")
        filled = [name for (name,) in admin.execute(FILLED)]
        plan = "\n".join(str(line) for (line,) in admin.execute(f"EXPLAIN {statement}".encode()))
    assert filled
    assert not [name for name in filled if READ_WHOLE.format(name) in plan], plan


@pytest.mark.usefixtures("northwind_id")
async def test_who_has_unread_events_is_no_question_about_all_events(database: TestDatabase) -> None:
    with psycopg.connect(database.admin_dsn) as admin:
        source = admin.execute("SELECT prosrc FROM pg_proc WHERE proname = 'projection_backlog'").fetchone()
    assert source
    assert_reads_little(database, source[0], {"p_projection": "'scoring'", "p_limit": "200"})


@pytest.mark.parametrize("name", ["_READ", "_PASS_OVER"])
async def test_the_next_events_are_found_where_the_last_ones_ended(
    northwind_id: UUID, database: TestDatabase, name: str
) -> None:
    values = {
        ":organization_id": f"'{northwind_id}'::uuid",
        ":projection": "'scoring'",
        ":exact": "ARRAY['lead.won']",
        ":nouns": "ARRAY['behaviour']",
        ":limit": "1000",
        ":horizon": "'900000000'",
    }
    assert_reads_little(database, getattr(projector, name).text, values)
