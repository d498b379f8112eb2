"""Use cases of absences: a time in which somebody gets no leads. One's own is one's own affair."""

from datetime import datetime
from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Team
from leadflow.kernel.work import Work
from leadflow.routing import queries
from leadflow.routing.commands import ChangeAbsence, ReportAbsence
from leadflow.routing.errors import AbsenceNotFound
from leadflow.routing.models import Absence
from leadflow.tenancy import repository as tenancy
from leadflow.tenancy.rules import Sight, sight_of_times


async def absences(work: Work, since: datetime | None = None, until: datetime | None = None) -> list[Absence]:
    """Those of a period that the actor may see, the first first; without a beginning, those that have not ended.

    Where only the times are to be seen, there is no note.

    Raises:
        Invalid: the period ends before it begins.

    """
    work.scope.require(Permission.LEADS_READ)
    since = since or min(work.clock.now(), until or work.clock.now())
    if until is not None and until < since:
        raise Invalid(problems=[FieldProblem("to", "Choose a time after the first one.")])
    found = await queries.absences(work, since, until)
    return [seen for each in found if (seen := _seen(work, *each))]


def _seen(work: Work, absence: Absence, team: Team) -> Absence | None:
    match sight_of_times(work.scope, absence.account_id, team):
        case Sight.ALL:
            return absence
        case Sight.TIMES:
            return Absence(**{**absence.model_dump(), "note": ""})
        case Sight.NOTHING:
            return None


async def report(work: Work, command: ReportAbsence) -> Absence:
    """Say that somebody is away.

    Raises:
        Forbidden: it is somebody else, and the actor does not manage people.
        Invalid: they are not of the organization.

    """
    work.scope.require(Permission.LEADS_READ)
    own = work.scope.person
    person = command.person or own
    if person is None:
        raise Invalid(problems=[FieldProblem("person", "Say who is away.")])
    if person != own:
        work.scope.require(Permission.PEOPLE_MANAGE)
    if await tenancy.member(work, person) is None:
        raise Invalid(problems=[FieldProblem("person", "Choose somebody of your organization.")])
    absence = Absence(
        organization_id=work.organization_id,
        id=new_id(),
        account_id=person,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        note=command.note,
    )
    work.session.add(absence)
    return await _told(work, absence, "absence.reported")


async def change(work: Work, absence_id: UUID, command: ChangeAbsence) -> Absence:
    """Move an absence, or note something else.

    Raises:
        AbsenceNotFound: it is not there, or not for the actor to see.
        Forbidden: it is for the actor to see alone.
        Invalid: it would end before it starts.

    """
    absence = await _absence(work, absence_id)
    absence.starts_at = command.starts_at or absence.starts_at
    absence.ends_at = command.ends_at or absence.ends_at
    absence.note = absence.note if command.note is None else command.note
    if absence.ends_at <= absence.starts_at:
        raise Invalid(problems=[FieldProblem("ends_at", "An absence ends after it starts.")])
    return await _told(work, absence, "absence.changed")


async def cancel(work: Work, absence_id: UUID) -> None:
    """Somebody is here after all. Raises AbsenceNotFound, and Forbidden when it is for the actor to see alone."""
    absence = await _absence(work, absence_id)
    await work.session.delete(absence)
    await _told(work, absence, "absence.cancelled")


async def _absence(work: Work, absence_id: UUID) -> Absence:
    work.scope.require(Permission.LEADS_READ)
    absence = await queries.absence(work, absence_id)
    if absence is None:
        raise AbsenceNotFound
    member = await tenancy.member(work, absence.account_id)
    match sight_of_times(work.scope, absence.account_id, member.team_id if member else None):
        case Sight.NOTHING:
            raise AbsenceNotFound
        case Sight.TIMES:
            work.scope.require(Permission.PEOPLE_MANAGE)
    return absence


async def _told(work: Work, absence: Absence, kind: str) -> Absence:
    """The log says when and who; what is noted about it stays with the absence."""
    await work.session.flush()
    times = {"starts_at": absence.starts_at.isoformat(), "ends_at": absence.ends_at.isoformat()}
    work.record(Event(kind, data={"account_id": str(absence.account_id), **times}))
    return absence
