"""Tasks and reminders: what is to be done, by whom and by when."""

from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.responses import Response

from leadflow import tasks
from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import (
    READS,
    READS_ONE,
    WRITES_ONE,
    MyDay,
    ReadLine,
    Reminders,
    TaskItem,
    TaskPage,
    problems,
)
from leadflow.api.times import milliseconds
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tasks import ChangeTask, CreateTask, queries
from leadflow.tasks.errors import TaskNotFound
from leadflow.tasks.queries import TaskFilter
from leadflow.tasks.reading import understand, whom
from leadflow.tasks.repository import zone_of
from leadflow.tasks.rules import Day, Due, day_of
from leadflow.views import queries as views
from leadflow.views.rules import LeadFilter, Sort

ROUTER = router("tasks")
LONGEST_LINE = 400
MOST_FOUND = 3


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError("Use a time zone such as Europe/Berlin")
    return name


def _person(text: str) -> str:
    if text not in {"", "me"} and parse_id(text) is None:
        raise ValueError("Use a person's id or `me`")
    return text


Zone = Annotated[
    str, AfterValidator(_zone), Field(max_length=60, description="Where you are; your own or your organization's zone")
]


class TaskQuery(BaseModel):
    """What can be asked of the list."""

    model_config = ConfigDict(extra="forbid")

    assignee: Annotated[str, AfterValidator(_person), Field(description="A person's id or `me`; all if empty")] = ""
    lead: UUID | None = None
    state: Literal["open", "done"] = "open"
    due: Due | None = None
    done: Literal["", "today"] = Field(default="", description="Of those that are done, the ones of today")
    zone: Zone = ""
    cursor: Annotated[str, Field(max_length=500)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class LineQuery(BaseModel):
    """A line as somebody writes it."""

    model_config = ConfigDict(extra="forbid")

    line: Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]
    zone: Zone = ""
    find: Annotated[bool, Field(description="Also look for leads that it may be about")] = False


async def _today(work: Work, zone: str) -> tuple[Day, str]:
    here = zone or await zone_of(work, work.scope.person)
    return day_of(work.clock.now(), here), here


def known_id(task_id: str) -> UUID:
    known = parse_id(task_id)
    if known is None:
        raise TaskNotFound
    return known


async def shown(work: Work, task_id: UUID) -> dict[str, Any]:
    """The task after a change of it, as the caller may see it."""
    if not work.scope.may(Permission.LEADS_READ):
        return {"id": str(task_id)}
    await work.session.flush()
    try:
        return await queries.one(work, task_id)
    except TaskNotFound:
        return {"id": str(task_id)}


@ROUTER.get("", response_model=TaskPage, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def list_tasks(call: Calling, query: Annotated[TaskQuery, Query()]) -> Response:
    """Tasks that you may see: open ones by when they are due, those without a date last; done ones, the latest first.

    Yours with `assignee=me`, those of a lead with `lead`.
    """
    async with call.reading() as work:
        me = call.scope.actor.id if query.assignee == "me" else parse_id(query.assignee)
        day, _ = await _today(work, query.zone)
        is_done = query.state == "done"
        since = day.starts if is_done and query.done else None
        wanted = TaskFilter(me, query.lead, is_done, query.due, since)
        page = await queries.page(work, wanted, day, query.cursor or None, query.limit)
    return answer({"items": page.items, "next_cursor": page.next_cursor})


@ROUTER.get("/day", response_model=MyDay, responses=READS)
@requires(Permission.LEADS_READ)
async def my_day(call: Calling, zone: Annotated[Zone, Query()] = "") -> Response:
    """When your day begins and ends, and how many of your tasks are overdue, due today, later or at no time."""
    async with call.reading() as work:
        day, here = await _today(work, zone)
        counted = await queries.counts(work, day)
    return answer({"starts": milliseconds(day.starts), "ends": milliseconds(day.ends), "zone": here, **counted})


@ROUTER.get("/reminders", response_model=Reminders, responses=READS)
@requires(Permission.LEADS_READ)
async def reminders(call: Calling) -> Response:
    """What you are being reminded of, the latest first: until you check it off, put it off or say that you saw it."""
    async with call.reading() as work:
        return answer({"items": await queries.reminders(work)})


@ROUTER.get("/read", response_model=ReadLine, responses=READS)
@requires(Permission.LEADS_READ)
async def read_line(call: Calling, query: Annotated[LineQuery, Query()]) -> Response:
    """What a line such as `Call Ada tomorrow 10:00` means, without saving it."""
    if not query.line.strip():
        raise Invalid(problems=[FieldProblem("line", "Say what is to be done.")])
    async with call.reading() as work:
        here = query.zone or await zone_of(work, work.scope.person)
        said = understand(query.line, work.clock.now(), here)
        name = whom(said.title)
        found = await _named(work, name) if query.find and name else []
    due, remind = milliseconds(said.due_at), milliseconds(said.remind_at)
    task = {"title": said.title, "kind": said.kind, "due_at": due, "all_day": said.all_day, "remind_at": remind}
    return answer({**task, "whom": name, "leads": found})


async def _named(work: Work, name: str) -> list[dict[str, Any]]:
    page = await views.page(work, LeadFilter(q=name), Sort.RELEVANCE, None, MOST_FOUND)
    return [{key: lead[key] for key in ("id", "name", "company")} for lead in page.items]


@ROUTER.post("", status_code=201, response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def create(call: Calling, body: CreateTask) -> Response:
    """Add a task, your own unless you say whose. With an `id` of your making, the same task is made once."""

    async def effect(work: Work) -> Answer:
        return Answer(201, await shown(work, await tasks.create(work, body)))

    return await call.once(effect)


@ROUTER.get("/{task_id}", response_model=TaskItem, responses=READS_ONE)
@requires(Permission.LEADS_READ)
async def read(call: Calling, task_id: str) -> Response:
    """One task."""
    known = known_id(task_id)
    async with call.reading() as work:
        return answer(await queries.one(work, known))


@ROUTER.patch("/{task_id}", response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def change(call: Calling, task_id: str, body: ChangeTask) -> Response:
    """Change some fields; null empties one. With `version`, only if nobody else has changed the task meanwhile."""
    known = known_id(task_id)
    async with call.work() as work:
        await tasks.change(work, known, body)
        task = await shown(work, known)
    return answer(task)


@ROUTER.delete("/{task_id}", status_code=204, responses=problems(404))
@requires(Permission.LEADS_WRITE)
async def delete(call: Calling, task_id: str) -> Response:
    """Take a task off every list. For 30 days it can be restored; then it is forgotten."""
    known = known_id(task_id)
    async with call.work() as work:
        await tasks.delete(work, known)
    return Response(status_code=204)
