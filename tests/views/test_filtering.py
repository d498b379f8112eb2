"""What conditions find: the same as a plain reading of them does, for each field and operator, and for everybody."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, CreateTeam
from leadflow.tenancy.service import system_scope
from leadflow.views import queries
from leadflow.views.conditions.fields import FIELDS
from leadflow.views.filtering.queries import for_asker
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures.cast import Company, Member
from tests.views.pipeline import NOON, Card, fill, shuffled

BERLIN = "Europe/Berlin"
Row = dict[str, Any]
MANY = 80


async def planted(app: App, company: Company) -> list[Row]:
    """Leads with much in them and much missing, as the database has them."""
    organization_id = company.owner.organization_id
    chance = random.Random(11)
    people = [None, company.rep.actor.id, company.manager.actor.id]
    cards = shuffled(chance, MANY, people)
    await fill(app, organization_id, cards)
    async with app.work(system_scope(organization_id)) as work:
        await work.session.execute(text("UPDATE organization SET time_zone = :z"), {"z": BERLIN})
        for lead in (await work.session.execute(text("SELECT id FROM lead ORDER BY id"))).scalars().all():
            await work.session.execute(
                text("""
                    UPDATE lead SET title = :title, email = :email, domain = split_part(:email, '@', 2), phone = :phone,
                           country = :country, currency = :currency, stage_at = :stage_at, touch_due_at = :due
                    WHERE id = :id
                """),
                {
                    "id": lead,
                    "title": chance.choice(("", "CEO", "Head of 100% sales", "head_of ops")),
                    "email": chance.choice(("", "Ada@acme.example", "ben@globex.example")).replace("@", f"{lead}@", 1),
                    "phone": chance.choice(("", "+4930901820")),
                    "country": chance.choice(("", "DE", "FR")),
                    "currency": chance.choice(("EUR", "USD")),
                    "stage_at": NOON - timedelta(hours=chance.randrange(2000)),
                    "due": chance.choice((None, NOON + timedelta(hours=chance.randrange(-200, 400)))),
                },
            )
        rows = await work.session.execute(text("SELECT * FROM lead"))
        return [dict(row) for row in rows.mappings()]


async def found(app: App, scope: Scope, where: object, at: datetime = NOON) -> set[UUID]:
    async with app.work(scope) as work:
        work.clock = FixedClock(at)
        page = await queries.page(work, LeadFilter.model_validate({"where": where}), Sort.SCORE_DESC, None, 200)
    assert page.total == len(page.items)
    return {UUID(row["id"]) for row in page.items}


def day(moment: datetime | None) -> date | None:
    return moment and moment.astimezone(ZoneInfo(BERLIN)).date()


TODAY = date(2026, 3, 18)
DATES = [key for key, field in FIELDS.items() if field.kind == "date"]
PLAIN: list[tuple[dict[str, Any], Callable[[Row], bool]]] = [
    *[({"field": "name", "op": op, "value": "ADA"}, says) for op, says in (
        ("is", lambda r: r["name"].lower() == "ada"), ("is_not", lambda r: r["name"].lower() != "ada"),
        ("contains", lambda r: "ada" in r["name"].lower()), ("starts_with", lambda r: r["name"].lower().startswith("ada")),
    )],
    ({"field": "title", "op": "contains", "value": "100%"}, lambda r: "100%" in r["title"]),
    ({"field": "title", "op": "contains", "value": "d_o"}, lambda r: "d_o" in r["title"]),
    ({"field": "title", "op": "contains", "value": "%"}, lambda r: "%" in r["title"]),
    ({"field": "company", "op": "is_empty"}, lambda r: r["company"] == ""),
    ({"field": "email", "op": "is_not_empty"}, lambda r: r["email"] != ""),
    ({"field": "email", "op": "contains", "value": "ADA"}, lambda r: "ada" in r["email"].lower()),
    ({"field": "phone", "op": "starts_with", "value": "+49"}, lambda r: r["phone"].startswith("+49")),
    ({"field": "domain", "op": "is", "value": "ACME.example"}, lambda r: r["domain"] == "acme.example"),
    ({"field": "domain", "op": "is_not", "value": "acme.example"}, lambda r: r["domain"] != "acme.example"),
    ({"field": "stage", "op": "any_of", "value": ["new", "won"]}, lambda r: r["stage"] in {"new", "won"}),
    ({"field": "stage", "op": "none_of", "value": ["new", "won"]}, lambda r: r["stage"] not in {"new", "won"}),
    ({"field": "band", "op": "any_of", "value": ["hot"]}, lambda r: r["band"] == "hot"),
    ({"field": "country", "op": "none_of", "value": ["DE"]}, lambda r: r["country"] != "DE"),
    ({"field": "source", "op": "any_of", "value": ["fair"]}, lambda r: r["source"] == "fair"),
    ({"field": "currency", "op": "any_of", "value": ["USD"]}, lambda r: r["currency"] == "USD"),
    *[({"field": "score", "op": op, "value": 50}, says) for op, says in (
        ("eq", lambda r: r["score"] == 50), ("ne", lambda r: r["score"] != 50), ("lt", lambda r: r["score"] < 50),
        ("lte", lambda r: r["score"] <= 50), ("gt", lambda r: r["score"] > 50), ("gte", lambda r: r["score"] >= 50),
    )],
    ({"field": "score", "op": "between", "value": [20, 60]}, lambda r: 20 <= r["score"] <= 60),
    ({"field": "value", "op": "gte", "value": 5_000_000_000}, lambda r: r["value"] >= 5_000_000_000),
    ({"field": "value", "op": "is_empty"}, lambda r: r["value"] == 0),
    ({"field": "owner", "op": "is_empty"}, lambda r: r["owner_id"] is None),
    ({"field": "owner", "op": "any_of", "value": ["none"]}, lambda r: r["owner_id"] is None),
    ({"field": "owner", "op": "none_of", "value": ["none"]}, lambda r: r["owner_id"] is not None),
    *[({"field": key, "op": op, "value": value}, lambda r, key=key, says=says: r[key] is not None and says(day(r[key])))
      for key in DATES for op, value, says in (
        ("on", "2026-03-17", lambda d: d == date(2026, 3, 17)),
        ("before", "2026-03-01", lambda d: d < date(2026, 3, 1)),
        ("after", "2026-03-16", lambda d: d > date(2026, 3, 16)),
        ("between", ["2026-03-02", "2026-03-09"], lambda d: date(2026, 3, 2) <= d <= date(2026, 3, 9)),
        ("within", "this_month", lambda d: (d.year, d.month) == (2026, 3)),
        ("within", "last_7_days", lambda d: TODAY - timedelta(6) <= d <= TODAY),
        ("within", "next_2_weeks", lambda d: TODAY <= d < TODAY + timedelta(14)),
        ("over_days_ago", 14, lambda d: d < TODAY - timedelta(14)),
    )],
    ({"field": "touched_at", "op": "is_empty"}, lambda r: r["touched_at"] is None),
    ({"field": "closed_at", "op": "is_not_empty"}, lambda r: r["closed_at"] is not None),
]  # fmt: skip


async def test_each_comparison_finds_what_it_says(app: App, northwind: Company) -> None:
    rows = await planted(app, northwind)
    never = []
    for where, says in PLAIN:
        expected = {row["id"] for row in rows if says(row)}
        assert await found(app, northwind.owner, where) == expected, where
        if not expected:
            never.append(where)
    assert [each["field"] for each in never if each["field"] not in {*DATES}] == [], "each is tried on something"
    assert len(never) < len(DATES) * 3


async def test_groups_are_all_and_any_of_what_is_in_them(app: App, northwind: Company) -> None:
    rows = await planted(app, northwind)
    says = {id(where): says for where, says in PLAIN}
    chance = random.Random(3)

    def holds(where: dict[str, Any], row: Row) -> bool:
        if "all" in where:
            return all(holds(each, row) for each in where["all"])
        if "any" in where:
            return any(holds(each, row) for each in where["any"])
        return says[id(where)](row)

    def drawn(depth: int) -> dict[str, Any]:
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(PLAIN)[0]
        return {chance.choice(("all", "any")): [drawn(depth - 1) for _ in range(chance.randrange(1, 4))]}

    for _ in range(60):
        where = {"all": [drawn(2)]}
        if sum(1 for _ in leaves(where)) <= 20:
            assert await found(app, northwind.owner, where) == {row["id"] for row in rows if holds(where, row)}, where


def leaves(where: dict[str, Any]) -> list[Any]:
    return [leaf for each in [*where.get("all", []), *where.get("any", [])] for leaf in leaves(each)] or [where]


async def test_a_day_is_the_organizations_and_moves_on(app: App, northwind: Company) -> None:
    [lead] = await fill(app, northwind.owner.organization_id, [Card(captured_at=NOON)])
    where = {"field": "captured_at", "op": "within", "value": "today"}
    assert await found(app, northwind.owner, where) == {lead}
    assert await found(app, northwind.owner, where, NOON + timedelta(days=1)) == set()


class TestWhoAsks:
    async def test_me_is_whoever_asks(self, app: App, northwind: Company) -> None:
        rows = await planted(app, northwind)
        where = {"field": "owner", "op": "any_of", "value": ["me"]}
        for member in (northwind.rep, northwind.manager):
            assert await found(app, member, where) == {r["id"] for r in rows if r["owner_id"] == member.actor.id}

    async def test_my_team_is_mine_and_those_below(self, app: App, northwind: Company) -> None:
        owner, rep, manager = northwind.owner, northwind.rep, northwind.manager
        async with app.work(owner) as work:
            north = await teams.create_team(work, CreateTeam(name="North"))
            city = await teams.create_team(work, CreateTeam(name="City", parent=north.id))
            await teams.create_team(work, CreateTeam(name="South"))
        async with app.work(owner) as work:
            await teams.change_member(work, manager.actor.id, ChangeMember(team=north.id))
            await teams.change_member(work, rep.actor.id, ChangeMember(team=city.id))
        cards = [Card("a", owner=rep.actor.id), Card("b", owner=manager.actor.id), Card("c", owner=owner.actor.id)]
        a, b, c = await fill(app, owner.organization_id, cards)
        mine = {"field": "team", "op": "any_of", "value": ["mine"]}
        assert await found(app, manager, mine) == {a, b}
        everywhere = Scope(rep.organization_id, rep.actor, rep.permissions)
        assert await found(app, everywhere, mine) == {a}
        assert await found(app, owner, mine) == {a, b, c}
        assert await found(app, manager, {**mine, "op": "none_of"}) == {c}
        async with app.work(manager) as work:
            settled = await for_asker(work, LeadFilter.model_validate({"where": mine}))
        assert str(city.id) in settled.signature
        async with app.work(system_scope(owner.organization_id)) as work:
            page = await queries.page(work, settled, Sort.NAME, None, 10)
        assert [row["name"] for row in page.items] == ["a", "b"]

    async def test_a_key_is_nobody(self, app: App, northwind: Company) -> None:
        key = northwind.owner.acting_as(Actor(ActorKind.API_KEY, northwind.owner.actor.id))
        with pytest.raises(Invalid) as refused:
            await found(app, key, {"field": "owner", "op": "none_of", "value": ["me"]})
        assert [problem.field for problem in refused.value.problems] == ["where"]

    async def test_mallory_finds_nothing_of_theirs_whatever_she_asks(
        self, app: App, northwind: Company, mallory: Member
    ) -> None:
        await planted(app, northwind)
        for where, _ in PLAIN:
            assert await found(app, mallory, where) == set(), where
        assert (
            await found(app, mallory, {"any": [PLAIN[0][0], {"field": "owner", "op": "none_of", "value": ["me"]}]})
            == set()
        )

    @pytest.mark.parametrize("key", sorted(key for key, field in FIELDS.items() if field.right not in {None, "name"}))
    async def test_what_is_hidden_cannot_be_asked_about(self, app: App, ada: Member, key: str) -> None:
        field = FIELDS[key]
        hidden = FieldRights(hidden=frozenset({str(field.right)}))
        scope = Scope(ada.organization_id, ada.actor, ada.permissions, fields=hidden)
        asked = {"field": key, "op": "none_of", "value": ["x"]} if field.kind == "choice" else (
            {"field": key, "op": "is_empty"}
        )  # fmt: skip
        with pytest.raises(Forbidden):
            await found(app, scope, {"any": [{"all": [asked]}, {"field": "score", "op": "gte", "value": 0}]})


async def test_conditions_reach_no_further_than_whoever_asks(app: App, northwind: Company) -> None:
    rows = await planted(app, northwind)
    reach = northwind.rep.reach(Permission.LEADS_READ)
    seen = {row["id"] for row in rows if reach.holds(row["owner_id"], row["team_id"])}
    where = {"any": [{"field": "score", "op": "gte", "value": 0}, {"field": "owner", "op": "none_of", "value": ["me"]}]}
    assert await found(app, northwind.rep, where) == seen
