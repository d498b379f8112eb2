"""What is sent to hosted forms to do harm, and what only looks like it."""

from typing import Any

import httpx
import pytest

from leadflow.bootstrap import App
from tests.api.hosted import ANSWERS, rows
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint

HOSTILE: list[tuple[str, dict[str, str]]] = [
    ("nul", {"name": "a\x00b"}),
    ("nul in a key", {"team_size": "1\x00"}),
    ("header injection", {"email": "grace@example.com\r\nBcc: all@example.com"}),
    ("line break in a name", {"name": "Grace\nHopper"}),
    ("right to left override", {"name": "Grace \u202eenecs"}),
    ("zero width in an address", {"email": "gra\u200bce@example.com"}),
    ("joiner in an address", {"email": "gra\u200dce@example.com"}),
    ("byte order mark", {"company": "\ufeffNavy"}),
    ("escape", {"message": "\x1b[31mred"}),
    ("long name", {"name": "x" * 201}),
    ("long answer", {"team_size": "x" * 1001}),
    ("long message", {"message": "x" * 5001}),
    ("two addresses", {"email": "a@example.com,b@example.com"}),
]


@pytest.mark.parametrize("change", [case[1] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
async def test_hostile_answers_are_refused_with_words_and_nothing_is_stored(
    visitor: httpx.AsyncClient, form: dict[str, Any], database: TestDatabase, change: dict[str, str]
) -> None:
    before = await fingerprint(database)
    answer = await visitor.post(f"/f/{form['slug']}", data=ANSWERS | change)
    assert answer.status_code == 422
    assert 'class="lf-error" role="alert"' in answer.text
    assert await fingerprint(database) == before


async def test_names_of_the_world_are_names(
    visitor: httpx.AsyncClient, form: dict[str, Any], ada: Member, app: App
) -> None:
    names = ["محمد بن عبدالله", "נועה לוי", "نسرین\u200cزاده", "Zoë O’Neill-Żuk", "李小龍", "👩\u200d🚀 Sally"]
    for n, name in enumerate(names):
        answer = await visitor.post(f"/f/{form['slug']}", data=ANSWERS | {"name": name, "email": f"w{n}@example.com"})
        assert answer.status_code == 303, name
    assert sorted(row[0] for row in await rows(app, ada, "SELECT name FROM lead")) == sorted(names)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"email": "a@example.com"}', 415),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="/etc/passwd"',
            415,
        ),
        ("text/plain", b"email=a@example.com", 415),
        ("", b"email=a@example.com", 415),
        ("application/x-www-form-urlencoded", b"\x00\x01\x02\xff\xfe", 400),
        ("application/x-www-form-urlencoded", b"name=%ff%fe&email=a@example.com", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1000)), 400),
        ("application/x-www-form-urlencoded", b"name=" + b"x" * 100_000, 413),
    ],
    ids=["json", "multipart", "plain", "untyped", "binary", "not utf-8", "1000 fields", "oversize"],
)
async def test_what_no_form_sends_gets_a_page_and_stores_nothing(
    visitor: httpx.AsyncClient, form: dict[str, Any], database: TestDatabase, kind: str, body: bytes, status: int
) -> None:
    before = await fingerprint(database)
    answer = await visitor.post(f"/f/{form['slug']}", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert await fingerprint(database) == before
