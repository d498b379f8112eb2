"""Leads in groups by the API, and the leads of one group."""

import pytest

from leadflow.api import schemas
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member

GROUPS = "/api/v1/leads/groups"


async def test_groups_are_told_and_each_is_a_list(browser: Opens, northwind: Company, mallory: Member) -> None:
    client = await browser(northwind.owner)
    for n, source in enumerate(("web", "web", "fair")):
        body = {
            "email": f"p{n}@example.com",
            "name": f"P{n}",
            "value": 100 + n,
            "source": source,
            "phone": f"+4930{n}00",
        }
        assert (await client.post("/api/v1/leads", json=body)).status_code == 201
    told = schemas.LeadGroups.model_validate((await client.get(GROUPS, params={"by": "source"})).json())
    assert [(group.key, group.count, group.values) for group in told.items] == [
        ("web", 2, {"EUR": 201}),
        ("fair", 1, {"EUR": 102}),
    ]
    assert not told.capped
    whole = (await client.get(GROUPS, params={"q": "p1@"})).json()["items"]
    assert [(group["key"], group["count"]) for group in whole] == [("", 1)]
    wanted = {"group": "source", "key": "fair", "columns": "phone,title"}
    page = schemas.LeadPage.model_validate((await client.get("/api/v1/leads", params=wanted)).json())
    assert [(row.name, row.title) for row in page.items] == [("P2", "")]
    assert page.items[0].phone
    nobodys = (await client.get("/api/v1/leads", params={"group": "owner", "key": ""})).json()
    assert nobodys["total"] == 3
    assert (await (await browser(mallory)).get(GROUPS, params={"by": "source"})).json() == {
        "items": [],
        "capped": False,
    }


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        (GROUPS, "by=weather", "by"),
        (GROUPS, "group=stage", "group"),
        ("/api/v1/leads", "columns=password", "columns.0"),
        ("/api/v1/leads", "group=weather", "group"),
        ("/api/v1/leads", "group=owner&key=ben", "key"),
        ("/api/v1/leads", "group=captured_day&key=soon", "key"),
        ("/api/v1/leads", "group=stage&key=" + "x" * 81, "key"),
    ],
)
async def test_what_is_not_on_offer_is_refused(browser: Opens, ada: Member, path: str, query: str, field: str) -> None:
    answer = await (await browser(ada)).get(f"{path}?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
