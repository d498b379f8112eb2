"""Pure decisions of the door: what an address needs, what a browser may be told, and who is asking."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from leadflow.kernel.ids import new_id

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LIVE = "/api/live"
REFLEX_SOCKET = "/_event"
VERIFY_EMAIL = "/verify-email"
INVITATION = "/join/"
MEBIBYTE = 1024 * 1024

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_HASH = r"/assets/.+[-.][A-Za-z0-9_-]{8,}\.(js|css|woff2|svg|png|wasm)"
_NUMBERED = r"/assets/.+-\d+\.\d+\.\d+\.woff2"
_HASHED_FILE = re.compile(f"{_HASH}|{_NUMBERED}")


class Area(StrEnum):
    """What an address is for, which decides who may come in. Whatever is not listed is a page, and needs a session."""

    STATIC = "static"
    HEALTH = "health"
    DOOR = "door"
    FORM = "form"
    API_V1 = "api_v1"
    API = "api"
    SOCKET = "socket"
    CLOSED = "closed"
    INSIDE = "inside"
    PAGE = "page"

    @property
    def is_public(self) -> bool:
        return self in {Area.STATIC, Area.HEALTH, Area.DOOR, Area.FORM}

    @property
    def is_ours(self) -> bool:
        """Answered by our own routes; the rest is the front end."""
        return self in {Area.HEALTH, Area.DOOR, Area.FORM, Area.API_V1, Area.API, Area.INSIDE}

    @property
    def is_for_people(self) -> bool:
        """Answered with pages that the server renders."""
        return self in {Area.DOOR, Area.FORM, Area.INSIDE}


_EXACTLY: Mapping[str, Area] = {
    "/theme.css": Area.STATIC,
    "/favicon.ico": Area.STATIC,
    "/favicon.svg": Area.STATIC,
    "/logo.svg": Area.STATIC,
    "/manifest.webmanifest": Area.STATIC,
    "/robots.txt": Area.STATIC,
    "/login": Area.DOOR,
    "/signup": Area.DOOR,
    "/logout": Area.DOOR,
    "/switch": Area.DOOR,
    "/forgot-password": Area.DOOR,
    "/reset-password": Area.DOOR,
    VERIFY_EMAIL: Area.DOOR,
    "/mail-catcher": Area.INSIDE,
    "/api/health/live": Area.HEALTH,
    "/api/health/ready": Area.HEALTH,
    "/api": Area.API,
    "/ping": Area.CLOSED,
    REFLEX_SOCKET: Area.SOCKET,
}
_BELOW: Mapping[str, Area] = {
    "/assets/": Area.STATIC,
    "/styles/": Area.STATIC,
    "/f/": Area.FORM,
    INVITATION: Area.DOOR,
    "/api/v1/": Area.API_V1,
    "/api/": Area.API,
    f"{REFLEX_SOCKET}/": Area.SOCKET,
    "/_": Area.CLOSED,
}
"""The first that fits decides."""


def area_of(path: str) -> Area:
    """Decided on the path as the server will route it, never on a URL built from the Host header."""
    if exact := _EXACTLY.get(path):
        return exact
    return next((area for prefix, area in _BELOW.items() if path.startswith(prefix)), Area.PAGE)


def path_for_log(path: str) -> str:
    """A path as it may be written down: whoever reads logs must not come in by somebody else's invitation.

    >>> path_for_log("/join/abc"), path_for_log("/login")
    ('/join/…', '/login')
    """
    return f"{INVITATION}…" if path.startswith(INVITATION) else path


def is_well_formed(path: str, query: bytes) -> bool:
    """Refuses what only an attack contains: a NUL, a backslash, a doubled slash, a step upwards."""
    if "\x00" in path or "\\" in path or "//" in path or b"%00" in query or b"\x00" in query:
        return False
    return ".." not in path.split("/")


def body_limit(path: str) -> int:
    """How many bytes a request to this address may carry."""
    if path == "/api/v1/imports":
        return 200 * MEBIBYTE
    if path == "/api/v1/leads/batch":
        return 8 * MEBIBYTE
    if area_of(path) in {Area.DOOR, Area.FORM}:
        return 64 * 1024
    return MEBIBYTE


def is_same_origin(headers: Mapping[str, str], public_origin: str, *, strict: bool) -> bool:
    """Whether a write comes from our own pages.

    A browser names the page's origin with every write. Without one, `strict` asks for the browser's own word that the
    request is from the same origin; otherwise (log-in, before there is a cookie) only a contradiction counts.
    """
    origin = headers.get("origin")
    if origin is not None:
        return origin == public_origin
    site = headers.get("sec-fetch-site")
    return site == "same-origin" if strict else site in {None, "same-origin", "none"}


def client_address(peer: str, forwarded_for: str, hops: int) -> str:
    """Who is asking: the peer, or what the nearest `hops` trusted proxies say."""
    if hops <= 0:
        return peer
    named = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    return named[-min(hops, len(named))][:64] if named else peer


def request_id(given: str) -> str:
    """The caller's id when it looks like one, so that one id runs through a chain of systems; else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else new_id().hex


def local_path(text: str) -> str:
    """Where to go after log-in: a path of ours and nothing that a browser could read as another site."""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or any(ord(c) < 33 for c in text):
        return "/"
    parts = urlsplit(text)
    if parts.scheme or parts.netloc:
        return "/"
    if area_of(parts.path) in {Area.DOOR, Area.CLOSED, Area.API_V1} and text != VERIFY_EMAIL:
        return "/"
    return text[:2000]


def _policy(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def content_security_policy(area: Area, public_origin: str) -> str:
    """Pages of the front end may run their own scripts; pages that the server renders have none to run."""
    ancestors = "*" if area is Area.FORM else "'none'"
    if area in {Area.FORM, Area.DOOR} or area.is_ours:
        return _policy(
            {
                "default-src": "'none'",
                "style-src": "'self' 'unsafe-inline'",
                "img-src": "'self' data:",
                "font-src": "'self'",
                "form-action": "'self'",
                "base-uri": "'none'",
                "frame-ancestors": ancestors,
            }
        )
    socket_origin = "ws" + public_origin.removeprefix("http")
    return _policy(
        {
            "default-src": "'self'",
            "script-src": "'self' 'unsafe-inline'",
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "connect-src": f"'self' {socket_origin}",
            "object-src": "'none'",
            "form-action": "'self'",
            "base-uri": "'self'",
            "frame-ancestors": ancestors,
        }
    )


def security_headers(area: Area, public_origin: str) -> Sequence[tuple[str, str]]:
    """What every answer tells the browser."""
    headers = [
        ("content-security-policy", content_security_policy(area, public_origin)),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ]
    if area is not Area.FORM:
        headers.append(("x-frame-options", "DENY"))
    if public_origin.startswith("https://"):
        headers.append(("strict-transport-security", "max-age=31536000; includeSubDomains"))
    return headers


def cache_control(path: str, status: int) -> str:
    """Files whose name carries their content's hash never change; everything else is asked for again."""
    match area_of(path):
        case Area.STATIC:
            return "public, max-age=31536000, immutable" if status == 200 and is_hashed(path) else "no-cache"
        case Area.PAGE:
            return "no-cache"
        case _:
            return "no-store"


def is_hashed(path: str) -> bool:
    return _HASHED_FILE.fullmatch(path) is not None
