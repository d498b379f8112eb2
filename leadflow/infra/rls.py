"""Row-level security, spelled once: what a migration runs for each new tenant table."""

CURRENT = "(SELECT nullif(current_setting('app.organization_id', true), '')::uuid)"
"""The organization of this transaction. A scalar subquery, so that it is evaluated once per statement; `nullif`
because the setting reads as '' (not NULL) after a transaction that had set it."""


def isolate(table: str, *, key: str = "organization_id") -> list[str]:
    """Statements that enable and force row-level security on `table` and let the app see its own rows only."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} TO leadflow_app USING ({key} = {CURRENT}) WITH CHECK ({key} = {CURRENT})",
    ]
