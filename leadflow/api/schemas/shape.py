"""What every documented answer has in common, and how routes fail."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FieldError(Shape):
    field: str
    message: str


class FieldConflict(Shape):
    """A field that somebody else has set meanwhile: choose, and send it again with `theirs` as `seen`."""

    field: str
    before: str | int | None = Field(description="What you said you had seen")
    theirs: str | int | None = Field(description="What is there now; null for a key that may not read leads")
    mine: str | int | None = Field(description="What you wanted")
    by: str = Field(description="Who set it, a person or in words; empty where it is not known")
    at: int | None = Field(description="When, in epoch milliseconds")


class Problem(Shape):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]
    request_id: str
    current: dict[str, JsonValue] | None = Field(
        default=None, description="With 409 after a stale `version` or `seen`: the lead, task or view as it stands."
    )
    conflicts: list[FieldConflict] | None = Field(
        default=None, description="With 409 after a stale `seen`: the fields that somebody else has set meanwhile."
    )


COMPONENTS = {
    "FieldError": FieldError.model_json_schema(),
    "FieldConflict": FieldConflict.model_json_schema(),
    "Problem": {
        key: value
        for key, value in Problem.model_json_schema(ref_template="#/components/schemas/{model}").items()
        if key != "$defs"
    },
}
_REASONS = {
    400: "Not readable: invalid JSON, or an address that cannot be",
    401: "No session and no valid API key",
    403: "Not permitted, or a write with a cookie from another origin",
    404: "Does not exist, or belongs to another organization",
    409: "Somebody else changed it first, an address belongs to another lead, or every seat is taken",
    413: "Too large",
    415: "Not JSON",
    422: "Something in the input is wrong; `errors` names the fields, and nothing was changed",
    429: "Too often; `Retry-After` says how many seconds to wait",
    503: "The database does not answer right now",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route can fail, for its OpenAPI description; 400, 401, 403, 422 and 503 go without saying."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    codes = sorted({400, 401, 403, 422, 503, *statuses})
    return {code: {"description": _REASONS[code], "content": content} for code in codes}


READS = problems()
READS_ONE = problems(404)
WRITES = problems(413, 415)
WRITES_ONE = problems(404, 409, 413, 415)
