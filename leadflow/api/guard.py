"""The guard at the door: outermost, over HTTP and WebSocket alike, and what it does not know it does not let in.

Pure ASGI on purpose: middleware that only sees HTTP requests leaves the WebSockets open.
"""

import time
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, bound_contextvars

from leadflow.api import errors, rules
from leadflow.api.body import BodyTooLarge, limited
from leadflow.api.deps import PRINCIPAL, SEND
from leadflow.api.door import Door
from leadflow.api.errors import REQUEST_ID
from leadflow.api.principal import Principal
from leadflow.api.rules import SAFE_METHODS, Area
from leadflow.kernel.errors import Forbidden, Unauthenticated
from leadflow.settings import Settings

log = structlog.get_logger(__name__)

ADDRESS = "leadflow.address"
CLOSE_NOT_LOGGED_IN = 4401
QUIET = frozenset({Area.STATIC, Area.HEALTH})


def cookie_name(settings: Settings) -> str:
    """The `__Host-` prefix binds a cookie to this host and to https; browsers refuse it over plain http."""
    return "__Host-leadflow" if settings.is_https else "leadflow"


def session_token(headers: Headers, settings: Settings) -> str:
    return cookie_parser(headers.get("cookie", "")).get(cookie_name(settings), "")


class Guard:
    """Wraps everything that the web process serves."""

    def __init__(self, app: ASGIApp, settings: Settings, door: Callable[[], Door]) -> None:
        self._app = app
        self._settings = settings
        self._door = door
        self._headers = {area: rules.security_headers(area, settings.public_origin) for area in Area}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        headers = self._introduce(scope)
        area = rules.area_of(scope["path"])
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(message, area, scope)
            await send(message)

        with bound_contextvars(request_id=scope[REQUEST_ID], organization_id=None):
            try:
                refusal = await self._refusal(scope, headers, area)
                if refusal is not None:
                    await refusal(scope, receive, dressed)
                else:
                    await self._app(scope, limited(receive, rules.body_limit(scope["path"])), dressed)
            except Exception as error:
                answer = errors.expected(scope, error)
                if answer is None:
                    log.exception("request.failed", method=scope["method"], path=rules.path_for_log(scope["path"]))
                if not status:
                    await (answer or errors.unexpected(scope))(scope, receive, dressed)
            _note(area, scope, status, started)

    def _introduce(self, scope: Scope) -> Headers:
        headers = Headers(scope=scope)
        scope[REQUEST_ID] = rules.request_id(headers.get("x-request-id", ""))
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = ", ".join(headers.getlist("x-forwarded-for"))
        scope[ADDRESS] = rules.client_address(peer, forwarded, self._settings.trusted_proxy_hops)
        return headers

    async def _refusal(self, scope: Scope, headers: Headers, area: Area) -> Response | None:
        """Why this request may not go on; None when it may."""
        if refusal := _unacceptable(scope, headers, area):
            return refusal
        writes = scope["method"] not in SAFE_METHODS
        if area.is_public:
            crosses = area is Area.DOOR and writes and not self._is_ours(headers, strict=False)
            return self._wrong_origin(scope) if crosses else None
        by_key = area is Area.API_V1 and "authorization" in headers
        principal = await (self._by_key(headers) if by_key else self._by_cookie(headers))
        if principal is None:
            return self._stranger(scope, headers, area)
        bind_contextvars(organization_id=str(principal.scope.organization_id))
        if writes and not by_key and not self._is_ours(headers, strict=True):
            return self._wrong_origin(scope)
        scope[PRINCIPAL] = principal
        return None

    async def _by_cookie(self, headers: Headers) -> Principal | None:
        return await self._door().principals.by_session(session_token(headers, self._settings))

    async def _by_key(self, headers: Headers) -> Principal | None:
        scheme, _, secret = headers["authorization"].partition(" ")
        return await self._door().principals.by_key(secret.strip()) if scheme.lower() == "bearer" else None

    def _is_ours(self, headers: Headers, *, strict: bool) -> bool:
        return rules.is_same_origin(headers, self._settings.public_origin, strict=strict)

    def _wrong_origin(self, scope: Scope) -> Response:
        origin = self._settings.public_origin
        detail = f"This request does not come from {origin}, where LeadFlow is set up to be used. Open it there."
        return errors.of_domain(scope, Forbidden(detail))

    def _stranger(self, scope: Scope, headers: Headers, area: Area) -> Response:
        """A person goes to the log-in page and comes back afterwards; a program is told."""
        takes_page = area in {Area.API, Area.INSIDE} and "text/html" in headers.get("accept", "")
        if scope["method"] in SAFE_METHODS and (area is Area.PAGE or takes_page):
            query = scope["query_string"].decode("latin-1")
            wanted = scope["path"] + (f"?{query}" if query else "")
            target = "/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}"
            return RedirectResponse(target, 303)
        return errors.of_domain(scope, Unauthenticated("Log in, or send an API key as `Authorization: Bearer lf_…`."))

    def _dress(self, message: MutableMapping[str, Any], area: Area, scope: Scope) -> None:
        headers = MutableHeaders(raw=message.setdefault("headers", []))
        for name, value in self._headers[area]:
            headers[name] = value
        headers["x-request-id"] = scope[REQUEST_ID]
        headers.setdefault("cache-control", rules.cache_control(scope["path"], message["status"]))
        message["headers"] = headers.raw

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = self._introduce(scope)
        with bound_contextvars(request_id=scope[REQUEST_ID], organization_id=None):
            principal = await self._by_cookie(headers) if self._may_open(scope["path"], headers) else None
            if principal is None:
                await self._turn_away(scope, headers, receive, send)
                return
            scope[PRINCIPAL] = principal
            scope[SEND] = send
            bind_contextvars(organization_id=str(principal.scope.organization_id))
            log.debug("socket.opened", path=scope["path"])
            await self._app(scope, receive, send)
            log.debug("socket.closed", path=scope["path"])

    def _may_open(self, path: str, headers: Headers) -> bool:
        is_socket = path == rules.LIVE or rules.area_of(path) is Area.SOCKET
        return is_socket and headers.get("origin") == self._settings.public_origin

    async def _turn_away(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Refuses the handshake. Only our own feed is told why, so that the page can go to the log-in."""
        await receive()
        if scope["path"] == rules.LIVE and self._may_open(scope["path"], headers):
            await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": CLOSE_NOT_LOGGED_IN, "reason": "session_ended"})


def _unacceptable(scope: Scope, headers: Headers, area: Area) -> Response | None:
    """What is refused whoever asks."""
    limit = rules.body_limit(scope["path"])
    if not rules.is_well_formed(scope["path"], scope["query_string"]):
        return errors.problem(scope, 400, "Bad Request", "This address cannot be read.")
    if area is Area.CLOSED:
        return errors.problem(scope, 404, "Not Found")
    if _content_length(headers) > limit:
        return errors.of_http(scope, BodyTooLarge(limit))
    return None


def _content_length(headers: Headers) -> int:
    given = headers.get("content-length", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0


def _note(area: Area, scope: Scope, status: int, started: float) -> None:
    write = log.debug if area in QUIET and status < 400 else log.info
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    path = rules.path_for_log(scope["path"])
    write("http.request", method=scope["method"], path=path, status=status, ms=elapsed)
