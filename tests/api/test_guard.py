"""The guard: deny by default, over HTTP and WebSocket alike."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from leadflow.api.guard import Guard
from leadflow.settings import Settings
from tests.api.conftest import ORIGIN, Opens, Site
from tests.fixtures.cast import Member
from tests.fixtures.sockets import AsgiSocket


@pytest.mark.parametrize("path", ["/", "/leads", "/settings", "/anything/at/all", "/index.html", "/login/x"])
async def test_a_page_without_a_session_leads_to_the_log_in_and_back(anonymous: httpx.AsyncClient, path: str) -> None:
    answer = await anonymous.get(path, params={"stage": "new"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={path}%3Fstage%3Dnew"


async def test_the_start_page_needs_no_way_back(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/")).headers["location"] == "/login"


@pytest.mark.parametrize(
    "path", ["/api/v1/leads", "/api/v1/nothing", "/api/openapi.json", "/api/docs", "/api", "/api/v2"]
)
async def test_the_api_tells_a_stranger_nothing_not_even_what_exists(anonymous: httpx.AsyncClient, path: str) -> None:
    answer = await anonymous.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_person_who_opens_the_docs_is_sent_to_the_log_in(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/api/docs", headers={"accept": "text/html,*/*"})
    assert answer.headers["location"] == "/login?next=/api/docs"


@pytest.mark.parametrize("path", ["/_upload", "/_health", "/ping", "/__manifest"])
async def test_the_back_doors_of_the_framework_are_closed_to_everybody(
    anonymous: httpx.AsyncClient, browser: Opens, ada: Member, path: str
) -> None:
    assert (await anonymous.get(path)).status_code == 404
    assert (await (await browser(ada)).get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/login/../leads", "//leads", "/f/%00", "/leads?q=%00"])
async def test_addresses_that_only_an_attack_contains_are_refused(site: Site, path: str) -> None:
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "headers": [], "client": ("1.1.1.1", 1), "server": ("testserver", 80),
        "path": path.partition("?")[0].replace("%00", "\x00"), "query_string": path.partition("?")[2].encode(),
    }  # fmt: skip
    assert (await _call(site.asgi, scope))[0]["status"] == 400


async def _call(asgi: Any, scope: dict[str, Any], *messages: dict[str, Any]) -> list[dict[str, Any]]:
    waiting = list(messages) or [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await asgi(scope, receive, send)
    return sent


async def test_every_answer_carries_the_security_headers(anonymous: httpx.AsyncClient) -> None:
    for path in ("/", "/login", "/api/v1/leads", "/api/health/live", "/theme.css", "/f/none", "/ping"):
        headers = (await anonymous.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert "unsafe-eval" not in headers["content-security-policy"], path
        assert headers["x-request-id"], path
        assert "strict-transport-security" not in headers, path


async def test_only_hosted_forms_may_stand_in_a_frame(
    anonymous: httpx.AsyncClient, browser: Opens, ada: Member
) -> None:
    form = await anonymous.get("/f/none")
    assert "frame-ancestors *" in form.headers["content-security-policy"]
    assert "x-frame-options" not in form.headers
    page = await (await browser(ada)).get("/")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "connect-src 'self' ws://testserver" in page.headers["content-security-policy"]


async def test_https_asks_browsers_to_stay_on_https(settings: Settings, site: Site) -> None:
    secure = settings.model_copy(update={"public_url": "https://leads.example"})
    guard = Guard(_nothing, secure, lambda: site.door)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=guard), base_url="https://leads.example") as client:
        answer = await client.get("/login")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_the_callers_request_id_runs_through(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/api/v1/leads", headers={"x-request-id": "trace-0001-abcd"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "trace-0001-abcd"


async def test_what_breaks_inside_stays_inside(
    settings: Settings, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("SELECT secret FROM account")

    guard = Guard(broken, settings, lambda: site.door)
    with caplog.at_level(logging.CRITICAL):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=guard), base_url=ORIGIN) as client:
            answer = await client.get("/api/health/live")
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_bug_in_a_route_is_a_problem_without_its_inside(
    browser: Opens, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("SELECT secret FROM account")

    monkeypatch.setattr("leadflow.leads.queries.stages", broken)
    answer = await (await browser(ada)).get("/api/v1/stages")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text


@pytest.mark.parametrize("origin", ["http://evil.example", "https://testserver", "http://testserver:81", "null", None])
async def test_a_write_with_a_cookie_must_come_from_our_origin(browser: Opens, ada: Member, origin: str | None) -> None:
    client = await browser(ada)
    del client.headers["origin"]
    headers = {"origin": origin} if origin else {}
    answer = await client.post("/api/v1/leads", json={"email": "a@example.com"}, headers=headers)
    assert answer.status_code == 403
    assert "http://testserver" in answer.json()["detail"]
    assert (await client.get("/api/v1/leads")).json()["total"] == 0


async def test_the_browsers_own_word_is_enough_without_an_origin(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    del client.headers["origin"]
    answer = await client.post(
        "/api/v1/leads", json={"email": "a@example.com"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 201


async def test_a_system_with_a_key_needs_no_origin(system: Any, ada: Member) -> None:
    client = await system(ada)
    assert (await client.post("/api/v1/leads", json={"email": "a@example.com"})).status_code == 201


async def test_a_key_opens_the_api_and_nothing_else(system: Any, ada: Member) -> None:
    client = await system(ada)
    assert (await client.get("/api/v1/leads")).status_code == 200
    assert (await client.get("/leads")).status_code == 303
    assert (await client.get("/api/openapi.json")).status_code == 401


@pytest.mark.parametrize("header", ["Bearer lf_wrong", "Bearer", "Basic YTpi", "lf_x", "Bearer " + "x" * 500, ""])
async def test_a_wrong_key_is_refused_even_beside_a_good_cookie(browser: Opens, ada: Member, header: str) -> None:
    client = await browser(ada)
    assert (await client.get("/api/v1/me", headers={"authorization": header})).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "x" * 500, "lf_abc", "é"])
async def test_a_wrong_cookie_is_nobody(anonymous: httpx.AsyncClient, token: str) -> None:
    headers = {b"cookie": b"leadflow=" + token.encode()}
    assert (await anonymous.get("/api/v1/me", headers=headers)).status_code == 401


async def test_a_body_that_says_it_is_too_large_is_not_read(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    answer = await client.post("/api/v1/leads", content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["detail"]


async def test_a_body_that_does_not_say_how_large_it_is_is_counted(browser: Opens, ada: Member) -> None:
    client = await browser(ada)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    answer = await client.post("/api/v1/leads", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_batch_may_be_larger_than_a_single_lead(browser: Opens, ada: Member) -> None:
    client = await browser(ada)
    big = {"leads": [{"email": f"{n}@example.com", "custom": {"note": "x" * 900}} for n in range(1000)]}
    assert (await client.post("/api/v1/leads/batch", json=big)).status_code != 413
    answer = await client.post("/api/v1/leads/batch", content=b"x" * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/_event", "/_event/", "/api/live"])
@pytest.mark.parametrize("origin", ["http://evil.example", "", None])
async def test_a_socket_from_another_origin_is_refused_even_with_a_session(
    site: Site, browser: Opens, ada: Member, path: str, origin: str | None
) -> None:
    token = (await browser(ada)).cookies["leadflow"]
    headers = {"cookie": f"leadflow={token}"} | ({} if origin is None else {"origin": origin})
    async with AsgiSocket(site.asgi, path, headers) as socket:
        assert not socket.is_accepted


@pytest.mark.parametrize("path", ["/_event", "/somewhere", "/api/v1/leads", "/login"])
async def test_a_socket_without_a_session_is_refused(site: Site, path: str) -> None:
    async with AsgiSocket(site.asgi, path, {"origin": ORIGIN}) as socket:
        assert not socket.is_accepted


async def test_the_live_feed_is_told_that_its_session_is_over(site: Site) -> None:
    async with AsgiSocket(site.asgi, "/api/live", {"origin": ORIGIN, "cookie": "leadflow=old"}) as socket:
        assert socket.is_accepted
        assert await socket.receive() is None
        assert socket.closed == 4401


async def test_an_api_key_opens_no_socket(site: Site, system: Any, ada: Member) -> None:
    client = await system(ada)
    headers = {"origin": ORIGIN, "authorization": client.headers["authorization"]}
    async with AsgiSocket(site.asgi, "/api/live", headers) as socket:
        assert await socket.receive() is None
        assert socket.closed == 4401
