"""Forgotten passwords and unconfirmed addresses: plain HTML forms, and links that were sent by mail.

A link's token leaves the address bar at once, into a cookie that only its page is sent and that scripts cannot read.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from leadflow.api.deps import door_of
from leadflow.api.guard import ADDRESS
from leadflow.api.public.doors import end_browser, present
from leadflow.api.public.pages import page
from leadflow.api.public.reading import sent_fields
from leadflow.api.rules import VERIFY_EMAIL
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.models import Purpose
from leadflow.identity.passwords import MIN_LENGTH
from leadflow.identity.rules import TOKEN_LIFETIMES
from leadflow.kernel.errors import Invalid, TooMany
from leadflow.kernel.live import SessionEnded
from leadflow.onboarding import recovery
from leadflow.onboarding.errors import LinkExpired

ROUTER = APIRouter()
LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Link:
    """Where a kind of link leads, and how its token is kept from there on."""

    path: str
    purpose: Purpose

    def name(self, request: Request) -> str:
        return "__Secure-leadflow-link" if door_of(request).app.settings.is_https else "leadflow-link"

    def token(self, request: Request) -> str:
        return request.cookies.get(self.name(request), "")[:LONGEST_TOKEN]

    def moved(self, request: Request) -> Response | None:
        """The same page again without the token in its address; None when there is none."""
        token = request.query_params.get("token")
        if token is None:
            return None
        response = RedirectResponse(self.path, 303)
        response.set_cookie(
            self.name(request),
            token[:LONGEST_TOKEN],
            max_age=int(TOKEN_LIFETIMES[self.purpose].total_seconds()),
            path=self.path,
            secure=door_of(request).app.settings.is_https,
            httponly=True,
            samesite="lax",
        )
        return response

    def forgotten(self, request: Request, response: Response) -> Response:
        secure = door_of(request).app.settings.is_https
        response.delete_cookie(self.name(request), path=self.path, secure=secure, httponly=True, samesite="lax")
        return response


RESET = Link("/reset-password", Purpose.RESET_PASSWORD)
VERIFY = Link(VERIFY_EMAIL, Purpose.VERIFY_EMAIL)


def _retry(error: TooMany) -> dict[str, str]:
    return {"retry-after": str(error.retry_after)}


@ROUTER.get("/forgot-password")
async def show_forgotten(request: Request) -> Response:
    return _forgotten_page(request, "")


def _forgotten_page(
    request: Request, email: str, status: int = 200, error: str = "", problem: str = "",
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    has_mail = door_of(request).app.settings.has_mail
    shown = {"email": email, "error": error, "problem": problem, "has_mail": has_mail}
    return page("forgot.html", shown, status, headers)


@ROUTER.post("/forgot-password")
async def forgotten(request: Request) -> Response:
    """Says the same to everybody, after the same time."""
    app, fields = door_of(request).app, await sent_fields(request)
    email = fields.get("email", "").strip()[:320]
    if not email:
        return _forgotten_page(request, "", 422, problem="Enter your e-mail address.")
    try:
        await recovery.ask_for_reset(app, email, request.scope[ADDRESS][:64])
    except TooMany as error:
        return _forgotten_page(request, email, 429, error.detail, headers=_retry(error))
    return page("forgot_sent.html", {"email": email, "is_caught": app.settings.catches_mail})


@ROUTER.get("/reset-password")
async def show_reset(request: Request) -> Response:
    if moved := RESET.moved(request):
        return moved
    return await _reset_page(request)


async def _reset_page(
    request: Request, status: int = 200, error: str = "", problem: str = "", headers: dict[str, str] | None = None
) -> Response:
    try:
        whose = await recovery.holder(door_of(request).app, RESET.token(request), RESET.purpose)
    except LinkExpired as expired:
        return RESET.forgotten(request, page("reset_expired.html", {"title": expired.title}, 404))
    shown = {"email": whose.email, "error": error, "problem": problem, "min_length": MIN_LENGTH}
    return page("reset.html", shown, status, headers)


@ROUTER.post("/reset-password")
async def reset(request: Request) -> Response:
    door, fields = door_of(request), await sent_fields(request)
    password, token = fields.get("password", ""), RESET.token(request)
    try:
        ended = await recovery.reset_password(door.app, token, password, request.scope[ADDRESS][:64])
    except TooMany as error:
        return await _reset_page(request, 429, error.detail, headers=_retry(error))
    except LinkExpired:
        return await _reset_page(request)
    except Invalid as error:
        return await _reset_page(request, 422, problem=error.problems[0].message)
    for session_id in ended:
        door.principals.forget(session_id)
        await door.app.doorbell.ring(SessionEnded(session_id))
    return end_browser(door, RESET.forgotten(request, RedirectResponse("/login?done=password", 303)))


@ROUTER.get(VERIFY_EMAIL)
async def show_verification(request: Request) -> Response:
    """Asks for a click: whatever looks at links before people do must not confirm an address."""
    if moved := VERIFY.moved(request):
        return moved
    app = door_of(request).app
    if token := VERIFY.token(request):
        try:
            whose = await recovery.holder(app, token, VERIFY.purpose)
        except LinkExpired as expired:
            return VERIFY.forgotten(request, await _unverified_page(request, expired.title, 404))
        return page("verify.html", {"email": whose.email, "error": ""})
    return await _unverified_page(request, "Confirm your e-mail address")


async def _unverified_page(request: Request, title: str, status: int = 200, error: str = "") -> Response:
    """For whoever has no link that works: who is logged in can have another one sent."""
    door = door_of(request)
    principal, is_verified = await present(request, door), False
    if principal is not None and principal.scope.actor.id:
        async with door.app.reading(principal.scope) as work:
            is_verified = await identities.is_email_verified(work, principal.scope.actor.id)
    if is_verified:
        return page("verified.html", {})
    email = principal.email if principal else ""
    return page("unverified.html", {"title": title, "email": email, "error": error}, status)


@ROUTER.post(VERIFY_EMAIL)
async def verify(request: Request) -> Response:
    """Confirms the address of the link; without a link, sends one to whoever is logged in."""
    token = VERIFY.token(request)
    if not token:
        return await _send_again(request)
    try:
        await recovery.verify_email(door_of(request).app, token, request.scope[ADDRESS][:64])
    except TooMany as error:
        return page("verify.html", {"email": "", "error": error.detail}, 429, _retry(error))
    except LinkExpired as expired:
        return VERIFY.forgotten(request, await _unverified_page(request, expired.title, 404))
    return VERIFY.forgotten(request, page("verified.html", {}))


async def _send_again(request: Request) -> Response:
    door = door_of(request)
    principal = await present(request, door)
    if principal is None or principal.scope.actor.id is None:
        return await _unverified_page(request, "Confirm your e-mail address")
    try:
        await recovery.count_verification(door.app, principal.scope.actor.id)
    except TooMany as error:
        return await _unverified_page(request, "Confirm your e-mail address", 429, error.detail)
    async with door.app.work(principal.scope) as work:
        await identity.ask_for_verification(work)
    return page("verify_sent.html", {"email": principal.email, "is_caught": door.app.settings.catches_mail})
