"""Forgotten passwords and unconfirmed addresses, as a browser without JavaScript meets them."""

import re
import secrets
from itertools import count

import httpx
import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.onboarding import recovery
from leadflow.settings import Settings
from tests.api.conftest import ORIGIN, Opens, Site, fresh_address
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint
from tests.fixtures.post import Arrived, mail_to
from tests.fixtures.sockets import AsgiSocket

NEW = "mauve otters at noon"
SENT = "If there is an account for"
_run = secrets.token_hex(4)
_emails = (f"mail{n}.{_run}@signup.example" for n in count())


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "ANSWER_AFTER_S", 0.0)


async def reset_link(client: httpx.AsyncClient, app: App, member: Member) -> Arrived:
    answer = await client.post("/forgot-password", data={"email": member.email})
    assert answer.status_code == 200
    return (await mail_to(app, member))[-1]


async def sign_up(client: httpx.AsyncClient, app: App) -> tuple[str, Arrived]:
    email = next(_emails)
    form = {"organization": "Acme", "name": "Wile", "email": email, "password": "roadrunner tastes"}
    assert (await client.post("/signup", data=form)).status_code == 303
    (sent,) = await mail_to(app, email)
    return email, sent


async def test_the_way_from_the_log_in_page_to_a_new_password(
    anonymous: httpx.AsyncClient, app: App, ada: Member
) -> None:
    assert 'href="/forgot-password"' in (await anonymous.get("/login")).text
    sent = await reset_link(anonymous, app, ada)
    opened = await anonymous.get(sent.path, params={"token": sent.token})
    assert (opened.status_code, opened.headers["location"]) == (303, "/reset-password")
    cookie = opened.headers["set-cookie"]
    assert cookie == f"leadflow-link={sent.token}; HttpOnly; Max-Age=1800; Path=/reset-password; SameSite=lax"
    shown = await anonymous.get("/reset-password")
    assert ada.email in shown.text
    assert sent.token not in shown.text
    done = await anonymous.post("/reset-password", data={"password": NEW})
    assert (done.status_code, done.headers["location"]) == (303, "/login?done=password")
    assert "leadflow-link" not in anonymous.cookies
    assert "Your password is changed." in (await anonymous.get("/login?done=password")).text
    assert (await anonymous.post("/login", data={"email": ada.email, "password": NEW})).status_code == 303


async def test_a_new_password_ends_every_session_and_closes_its_sockets(
    anonymous: httpx.AsyncClient, site: Site, browser: Opens, app: App, ada: Member, ben: Member
) -> None:
    one, two, colleague = await browser(ada), await browser(ada), await browser(ben)
    for client in (one, two, colleague):
        assert (await client.get("/api/v1/me")).status_code == 200
    sent = await reset_link(anonymous, app, ada)
    cookie = {"origin": ORIGIN, "cookie": f"leadflow={one.cookies['leadflow']}"}
    async with AsgiSocket(site.asgi, "/api/live", cookie) as socket:
        assert socket.is_accepted
        await anonymous.get(sent.path, params={"token": sent.token})
        assert (await anonymous.post("/reset-password", data={"password": NEW})).status_code == 303
        assert await socket.receive() == {"op": "bye", "reason": "session_ended"}
        assert await socket.receive() is None
        assert socket.closed == 4401
    assert [(await client.get("/api/v1/me")).status_code for client in (one, two, colleague)] == [401, 401, 200]


async def test_whoever_asks_is_told_the_same(anonymous: httpx.AsyncClient, ada: Member) -> None:
    known, unknown = [
        await anonymous.post("/forgot-password", data={"email": email}) for email in (ada.email, next(_emails))
    ]
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert re.sub(r"<strong.*?</strong>", "", known.text) == re.sub(r"<strong.*?</strong>", "", unknown.text)
    assert SENT in known.text
    assert set(known.headers) == set(unknown.headers)


async def test_without_an_address_the_field_says_so(anonymous: httpx.AsyncClient, database: TestDatabase) -> None:
    before = await fingerprint(database)
    answer = await anonymous.post("/forgot-password", data={"email": "  "})
    assert answer.status_code == 422
    assert "Enter your e-mail address." in answer.text
    assert await fingerprint(database) == before


async def test_what_was_typed_is_shown_as_text(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.post("/forgot-password", data={"email": "<script>alert(1)</script>"})
    assert "<script>" not in answer.text


async def test_who_asks_too_often_waits(site: Site, still: FixedClock) -> None:
    async with site.client(address=fresh_address(), headers={"origin": ORIGIN}) as client:
        answers = [await client.post("/forgot-password", data={"email": next(_emails)}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
    assert "Too many attempts. Try again in" in answers[-1].text


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "Use at least 10 characters."),
        ("password123", "lists of stolen ones"),
        ("Northwind for ever", "your organization&#39;s name out of the password"),
    ],
)
async def test_a_weak_password_is_refused_beside_the_field_and_the_link_stays_good(
    anonymous: httpx.AsyncClient, app: App, ada: Member, password: str, words: str
) -> None:
    sent = await reset_link(anonymous, app, ada)
    await anonymous.get(sent.path, params={"token": sent.token})
    answer = await anonymous.post("/reset-password", data={"password": password})
    assert answer.status_code == 422
    note = re.search(r'id="n-password" class="lf-error" role="alert">([^<]*)<', answer.text)
    assert note is not None
    assert words in note[1]
    assert password not in answer.text
    assert (await anonymous.post("/reset-password", data={"password": NEW})).status_code == 303


@pytest.mark.parametrize("path", ["/reset-password", "/verify-email"])
@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000, "<script>", "a b;c=d"])
async def test_a_link_that_does_not_work_says_how_to_get_one_that_does(
    anonymous: httpx.AsyncClient, database: TestDatabase, path: str, token: str
) -> None:
    before = await fingerprint(database)
    moved = await anonymous.get(path, params={"token": token})
    assert (moved.status_code, moved.headers["location"]) == (303, path)
    shown = await anonymous.get(path)
    assert "<script>" not in shown.text
    assert 'href="/forgot-password"' in shown.text or "/login?next=/verify-email" in shown.text
    assert (await anonymous.post(path, data={"password": NEW})).status_code in {200, 404}
    assert await fingerprint(database) == before


async def test_a_used_link_is_over(anonymous: httpx.AsyncClient, app: App, ada: Member) -> None:
    sent = await reset_link(anonymous, app, ada)
    for expected in (303, 404):
        await anonymous.get(sent.path, params={"token": sent.token})
        assert (await anonymous.post("/reset-password", data={"password": NEW})).status_code == expected


async def test_opening_a_link_changes_nothing_until_somebody_clicks(
    anonymous: httpx.AsyncClient, app: App, database: TestDatabase
) -> None:
    """Mail scanners open every link before people do."""
    _, sent = await sign_up(anonymous, app)
    before = await fingerprint(database)
    for _ in range(2):
        await anonymous.get(sent.path, params={"token": sent.token})
        assert "Confirm this address" in (await anonymous.get("/verify-email")).text
    assert await fingerprint(database) == before
    done = await anonymous.post("/verify-email")
    assert (done.status_code, "Address confirmed" in done.text) == (200, True)
    assert (await anonymous.get("/api/v1/me")).json()["account"]["email_verified"] is True


async def test_a_link_is_sent_again_to_whoever_is_logged_in(
    anonymous: httpx.AsyncClient, app: App, still: FixedClock
) -> None:
    email, first = await sign_up(anonymous, app)
    assert (await anonymous.get("/api/v1/me")).json()["account"]["email_verified"] is False
    assert "Send a new link" in (await anonymous.get("/verify-email")).text
    assert email in (await anonymous.post("/verify-email")).text
    answer = await anonymous.post("/api/v1/me/verification")
    assert (answer.status_code, answer.json()) == (202, {"email_verified": False})
    mails = await mail_to(app, email)
    assert len(mails) >= 2
    assert len({mail.token for mail in mails}) == len(mails)
    assert [(await anonymous.post("/api/v1/me/verification")).status_code for _ in range(4)] == [202] * 3 + [429]
    refused = await anonymous.post("/verify-email")
    assert (refused.status_code, "Too many attempts" in refused.text) == (429, True)
    await anonymous.get(first.path, params={"token": first.token})
    assert "Address confirmed" in (await anonymous.post("/verify-email")).text
    assert "Address confirmed" in (await anonymous.get("/verify-email")).text


async def test_who_is_not_logged_in_is_led_to_the_log_in_and_back(anonymous: httpx.AsyncClient, ada: Member) -> None:
    assert 'href="/login?next=/verify-email"' in (await anonymous.get("/verify-email")).text
    sent = {"email": ada.email, "password": ada.password, "next": "/verify-email"}
    assert (await anonymous.post("/login", data=sent)).headers["location"] == "/verify-email"


@pytest.mark.parametrize("path", ["/forgot-password", "/reset-password", "/verify-email"])
async def test_another_site_cannot_do_it_for_somebody(
    site: Site, database: TestDatabase, ada: Member, path: str
) -> None:
    async with site.client(headers={"origin": "https://evil.example"}) as client:
        before = await fingerprint(database)
        answer = await client.post(path, data={"email": ada.email, "password": NEW})
        assert answer.status_code == 403
        assert await fingerprint(database) == before


async def test_over_https_a_links_cookie_travels_encrypted_only(
    site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = settings.model_copy(update={"public_url": "https://testserver"})
    object.__setattr__(site.door.app, "settings", secure)
    try:
        async with site.client() as client:
            cookie = (await client.get("/reset-password?token=x")).headers["set-cookie"]
    finally:
        object.__setattr__(site.door.app, "settings", settings)
    assert cookie.startswith("__Secure-leadflow-link=x;")
    assert cookie.endswith("SameSite=lax; Secure")


async def test_where_no_mail_can_be_sent_the_page_says_so(site: Site, settings: Settings) -> None:
    object.__setattr__(site.door.app, "settings", settings.model_copy(update={"mail_catcher": False}))
    try:
        async with site.client() as client:
            assert "No mail can be sent from here yet." in (await client.get("/forgot-password")).text
    finally:
        object.__setattr__(site.door.app, "settings", settings)


class TestMailCatcher:
    async def test_owner_and_admins_read_mail_to_their_people_and_nobody_elses(
        self, browser: Opens, anonymous: httpx.AsyncClient, app: App, ada: Member, ben: Member, mallory: Member
    ) -> None:
        sent = await reset_link(anonymous, app, ben)
        shown = await (await browser(ada)).get("/mail-catcher")
        assert shown.status_code == 200
        assert f'href="{ORIGIN}/reset-password?token={sent.token}"' in shown.text
        assert "script-src" not in shown.headers["content-security-policy"]
        theirs = await (await browser(mallory)).get("/mail-catcher")
        assert theirs.status_code == 200
        assert ben.email not in theirs.text
        assert "No mail in the last 24 hours." in theirs.text

    async def test_others_are_refused_with_a_page(self, browser: Opens, ben: Member, cleo: Member) -> None:
        for member in (ben, cleo):
            answer = await (await browser(member)).get("/mail-catcher", headers={"accept": "text/html"})
            assert answer.status_code == 403
            assert answer.headers["content-type"].startswith("text/html")

    async def test_a_stranger_is_led_to_the_log_in(self, anonymous: httpx.AsyncClient) -> None:
        answer = await anonymous.get("/mail-catcher", headers={"accept": "text/html"})
        assert answer.headers["location"] == "/login?next=/mail-catcher"

    async def test_a_key_does_not_open_it(self, system: object, ada: Member) -> None:
        client = await system(ada)  # type: ignore[operator]
        assert (await client.get("/mail-catcher")).status_code == 401

    async def test_where_mail_is_sent_there_is_no_such_page(
        self, site: Site, browser: Opens, ada: Member, settings: Settings
    ) -> None:
        client = await browser(ada)
        object.__setattr__(site.door.app, "settings", settings.model_copy(update={"mail_catcher": False}))
        try:
            assert (await client.get("/mail-catcher")).status_code == 404
        finally:
            object.__setattr__(site.door.app, "settings", settings)
