"""Every table of tenants is behind its wall and every key begins with its tenant, asked of the migrated database."""

from collections.abc import Iterator

import psycopg
import pytest

from leadflow.bootstrap import App
from tests.fixtures.installation import as_superuser

TENANT_TABLES = """
    SELECT c.oid FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""
UNIQUE_EVERYWHERE = {
    "uq_login_session_token_hash": "a request says by its token whose it is",
    "uq_api_key_secret_hash": "a request says by its key whose it is",
    "uq_invitation_token_hash": "whoever follows a link says by its token what it is about",
    "uq_form_slug": "the address of a hosted form says whose it is",
}
"""Unique indexes of tenant tables that do not begin with the tenant, and why."""


@pytest.fixture(scope="module")
def admin(app: App) -> Iterator[psycopg.Connection]:
    with as_superuser(app.settings) as connection:
        yield connection


def test_there_are_tables_to_ask(admin: psycopg.Connection) -> None:
    assert len(admin.execute(TENANT_TABLES).fetchall()) > 10


def test_row_level_security_is_enabled_forced_and_says_whose_for_reading_and_writing(
    admin: psycopg.Connection,
) -> None:
    rows = admin.execute(f"""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
               array_agg(pg_get_expr(p.polqual, p.polrelid)), array_agg(pg_get_expr(p.polwithcheck, p.polrelid))
        FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.oid IN ({TENANT_TABLES}) GROUP BY c.oid
    """).fetchall()
    for table, is_walled, reading, writing in rows:
        assert is_walled, table
        for condition in (*reading, *writing):
            assert condition, f"{table} has no policy that says what may be read, and what written"
            assert "organization_id = " in condition, table
            assert "current_setting('app.organization_id'" in condition, table


def test_the_application_owns_nothing_and_gets_around_nothing(admin: psycopg.Connection) -> None:
    # Temporary tables are a session's own, and gone with it: an import stages its rows in some.
    owned = admin.execute(
        "SELECT relname FROM pg_class WHERE relowner = 'leadflow_app'::regrole AND relpersistence <> 't'"
    ).fetchall()
    assert owned == []
    rights = admin.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'leadflow_app'").fetchone()
    assert rights == (False, False)


def test_what_is_unique_is_unique_within_an_organization(admin: psycopg.Connection) -> None:
    rows = admin.execute(f"""
        SELECT i.indexrelid::regclass::text FROM pg_index i
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND i.indrelid IN ({TENANT_TABLES}) AND a.attname IS DISTINCT FROM 'organization_id'
    """).fetchall()
    assert {name for (name,) in rows} == set(UNIQUE_EVERYWHERE)


def test_what_refers_to_a_tenants_row_names_the_tenant(admin: psycopg.Connection) -> None:
    """A key of the id alone could point into another organization."""
    rows = admin.execute(f"""
        SELECT k.conname FROM pg_constraint k
        WHERE k.contype = 'f' AND k.conrelid IN ({TENANT_TABLES}) AND k.confrelid IN ({TENANT_TABLES})
          AND NOT EXISTS (
              SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair (here, there)
              JOIN pg_attribute h ON h.attrelid = k.conrelid AND h.attnum = pair.here
              JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = pair.there
              WHERE h.attname = 'organization_id' AND t.attname = 'organization_id')
    """).fetchall()
    assert rows == []
