"""Up to a thousand leads in one request."""

from typing import Any

import pytest
from sqlalchemy import text

from leadflow.api import schemas
from leadflow.bootstrap import App
from tests.api.conftest import Opens
from tests.fixtures.cast import Member


async def test_a_batch_judges_each_lead_for_itself(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    await client.post("/api/v1/leads", json={"email": "known@example.com"})
    items = [
        {"email": "new@example.com"}, {"email": "known@example.com"}, {"email": "nobody"}, {"emial": "x"}, 7, None,
        {"email": "new@example.com", "name": "Again"}, {"name": "nul\x00"}, {"name": "Only a name"},
    ]  # fmt: skip
    answer = await client.post("/api/v1/leads/batch", json={"leads": items})
    results = schemas.BatchResults.model_validate(answer.json()).results
    assert [result.index for result in results] == list(range(9))
    assert [result.status for result in results] == [
        "created", "joined", "invalid", "invalid", "invalid", "invalid", "joined", "invalid", "created",
    ]  # fmt: skip
    assert results[0].id == results[6].id
    assert [(e.field) for e in results[2].errors or []] == ["email"]
    assert [(e.field) for e in results[7].errors or []] == ["name"]
    assert (await client.get("/api/v1/leads")).json()["total"] == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "leads"),
        ({}, "leads"),
        ({"leads": {}}, "leads"),
        ({"leads": [], "x": 1}, "x"),
        ({"leads": [{}] * 1001}, "leads"),
    ],
    ids=["list", "empty", "object", "unknown", "too many"],
)
async def test_a_batch_that_is_none_is_refused_whole(browser: Opens, ada: Member, body: Any, field: str) -> None:
    answer = await (await browser(ada)).post("/api/v1/leads/batch", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_batch_of_a_thousand_is_one_transaction(browser: Opens, ada: Member, app: App) -> None:
    client = await browser(ada)
    leads = [{"email": f"p{n}@example.com", "name": f"P{n}"} for n in range(1000)]
    answer = await client.post("/api/v1/leads/batch", json={"leads": leads})
    assert {result["status"] for result in answer.json()["results"]} == {"created"}
    async with app.work(ada) as work:
        query = "SELECT count(DISTINCT xid), count(*) FROM event WHERE kind = 'lead.captured'"
        assert tuple((await work.session.execute(text(query))).one()) == (1, 1000)
