"""The API described: as OpenAPI for programs, and as a page for people that needs no script and no network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from leadflow.api.deps import answer, signed_in
from leadflow.api.public.pages import page
from leadflow.api.schemas import COMPONENTS

ROUTER = APIRouter()
ABOUT = """
Leads in, behaviour in, outcomes in; scored leads out. Send `Authorization: Bearer lf_…` with a key from Settings.
Any POST can be repeated safely when it carries an `Idempotency-Key` header of your own making (such as a UUID).
Times in answers are milliseconds since 1970, money is in minor units, lists are read on with `next_cursor`.
Every error is `application/problem+json` and names the fields that are wrong.
"""


def described(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if api.openapi_schema is None:
        document = get_openapi(title="LeadFlow", version="1", description=ABOUT.strip(), routes=api.routes)
        components = document.setdefault("components", {})
        components.setdefault("schemas", {}).update(COMPONENTS)
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key"}}
        document["security"] = [{"key": []}]
        api.openapi_schema = document
    return api.openapi_schema


@ROUTER.get("/api/openapi.json")
@signed_in
async def openapi(request: Request) -> Response:
    """The API as OpenAPI 3.1."""
    return answer(described(request.app))


@ROUTER.get("/api/docs")
@signed_in
async def docs(request: Request) -> Response:
    """The API as a page."""
    document = described(request.app)
    origin = request.app.state.settings.public_origin
    shown = {"about": ABOUT.strip().splitlines(), "groups": _groups(document), "origin": origin}
    return page("docs.html", shown)


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    kind: str
    note: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    summary: str
    text: str
    inputs: list[Input]
    outcomes: list[tuple[str, str]]


def _groups(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append(_operation(document, method, path, operation))
    return groups


def _operation(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    summary, _, text = operation.get("description", operation.get("summary", "")).partition("\n")
    outcomes = [(code, response["description"]) for code, response in operation["responses"].items()]
    return Operation(method.upper(), path, summary, text.strip(), list(_inputs(document, operation)), outcomes)


def _inputs(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Input]:
    for parameter in operation.get("parameters", ()):
        schema = _resolved(document, parameter["schema"])
        note = parameter.get("description") or schema.get("description", "")
        yield Input(parameter["name"], _kind(document, schema), note, parameter.get("required", False))
    content = operation.get("requestBody", {}).get("content", {})
    body = _resolved(document, content.get("application/json", {}).get("schema", {}))
    for name, schema in body.get("properties", {}).items():
        resolved = _resolved(document, schema)
        required = name in body.get("required", ())
        yield Input(name, _kind(document, schema), resolved.get("description", ""), required)


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref", "")
    found: Mapping[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    return found


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The type in words.

    >>> _kind({}, {"type": "array", "items": {"type": "string"}})
    'list of string'
    """
    schema = _resolved(document, schema)
    if "enum" in schema:
        return " · ".join(str(value) or "(empty)" for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if options := schema.get("anyOf"):
        return " or ".join(_kind(document, option) for option in options if option.get("type") != "null")
    if schema.get("type") == "array":
        return f"list of {_kind(document, schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any JSON")
