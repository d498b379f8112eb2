"""The unit of work: one transaction in which rows change and events are recorded, together or not at all."""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Result, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from leadflow.kernel.clock import Clock
from leadflow.kernel.events import Event
from leadflow.kernel.jobs import Job
from leadflow.kernel.scope import Actor, Scope

Asked = tuple[TextClause, Mapping[str, object]]
"""A statement and its values."""

Line = bytes | memoryview

Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer_co]):
    """A statement, its values, and how its answer is read."""

    asked: Asked
    read: Callable[[Result[Any]], Answer_co]

    async def answer(self, work: "Work") -> Answer_co:
        """Ask it alone. Raises what `read` raises."""
        return self.read(await work.session.execute(*self.asked))


class Session(AsyncSession):
    """A session that can put several textual statements into one round trip."""

    async def execute_all(self, *asked: Asked, sent: Callable[[], object] | None = None) -> list[Result[Any]]:
        """One after the other; each sees what those before it did. Their answers in the same order.

        The first that fails ends it: none is answered. `sent` is called when the database has them all.
        """
        raise NotImplementedError

    def copy_out(self, statement: TextClause, values: Mapping[str, object]) -> AsyncGenerator[Sequence[Line], None]:
        """The lines of a `COPY (…) TO STDOUT`, some at a time, without their ends: nothing is kept of them.

        Whoever stops early closes it, which ends the statement.
        """
        raise NotImplementedError

    def execute_last(self, statement: TextClause, values: Mapping[str, object]) -> None:
        """When everything else has been done, together with the commit. Nobody sees the answer."""
        raise NotImplementedError


class Work:
    """What a use case needs. Events and jobs are buffered; leaving `app.work(...)` writes and commits them."""

    def __init__(self, session: Session, scope: Scope, clock: Clock) -> None:
        self.session = session
        self.scope = scope
        self.clock = clock
        self.events: list[tuple[Event, Actor]] = []
        self.jobs: list[Job] = []
        self.touched: set[UUID] = set()
        self.noted: set[UUID] = set()
        self.notified: set[UUID] = set()

    @property
    def organization_id(self) -> UUID:
        return self.scope.organization_id

    def record(self, event: Event) -> None:
        """Write a fact to the log when this commits, with the present actor as its author."""
        self.events.append((event, self.scope.actor))

    def record_all(self, events: Iterable[Event]) -> None:
        self.events.extend((event, self.scope.actor) for event in events)

    def telling(self) -> list[Asked]:
        """What writes the events recorded so far, for whoever has the database write while it works itself; the commit
        writes those after them. Empty where there are none.
        """
        raise NotImplementedError

    @contextmanager
    def acting_as(self, actor: Actor) -> Iterator[None]:
        """Do something in somebody else's name: a replay that retells what several people did."""
        own = self.scope
        self.scope = own.acting_as(actor)
        try:
            yield
        finally:
            self.scope = own

    @contextmanager
    def seeing_as(self, scope: Scope) -> Iterator[None]:
        """Look with somebody else's rights for a while: the live feed, once for everybody who has the same."""
        own, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = own

    async def answers(self, *questions: Question[Any]) -> list[Any]:
        """All of them, asked in one round trip. Raises what the first that cannot be read raises."""
        found = await self.session.execute_all(*(question.asked for question in questions))
        return [question.read(rows) for question, rows in zip(questions, found, strict=True)]

    def enqueue(self, job: Job) -> None:
        self.jobs.append(job)

    def touch(self, lead_ids: Iterable[UUID]) -> None:
        """Tell open screens that these leads changed (leads of recorded events are told anyway)."""
        self.touched.update(lead_ids)

    def note(self, lead_ids: Iterable[UUID]) -> None:
        """Tell those who look at one of these leads that there is more to know of it; the leads are as they were."""
        self.noted.update(lead_ids)

    @property
    def is_news(self) -> bool:
        """Whether open screens have to hear of this, beside events."""
        return bool(self.touched or self.noted or self.notified)

    def notify(self, people: Iterable[UUID]) -> None:
        """Tell the open screens of these people that their notifications changed."""
        self.notified.update(people)


class OpensWork(Protocol):
    """Whatever can open a unit of work: the application, or a test."""

    def work(self, scope: Scope) -> AbstractAsyncContextManager[Work]: ...


class OpensReading(Protocol):
    """Whatever can open a unit of work that only reads, and look across organizations."""

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[Work]: ...

    def across(self) -> AbstractAsyncContextManager[AsyncSession]: ...


class OpensStream(OpensWork, Protocol):
    """Whatever can open units of work, and one in which a long answer streams by."""

    def streaming(self, scope: Scope, zone: str) -> AbstractAsyncContextManager[Work]: ...


class Opens(OpensWork, OpensReading, Protocol):
    """Whatever can do both."""
