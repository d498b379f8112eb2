"""Errors as callers see them: RFC 9457 problem details from the API, a page from the hosted forms and doors."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from leadflow.api.public.pages import error_page
from leadflow.api.rules import area_of
from leadflow.kernel.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    LeadFlowError,
    NotFound,
    TooLarge,
    TooMany,
    Transient,
    Unauthenticated,
)
from leadflow.leads.errors import LeadChanged
from leadflow.tasks.errors import TaskChanged
from leadflow.views.saved.errors import ViewChanged

log = structlog.get_logger(__name__)

REQUEST_ID = "leadflow.request_id"
MEDIA_TYPE = "application/problem+json"
STATUS: Mapping[type[LeadFlowError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Invalid: 422,
    TooMany: 429,
    Transient: 503,
}
NO_NUL = "Text cannot contain the character NUL (U+0000)."
_RETRY_SOON = {"retry-after": "5"}
_NUL_COMPLAINT = re.compile(r"NUL|\\u0000")
_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")


class UnreadableBody(HTTPException):
    """A body that is JSON but holds what no field can; names the fields."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__(422, "Please correct the input")
        self.problems = problems


def problem(
    scope: Scope,
    status: int,
    title: str,
    detail: str = "",
    *,
    kind: str = "about:blank",
    errors: Iterable[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """The answer to a request that did not work: JSON for programs, a page for people at a form."""
    if area_of(scope["path"]).is_for_people:
        return error_page(status, title, detail or title, headers, request_id=scope.get(REQUEST_ID, ""))
    body = {
        "type": kind,
        "title": title,
        "status": status,
        "detail": detail or title,
        "errors": [{"field": each.field, "message": each.message} for each in errors],
        "request_id": scope.get(REQUEST_ID, ""),
        **(extra or {}),
    }
    return Response(orjson.dumps(body, default=str), status, headers, MEDIA_TYPE)


def of_domain(scope: Scope, error: LeadFlowError) -> Response:
    """A domain error in the words it was raised with."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    headers: dict[str, str] = {}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.retry_after)
    elif isinstance(error, Transient):
        headers |= _RETRY_SOON
    elif isinstance(error, Unauthenticated):
        headers["www-authenticate"] = 'Bearer realm="LeadFlow"'
    name = _CAMEL.sub("-", type(error).__name__).lower()
    extra: dict[str, Any] = (
        {"current": error.current} if isinstance(error, LeadChanged | TaskChanged | ViewChanged) else {}
    )
    if isinstance(error, LeadChanged):
        extra["conflicts"] = error.conflicts
    return problem(
        scope,
        status,
        error.title,
        error.detail,
        kind=f"urn:leadflow:problem:{name}",
        errors=error.problems,
        headers=headers,
        extra=extra,
    )


def problems_of(
    errors: Iterable[Mapping[str, Any]], *, inside: tuple[str, ...] = ("body", "query", "path")
) -> list[FieldProblem]:
    """Pydantic's errors as fields and words of ours."""
    found: dict[str, FieldProblem] = {}
    for error in errors:
        place = [str(part) for part in error["loc"]]
        name = ".".join(place[1:] if place and place[0] in inside else place)
        found.setdefault(name, FieldProblem(name, _words(error)))
    return list(found.values())


def _words(error: Mapping[str, Any]) -> str:
    context = error.get("ctx") or {}
    is_empty = error["type"] == "string_too_short" and context["min_length"] == 1
    match "missing" if is_empty else error["type"]:
        case "missing":
            return "This field is required."
        case "extra_forbidden":
            return "There is no such field."
        case "string_too_long":
            return f"Use at most {context['max_length']} characters."
        case "too_long":
            return f"At most {context['max_length']}."
        case "json_invalid":
            return "This is not valid JSON."
        case _:
            return str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."


def of_validation(scope: Scope, error: RequestValidationError | ValidationError) -> Response:
    details = error.errors()
    if any(each["type"] == "json_invalid" for each in details):
        place = next((each["loc"][-1] for each in details if each["type"] == "json_invalid"), "")
        return problem(scope, 400, "The body is not valid JSON", f"Reading stopped at character {place}.")
    return _invalid(scope, problems_of(details))


def _invalid(scope: Scope, problems: list[FieldProblem]) -> Response:
    return of_domain(scope, Invalid("Nothing was changed; the errors name the fields.", problems=problems))


def of_http(scope: Scope, error: HTTPException) -> Response:
    if isinstance(error, UnreadableBody):
        return _invalid(scope, error.problems)
    phrase = HTTPStatus(error.status_code).phrase
    detail = str(error.detail) if error.detail and error.detail != phrase else _HINTS.get(error.status_code, "")
    return problem(scope, error.status_code, phrase, detail, headers=error.headers)


_HINTS = {
    404: "There is nothing at this address; the API is described at /api/docs.",
    405: "This address does not take this method; see the Allow header.",
    413: "This is more than can be taken in one request.",
    415: "Send JSON, with the header Content-Type: application/json.",
}


def of_database(scope: Scope, error: Exception) -> Response:
    """The database is away, or was given text that it cannot hold."""
    if isinstance(error, DataError):
        return problem(scope, 422, Invalid.title, NO_NUL if _NUL_COMPLAINT.search(str(error.orig)) else "")
    log.warning("database.unreachable", error=type(error).__name__)
    return problem(scope, 503, Transient.title, "Please try again in a moment.", headers=_RETRY_SOON)


def unexpected(scope: Scope) -> Response:
    """Nothing of what went wrong inside reaches the caller but the id to find it by in the log."""
    return problem(scope, 500, "Something went wrong", "It is not your fault, and it has been noted.")


DATABASE_ERRORS = (DataError, InterfaceError, OperationalError, PoolTimeout)


def expected(scope: Scope, error: Exception) -> Response | None:
    """The answer to an error that has one; None for a bug."""
    if isinstance(error, LeadFlowError):
        return of_domain(scope, error)
    if isinstance(error, DATABASE_ERRORS):
        return of_database(scope, error)
    return of_http(scope, error) if isinstance(error, HTTPException) else None


def install(api: FastAPI) -> None:
    """Translate every error at this door. Bugs are answered here and noted by the guard, who sees them too."""

    async def known(request: Request, error: Exception) -> Response:
        return expected(request.scope, error) or unexpected(request.scope)

    @api.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        return of_validation(request.scope, error)

    for kind in (LeadFlowError, HTTPException, *DATABASE_ERRORS, Exception):
        api.add_exception_handler(kind, known)
