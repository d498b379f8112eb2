"""The API against its own description: whatever a caller sends, no failure of ours and no answer that is not described.

Requests are made from the OpenAPI document, with input that fits and input that does not, and sent in the name of an
owner who may do everything in an organization of its own.
"""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from leadflow.api.app import build_api
from leadflow.api.docs import described
from leadflow.settings import settings
from tests.api.conftest import ORIGIN, Opens
from tests.fixtures.cast import Member

EACH = 12
"""Requests of each kind to each operation."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    found.ok() for found in schemathesis.openapi.from_dict(described(build_api(settings()))).get_all_operations()
]
WORDS = {operation.path for operation in OPERATIONS if "{" not in operation.path}
"""Paths that a drawn id could happen to spell: who asks there asks something else."""
WHO = {"authorization", "cookie"}


def drawn(operation: Any, mode: GenerationMode) -> list[Case]:
    cases: list[Case] = []

    @hypothesis(
        max_examples=EACH, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        if "{" not in operation.path or case.formatted_path not in WORDS:
            cases.append(case)

    collect()
    return cases


async def sent(client: httpx.AsyncClient, case: Case) -> httpx.Response:
    asked = case.as_transport_kwargs(base_url=ORIGIN)
    asked.pop("cookies", None)
    body = {name: asked[name] for name in ("json", "data", "content", "files") if asked.get(name) is not None}
    if isinstance(body.get("data"), bytes | str):
        body["content"] = body.pop("data")
    # Whose request it is, is not for the generator to say.
    headers = {name: value for name, value in (asked.get("headers") or {}).items() if name.lower() not in WHO}
    return await client.request(asked["method"], asked["url"], params=asked.get("params"), headers=headers, **body)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
async def test_every_answer_is_one_that_is_described(browser: Opens, ada: Member, operation: Any) -> None:
    client = await browser(ada)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        for case in drawn(operation, mode):
            answer = await sent(client, case)
            case.validate_response(Response.from_any(answer), checks=CHECKS)
