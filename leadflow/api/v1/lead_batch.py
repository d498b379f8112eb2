"""Up to a thousand leads in one request; each is judged for itself."""

from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import JsonValue, ValidationError
from starlette.responses import Response

from leadflow import leads
from leadflow.api.body import nul_places, read_json
from leadflow.api.deps import Answer, Calling, requires, router
from leadflow.api.errors import NO_NUL, problems_of
from leadflow.api.schemas import WRITES, BatchResults
from leadflow.api.v1.leads import NewLead
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead

ROUTER = router("leads")
MOST = 1000

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["leads"],
                    "additionalProperties": False,
                    "properties": {
                        "leads": {
                            "type": "array",
                            "maxItems": MOST,
                            "items": {"$ref": "#/components/schemas/NewLead"},
                        }
                    },
                }
            }
        },
    }
}
Judged = CaptureLead | list[FieldProblem]


@ROUTER.post("/batch", response_model=BatchResults, responses=WRITES, openapi_extra=_BODY)
@requires(Permission.LEADS_WRITE)
async def create_many(call: Calling) -> Response:
    """Take up to 1,000 leads in, in order. Good ones are stored whatever the others are; the results say which."""
    items = _items(await _document(call))
    now = call.door.app.clock.now()
    judged = [_judge(item) for item in items]
    judged = [
        one if isinstance(one, list) or not (problems := leads.problems_of(one, now)) else problems for one in judged
    ]

    async def effect(work: Work) -> Answer:
        good = [one for one in judged if not isinstance(one, list)]
        captured = iter(await leads.capture_valid(work, good) if good else [])
        return Answer(200, {"results": [_result(index, one, captured) for index, one in enumerate(judged)]})

    return await call.once(effect)


async def _document(call: Calling) -> JsonValue:
    try:
        return await read_json(call.request)
    except orjson.JSONDecodeError as error:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body", error.pos), "msg": ""}]) from error


def _items(document: JsonValue) -> list[JsonValue]:
    items = document.get("leads") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(items, list):
        raise Invalid(problems=[FieldProblem("leads", 'Send {"leads": [ … ]}.')])
    if unknown := sorted(document.keys() - {"leads"}):
        raise Invalid(problems=[FieldProblem(name[:80], "There is no such field.") for name in unknown[:20]])
    if len(items) > MOST:
        raise Invalid(problems=[FieldProblem("leads", f"At most {MOST} leads in one request; there are {len(items)}.")])
    return items


def _judge(item: JsonValue) -> Judged:
    if places := list(nul_places(item)):
        return [FieldProblem(place, NO_NUL) for place in places[:20]]
    try:
        return NewLead.model_validate(item).command()
    except ValidationError as error:
        return problems_of(error.errors(), inside=())


def _result(index: int, one: Judged, captured: Any) -> dict[str, Any]:  # noqa: ANN401 - an iterator of Captured
    if isinstance(one, list):
        errors = [{"field": problem.field, "message": problem.message} for problem in one]
        return {"index": index, "status": "invalid", "errors": errors}
    verdict = next(captured)
    return {"index": index, "status": "joined" if verdict.joined else "created", "id": verdict.lead_id}
