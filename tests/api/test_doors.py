"""Log-in, sign-up and log-out, as a browser without JavaScript meets them."""

import re
import secrets
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.settings import Settings
from tests.api.conftest import ORIGIN, Opens, Site, fresh_address
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint

_run = secrets.token_hex(4)
_emails = (f"new{n}.{_run}@signup.example" for n in count())


def new_sign_up(**changes: str) -> dict[str, str]:
    return {"organization": "Acme", "name": "Wile", "email": next(_emails), "password": "roadrunner tastes"} | changes


def right(member: Member) -> dict[str, str]:
    return {"email": member.email, "password": member.password}


async def test_the_right_password_opens_a_session_and_leads_back(anonymous: httpx.AsyncClient, ada: Member) -> None:
    answer = await anonymous.post("/login", data={**right(ada), "next": "/leads?stage=new"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/leads?stage=new"
    assert (await anonymous.get("/api/v1/me")).json()["account"]["email"] == ada.email
    assert (await anonymous.get("/login")).headers["location"] == "/"


async def test_the_address_may_be_written_in_any_case(anonymous: httpx.AsyncClient, ada: Member) -> None:
    answer = await anonymous.post("/login", data={"email": f"  {ada.email.upper()} ", "password": ada.password})
    assert answer.status_code == 303


async def test_the_cookie_is_for_the_server_alone(anonymous: httpx.AsyncClient, ada: Member) -> None:
    cookie = (await anonymous.post("/login", data=right(ada))).headers["set-cookie"]
    assert re.fullmatch(r"leadflow=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie)


async def test_over_https_the_cookie_is_bound_to_host_and_transport(
    site: Site, settings: Settings, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = settings.model_copy(update={"public_url": "https://testserver"})
    monkeypatch.setattr(site.asgi, "_settings", secure)
    object.__setattr__(site.door.app, "settings", secure)
    try:
        async with site.client(headers={"origin": "https://testserver"}) as client:
            cookie = (await client.post("/login", data=right(ada))).headers["set-cookie"]
    finally:
        object.__setattr__(site.door.app, "settings", settings)
    assert cookie.startswith("__Host-leadflow=")
    assert cookie.endswith("; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure")


WRONG = [
    {"email": "nobody@example.com", "password": "whatever it is"},
    {"password": "not the password"},
    {"email": "nul\x00@example.com"},
    {"email": "x" * 5000, "password": "y" * 5000},
    {"email": "' OR 1=1 --", "password": "' OR 1=1 --"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
async def test_every_wrong_log_in_looks_the_same_and_keeps_the_address(
    anonymous: httpx.AsyncClient, ada: Member, database: TestDatabase, wrong: dict[str, str]
) -> None:
    before = await fingerprint(database)
    sent = right(ada) | wrong
    answer = await anonymous.post("/login", data=sent)
    assert answer.status_code == 422
    assert "E-mail address or password is wrong." in answer.text
    assert sent["password"] not in answer.text
    assert "set-cookie" not in answer.headers
    assert await fingerprint(database) == before


async def test_a_wrong_password_keeps_what_was_typed(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/login", data={"email": '"><script>', "password": "x", "next": "/leads"})
    assert 'value="&#34;&gt;&lt;script&gt;"' in answer.text
    assert 'name="next" value="/leads"' in answer.text


async def test_an_empty_log_in_names_both_fields(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/login", data={"email": "", "password": ""})
    assert answer.status_code == 422
    assert 'aria-describedby="n-email"' in answer.text
    assert "Enter your e-mail address." in answer.text
    assert "Enter your password." in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_log_in_never_leads_elsewhere(anonymous: httpx.AsyncClient, ada: Member, elsewhere: str) -> None:
    shown = await anonymous.get("/login", params={"next": elsewhere})
    assert "evil" not in shown.text
    answer = await anonymous.post("/login", data={**right(ada), "next": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("path", ["/login", "/signup", "/logout"])
async def test_another_site_cannot_log_anybody_in_or_out(
    site: Site, ada: Member, database: TestDatabase, path: str
) -> None:
    async with site.client(headers={"origin": "https://evil.example"}) as client:
        before = await fingerprint(database)
        answer = await client.post(path, data={**new_sign_up(), **right(ada)})
        assert answer.status_code == 403
        assert "testserver" in answer.text
        assert await fingerprint(database) == before


async def guess(site: Site, address: str, data: dict[str, str], times: int) -> list[int]:
    async with site.client(address=address, headers={"origin": ORIGIN}) as client:
        return [(await client.post("/login", data=data)).status_code for _ in range(times)]


async def test_after_five_wrong_guesses_one_waits(site: Site, ada: Member, still: FixedClock) -> None:
    wrong, address = {"email": ada.email, "password": "a guess of mine"}, fresh_address()
    assert await guess(site, address, wrong, 6) == [422] * 5 + [429]
    async with site.client(address=address, headers={"origin": ORIGIN}) as client:
        answer = await client.post("/login", data=right(ada))
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 900
        assert "Too many attempts. Try again in" in answer.text
        still.at += timedelta(minutes=15)
        assert (await client.post("/login", data=right(ada))).status_code == 303


async def test_guessers_elsewhere_do_not_keep_the_owner_out(site: Site, ada: Member, still: FixedClock) -> None:
    home = fresh_address()
    assert await guess(site, home, right(ada), 1) == [303]
    wrong = {"email": ada.email, "password": "a guess of mine"}
    for _ in range(8):
        await guess(site, fresh_address(), wrong, 5)
    assert await guess(site, fresh_address(), right(ada), 1) == [429]
    assert await guess(site, home, right(ada), 1) == [303]


async def test_logging_in_often_is_no_guessing(site: Site, ada: Member) -> None:
    assert await guess(site, fresh_address(), right(ada), 8) == [303] * 8


async def test_unknown_accounts_are_counted_too(site: Site, still: FixedClock) -> None:
    nobody = {"email": next(_emails), "password": "a guess of mine"}
    assert await guess(site, fresh_address(), nobody, 6) == [422] * 5 + [429]


async def test_sign_up_creates_an_organization_that_can_be_used_at_once(anonymous: httpx.AsyncClient) -> None:
    form = new_sign_up(organization="  Acme Ltd ")
    answer = await anonymous.post("/signup", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    me = (await anonymous.get("/api/v1/me")).json()
    assert (me["account"]["email"], me["organization"]["name"], me["role"]) == (form["email"], "Acme Ltd", "owner")
    stages = (await anonymous.get("/api/v1/stages")).json()["items"]
    assert [stage["key"] for stage in stages] == ["new", "contacted", "qualified", "proposal", "won", "lost"]
    (hosted,) = (await anonymous.get("/api/v1/forms")).json()["items"]
    assert hosted["consent_text"] == "Acme Ltd may use these details to answer me."
    assert (await anonymous.get(f"/f/{hosted['slug']}")).status_code == 200
    assert (await anonymous.get("/api/v1/leads")).json()["total"] == 0


async def test_two_sign_ups_never_see_each_other(site: Site) -> None:
    async with site.client(headers={"origin": ORIGIN}) as one, site.client(headers={"origin": ORIGIN}) as other:
        for client in (one, other):
            assert (await client.post("/signup", data=new_sign_up())).status_code == 303
        await one.post("/api/v1/leads", json={"email": "secret@example.com"})
        assert (await other.get("/api/v1/leads")).json()["total"] == 0


BAD_SIGN_UPS: list[tuple[dict[str, str], str, str]] = [
    ({"organization": " "}, "organization", "Enter the name of your organization."),
    ({"organization": "x" * 121}, "organization", "Use at most 120 characters."),
    ({"organization": "a\x00b"}, "organization", "cannot be stored"),
    ({"name": ""}, "name", "Enter your name."),
    ({"name": "\u202eada"}, "name", "invisible"),
    ({"email": "nobody"}, "email", "Enter an e-mail address"),
    ({"email": "a@example.com\nBcc: b@example.com"}, "email", "Enter an e-mail address"),
    ({"password": "short"}, "password", "Use at least 10 characters."),
    ({"password": "x" * 257}, "password", "Use at most 256 characters."),
]


@pytest.mark.parametrize(("change", "field", "words"), BAD_SIGN_UPS, ids=[str(case[0])[:60] for case in BAD_SIGN_UPS])
async def test_a_sign_up_that_cannot_be_says_why_beside_the_field(
    anonymous: httpx.AsyncClient, database: TestDatabase, change: dict[str, str], field: str, words: str
) -> None:
    before = await fingerprint(database)
    form = new_sign_up(**change)
    answer = await anonymous.post("/signup", data=form)
    assert answer.status_code == 422
    note = re.search(rf'id="n-{field}" class="lf-error" role="alert">([^<]*)<', answer.text)
    assert note is not None
    assert words in note[1]
    assert re.search(r"autofocus", answer.text)
    assert form["password"] not in answer.text
    assert await fingerprint(database) == before


async def test_an_address_has_one_account(anonymous: httpx.AsyncClient, ada: Member, database: TestDatabase) -> None:
    before = await fingerprint(database)
    answer = await anonymous.post("/signup", data=new_sign_up(email=ada.email.upper()))
    assert answer.status_code == 422
    assert "There is an account with this address already." in answer.text
    assert await fingerprint(database) == before


async def test_log_out_ends_the_session_everywhere_at_once(browser: Opens, ada: Member, app: App) -> None:
    client = await browser(ada)
    token = client.cookies["leadflow"]
    answer = await client.post("/logout")
    assert answer.headers["location"] == "/login"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    client.cookies.set("leadflow", token)
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_log_out_without_a_session_is_no_error(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.post("/logout")).headers["location"] == "/login"


@pytest.mark.parametrize("path", ["/login", "/signup"])
async def test_pages_work_without_javascript_and_can_be_filled_in_by_a_browser(
    anonymous: httpx.AsyncClient, path: str
) -> None:
    answer = await anonymous.get(path)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert '<link rel="stylesheet" href="/theme.css">' in answer.text
    assert 'autocomplete="username"' in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for field in re.findall(r'<input id="(f-\w+)"', answer.text):
        assert f'<label for="{field}">' in answer.text


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"a=\xff", 400),
        ("application/x-www-form-urlencoded", b"a=%ff", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1000)), 400),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 70_000, 413),
    ],
)
async def test_what_no_form_sends_is_refused_with_a_page(
    anonymous: httpx.AsyncClient, kind: str, body: bytes, status: int
) -> None:
    for path in ("/login", "/signup"):
        answer = await anonymous.post(path, content=body, headers={"content-type": kind})
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")


async def test_a_method_that_a_door_does_not_know(anonymous: httpx.AsyncClient) -> None:
    answer: Any = await anonymous.put("/login")
    assert answer.status_code == 405
