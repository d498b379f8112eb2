"""Tasks and reminders through the API."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.tasks import tick
from leadflow.tenancy.service import system_scope
from tests.api.conftest import Opens
from tests.fixtures.cast import Member

TASKS = "/api/v1/tasks"


def at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def test_a_task_is_added_listed_done_and_taken_back(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    lead = (await client.post("/api/v1/leads", json={"name": "Grace"})).json()["lead"]["id"]
    made = await client.post(TASKS, json={"title": "Call Grace", "lead": lead, "due_at": at(-1), "kind": "call"})
    assert made.status_code == 201, made.text
    task = made.json()
    assert (task["title"], task["lead_name"], task["assignee_name"], task["version"]) == (
        "Call Grace",
        "Grace",
        "Ben",
        1,
    )
    for query in ({"assignee": "me"}, {"lead": lead}, {"due": "overdue"}, {"assignee": str(ben.actor.id)}):
        listed = await client.get(TASKS, params=query)
        assert [each["id"] for each in listed.json()["items"]] == [task["id"]], query
    assert (await client.get(f"{TASKS}/day", params={"zone": "Europe/Berlin"})).json()["overdue"] == 1
    assert (await client.post(f"{TASKS}/{task['id']}/complete")).json()["done_at"]
    assert (await client.get(TASKS)).json()["items"] == []
    done = await client.get(TASKS, params={"state": "done", "done": "today"})
    assert [each["id"] for each in done.json()["items"]] == [task["id"]]
    assert (await client.post(f"{TASKS}/{task['id']}/reopen")).json()["done_at"] is None
    assert (await client.delete(f"{TASKS}/{task['id']}")).status_code == 204
    assert (await client.delete(f"{TASKS}/{task['id']}")).status_code == 204
    assert (await client.get(f"{TASKS}/{task['id']}")).status_code == 404
    assert (await client.post(f"{TASKS}/{task['id']}/complete")).status_code == 409
    assert (await client.post(f"{TASKS}/{task['id']}/restore")).json()["title"] == "Call Grace"
    timeline = (await client.get(f"/api/v1/leads/{lead}/timeline", params={"kinds": "task"})).json()["items"]
    assert [(item["title"], item["detail"]) for item in timeline][-2:] == [
        ("Task done", "Call Grace"), ("Task added", "Call Grace"),
    ]  # fmt: skip


async def test_the_same_key_and_the_same_id_make_one_task(browser: Opens, ben: Member) -> None:
    client, body = await browser(ben), {"title": "Once", "id": str(uuid4())}
    for headers in ({"idempotency-key": "a"}, {"idempotency-key": "a"}, {}):
        made = await client.post(TASKS, json=body, headers=headers)
        assert (made.status_code, made.json()["id"]) == (201, body["id"])
    assert len((await client.get(TASKS)).json()["items"]) == 1


async def test_a_stale_version_is_answered_with_how_it_stands(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    task = (await client.post(TASKS, json={"title": "Call"})).json()
    assert (await client.patch(f"{TASKS}/{task['id']}", json={"title": "Write", "version": 1})).status_code == 200
    stale = await client.patch(f"{TASKS}/{task['id']}", json={"title": "Meet", "version": 1})
    assert (stale.status_code, stale.json()["current"]["title"]) == (409, "Write")


async def test_pages_are_read_on(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    for number in range(3):
        await client.post(TASKS, json={"title": str(number), "due_at": at(number + 1)})
    first = (await client.get(TASKS, params={"limit": 2})).json()
    rest = (await client.get(TASKS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["title"] for each in first["items"] + rest["items"]] == ["0", "1", "2"]
    assert rest["next_cursor"] is None


async def test_a_line_is_read_where_its_writer_is(browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    query = {"line": "Call Ada tomorrow 10:00", "zone": "Asia/Tokyo"}
    said = (await client.get(f"{TASKS}/read", params=query)).json()
    assert (said["title"], said["kind"], said["all_day"]) == ("Call Ada", "call", False)
    assert datetime.fromtimestamp(said["due_at"] / 1000, UTC).strftime("%H:%M") == "01:00"
    assert (await client.get(TASKS)).json()["items"] == []


async def test_whom_a_line_speaks_of_is_found_within_reach(browser: Opens, ben: Member, mallory: Member) -> None:
    client, rival = await browser(ben), await browser(mallory)
    lead = (await client.post("/api/v1/leads", json={"name": "Grace Hopper"})).json()["lead"]["id"]
    query = {"line": "Call Grace tomorrow 10:00", "find": "true"}
    said = (await client.get(f"{TASKS}/read", params=query)).json()
    assert (said["whom"], said["leads"]) == ("Grace", [{"id": lead, "name": "Grace Hopper", "company": ""}])
    assert (await rival.get(f"{TASKS}/read", params=query)).json()["leads"] == []
    assert (await client.get(f"{TASKS}/read", params={"line": query["line"]})).json()["leads"] == []


@pytest.mark.parametrize(
    ("method", "path", "given", "field"),
    [
        ("GET", "", {"assignee": "ben"}, "assignee"),
        ("GET", "", {"due": "soon"}, "due"),
        ("GET", "", {"zone": "Mars/Base"}, "zone"),
        ("GET", "", {"cursor": "x"}, "cursor"),
        ("GET", "", {"colour": "red"}, "colour"),
        ("GET", "/read", {"line": "  "}, "line"),
        ("POST", "", {"title": " "}, "title"),
        ("POST", "", {"title": "x", "due_at": "2026-01-01T10:00"}, "due_at"),
        ("POST", "", {"title": "x", "assignee": str(uuid4())}, "assignee"),
    ],
)
async def test_bad_input_names_the_field(
    browser: Opens, ben: Member, method: str, path: str, given: dict[str, str], field: str
) -> None:
    client = await browser(ben)
    asked = {"params": given} if method == "GET" else {"json": given}
    answer = await client.request(method, TASKS + path, **asked)  # type: ignore[arg-type]
    assert answer.status_code == 422, answer.text
    assert field in {error["field"] for error in answer.json()["errors"]}


async def test_a_reminder_is_shown_put_off_and_seen(app: App, browser: Opens, ben: Member) -> None:
    client = await browser(ben)
    task = (await client.post(TASKS, json={"title": "Call", "remind_at": at(1)})).json()
    assert task["reminder"] == "waiting"
    async with app.work(system_scope(ben.organization_id)) as work:
        await work.session.execute(text("UPDATE task SET remind_at = remind_at - interval '2 hours'"))

    async def ticked() -> list[str]:
        async with app.work(system_scope(ben.organization_id)) as work:
            await tick(work)
        return [each["id"] for each in (await client.get(f"{TASKS}/reminders")).json()["items"]]

    assert await ticked() == [task["id"]]
    assert (await client.post(f"{TASKS}/{task['id']}/snooze", json={"minutes": 60})).json()["reminder"] == "waiting"
    assert await ticked() == []
    assert (await client.post(f"{TASKS}/{task['id']}/seen", json={})).status_code == 200
