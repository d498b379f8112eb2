"""Imports through the door."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable

import httpx
import pytest

from leadflow.bootstrap import App
from leadflow.infra.jobs import JobRunner
from leadflow.kernel.jobs import Queue
from tests.fixtures.cast import Member
from workers.handlers import all_handlers

Opens = Callable[[Member], Awaitable[httpx.AsyncClient]]
FILE = "Name;E-Mail;Größe\nAda;ada@example.com;L\nBo;nobody;M\n"


async def finished(app: App) -> None:
    """Let the worker's queue run dry."""
    runner = JobRunner(app, all_handlers())
    while await runner.run_due(Queue.SYNC) or runner._running:
        await asyncio.sleep(0.01)


async def test_a_file_goes_all_the_way(app: App, ada: Member, browser: Opens) -> None:
    client = await browser(ada)
    sent = await client.post("/api/v1/imports?filename=people.csv", content=FILE.encode())
    assert sent.status_code == 201, sent.text
    found = sent.json()
    mapping = {column["name"]: column["suggested"] for column in found["columns"]} | {"Größe": "custom.size"}
    assert (found["rows"], found["delimiter"], mapping["E-Mail"]) == (2, ";", "email")
    tried = await client.post(f"/api/v1/imports/{found['id']}/dry-run", json={"mapping": mapping})
    assert tried.json()["problems"] == [{"row": 3, "field": "email", "message": "'nobody' is not an e-mail address."}]
    begun = await client.post(f"/api/v1/imports/{found['id']}/commit", json={"mapping": mapping})
    assert (begun.status_code, begun.json()["status"]) == (202, "queued")
    await finished(app)
    ended = (await client.get(f"/api/v1/imports/{found['id']}")).json()
    assert (ended["status"], ended["created"], ended["rejected"], ended["eta_s"]) == ("done", 1, 1, None)
    rejected = await client.get(f"/api/v1/imports/{found['id']}/rejected.csv")
    assert "people.rejected.csv" in rejected.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(rejected.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        ["Name", "E-Mail", "Größe", "row", "problem"],
        ["Bo", "nobody", "M", "3", "email: 'nobody' is not an e-mail address."],
    ]
    listed = await client.get("/api/v1/leads?q=ada@example")
    assert [row["name"] for row in listed.json()["items"]] == ["Ada"]


async def test_an_upload_may_be_repeated_with_its_key(ada: Member, browser: Opens) -> None:
    client = await browser(ada)
    headers = {"idempotency-key": "the-same"}
    first = await client.post("/api/v1/imports", content=FILE.encode(), headers=headers)
    again = await client.post("/api/v1/imports", content=FILE.encode(), headers=headers)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (b"", {}, "The file is empty"),
        (b"PK\x03\x04", {}, "Excel workbook"),
        ("name\nZoë\n".encode("latin-1"), {"content-type": "text/csv; charset=utf-8"}, "line 2 is not"),
        (b"name\nAda\n", {"content-type": "text/csv; charset=klingon"}, "not supported"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(
    ada: Member, browser: Opens, body: bytes, headers: dict[str, str], words: str
) -> None:
    client = await browser(ada)
    refused = await client.post("/api/v1/imports", content=body, headers=headers)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert words in refused.json()["detail"]


async def test_a_wrong_choice_names_the_columns(ada: Member, browser: Opens) -> None:
    client = await browser(ada)
    found = (await client.post("/api/v1/imports", content=FILE.encode())).json()
    refused = await client.post(f"/api/v1/imports/{found['id']}/dry-run", json={"mapping": {"Nome": "name"}})
    assert refused.status_code == 422
    assert refused.json()["errors"][0] == {"field": "mapping.Nome", "message": "The file has no such column."}


async def test_mallory_and_those_without_the_right_get_nothing(
    ada: Member, ben: Member, mallory: Member, browser: Opens
) -> None:
    client = await browser(ada)
    found = (await client.post("/api/v1/imports", content=FILE.encode())).json()
    choice = {"mapping": {"E-Mail": "email"}}
    for member, status in ((mallory, 404), (ben, 403)):
        other = await browser(member)
        answers = [
            await other.get(f"/api/v1/imports/{found['id']}"),
            await other.get(f"/api/v1/imports/{found['id']}/rejected.csv"),
            await other.post(f"/api/v1/imports/{found['id']}/dry-run", json=choice),
            await other.post(f"/api/v1/imports/{found['id']}/commit", json=choice),
        ]
        assert [answer.status_code for answer in answers] == [status] * 4
    assert (await (await browser(ben)).post("/api/v1/imports", content=FILE.encode())).status_code == 403
    assert (await client.get("/api/v1/imports/not-an-id")).status_code == 404
