"""The same key gets the same answer, and the effect happens once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from tests.api.conftest import Opens
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint

KEY = {"idempotency-key": "0f6c2a1e-one"}
LEAD = {"email": "ada@example.com", "name": "Ada"}


async def count(app: App, member: Member, table: str) -> int:
    async with app.work(member) as work:
        return int((await work.session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def test_a_repeated_request_gets_the_same_answer_and_changes_nothing(
    browser: Opens, ada: Member, app: App, database: TestDatabase
) -> None:
    client = await browser(ada)
    first = await client.post("/api/v1/leads", json=LEAD, headers=KEY)
    before = await fingerprint(database)
    again = await client.post("/api/v1/leads", json=LEAD, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await fingerprint(database) == before


async def test_without_a_key_the_second_request_joins(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    answers = [await client.post("/api/v1/leads", json=LEAD) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]


async def test_the_same_key_with_another_body_is_refused_and_changes_nothing(
    browser: Opens, ada: Member, database: TestDatabase
) -> None:
    client = await browser(ada)
    await client.post("/api/v1/leads", json=LEAD, headers=KEY)
    before = await fingerprint(database)
    for path, body in (("/api/v1/leads", {"email": "b@example.com"}), ("/api/v1/leads/batch", {"leads": [LEAD]})):
        answer = await client.post(path, json=body, headers=KEY)
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:leadflow:problem:key-reused"
    assert await fingerprint(database) == before


async def test_ten_at_once_with_one_key_are_one(browser: Opens, ada: Member, app: App) -> None:
    client = await browser(ada)
    answers = await asyncio.gather(*(client.post("/api/v1/leads", json=LEAD, headers=KEY) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await count(app, ada, "lead") == 1
    assert await count(app, ada, "event WHERE kind LIKE 'lead.%'") == 1


async def test_a_failed_request_does_not_use_its_key_up(browser: Opens, ada: Member, app: App) -> None:
    client = await browser(ada)
    before = await count(app, ada, "idempotency_key")
    refused = await client.post("/api/v1/leads", json={"email": "nobody"}, headers=KEY)
    assert refused.status_code == 422
    assert await count(app, ada, "idempotency_key") == before
    assert (await client.post("/api/v1/leads", json=LEAD, headers=KEY)).status_code == 201


async def test_a_key_belongs_to_whoever_used_it(browser: Opens, ada: Member, ben: Member, mallory: Member) -> None:
    answers = [await (await browser(who)).post("/api/v1/leads", json=LEAD, headers=KEY) for who in (ada, ben, mallory)]
    assert [answer.status_code for answer in answers] == [201, 200, 201]
    assert all("idempotency-replayed" not in answer.headers for answer in answers)


async def test_a_secret_is_not_stored_in_the_answer(browser: Opens, ada: Member, app: App) -> None:
    client = await browser(ada)
    body = {"name": "site", "scopes": ["leads.write"]}
    first = await client.post("/api/v1/api-keys", json=body, headers=KEY)
    again = await client.post("/api/v1/api-keys", json=body, headers=KEY)
    assert first.json()["key"].startswith("lf_")
    assert again.json() == {**first.json(), "key": None}
    async with app.work(ada) as work:
        stored = (
            await work.session.execute(text("SELECT string_agg(k::text, '') FROM idempotency_key k"))
        ).scalar_one()
    assert first.json()["key"] not in stored


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
async def test_a_key_that_is_none_is_named(browser: Opens, ada: Member, key: str) -> None:
    client = await browser(ada)
    answer = await client.post("/api/v1/leads", json=LEAD, headers={"idempotency-key": key})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


POSTS: list[tuple[str, Any]] = [
    ("/api/v1/leads", LEAD),
    ("/api/v1/leads/batch", {"leads": [LEAD, {"email": "x"}]}),
    ("/api/v1/events", {"kind": "page_viewed", "email": "grace@example.com"}),
    ("/api/v1/forms", {"title": "Contact", "fields": ["email"]}),
    ("/api/v1/leads/{id}/outcome", {"outcome": "won"}),
    ("/api/v1/leads/{id}/activities", {"kind": "note", "text": "hello"}),
]


@pytest.mark.parametrize(("path", "body"), POSTS, ids=[path for path, _ in POSTS])
async def test_every_post_takes_a_key(
    browser: Opens, ada: Member, database: TestDatabase, path: str, body: Any
) -> None:
    client = await browser(ada)
    lead = (await client.post("/api/v1/leads", json={"email": "grace@example.com"})).json()["lead"]["id"]
    first = await client.post(path.replace("{id}", lead), json=body, headers=KEY)
    before = await fingerprint(database)
    again = await client.post(path.replace("{id}", lead), json=body, headers=KEY)
    assert first.is_success
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert await fingerprint(database) == before
