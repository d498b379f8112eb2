"""The list of leads: its filters, its order, and what it does not know."""

import pytest

from leadflow.api import schemas
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member

GRACE = {"name": "Grace Hopper", "email": "grace@example.com", "company": "Navy", "source": "website"}


async def test_the_list_filters_sorts_and_reads_on(browser: Opens, northwind: Company) -> None:
    client = await browser(northwind.owner)
    for n in range(7):
        body = {"email": f"p{n}@example.com", "name": f"P{n}", "value": n * 100, "source": "web" if n % 2 else "fair"}
        await client.post("/api/v1/leads", json=body)
    page = schemas.LeadPage.model_validate(
        (await client.get("/api/v1/leads", params={"sort": "-value", "limit": 3})).json()
    )
    assert [row.name for row in page.items] == ["P6", "P5", "P4"]
    assert (page.total, page.total_capped) == (7, False)
    following = {"sort": "-value", "limit": "3", "cursor": page.next_cursor or ""}
    assert [row["name"] for row in (await client.get("/api/v1/leads", params=following)).json()["items"]] == [
        "P3",
        "P2",
        "P1",
    ]
    only = (await client.get("/api/v1/leads", params={"source": "fair", "sort": "name"})).json()["items"]
    assert [row["name"] for row in only] == ["P0", "P2", "P4", "P6"]
    both = await client.get("/api/v1/leads?source=fair,web&stage=new&stage=won&captured=today")
    assert both.json()["total"] == 7
    assert (await client.get("/api/v1/leads", params={"owner": "me"})).json()["total"] == 0
    assert (await client.get("/api/v1/leads", params={"owner": "none", "q": "p3@"})).json()["total"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=score;DROP", "sort"),
        ("sort=email", "sort"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("owner=ben", "owner"),
        ("captured=ever", "captured"),
        ("satge=new", "satge"),
        ("cursor=%27%20OR%201%3D1", "cursor"),
        ("cursor=WyJuYW1lIiwieCIsInkiXQ", "cursor"),
        ("q=" + "x" * 201, "q"),
    ],
)
async def test_a_question_the_list_does_not_know_is_refused(
    browser: Opens, ada: Member, query: str, field: str
) -> None:
    answer = await (await browser(ada)).get(f"/api/v1/leads?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("hostile", ["' OR '1'='1", "%", "_", "\\", "'); DROP TABLE lead; --", "\u202e", "🔥"])
async def test_search_takes_anything_as_text(browser: Opens, ada: Member, hostile: str) -> None:
    client = await browser(ada)
    await client.post("/api/v1/leads", json=GRACE)
    for name in ("q", "stage", "band", "source"):
        answer = await client.get("/api/v1/leads", params={name: hostile})
        assert answer.status_code == 200
        assert answer.json()["items"] == []


async def test_mallorys_list_is_empty(browser: Opens, ada: Member, mallory: Member) -> None:
    await (await browser(ada)).post("/api/v1/leads", json=GRACE)
    assert (await (await browser(mallory)).get("/api/v1/leads")).json()["items"] == []
