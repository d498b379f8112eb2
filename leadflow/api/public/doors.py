"""Log-in, sign-up and log-out: plain HTML forms that answer with a redirect, with or without JavaScript."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from leadflow import onboarding
from leadflow.api.deps import door_of
from leadflow.api.door import Door
from leadflow.api.guard import ADDRESS, cookie_name, session_token
from leadflow.api.principal import Principal
from leadflow.api.public.pages import page
from leadflow.api.public.reading import sent_fields
from leadflow.api.rules import local_path
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.identity.passwords import MIN_LENGTH
from leadflow.identity.rules import SESSION_LIFETIME
from leadflow.kernel.errors import Invalid, TooMany
from leadflow.kernel.live import SessionEnded
from leadflow.onboarding import LogIn, SignUp
from leadflow.settings import Settings

ROUTER = APIRouter()
SIGN_UP_FIELDS = ("organization", "name", "email", "password")


async def _present(request: Request, door: Door) -> Principal | None:
    return await door.principals.by_session(session_token(request.headers, door.app.settings))


def browser_of(request: Request) -> OpenSession:
    """Where somebody logs in from, as their list of sessions will show it."""
    return OpenSession(user_agent=request.headers.get("user-agent", "")[:300], address=request.scope[ADDRESS][:64])


def admitted(settings: Settings, token: str, target: str) -> Response:
    """Into the application by a full page load, so that every socket opens with the new cookie."""
    response = RedirectResponse(target, 303)
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


@ROUTER.get("/login")
async def show_log_in(request: Request) -> Response:
    target = local_path(request.query_params.get("next", "/"))
    if await _present(request, door_of(request)):
        return RedirectResponse(target, 303)
    return _log_in_page(target, "")


def _log_in_page(
    target: str, email: str, status: int = 200, error: str = "", errors: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    shown = {"next": target, "email": email, "error": error, "errors": {"email": "", "password": ""} | (errors or {})}
    return page("login.html", shown, status, headers)


@ROUTER.post("/login")
async def log_in(request: Request) -> Response:
    door, fields = door_of(request), await sent_fields(request)
    target, email = local_path(fields.get("next", "/")), fields.get("email", "")[:320]
    empty = {"email": "Enter your e-mail address.", "password": "Enter your password."}
    if missing := {name: words for name, words in empty.items() if not fields.get(name)}:
        return _log_in_page(target, email, 422, errors=missing)
    command = LogIn(email=email, password=fields["password"], browser=browser_of(request))
    try:
        entered = await onboarding.log_in(door.app, command)
    except TooMany as error:
        return _log_in_page(target, email, 429, error.detail, headers={"retry-after": str(error.retry_after)})
    except Invalid as error:
        return _log_in_page(target, email, 422, error.detail)
    return admitted(door.app.settings, entered.token, target)


@ROUTER.get("/signup")
async def show_sign_up(request: Request) -> Response:
    if await _present(request, door_of(request)):
        return RedirectResponse("/", 303)
    return _sign_up_page({}, {})


def _sign_up_page(
    sent: dict[str, str], errors: dict[str, str], status: int = 200, error: str = "",
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    blank = dict.fromkeys(SIGN_UP_FIELDS, "")
    focus = next((name for name in SIGN_UP_FIELDS if name in errors), SIGN_UP_FIELDS[0])
    values = {name: sent.get(name, "")[:400] for name in SIGN_UP_FIELDS}
    shown = {"values": values, "errors": blank | errors, "error": error, "focus": focus, "min_length": MIN_LENGTH}
    return page("signup.html", shown, status, headers)


@ROUTER.post("/signup")
async def sign_up(request: Request) -> Response:
    door, fields = door_of(request), await sent_fields(request)
    command = SignUp(**{name: fields.get(name, "") for name in SIGN_UP_FIELDS})
    try:
        entered = await onboarding.sign_up(door.app, command, browser_of(request))
    except TooMany as error:
        return _sign_up_page(fields, {}, 429, error.detail, {"retry-after": str(error.retry_after)})
    except Invalid as error:
        return _sign_up_page(fields, {each.field: each.message for each in reversed(error.problems)}, 422)
    return admitted(door.app.settings, entered.token, "/")


@ROUTER.post("/logout")
async def log_out(request: Request) -> Response:
    door = door_of(request)
    principal = await _present(request, door)
    if principal is not None:
        await end_session(door, principal)
    response = RedirectResponse("/login", 303)
    settings = door.app.settings
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.is_https, httponly=True, samesite="lax")
    return response


async def end_session(door: Door, principal: Principal) -> None:
    """End the session of this browser, and say so to every process."""
    async with door.app.work(principal.scope) as work:
        await identity.end_session(work, principal.id)
    door.principals.forget(principal.id)
    await door.app.doorbell.ring(SessionEnded(principal.id))
