"""Editing many leads through the API: the same body is looked at first, then done, then taken back."""

from uuid import UUID

import pytest

from leadflow.api.v1.edits import Editing
from leadflow.bootstrap import App
from leadflow.kernel.ids import new_id
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.intake.editing.desk import said, some

EDIT = "/api/v1/leads/edit"


@pytest.fixture
async def three(app: App, northwind: Company) -> list[str]:
    return [str(lead) for lead in await some(app, northwind.owner, 3, source="fair")]


async def test_looked_at_done_and_taken_back(browser: Opens, northwind: Company, three: list[str]) -> None:
    client = await browser(northwind.rep)
    body = {"leads": three, "change": {"stage": "won", "reason": "The fair", "source": None}}
    looked = (await client.post(f"{EDIT}/preview", json=body)).json()
    assert looked == {
        "leads": 3, "changing": 3, "already": 0, "refused": 0, "closed": 0, "missing": 0,
        "fields": [
            {"field": "stage", "to": "won", "changing": 3, "from_": [{"value": "new", "leads": 3}], "others": 0},
            {"field": "source", "to": "", "changing": 3, "from_": [{"value": "fair", "leads": 3}], "others": 0},
        ],
    }  # fmt: skip
    done = await client.post(EDIT, json=body, headers={"idempotency-key": "once"})
    again = await client.post(EDIT, json=body, headers={"idempotency-key": "once"})
    assert (done.status_code, again.json()) == (200, done.json())
    assert again.headers["idempotency-replayed"] == "true"
    made = done.json().pop("id")
    assert {name: done.json()[name] for name in ("leads", "skipped", "remaining")} == {
        "leads": 3, "skipped": 0, "remaining": 0,
    }  # fmt: skip
    timeline = (await client.get(f"/api/v1/leads/{three[0]}/timeline?kinds=lead")).json()["items"]
    assert [each["title"] for each in timeline[:2]] == ["Won", "Facts changed"]
    assert timeline[0]["detail"] == "New → Won: The fair"
    assert (await client.get(f"{EDIT}/{made}")).json() == {
        "is_undone": False, "changed": 3, "skipped": 0, "returned": 0, "kept": 0, "remaining": 0, "has_stopped": False,
    }  # fmt: skip
    for _ in range(2):
        undone = await client.post(f"{EDIT}/{made}/undo")
        assert undone.json() == {"returned": 3, "kept": 0, "remaining": 0}
    listed = (await client.get("/api/v1/leads")).json()["items"]
    assert {(each["stage"], each["source"]) for each in listed} == {("new", "fair")}
    other = await browser(northwind.manager)
    assert (await other.get(f"{EDIT}/{made}")).status_code == 200  # may change every lead
    assert (await (await browser(northwind.viewer)).get(f"{EDIT}/{made}")).status_code == 403


async def test_what_is_not_said_clearly_is_refused(browser: Opens, northwind: Company, three: list[str]) -> None:
    client = await browser(northwind.manager)
    title = {"change": {"title": "CEO"}}
    for body in (
        title,
        {"leads": three, "filter": {}, **title},
        {"leads": [str(new_id()) for _ in range(1001)], **title},
        {"leads": three, "change": {}},
        {"leads": three, "change": {"stage": None}},
        {"leads": three, "change": {"stage": "dreaming"}},
        {"leads": three, "change": {"value": 5}},
        {"leads": three, "change": {"owner": None}},
        {"filter": {"colour": "red"}, **title},
    ):
        assert (await client.post(EDIT, json=body)).status_code == 422
    assert (await client.post(f"{EDIT}/nonsense/undo")).status_code == 404
    assert (await client.get(f"{EDIT}/{new_id()}")).status_code == 404


async def test_mallory_changes_nothing_of_northwinds(
    app: App, browser: Opens, northwind: Company, mallory: Member, three: list[str]
) -> None:
    client, owner = await browser(mallory), await browser(northwind.owner)
    change = {"change": {"title": "Mallory was here"}}
    for which in ({"leads": three}, {"filter": {}}):
        assert (await client.post(f"{EDIT}/preview", json={**which, **change})).json()["leads"] == 0
        assert (await client.post(EDIT, json={**which, **change})).json()["id"] is None
    made = (await owner.post(EDIT, json={"leads": three, "change": {"title": "CEO"}})).json()["id"]
    assert (await client.post(f"{EDIT}/{made}/undo")).status_code == 404
    assert (await client.get(f"{EDIT}/{made}")).status_code == 404
    rows = await said(app, northwind.owner, [UUID(lead) for lead in three], "title")
    assert {row.title for row in rows} == {"CEO"}


def test_me_is_whoever_asks() -> None:
    who = new_id()
    command = Editing.model_validate({"filter": {"owner": "me"}, "change": {"title": None}}).command(who)
    assert command.where is not None
    assert command.where.owner == who
    assert command.change.model_fields_set == {"title"}
