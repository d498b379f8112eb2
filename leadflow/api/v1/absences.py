"""Absences: when somebody gets no leads."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import AbsenceItem, Absences, problems
from leadflow.api.times import milliseconds
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing import absences
from leadflow.routing.commands import ChangeAbsence, Moment, ReportAbsence
from leadflow.routing.errors import AbsenceNotFound
from leadflow.routing.models import Absence

ROUTER = router("absences")


def absence_row(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.id,
        "person": absence.account_id,
        "starts_at": milliseconds(absence.starts_at),
        "ends_at": milliseconds(absence.ends_at),
        "note": absence.note,
    }


def _known(absence_id: str) -> UUID:
    known = parse_id(absence_id)
    if known is None:
        raise AbsenceNotFound
    return known


@ROUTER.get("", response_model=Absences, responses=problems())
@requires(Permission.LEADS_READ)
async def all_absences(
    call: Calling,
    since: Annotated[Moment | None, Query(alias="from", description="Ending after this; now if left out")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Beginning before this")] = None,
) -> Response:
    """Your own absences; everybody's, if you manage people; without notes those of your people, if you make rules."""
    async with call.work() as work:
        return answer({"items": [absence_row(each) for each in await absences.absences(work, since, until)]})


@ROUTER.post("", status_code=201, response_model=AbsenceItem, responses=problems(413, 415))
@requires(Permission.LEADS_READ)
async def report(call: Calling, body: ReportAbsence) -> Response:
    """Say that you are away, or somebody else if you manage people."""

    async def effect(work: Work) -> Answer:
        return Answer(201, absence_row(await absences.report(work, body)))

    return await call.once(effect)


@ROUTER.patch("/{absence_id}", response_model=AbsenceItem, responses=problems(404, 413, 415))
@requires(Permission.LEADS_READ)
async def change(call: Calling, absence_id: str, body: ChangeAbsence) -> Response:
    """Move an absence, or note something else."""
    known = _known(absence_id)
    async with call.work() as work:
        return answer(absence_row(await absences.change(work, known, body)))


@ROUTER.delete("/{absence_id}", status_code=204, responses=problems(404))
@requires(Permission.LEADS_READ)
async def cancel(call: Calling, absence_id: str) -> Response:
    """Be here after all."""
    known = _known(absence_id)
    async with call.work() as work:
        await absences.cancel(work, known)
    return Response(status_code=204)
