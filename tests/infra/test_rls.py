"""Walls between organizations, asked of PostgreSQL itself and of every table that there is."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Table
from sqlalchemy.engine import make_url

from leadflow.bootstrap import App
from tests.fixtures.installation import as_superuser
from tests.fixtures.tables import insert, sample, tables, tenant_tables

NORTHWIND, RIVAL = uuid4(), uuid4()
WITHOUT_WALLS = {"alembic_version"}
"""Tables that hold nobody's data."""
ADD_ONLY = {"event", "audit_entry"}
NEVER_DELETED = {"audit_head"}


@pytest.fixture(scope="module")
def admin(quiet: App) -> Iterator[psycopg.Connection]:
    with as_superuser(quiet.settings) as connection:
        yield connection


@pytest.fixture(scope="module")
def populated(admin: psycopg.Connection) -> Iterator[None]:
    """A row of each of two organizations in every table; nothing that they refer to has to exist."""
    admin.execute("SET session_replication_role = replica")
    for table in tenant_tables():
        for organization_id in (NORTHWIND, RIVAL):
            admin.execute(*insert(table, sample(table, organization_id)))
    yield
    admin.execute("SET session_replication_role = replica")  # the audit trail's trigger refuses otherwise
    for table in tenant_tables():
        admin.execute(
            sql.SQL("DELETE FROM {} WHERE organization_id = ANY(%s)").format(sql.Identifier(table.name)),
            ([NORTHWIND, RIVAL],),
        )


@pytest.fixture
def served(quiet: App, populated: None) -> Iterator[psycopg.Connection]:
    """Logged in as the application; what a test does is rolled back."""
    dsn = make_url(quiet.settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as connection:
        yield connection
        connection.rollback()


def enter(connection: psycopg.Connection, organization_id: UUID | str) -> None:
    connection.execute("SELECT set_config('app.organization_id', %s, true)", (str(organization_id),))


def owners(connection: psycopg.Connection, table: Table) -> list[UUID]:
    rows = connection.execute(sql.SQL("SELECT organization_id FROM {}").format(sql.Identifier(table.name)))
    return [row[0] for row in rows]


def changed(connection: psycopg.Connection, statement: str, table: Table) -> int:
    """How many rows a statement reaches; none where it may not even be tried."""
    try:
        with connection.transaction():
            return connection.execute(sql.SQL(statement).format(sql.Identifier(table.name))).rowcount
    except InsufficientPrivilege:
        return 0


def everywhere(test: object) -> object:
    return pytest.mark.parametrize("table", tenant_tables(), ids=lambda table: table.name)(test)


class TestRows:
    @everywhere
    def test_an_organization_sees_its_own_rows_and_no_others(self, served: psycopg.Connection, table: Table) -> None:
        for own in (NORTHWIND, RIVAL):
            enter(served, own)
            assert owners(served, table) == [own]

    @everywhere
    def test_without_an_organization_there_is_nothing(self, served: psycopg.Connection, table: Table) -> None:
        assert owners(served, table) == []
        enter(served, "")
        assert owners(served, table) == []
        assert changed(served, "UPDATE {} SET organization_id = organization_id", table) == 0
        assert changed(served, "DELETE FROM {}", table) == 0

    @everywhere
    def test_nobody_writes_into_another_organization(self, served: psycopg.Connection, table: Table) -> None:
        enter(served, RIVAL)
        with pytest.raises(InsufficientPrivilege):
            served.execute(*insert(table, sample(table, NORTHWIND)))

    @everywhere
    def test_nobody_writes_without_an_organization(self, served: psycopg.Connection, table: Table) -> None:
        with pytest.raises(InsufficientPrivilege):
            served.execute(*insert(table, sample(table, NORTHWIND)))

    @everywhere
    def test_nobody_gives_a_row_away(self, served: psycopg.Connection, table: Table) -> None:
        enter(served, RIVAL)
        with pytest.raises(InsufficientPrivilege):
            served.execute(
                sql.SQL("UPDATE {} SET organization_id = %s").format(sql.Identifier(table.name)), (NORTHWIND,)
            )

    @everywhere
    def test_changing_and_deleting_reach_own_rows_only(
        self, served: psycopg.Connection, admin: psycopg.Connection, table: Table
    ) -> None:
        enter(served, RIVAL)
        assert changed(served, "UPDATE {} SET organization_id = organization_id", table) == (table.name not in ADD_ONLY)
        assert changed(served, "DELETE FROM {}", table) == (table.name not in ADD_ONLY | NEVER_DELETED)
        served.rollback()
        assert sorted(owner for owner in owners(admin, table) if owner in (NORTHWIND, RIVAL)) == sorted(
            [NORTHWIND, RIVAL]
        )

    def test_every_table_has_been_asked(self, admin: psycopg.Connection) -> None:
        stored = admin.execute("""
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
        """)
        assert {name for (name,) in stored} == {table.name for table in tenant_tables()}


class TestPeople:
    def test_an_account_is_seen_by_colleagues_only(self, quiet: App, admin: psycopg.Connection) -> None:
        dsn = make_url(quiet.settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        ada, mallory, northwind, rival = uuid4(), uuid4(), uuid4(), uuid4()
        admin.execute("SET session_replication_role = origin")
        for organization_id, account_id in ((northwind, ada), (rival, mallory)):
            admin.execute("INSERT INTO organization (id) VALUES (%s)", (organization_id,))
            admin.execute("INSERT INTO account (id, email_norm) VALUES (%s, %s)", (account_id, account_id.hex))
            admin.execute(
                "INSERT INTO membership (organization_id, account_id, role) VALUES (%s, %s, 'owner')",
                (organization_id, account_id),
            )
        with psycopg.connect(dsn) as served:
            assert served.execute("SELECT id FROM account").fetchall() == []
            assert served.execute("SELECT id FROM organization").fetchall() == []
            enter(served, rival)
            assert served.execute("SELECT id FROM account").fetchall() == [(mallory,)]
            assert served.execute("SELECT id FROM organization").fetchall() == [(rival,)]
            assert served.execute("UPDATE organization SET name = 'mine'").rowcount == 1
            for statement in ("UPDATE account SET password_hash = ''", "DELETE FROM account"):
                with pytest.raises(InsufficientPrivilege), served.transaction():
                    served.execute(statement)  # type: ignore[call-overload]


class TestLog:
    @pytest.mark.parametrize("statement", ["UPDATE event SET kind = ''", "DELETE FROM event", "TRUNCATE event"])
    def test_it_is_append_only_even_for_its_own_organization(self, served: psycopg.Connection, statement: str) -> None:
        enter(served, NORTHWIND)
        with pytest.raises(InsufficientPrivilege):
            served.execute(statement)  # type: ignore[call-overload]

    def test_its_partitions_cannot_be_reached_around_it(
        self, served: psycopg.Connection, admin: psycopg.Connection
    ) -> None:
        partitions = admin.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass"
        )
        names = [name for (name,) in partitions]
        assert len(names) >= 4
        enter(served, NORTHWIND)
        for name in names:
            for statement in ("SELECT * FROM {}", "DELETE FROM {}", "UPDATE {} SET kind = ''"):
                with pytest.raises(InsufficientPrivilege), served.transaction():
                    served.execute(sql.SQL(statement).format(sql.Identifier(name)))


class TestCatalog:
    def test_row_level_security_is_enabled_and_forced_on_every_table_and_partition(
        self, admin: psycopg.Connection
    ) -> None:
        open_ = admin.execute("""
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND NOT (relrowsecurity AND relforcerowsecurity)
        """)
        assert {name for (name,) in open_} == WITHOUT_WALLS

    def test_no_view_leads_around_the_walls(self, admin: psycopg.Connection) -> None:
        views = admin.execute("""
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
        """)
        assert views.fetchall() == []

    def test_the_database_has_every_table_that_the_product_declares(self, admin: psycopg.Connection) -> None:
        for table in tables():
            assert admin.execute("SELECT to_regclass(%s)", (f"public.{table.name}",)).fetchone() != (None,)


class TestApplicationRole:
    def test_it_can_neither_bypass_nor_create_roles_or_databases(self, admin: psycopg.Connection) -> None:
        rights = admin.execute("""
            SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles
            WHERE rolname = 'leadflow_app'
        """).fetchone()
        assert rights == (False,) * 5

    def test_it_owns_nothing(self, admin: psycopg.Connection) -> None:
        owned = admin.execute("""
            SELECT classid::regclass, objid FROM pg_shdepend
            WHERE deptype = 'o' AND refobjid = 'leadflow_app'::regrole
              AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        """)
        assert owned.fetchall() == []

    def test_it_can_become_nobody_else(self, admin: psycopg.Connection, served: psycopg.Connection) -> None:
        roles = admin.execute("SELECT rolname FROM pg_roles WHERE pg_has_role('leadflow_app', oid, 'MEMBER')")
        assert roles.fetchall() == [("leadflow_app",)]
        for role in ("leadflow_owner", "leadflow_migrator"):
            with pytest.raises(InsufficientPrivilege), served.transaction():
                served.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE mine (id int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "ALTER TABLE lead DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE lead NO FORCE ROW LEVEL SECURITY",
            "CREATE POLICY mine ON lead USING (true)",
            "DROP POLICY tenant ON lead",
            "ALTER TABLE lead DISABLE TRIGGER lead_changed",
            "SET session_replication_role = replica",
            "TRUNCATE lead CASCADE",
        ],
    )
    def test_it_cannot_tear_the_walls_down(self, served: psycopg.Connection, statement: str) -> None:
        enter(served, NORTHWIND)
        with pytest.raises(InsufficientPrivilege):
            served.execute(statement)  # type: ignore[call-overload]

    def test_switching_row_security_off_shows_an_error_and_no_rows(self, served: psycopg.Connection) -> None:
        enter(served, RIVAL)
        served.execute("SET LOCAL row_security = off")
        with pytest.raises(InsufficientPrivilege):
            served.execute("SELECT * FROM lead")


class TestDoorsThroughTheWalls:
    """Functions that run as the owner: few, narrow, and closed to everybody but the application."""

    def test_each_fixes_its_search_path_and_is_closed_to_the_public(self, admin: psycopg.Connection) -> None:
        doors = admin.execute("""
            SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND prosecdef
        """).fetchall()
        assert doors
        for name, configuration, is_public in doors:
            assert any(setting.startswith("search_path=pg_catalog") for setting in configuration or []), name
            assert not is_public, name

    def test_search_answers_for_the_organization_of_the_transaction_only(
        self, served: psycopg.Connection, admin: psycopg.Connection
    ) -> None:
        found = "SELECT count(*) FROM search_leads('sample', 1000)"
        assert served.execute(found).fetchone() == (0,)
        enter(served, RIVAL)
        (own,) = admin.execute("SELECT lead_id FROM lead_search WHERE organization_id = %s", (RIVAL,)).fetchone() or ()
        assert served.execute("SELECT * FROM search_leads('sample', 1000)").fetchall() == [(own,)]
