"""The page behind an invitation's link: a plain HTML form, with or without JavaScript."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from leadflow import onboarding
from leadflow.api.deps import door_of
from leadflow.api.public.doors import admitted, browser_of
from leadflow.api.public.pages import page
from leadflow.api.public.reading import sent_fields
from leadflow.identity.passwords import MIN_LENGTH
from leadflow.kernel.errors import Invalid, TooMany
from leadflow.onboarding import Join
from leadflow.tenancy.errors import SeatsTaken
from leadflow.tenancy.repository import Invited

ROUTER = APIRouter()


def _page(
    token: str, found: Invited, name: str = "", status: int = 200, error: str = "",
    errors: dict[str, str] | None = None, headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    shown = {
        "token": token,
        "organization": found.organization_name,
        "invited_by": found.invited_by,
        "email": found.email,
        "is_known": found.account_id is not None,
        "name": name,
        "error": error,
        "errors": {"name": "", "password": "", "email": "", "role": ""} | (errors or {}),
        "min_length": MIN_LENGTH,
    }
    # The link is the key: no other site learns it, and no shared computer keeps it.
    return page(
        "join.html", shown, status, {"referrer-policy": "no-referrer", "cache-control": "no-store"} | (headers or {})
    )


@ROUTER.get("/join/{token}")
async def show(request: Request, token: str) -> Response:
    return _page(token, await onboarding.invited(door_of(request).app, token))


@ROUTER.post("/join/{token}")
async def join(request: Request, token: str) -> Response:
    app, fields = door_of(request).app, await sent_fields(request)
    found = await onboarding.invited(app, token)
    name, password = fields.get("name", "")[:120], fields.get("password", "")
    if not password:
        return _page(token, found, name, 422, errors={"password": "Enter a password."})
    try:
        entered = await onboarding.join(app, token, Join(name=name, password=password, browser=browser_of(request)))
    except TooMany as error:
        return _page(token, found, name, 429, error.detail, headers={"retry-after": str(error.retry_after)})
    except SeatsTaken as error:
        return _page(token, found, name, 409, error.detail)
    except Invalid as error:
        errors = {each.field: each.message for each in reversed(error.problems)}
        return _page(token, found, name, 422, "" if errors else error.detail, errors)
    return admitted(app.settings, entered.token, "/")
