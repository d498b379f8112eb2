"""Reassigning through the API: the same body is looked at first, then done, then taken back."""

from typing import Any
from uuid import UUID

import pytest

from leadflow import leads
from leadflow.api.v1.reassign import Reassignment
from leadflow.bootstrap import App
from leadflow.kernel.ids import new_id
from leadflow.leads import CaptureLead, UpdateLead
from tests.api.conftest import Opens
from tests.fixtures.cast import Company, Member
from tests.fixtures.installation import fold

REASSIGN = "/api/v1/leads/reassign"


@pytest.fixture
async def bens(app: App, northwind: Company) -> list[str]:
    """Three leads of Ben's."""
    async with app.work(northwind.owner) as work:
        fresh = [
            (await leads.capture(work, CaptureLead(name=f"Lead {place}", source="fair"))).lead_id for place in range(3)
        ]
        for lead in fresh:
            await leads.update(work, lead, UpdateLead(owner=northwind.rep.actor.id))
    return [str(lead) for lead in fresh]


def to(member: Member) -> dict[str, Any]:
    return {"to": {"people": [str(member.actor.id)]}}


async def test_looked_at_done_and_taken_back(browser: Opens, northwind: Company, bens: list[str]) -> None:
    client = await browser(northwind.manager)
    body = {"leads": bens, **to(northwind.manager)}
    looked = (await client.post(f"{REASSIGN}/preview", json=body)).json()
    assert looked["to"] == [
        {
            "id": str(northwind.manager.actor.id), "name": "Cleo", "gets": 3, "keeps": 0, "open_before": 0,
            "open_after": 3, "warning": "",
            "givers": [{"id": str(northwind.rep.actor.id), "name": "Ben", "leads": 3}],
        }
    ]  # fmt: skip
    done = await client.post(REASSIGN, json=body, headers={"idempotency-key": "once"})
    again = await client.post(REASSIGN, json=body, headers={"idempotency-key": "once"})
    assert done.status_code == 200
    assert again.json() == done.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert {name: done.json()[name] for name in ("leads", "skipped", "remaining")} == {
        "leads": 3, "skipped": 0, "remaining": 0,
    }  # fmt: skip
    timeline = (await client.get(f"/api/v1/leads/{bens[0]}/timeline?kinds=lead")).json()["items"]
    assert timeline[0]["detail"] == "Cleo · in bulk"
    undo = f"{REASSIGN}/{done.json()['id']}/undo"
    assert (await client.post(undo)).json() == {"returned": 3, "kept": 0, "remaining": 0}
    assert (await client.post(undo)).json() == {"returned": 3, "kept": 0, "remaining": 0}
    listed = (await client.get("/api/v1/leads")).json()["items"]
    assert {each["owner"] for each in listed} == {str(northwind.rep.actor.id)}
    assert (await (await browser(northwind.rep)).post(undo)).status_code == 404
    assert (await (await browser(northwind.owner)).post(undo)).status_code == 200


async def test_a_filter_means_what_it_means_in_the_list(browser: Opens, northwind: Company, bens: list[str]) -> None:
    client = await browser(northwind.rep)
    body = {"filter": {"owner": "me", "source": ["fair"], "captured": "today"}, **to(northwind.manager)}
    assert (await client.post(f"{REASSIGN}/preview", json=body)).json()["moving"] == 3
    for name, value in (("owner", "somebody"), ("sort", "name"), ("colour", "red")):
        refused = await client.post(REASSIGN, json={**body, "filter": {name: value}})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, f"filter.{name}")


async def test_what_is_not_said_clearly_is_refused(browser: Opens, northwind: Company, bens: list[str]) -> None:
    client = await browser(northwind.manager)
    target = to(northwind.rep)
    for body in (
        target,
        {"leads": bens, "filter": {}, **target},
        {"leads": [str(new_id()) for _ in range(1001)], **target},
        {"leads": bens, "to": {}},
        {"leads": bens, **to(northwind.rep), "to_whom": "Ben"},
    ):
        assert (await client.post(REASSIGN, json=body)).status_code == 422
    assert (await client.post(f"{REASSIGN}/nonsense/undo")).status_code == 404


async def test_mallory_moves_nothing_of_northwinds(
    browser: Opens, northwind: Company, mallory: Member, bens: list[str]
) -> None:
    client, owner = await browser(mallory), await browser(northwind.owner)
    for path in (f"{REASSIGN}/preview", REASSIGN):
        refused = await client.post(path, json={"leads": bens, **to(northwind.manager)})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "to.people")
        assert "Cleo" not in refused.text
    looked = (await client.post(f"{REASSIGN}/preview", json={"leads": bens, **to(mallory)})).json()
    assert (looked["leads"], looked["missing"]) == (0, 3)
    assert (await client.post(REASSIGN, json={"leads": bens, **to(mallory)})).json()["id"] is None
    listed = (await owner.get("/api/v1/leads")).json()["items"]
    assert {each["owner"] for each in listed} == {str(northwind.rep.actor.id)}


async def test_the_audit_trail_says_it_in_a_sentence(
    app: App, browser: Opens, northwind: Company, bens: list[str]
) -> None:
    manager, owner = await browser(northwind.manager), await browser(northwind.owner)
    done = (await manager.post(REASSIGN, json={"leads": bens, **to(northwind.manager)})).json()
    await manager.post(f"{REASSIGN}/{done['id']}/undo")
    await fold(app, northwind.owner.organization_id, "audit")
    items = (await owner.get("/api/v1/audit?kind=leads")).json()["items"]
    assert [(each["words"], each["detail"]) for each in items] == [
        ("Cleo took the reassignment of 3 leads back", ""),
        ("Cleo reassigned 3 leads to Cleo", ""),
    ]


def test_a_selection_is_a_command() -> None:
    person, me = new_id(), new_id()
    said = Reassignment.model_validate({"filter": {"owner": "me", "q": "ada"}, "to": {"people": [person]}})
    where = said.command(me).where
    assert where is not None
    assert (where.owner, where.q, said.command(me).to.people) == (me, "ada", (UUID(str(person)),))
