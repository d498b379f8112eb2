"""How lists are read: with typical conditions and orders in an index, however large the organization is."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.tenancy.service import system_scope
from leadflow.views import queries
from leadflow.views.orders.rules import order_of
from leadflow.views.rules import LeadFilter
from tests.fixtures.cast import Company, rival
from tests.fixtures.engines import TestDatabase

MANY = 6000
PLANTED = text("""
    INSERT INTO lead (organization_id, id, name, company, title, email, phone, domain, country, source, stage, owner_id,
                      value, score, band, custom, captured_at, stage_at, touched_at, closed_at)
    SELECT :organization_id, gen_random_uuid(), 'p' || n, 'c' || n % 700, '', 'p' || n || '@d' || n % 900 || '.example', '',
           'd' || n % 900 || '.example', 'DE', 's' || n % 9, (ARRAY['new', 'contacted', 'qualified', 'won'])[n % 4 + 1],
           CASE WHEN n % 40 = 0 THEN CAST(:owner AS uuid) END, n % 500 * 1000, n % 101,
           (ARRAY['hot', 'warm', 'cold'])[n % 3 + 1], '{}', now() - n * interval '1 hour',
           now() - n % 90 * interval '1 day', now() - n % 60 * interval '1 day',
           CASE WHEN n % 4 = 3 THEN now() - n % 90 * interval '1 day' END
    FROM generate_series(1, :many) n
""")


@pytest.fixture
async def large(app: App, northwind: Company, database: TestDatabase) -> AsyncIterator[Scope]:
    """An organization with many leads beside another one with as many."""
    other = await rival(app)
    for scope, owner in ((northwind.owner, northwind.rep), (other, other)):
        async with app.work(system_scope(scope.organization_id)) as work:
            values = {"organization_id": scope.organization_id, "owner": owner.actor.id, "many": MANY}
            await work.session.execute(PLANTED, values)
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE lead")
    yield northwind.owner


async def plan(app: App, scope: Scope, monkeypatch: pytest.MonkeyPatch, wanted: dict[str, Any], order: str) -> str:
    """How PostgreSQL reads a page, as the app asks for it."""
    async with app.work(scope) as work:
        asked: list[tuple[str, dict[str, Any]]] = []
        execute = work.session.execute

        async def overheard(statement: Any, values: Any = None, **rest: Any) -> Any:
            asked.append((str(statement), values))
            return await execute(statement, values, **rest)

        monkeypatch.setattr(work.session, "execute", overheard)
        await queries.page(work, LeadFilter.model_validate(wanted), order_of(order), None, 50)
        statement, values = asked[-1]
        lines = await execute(text(f"EXPLAIN {statement}"), values)
        return "\n".join(lines.scalars())


def where(field: str, op: str, value: object = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


TYPICAL = [
    where("owner", "any_of", ["me"]),
    where("stage", "any_of", ["new", "contacted"]),
    where("band", "any_of", ["hot"]),
    where("score", "gte", 70),
    where("value", "gte", 400_000),
    where("source", "any_of", ["s1"]),
    where("captured_at", "within", "last_7_days"),
    where("touched_at", "over_days_ago", 14),
    where("closed_at", "within", "this_month"),
    where("domain", "is", "d7.example"),
    where("name", "contains", "p99"),
    where("email", "is_not_empty"),
    {"all": [where("value", "gte", 100_000), {"any": [where("owner", "is_empty"), where("score", "lt", 20)]}]},
]


@pytest.mark.parametrize("order", ["-score", "-captured_at", "name", "-value,name", "-score,-value,touched_at"])
async def test_no_condition_reads_a_whole_table(
    app: App, large: Scope, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    for condition in TYPICAL:
        read = await plan(app, large, monkeypatch, {"where": condition}, order)
        assert "Seq Scan on lead" not in read, f"{condition}\n{read}"


@pytest.mark.parametrize(
    ("order", "index"),
    [
        ("-score,name", "ix_lead_score"),
        ("-captured_at,score", "ix_lead_captured"),
        ("name,-value,stage", "ix_lead_name"),
        ("-value,touched_at", "ix_lead_value"),
    ],
)
async def test_the_first_key_is_read_in_its_index_and_only_ties_are_sorted(
    app: App, large: Scope, monkeypatch: pytest.MonkeyPatch, order: str, index: str
) -> None:
    read = await plan(app, large, monkeypatch, {}, order)
    assert "Incremental Sort" in read, read
    assert f"using {index}" in read, read


@pytest.mark.parametrize(
    ("condition", "index"),
    [(where("owner", "any_of", ["me"]), "ix_lead_owner_id"), (where("domain", "is", "d7.example"), "ix_lead_domain")],
)
async def test_what_few_leads_have_is_looked_up(
    app: App, large: Scope, northwind: Company, monkeypatch: pytest.MonkeyPatch, condition: dict[str, Any], index: str
) -> None:
    scope = Scope(large.organization_id, northwind.rep.actor, large.permissions)
    read = await plan(app, scope, monkeypatch, {"where": condition}, "-captured_at")
    assert index in read, read
