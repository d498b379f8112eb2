"""Leads from files: upload, try out, import, and get back what stayed out."""

from typing import Annotated
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

from leadflow.api import idempotency
from leadflow.api.deps import Answer, Call, Calling, answer, requires, router
from leadflow.api.schemas import problems
from leadflow.api.schemas.shape import Shape
from leadflow.intake import importing
from leadflow.intake.importing import ImportNotFound
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work

ROUTER = router("imports")


class Choice(BaseModel):
    """Which column becomes which field: a field's name, `custom`, `custom.<key>`, or null to leave it out."""

    model_config = ConfigDict(extra="forbid")

    mapping: Annotated[dict[str, Annotated[str, Field(max_length=300)] | None], Field(max_length=500)]


class ImportColumn(Shape):
    name: str
    samples: list[str]
    suggested: str | None


class ImportField(Shape):
    value: str
    label: str


class UploadedImport(Shape):
    id: str
    filename: str
    columns: list[ImportColumn]
    rows: int
    encoding: str
    delimiter: str
    warnings: list[str]
    fields: list[ImportField]


class ImportProblem(Shape):
    row: int
    field: str
    message: str


class ImportForecast(Shape):
    rows: int
    new: int
    existing: int
    duplicates_in_file: int
    invalid: int
    problems: list[ImportProblem]


class ImportProgress(Shape):
    id: str
    filename: str
    status: str
    rows: int
    rows_done: int
    rate: int
    eta_s: float | None
    created: int
    joined: int
    rejected: int
    error: str | None


RAW = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}}


@ROUTER.post("", status_code=201, response_model=UploadedImport, responses=problems(409, 413), openapi_extra=RAW)
@requires(Permission.LEADS_IMPORT)
async def upload(
    call: Calling,
    filename: Annotated[str, Query(max_length=255)] = "",
    encoding: Annotated[str, Query(max_length=40, description="When the file's own is guessed wrong")] = "",
) -> Response:
    """Send a file as the body: CSV with any usual delimiter and encoding, at most 200 MB. Nothing is imported yet."""
    described = await importing.upload(
        call.door.app,
        call.scope,
        call.request.stream(),
        filename=filename,
        declared=encoding or _charset(call.request.headers),
        import_id=_id_for_key(call),
    )
    return answer(described.as_json(), 201)


@ROUTER.post("/{import_id}/dry-run", response_model=ImportForecast, responses=problems(404, 409, 413, 415))
@requires(Permission.LEADS_IMPORT)
async def dry_run(call: Calling, import_id: str, body: Choice) -> Response:
    """What an import would do, with the first fifty problems by row and field. It changes nothing."""
    outcome = await importing.dry_run(call.door.app, call.scope, _known(import_id), body.mapping)
    return answer(outcome.as_json())


@ROUTER.post(
    "/{import_id}/commit", status_code=202, response_model=ImportProgress, responses=problems(404, 409, 413, 415)
)
@requires(Permission.LEADS_IMPORT)
async def commit(call: Calling, import_id: str, body: Choice) -> Response:
    """Let the import begin; it runs in the background, and good rows go in whatever becomes of others."""
    known = _known(import_id)

    async def effect(work: Work) -> Answer:
        return Answer(202, await importing.commit(work, known, body.mapping))

    return await call.once(effect)


@ROUTER.get("/{import_id}", response_model=ImportProgress, responses=problems(404))
@requires(Permission.LEADS_IMPORT)
async def progress(call: Calling, import_id: str) -> Response:
    """How far it is: `uploaded`, `queued`, `running`, `done` or `failed`."""
    async with call.work() as work:
        return answer(await importing.progress_of(work, _known(import_id)))


@ROUTER.get("/{import_id}/rejected.csv", responses=problems(404) | {200: {"content": {"text/csv": {}}}})
@requires(Permission.LEADS_IMPORT)
async def rejected(call: Calling, import_id: str) -> Response:
    """The rows that stayed out, each with its line in the file and what was wrong; kept for seven days."""
    known = _known(import_id)
    pages = await importing.rejected_csv(call.door.app, call.scope, known)
    async with call.work() as work:
        stem = str((await importing.progress_of(work, known))["filename"]).rpartition(".")[0] or "import"
    name = quote(f"{stem}.rejected.csv")
    headers = {"content-disposition": f"attachment; filename=\"rejected.csv\"; filename*=UTF-8''{name}"}
    return StreamingResponse(pages, headers=headers, media_type="text/csv; charset=utf-8")


def _known(import_id: str) -> UUID:
    known = parse_id(import_id)
    if known is None:
        raise ImportNotFound
    return known


def _charset(headers: Headers) -> str:
    """What the Content-Type says of the encoding."""
    _, _, parameters = headers.get("content-type", "").partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip()[:40]
    return ""


def _id_for_key(call: Call) -> UUID | None:
    """The same key of the same sender is the same upload; the file itself is too large to compare."""
    key = call.request.headers.get(idempotency.HEADER)
    if key is None:
        return None
    if not key or len(key) > idempotency.LONGEST_KEY or not key.isprintable():
        problem = f"Use 1 to {idempotency.LONGEST_KEY} printable characters, such as a UUID."
        raise Invalid(problems=[FieldProblem("Idempotency-Key", problem)])
    return uuid5(NAMESPACE_URL, f"import:{call.scope.organization_id}:{call.scope.actor.id}:{key}")
