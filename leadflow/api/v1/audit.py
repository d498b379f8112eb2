"""The audit trail: read, exported, proved."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from leadflow.api.deps import Calling, answer, requires, router
from leadflow.api.schemas import problems
from leadflow.api.schemas.audit import AuditPage, AuditProof
from leadflow.api.times import milliseconds
from leadflow.audit import chain, exporting, queries
from leadflow.audit import service as audit
from leadflow.audit.rules import TrailFilter
from leadflow.kernel.permissions import Permission

ROUTER = router("audit")
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}


def _split(value: object) -> object:
    """`?kind=form&kind=member` and `?kind=form,member` mean the same."""
    parts = value if isinstance(value, list) else [value]
    return [word for part in parts for word in str(part).split(",") if word]


Kind = Annotated[str, Field(max_length=80, pattern=r"^[a-z_]+(\.[a-z_]+)?$")]


class TrailQuery(BaseModel):
    """Which entries are wanted. Anything else is refused, so that a typo never hides what happened."""

    model_config = ConfigDict(extra="forbid")

    actor: Annotated[UUID | None, Field(description="A person's id")] = None
    kind: Annotated[
        list[Kind], BeforeValidator(_split), Field(max_length=50, description="Such as `api_key` or `lead.won`")
    ] = []
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    q: Annotated[str, Field(max_length=200)] = ""

    def filter(self) -> TrailFilter:
        return TrailFilter(self.actor, tuple(self.kind), self.since, self.until, self.q.strip())


class TrailPageQuery(TrailQuery):
    cursor: Annotated[str, Field(max_length=40)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": entry["number"],
        "id": entry["event_id"],
        "at": milliseconds(entry["at"]),
        "recorded_at": milliseconds(entry["recorded_at"]),
        "actor": {"kind": entry["actor_kind"], "id": entry["actor_id"], "name": entry["who"]},
        "kind": entry["kind"],
        "words": entry["words"],
        "detail": entry["detail"],
        "lead": entry["lead_id"],
        "source": entry["source"],
        "data": entry["data"],
        "previous_hash": entry["previous_hash"],
        "hash": entry["hash"],
    }


@ROUTER.get("", response_model=AuditPage, responses=problems())
@requires(Permission.AUDIT_READ)
async def trail(call: Calling, query: Annotated[TrailPageQuery, Query()]) -> Response:
    """Who did what, latest first. Filters add up; several kinds mean any of them."""
    async with call.reading() as work:
        page = await queries.page(work, query.filter(), query.cursor or None, query.limit)
    return answer({"items": [_row(item) for item in page.items], "next_cursor": page.next_cursor})


@ROUTER.get("/proof", response_model=AuditProof, responses=problems())
@requires(Permission.AUDIT_READ)
async def proof(call: Calling) -> Response:
    """Goes through every entry now, and says whether any was changed, added or removed since it was written."""
    sign = chain.signer(call.door.app.settings.secret_key.get_secret_value())
    verdict = await audit.verify(call.door.app, call.scope, sign)
    broken = verdict.broken
    return answer(
        {
            "entries": verdict.entries,
            "head": verdict.head,
            "waiting": verdict.waiting,
            "broken": {"number": broken.number, "message": f"{broken}.".capitalize()} if broken else None,
        }
    )


@ROUTER.get("/export", responses=problems() | CSV)
@requires(Permission.AUDIT_READ)
async def export(call: Calling, query: Annotated[TrailQuery, Query()]) -> Response:
    """The wanted entries as CSV, earliest first, with their hashes. The export is itself recorded."""
    pieces = await exporting.export(call.door.app, call.scope, query.filter())
    headers = {"content-disposition": 'attachment; filename="audit-trail.csv"'}
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; charset=utf-8")
