"""The routes of notifications: what they answer, and that nobody reads or changes somebody else's."""

from uuid import UUID

import pytest

from leadflow import leads
from leadflow.api import schemas
from leadflow.bootstrap import App
from leadflow.kernel.ids import new_id
from leadflow.leads import CaptureLead
from tests.api.conftest import Opens
from tests.fixtures.cast import Member
from tests.notifications.desk import note, tell

PATH = "/api/v1/notifications"


@pytest.fixture
async def lead(app: App, ada: Member, ben: Member) -> UUID:
    """On which Ada has mentioned Ben."""
    async with app.work(ada) as work:
        lead = (await leads.capture(work, CaptureLead(name="Grace", company="Navy"))).lead_id
    await note(app, ada, lead, "@Ben please", ben)
    await tell(app, ada)
    return lead


async def test_they_are_listed_counted_read_and_unread(app: App, browser: Opens, ben: Member, lead: UUID) -> None:
    client = await browser(ben)
    assert (await client.get(f"{PATH}/counts")).json() == {"unread": 1}
    page = schemas.NotificationPage.model_validate((await client.get(PATH)).json())
    [told] = page.items
    assert told.text == "Ada mentioned you on Grace: “@Ben please”"
    assert [(part.text, part.role) for part in told.parts] == [
        ("Ada", "name"), (" mentioned you on ", ""), ("Grace", "name"), (": ", ""), ("“@Ben please”", "quote"),
    ]  # fmt: skip
    assert (told.lead, told.href, told.is_read) == (str(lead), f"/leads/{lead}", False)
    for step, is_read in (("read", True), ("read", True), ("unread", False)):
        answer = await client.post(f"{PATH}/{told.id}/{step}")
        assert schemas.NotificationItem.model_validate(answer.json()).is_read is is_read
    assert (await client.post(f"{PATH}/read")).json() == {"ids": [told.id]}
    assert (await client.post(f"{PATH}/read")).json() == {"ids": []}
    assert (await client.get(PATH, params={"unread": "true"})).json()["items"] == []
    assert (await client.get(f"{PATH}/counts")).json() == {"unread": 0}
    some = {"ids": [told.id, str(new_id())]}
    assert (await client.post(f"{PATH}/unread", json=some)).json() == {"ids": [told.id]}
    assert (await client.get(f"{PATH}/counts")).json() == {"unread": 1}


async def test_somebody_elses_do_not_exist(
    app: App, browser: Opens, ada: Member, ben: Member, mallory: Member, lead: UUID
) -> None:
    [told] = (await (await browser(ben)).get(PATH)).json()["items"]
    for other in (ada, mallory):
        client = await browser(other)
        assert (await client.get(PATH)).json()["items"] == []
        for path in (f"{told['id']}/read", f"{told['id']}/unread", "nonsense/read", f"{new_id()}/read"):
            assert (await client.post(f"{PATH}/{path}")).status_code == 404
        assert (await client.post(f"{PATH}/read")).json() == {"ids": []}
    await (await browser(ben)).post(f"{PATH}/{told['id']}/read")
    for other in (ada, mallory):
        again = await (await browser(other)).post(f"{PATH}/unread", json={"ids": [told["id"]]})
        assert again.json() == {"ids": []}
    await (await browser(ben)).post(f"{PATH}/{told['id']}/unread")
    assert (await (await browser(ben)).get(f"{PATH}/counts")).json() == {"unread": 1}


async def test_wishes(app: App, browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    offered = schemas.Preferences.model_validate((await client.get(f"{PATH}/preferences")).json()).items
    assert all(each.in_app for each in offered)
    assert "scoring_alarm" not in {each.kind for each in offered}
    answer = await client.put(f"{PATH}/preferences", json={"kind": "became_hot", "in_app": False})
    assert [each["kind"] for each in answer.json()["items"] if not each["in_app"]] == ["became_hot"]
    off = {"kind": "became_hot", "in_app": False}
    for body in ({}, {**off, "in_app": None}, {**off, "more": 1}, {**off, "kind": "nonsense"}):
        assert (await client.put(f"{PATH}/preferences", json=body)).status_code == 422


async def test_who_mentions_somebody_is_told_that_they_do_not_see_the_lead(
    app: App, browser: Opens, ada: Member, ben: Member, cleo: Member
) -> None:
    owner = await browser(ada)
    team = (await owner.post("/api/v1/teams", json={"name": "North"})).json()["id"]
    await owner.patch(f"/api/v1/people/{ben.actor.id}", json={"team": team})
    lead = (await owner.post("/api/v1/leads", json={"name": "Grace"})).json()["lead"]["id"]
    body = {"kind": "note", "text": "@Ben @Cleo look", "mentions": [str(ben.actor.id), str(cleo.actor.id)]}
    logged = await owner.post(f"/api/v1/leads/{lead}/activities", json=body)
    assert logged.status_code == 201, logged.text
    assert logged.json()["unseen_by"] == [{"id": str(ben.actor.id), "name": "Ben"}]
    entry = (await owner.get(f"/api/v1/leads/{lead}/timeline")).json()["items"][0]
    assert [each["name"] for each in entry["mentions"]] == ["Ben", "Cleo"]
    await tell(app, ada)
    assert (await (await browser(ben)).get(PATH)).json()["items"] == []
    assert [each["lead"] for each in (await (await browser(cleo)).get(PATH)).json()["items"]] == [lead]


async def test_a_stranger_cannot_be_mentioned(app: App, browser: Opens, ada: Member, mallory: Member) -> None:
    owner = await browser(ada)
    lead = (await owner.post("/api/v1/leads", json={"name": "Grace"})).json()["lead"]["id"]
    body = {"kind": "note", "text": "@Mallory", "mentions": [str(mallory.actor.id)]}
    refused = await owner.post(f"/api/v1/leads/{lead}/activities", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "mentions")
