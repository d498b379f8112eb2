"""Leads through the API: what goes in, what comes out, and what is refused."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from leadflow.api import schemas
from leadflow.bootstrap import App
from tests.api.conftest import Opens
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint

GRACE = {
    "name": "Grace Hopper", "email": "Grace@Example.com", "phone": "+1 202 555 0101", "company": "Navy",
    "title": "Rear admiral", "source": "website", "value": 1250000, "currency": "USD", "country": "US",
    "custom": {"plan": "team", "seats": 12, "trial": True}, "consent": "You may call me.",
}  # fmt: skip


async def test_a_new_lead_comes_back_whole(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    answer = await client.post("/api/v1/leads", json=GRACE)
    assert answer.status_code == 201
    captured = schemas.CapturedLead.model_validate(answer.json())
    assert captured.joined is False
    assert isinstance(captured.lead, schemas.LeadDetail)
    assert captured.lead.phone == "+12025550101"
    assert captured.lead.custom["seats"] == 12
    assert captured.lead.consent is not None
    assert captured.lead.consent.text == "You may call me."
    read = schemas.LeadWithScore.model_validate((await client.get(f"/api/v1/leads/{captured.lead.id}")).json())
    assert read.lead == captured.lead


async def test_the_same_person_joins_by_email_or_phone(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    first = (await client.post("/api/v1/leads", json=GRACE)).json()["lead"]["id"]
    for body in ({"email": " grace@example.COM "}, {"phone": "001 (202) 555-0101", "name": "G."}):
        answer = await client.post("/api/v1/leads", json=body)
        assert answer.status_code == 200
        assert answer.json()["joined"] is True
        assert answer.json()["lead"]["id"] == first
        assert answer.json()["lead"]["name"] == "Grace Hopper"
    kinds = [item["kind"] for item in (await client.get(f"/api/v1/leads/{first}/timeline")).json()["items"]]
    assert kinds == ["lead.joined", "lead.joined", "lead.captured"]


async def test_forty_captures_of_one_person_at_once_are_one_lead(browser: Opens, system: Any, ada: Member) -> None:
    client, other = await browser(ada), await system(ada)
    bodies = [
        {"email": "grace@example.com", "phone": "+12025550101"},
        {"phone": "+1 202 555 0101"},
        {"email": "GRACE@example.com"},
        {"email": "grace@example.com", "name": "Grace"},
    ]
    await client.post("/api/v1/leads", json=bodies[0])
    answers = await asyncio.gather(
        *((client, other)[n % 2].post("/api/v1/leads", json=bodies[n % 4]) for n in range(40))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["lead"]["id"] for answer in answers}) == 1


async def test_strangers_who_arrive_at_once_are_one_lead_too(browser: Opens, ada: Member, app: App) -> None:
    client = await browser(ada)
    answers = await asyncio.gather(
        *(client.post("/api/v1/leads", json={"email": "new@example.com"}) for _ in range(20))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["lead"]["id"] for answer in answers}) == 1
    async with app.work(ada) as work:
        assert (await work.session.execute(text("SELECT count(*) FROM lead"))).scalar_one() == 1


async def test_a_write_only_key_learns_no_more_than_the_id(system: Any, ada: Member) -> None:
    client = await system(ada, "leads.write")
    answer = (await client.post("/api/v1/leads", json=GRACE)).json()
    assert list(answer["lead"]) == ["id"]
    path = f"/api/v1/leads/{answer['lead']['id']}"
    assert list((await client.patch(path, json={"name": "G"})).json()["lead"]) == ["id"]
    assert (await client.get(path)).status_code == 403


REFUSED: list[tuple[Any, str]] = [
    ({}, "email"),
    ({"company": "Navy"}, "email"),
    ({"email": "nobody"}, "email"),
    ({"phone": "call me"}, "phone"),
    ({"email": "a@example.com", "emial": "b@example.com"}, "emial"),
    ({"email": "a@example.com", "value": -1}, "value"),
    ({"email": "a@example.com", "value": "lots"}, "value"),
    ({"email": "a@example.com", "value": 10**20}, "value"),
    ({"email": "a@example.com", "currency": "euro"}, "currency"),
    ({"email": "a@example.com", "country": "Germany"}, "country"),
    ({"email": "a@example.com", "name": "x" * 201}, "name"),
    ({"email": "a@example.com", "name": "nul\x00"}, "name"),
    ({"email": "a@example.com", "custom": {"a\x00b": 1}}, "custom.ab"),
    ({"email": "a@example.com", "custom": {"a": {"b": 1}}}, "custom.a"),
    ({"email": "a@example.com", "custom": {str(n): n for n in range(61)}}, "custom"),
    ({"email": "a@example.com", "occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
    ({"email": "a@example.com", "occurred_at": "2025-01-01T00:00:00"}, "occurred_at"),
    ({"email": "a@example.com", "occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
    ({"email": ["a@example.com"]}, "email"),
    ([], ""),
    ("text", ""),
]


@pytest.mark.parametrize(("body", "field"), REFUSED, ids=str)
async def test_bad_input_names_the_field_and_changes_nothing(
    browser: Opens, ada: Member, database: TestDatabase, body: Any, field: str
) -> None:
    client = await browser(ada)
    before = await fingerprint(database)
    answer = await client.post("/api/v1/leads", json=body)
    assert answer.status_code == 422
    problem = schemas.Problem.model_validate(answer.json())
    assert [error.field for error in problem.errors] == [field]
    assert all(error.message and "Traceback" not in error.message for error in problem.errors)
    assert await fingerprint(database) == before


@pytest.mark.parametrize(
    "content",
    [b"{", b"{nope}", b'{"a": NaN}', b"\xff\xfe", b'{"email": "\\ud800"}', b"[" * 5000, b'{"value": 1e999}'],
    ids=str,
)
async def test_what_is_not_json_is_a_bad_request(
    browser: Opens, ada: Member, database: TestDatabase, content: bytes
) -> None:
    client = await browser(ada)
    before = await fingerprint(database)
    for path in ("/api/v1/leads", "/api/v1/leads/batch"):
        answer = await client.post(path, content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 400, answer.text
        assert answer.json()["title"] == "The body is not valid JSON"
    assert await fingerprint(database) == before


async def test_only_json_is_read(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        for path in ("/api/v1/leads", "/api/v1/leads/batch"):
            answer = await client.post(path, content=b'{"email": "a@example.com"}', headers={"content-type": kind})
            assert answer.status_code == 415


@pytest.mark.parametrize("lead_id", ["x", "00000000-0000-0000-0000-000000000000", "'", "%2e%2e"])
async def test_an_id_that_is_none_is_not_found(browser: Opens, ada: Member, lead_id: str) -> None:
    client = await browser(ada)
    answer = await client.get(f"/api/v1/leads/{lead_id}")
    assert answer.status_code in {400, 404}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_change_against_an_old_version_shows_what_is_there_now(
    browser: Opens, ada: Member, ben: Member, database: TestDatabase
) -> None:
    hers, his = await browser(ada), await browser(ben)
    lead = (await hers.post("/api/v1/leads", json=GRACE)).json()["lead"]
    path = f"/api/v1/leads/{lead['id']}"
    assert (await his.patch(path, json={"company": "Eckert-Mauchly", "version": lead["version"]})).status_code == 200
    before = await fingerprint(database)
    answer = await hers.patch(path, json={"company": "Remington Rand", "version": lead["version"]})
    assert answer.status_code == 409
    assert answer.json()["current"]["company"] == "Eckert-Mauchly"
    assert await fingerprint(database) == before
    again = await hers.patch(path, json={"company": "Remington Rand", "version": answer.json()["current"]["version"]})
    assert again.json()["lead"]["company"] == "Remington Rand"


async def test_a_change_that_meets_another_one_tells_all_three_values_and_changes_nothing(
    browser: Opens, ada: Member, ben: Member, mallory: Member, database: TestDatabase
) -> None:
    hers, his, rival = await browser(ada), await browser(ben), await browser(mallory)
    lead = (await hers.post("/api/v1/leads", json=GRACE)).json()["lead"]
    path = f"/api/v1/leads/{lead['id']}"
    seen = {"company": lead["company"], "owner": lead["owner"]}
    theirs = {"company": "Eckert-Mauchly", "owner": str(ben.actor.id)}
    assert (await his.patch(path, json=theirs)).status_code == 200
    before = await fingerprint(database)
    mine = {"company": "Remington Rand", "owner": str(ada.actor.id), "title": "Admiral"}
    answer = await hers.patch(path, json={**mine, "seen": seen})
    assert answer.status_code == 409
    told = schemas.Problem.model_validate(answer.json())
    assert [(each.field, each.before, each.theirs, each.mine, each.by) for each in told.conflicts or []] == [
        (field, seen[field], theirs[field], mine[field], "Ben") for field in ("company", "owner")
    ]
    assert told.current
    assert told.current["company"] == "Eckert-Mauchly"
    assert (await rival.patch(path, json={**mine, "seen": seen})).status_code == 404
    strange = await hers.patch(path, json={"company": "x", "seen": {"email": "guess@example.com"}})
    assert [error["field"] for error in strange.json()["errors"]] == ["seen.email"]
    lost = await hers.post(f"{path}/outcome", json={"outcome": "lost", "seen_stage": "proposal"})
    assert (lost.status_code, lost.json()["conflicts"][0]["theirs"]) == (409, "new")
    assert await fingerprint(database) == before
    both = await hers.patch(path, json={"title": "Admiral", "seen": {"title": lead["title"]}})
    assert (both.json()["lead"]["title"], both.json()["lead"]["company"]) == ("Admiral", "Eckert-Mauchly")


async def test_null_empties_a_field_and_takes_the_owner_away(browser: Opens, ada: Member, ben: Member) -> None:
    client = await browser(ada)
    lead = (await client.post("/api/v1/leads", json=GRACE)).json()["lead"]
    path = f"/api/v1/leads/{lead['id']}"
    owned = (await client.patch(path, json={"owner": str(ben.actor.id), "stage": "contacted"})).json()["lead"]
    assert (owned["owner"], owned["stage"]) == (str(ben.actor.id), "contacted")
    emptied = (await client.patch(path, json={"owner": None, "company": None, "value": None, "version": None})).json()
    assert (emptied["lead"]["owner"], emptied["lead"]["company"], emptied["lead"]["value"]) == (None, "", 0)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"stage": "nowhere"}, 422, "stage"),
        ({"owner": "01890000-0000-7000-8000-000000000000"}, 422, "owner"),
        ({"email": None, "phone": None, "name": None}, 422, "email"),
        ({"email": "taken@example.com"}, 409, "email"),
        ({"score": 100}, 422, "score"),
    ],
)
async def test_a_change_that_cannot_be_changes_nothing(
    browser: Opens, ada: Member, database: TestDatabase, change: Any, status: int, field: str
) -> None:
    client = await browser(ada)
    await client.post("/api/v1/leads", json={"email": "taken@example.com"})
    lead = (await client.post("/api/v1/leads", json=GRACE)).json()["lead"]["id"]
    before = await fingerprint(database)
    answer = await client.patch(f"/api/v1/leads/{lead}", json={"company": "Somewhere", **change})
    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await fingerprint(database) == before


async def test_activities_and_outcome_reach_the_timeline(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    lead = (await client.post("/api/v1/leads", json=GRACE)).json()["lead"]["id"]
    path = f"/api/v1/leads/{lead}"
    logged = await client.post(
        f"{path}/activities", json={"kind": "call", "text": "Talked budget", "outcome": "reached"}
    )
    assert logged.status_code == 201
    assert schemas.LoggedActivity.model_validate(logged.json()).lead.id == lead
    behaved = await client.post("/api/v1/events", json={"kind": "pricing_visited", "email": "grace@example.com"})
    assert behaved.status_code == 202
    assert schemas.RecordedEvent.model_validate(behaved.json()).lead_id == lead
    won = await client.post(f"{path}/outcome", json={"outcome": "won", "value": 990000})
    assert (won.json()["lead"]["outcome"], won.json()["lead"]["value"]) == ("won", 990000)
    timeline = schemas.Timeline.model_validate((await client.get(f"{path}/timeline", params={"limit": 2})).json())
    assert [item.kind for item in timeline.items] == ["lead.won", "behaviour.pricing_visited"]
    assert timeline.items[0].actor == "Ben"
    rest = await client.get(f"{path}/timeline", params={"cursor": timeline.next_cursor})
    assert [item["kind"] for item in rest.json()["items"]] == ["activity.call", "lead.captured"]
    only = await client.get(f"{path}/timeline", params={"kinds": "activity"})
    assert [item["kind"] for item in only.json()["items"]] == ["activity.call"]


@pytest.mark.parametrize("submission", ["x", "", 7, "01890000-0000-7000-8000-000000000000"])
async def test_an_event_that_names_a_submission_of_its_own_making_breaks_no_timeline(
    browser: Opens, ada: Member, submission: Any
) -> None:
    client = await browser(ada)
    lead = (await client.post("/api/v1/leads", json=GRACE)).json()["lead"]["id"]
    event = {"kind": "form_submitted", "lead_id": lead, "data": {"submission": submission}}
    assert (await client.post("/api/v1/events", json=event)).status_code == 202
    assert (await client.get(f"/api/v1/leads/{lead}/timeline")).status_code == 200
