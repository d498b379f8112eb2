"""The description of the API is true, whole and readable."""

from collections.abc import Iterator
from typing import Any

import pytest

from leadflow.api import schemas
from leadflow.api.app import build_api
from leadflow.api.docs import described
from leadflow.settings import Settings
from tests.api.conftest import Opens
from tests.fixtures.cast import Member


@pytest.fixture
def document(settings: Settings) -> dict[str, Any]:
    return described(build_api(settings))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def test_every_operation_says_how_it_succeeds_and_how_it_fails(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        name = f"{method} {path}"
        assert operation["description"], name
        codes = set(operation["responses"])
        assert {"400", "401", "403", "503"} <= codes, name
        assert any(code.startswith("2") for code in codes), name
        assert ("404" in codes) >= ("{" in path), name
        assert ("422" in codes) >= ("requestBody" in operation), name
        for code, response in operation["responses"].items():
            if not code.startswith("2"):
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, name
            elif code != "204":
                content = response["content"]
                assert content["application/json"].get("schema") or len(content) > 1, name


def test_unknown_fields_are_documented_as_refused(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        name = str(body.get("$ref", "")).rpartition("/")[2]
        schema = document["components"]["schemas"].get(name, body)
        if schema.get("properties"):
            assert schema["additionalProperties"] is False, f"{method} {path}"


async def test_the_page_lists_every_operation(browser: Opens, viewer: Member, document: dict[str, Any]) -> None:
    client = await browser(viewer)
    page = (await client.get("/api/docs")).text
    assert (await client.get("/api/openapi.json")).json() == document
    for path, method, _ in operations(document):
        assert f"<code>{method.upper()} {path}</code>" in page
    assert "<script" not in page


async def test_numbers_and_stages_are_as_described(browser: Opens, viewer: Member) -> None:
    client = await browser(viewer)
    numbers = (await client.get("/api/v1/kpis")).json()
    assert numbers
    for number in numbers.values():
        schemas.KpiItem.model_validate(number)
    schemas.Stages.model_validate((await client.get("/api/v1/stages")).json())
