"""Conditions and orders of the list, as callers say them; and what they are told of what they can say."""

import json
from dataclasses import replace
from typing import Any

import pytest

from leadflow.api import schemas
from leadflow.bootstrap import App
from leadflow.tenancy import teams
from leadflow.tenancy.commands import ChangeMember, DefineRole
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member

LEADS = "/api/v1/leads"


async def seven(browser: Opens, member: Member) -> Any:
    client = await browser(member)
    for n in range(7):
        body = {"email": f"p{n}@example.com", "name": f"P{n}", "value": n // 3 * 100, "company": "ABC"[n % 3]}
        assert (await client.post(LEADS, json=body)).status_code == 201
    return client


async def test_conditions_come_as_json_in_the_query(browser: Opens, northwind: Company) -> None:
    client = await seven(browser, northwind.owner)
    where = {"any": [{"field": "value", "op": "gte", "value": 200}, {"field": "name", "op": "is", "value": "p1"}]}
    answer = await client.get(LEADS, params={"where": json.dumps(where), "sort": "name"})
    assert [row["name"] for row in answer.json()["items"]] == ["P1", "P6"]
    mine = {"field": "owner", "op": "any_of", "value": ["me"]}
    assert (await client.get(LEADS, params={"where": json.dumps(mine)})).json()["items"] == []
    both = await client.get(LEADS, params={"where": json.dumps(where), "q": "p6"})
    assert [row["name"] for row in both.json()["items"]] == ["P6"]


async def test_a_list_is_sorted_by_several_keys_and_read_on(browser: Opens, northwind: Company) -> None:
    client = await seven(browser, northwind.owner)
    names: list[str] = []
    cursor = ""
    while True:
        page = (await client.get(LEADS, params={"sort": "-value,company,-name", "limit": 2, "cursor": cursor})).json()
        names += [row["name"] for row in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert names == ["P6", "P3", "P4", "P5", "P0", "P1", "P2"]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"where": "{"}, "where", "This is not valid JSON."),
        ({"where": "[]"}, "where", ""),
        ({"where": '{"field": "shoe", "op": "is", "value": "x"}'}, "where", "field: 'shoe' is not a field"),
        ({"where": '{"all": [{"field": "score", "op": "gte", "value": "x"}]}'}, "where", "all.0.value: "),
        ({"where": "x" * 6001}, "where", "Use at most 6000 characters."),
        ({"sort": "score,-score"}, "sort", "Sort by each key once."),
        ({"sort": "touched_at"}, "sort", "filter by an owner"),
        ({"sort": "relevance,name"}, "sort", "stands alone"),
    ],
)
async def test_what_is_not_understood_is_refused_at_its_place(
    browser: Opens, ada: Member, query: dict[str, str], field: str, words: str
) -> None:
    answer = await (await browser(ada)).get(LEADS, params=query)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert words in error["message"]


async def test_a_body_takes_conditions_as_they_are(browser: Opens, northwind: Company) -> None:
    client = await seven(browser, northwind.owner)
    where: Any = {"field": "value", "op": "gte", "value": 100}
    for written in (where, json.dumps(where)):
        body = {"filter": {"where": written}, "to": {"people": [str(northwind.rep.actor.id)]}}
        looked = await client.post(f"{LEADS}/reassign/preview", json=body)
        assert looked.status_code == 200, looked.text
        assert looked.json()["leads"] == 4
    bad = await client.post(f"{LEADS}/reassign/preview", json={**body, "filter": {"where": {"field": "shoe"}}})
    assert bad.status_code == 422
    assert [error["field"] for error in bad.json()["errors"]] == ["filter.where.field"]


class TestFields:
    async def test_everything_that_can_be_asked_is_told(self, browser: Opens, northwind: Company) -> None:
        client = await seven(browser, northwind.owner)
        told = schemas.LeadFields.model_validate((await client.get(f"{LEADS}/fields")).json())
        fields = {field.key: field for field in told.fields}
        owner, team, stage = fields["owner"].choices, fields["team"].choices, fields["stage"].choices
        assert owner and team and stage
        assert [each.label for each in owner] == ["Me", "Ada", "Ben", "Cleo", "Vera", "No owner"]
        assert [each.label for each in team] == ["My team", "No team"]
        assert [each.value for each in stage][:2] == ["new", "contacted"]
        assert fields["country"].choices is None
        assert {sort.key for sort in told.sorts if not sort.alone} == {"stage", "stage_at", "touched_at"}

    async def test_each_that_is_told_can_be_asked(self, browser: Opens, northwind: Company) -> None:
        client = await browser(northwind.owner)
        good: dict[str, Any] = {
            "text": "x", "choices": ["none"], "number": 1, "numbers": [1, 2], "day": "2026-03-01",
            "days": ["2026-03-01", "2026-03-02"], "period": "today", "count": 3,
        }  # fmt: skip
        told = (await client.get(f"{LEADS}/fields")).json()
        asked = [
            {"field": field["key"], "op": op["key"]} | ({"value": good[op["takes"]]} if op["takes"] in good else {})
            for field in told["fields"]
            for op in field["operators"]
        ]
        for condition in asked:
            answer = await client.get(LEADS, params={"where": json.dumps(condition)})
            assert answer.status_code == 200, (condition, answer.text)
        for key in told["sorts"]:
            order = key["key"] if key["alone"] else f"-score,{key['key']}"
            assert (await client.get(LEADS, params={"sort": order})).status_code == 200

    async def test_what_is_hidden_is_neither_told_nor_answered(
        self, app: App, browser: Opens, northwind: Company
    ) -> None:
        async with app.work(northwind.owner) as work:
            role = await teams.define_role(
                work,
                DefineRole(name="Caller", grants={"leads.read": "all"}, fields={"value": "none", "source": "none"}),
            )
            await teams.change_member(work, northwind.rep.actor.id, ChangeMember(role=str(role.id)))
        client = await browser(replace(northwind.rep, role=str(role.id)))
        told = (await client.get(f"{LEADS}/fields")).json()
        assert {"value", "currency", "source"}.isdisjoint(field["key"] for field in told["fields"])
        assert "value" not in {sort["key"] for sort in told["sorts"]}
        for params in (
            {"where": '{"any": [{"field": "value", "op": "gte", "value": 1}]}'},
            {"where": '{"field": "source", "op": "is_empty"}'},
            {"sort": "-score,value"},
        ):
            assert (await client.get(LEADS, params=params)).status_code == 403

    async def test_mallory_is_told_of_her_own_people(self, browser: Opens, northwind: Company, mallory: Member) -> None:
        await seven(browser, northwind.owner)
        answer = await (await browser(mallory)).get(f"{LEADS}/fields")
        assert answer.status_code == 200
        assert str(northwind.rep.actor.id) not in answer.text
        assert '"me"' in answer.text
