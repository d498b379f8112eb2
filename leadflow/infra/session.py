"""A session whose textual statements go straight to the driver.

SQLAlchemy's own way costs several times what such a statement costs itself, and nearly everything here is one. Mapped
objects and `select` take the usual way; both share the connection and its transaction.
"""

import asyncio
import re
from asyncio import CancelledError, current_task
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg import Error as DriverError
from psycopg.pq import PipelineStatus
from sqlalchemy import Connection, TextClause
from sqlalchemy.engine import IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

from leadflow.kernel.work import Asked, Line
from leadflow.kernel.work import Session as WorkSession

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
MOST_KEPT = 2000
PIECE = 64 * 1024
"""Bytes of a copy that are handed on together, and after which others have their turn."""


class Found(IteratorResult[Any]):
    """Rows as SQLAlchemy hands them out, and how many the statement touched."""

    rowcount: int


Opening = tuple[str, Sequence[object]]
"""What a transaction begins with, as the driver writes it, and its values."""
OWNER = "owner"


class MappedSession(Session):
    """What a unit of work needs for mapped objects: on its connection, in its transaction."""

    def get_bind(self, *_: object, **__: object) -> Connection:
        owner: TextSession = self.info[OWNER]
        return owner.mapped_connection()


@listens_for(MappedSession, "after_begin")
def _open(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if opening := session.info[OWNER].take_opening():
        text, values = opening
        connection.exec_driver_sql(text, tuple(values))


class TextSession(WorkSession):
    """One transaction, whose first statement takes `opening` with it. Errors of the driver come as SQLAlchemy's own,
    without the values.

    With `autocommit`, each statement is opened, answered and ended in one round trip, as a transaction of its own.

    Few units of work map an object, and setting up for it costs more than the usual statement: so what `AsyncSession`
    is made of is made when somebody reaches for it.
    """

    def __init__(self, engine: AsyncEngine, opening: Opening | None = None, *, autocommit: bool = False) -> None:
        self._engine = engine
        self._opening = opening
        self._autocommit = autocommit
        self._held: PoolProxiedConnection | None = None
        self._driver: AsyncConnection[Any] | None = None
        self._mapped: Connection | None = None
        self._last: list[Asked] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever AsyncSession has
        if name not in {"sync_session", "_proxied"}:
            raise AttributeError(name)
        if self._autocommit:
            raise TypeError("Only textual statements can be read outside of a transaction.")
        super().__init__(sync_session_class=MappedSession, expire_on_commit=False, info={OWNER: self})
        return self.__dict__[name]

    @property
    def is_mapping(self) -> bool:
        """Whether there may be objects to flush."""
        return "sync_session" in self.__dict__

    @property
    def has_last(self) -> bool:
        """Whether something waits for the commit."""
        return bool(self._last)

    def take_opening(self) -> Opening | None:
        """What has to go ahead of the next statement."""
        if self._autocommit:
            return self._opening
        opening, self._opening = self._opening, None
        return opening

    def mapped_connection(self) -> Connection:
        """The connection as mapped objects use it; inside of a greenlet."""
        if self._mapped is None:
            if self._held is None:
                with _translating(None, "CONNECT"):
                    self._hold(self._engine.sync_engine.raw_connection())
            self._mapped = Connection(self._engine.sync_engine, connection=self._held)
        return self._mapped

    async def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:  # noqa: ANN401 - as above it
        if options or not isinstance(statement, TextClause) or not isinstance(params, Mapping | None):
            return await super().execute(statement, params, **options)
        driver, opening = await self._take(), self.take_opening()
        cursor = driver.cursor()
        with _translating(driver, statement.text):
            if opening:
                async with driver.pipeline():
                    await driver.execute(*opening)
                    await cursor.execute(_translated(statement.text), params or {})
            else:
                await cursor.execute(_translated(statement.text), params or {})
            return await _found(cursor)

    async def execute_all(self, *asked: Asked, sent: Callable[[], object] | None = None) -> list[Result[Any]]:
        driver, opening = await self._take(), self.take_opening()
        cursors = [driver.cursor() for _ in asked]
        with _translating(driver, ";\n".join(statement.text for statement, _ in asked)):
            async with driver.pipeline():
                if opening:
                    await driver.execute(*opening)
                for cursor, (statement, values) in zip(cursors, asked, strict=True):
                    await cursor.execute(_translated(statement.text), values)
                if sent:
                    sent()
            return [await _found(cursor) for cursor in cursors]

    async def copy_out(
        self, statement: TextClause, values: Mapping[str, object]
    ) -> AsyncGenerator[Sequence[Line], None]:
        driver, opening = await self._take(), self.take_opening()
        with _translating(driver, statement.text):
            if opening:
                await driver.execute(*opening)
            async with driver.cursor().copy(_translated(statement.text), values) as copy:
                lines: list[Line] = []
                size = 0
                while line := await copy.read():
                    lines.append(memoryview(line)[:-1])
                    size += len(line)
                    if size >= PIECE:
                        yield lines
                        await asyncio.sleep(0)
                        lines, size = [], 0
                if lines:
                    yield lines

    def execute_last(self, statement: TextClause, values: Mapping[str, object]) -> None:
        if self._autocommit:
            raise TypeError("Only what is committed has an end.")
        self._last.append((statement, values))

    async def commit_with(self, statement: TextClause, values: Mapping[str, object]) -> Result[Any]:
        """Run this behind what `execute_last` was given and commit, all in one round trip."""
        driver, opening = await self._take(), self.take_opening()
        cursor = driver.cursor()
        with _translating(driver, "COMMIT"):
            async with driver.pipeline():
                if opening:
                    await driver.execute(*opening)
                for last, its_values in self._last:
                    await driver.execute(_translated(last.text), its_values)
                await cursor.execute(_translated(statement.text), values)
                await driver.commit()
            found = await _found(cursor)
        self._last.clear()
        if self.is_mapping:
            await super().commit()
        return found

    async def _take(self) -> AsyncConnection[Any]:
        """The connection that this transaction has to itself."""
        if self._driver is None:
            with _translating(None, "CONNECT"):
                driver = self._hold(await self._engine.raw_connection())
                if self._autocommit:
                    await driver.set_autocommit(True)
            return driver
        return self._driver

    def _hold(self, connection: PoolProxiedConnection) -> AsyncConnection[Any]:
        self._held, driver = connection, connection.driver_connection
        if not isinstance(driver, AsyncConnection):
            raise TypeError("the database URL must say postgresql+psycopg")
        self._driver = driver
        return driver

    async def commit(self) -> None:
        if self.is_mapping:
            await super().commit()
        if self._driver is not None:
            with _translating(self._driver, "COMMIT"):
                await self._driver.commit()

    async def rollback(self) -> None:
        self._last.clear()
        if self.is_mapping:
            await super().rollback()
        if self._driver is not None and not self._driver.closed:
            with _translating(self._driver, "ROLLBACK"):
                await self._driver.rollback()

    async def close(self) -> None:
        """Hand the connection back, with whatever was not committed undone."""
        if self.is_mapping:
            await super().close()
        held, driver = self._held, self._driver
        self._held = self._driver = self._mapped = None
        if held is None or driver is None:
            return
        if driver.closed:
            await greenlet_spawn(held.invalidate)
            return
        if self._autocommit:
            try:
                await driver.set_autocommit(False)
            except DriverError:
                await driver.close()  # cut off in the middle of a statement: nobody gets it after us
        await greenlet_spawn(held.close)

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            await self.close()
        else:
            await asyncio.shield(asyncio.create_task(self.close()))


async def _found(cursor: AsyncCursor[Any]) -> Found:
    answer = cursor.pgresult
    names = tuple(answer.fname(place) for place in range(answer.nfields)) if answer else ()
    rows = await cursor.fetchall() if names else []
    found = Found(_metadata(names), iter(rows))
    found.rowcount = cursor.rowcount
    return found


@lru_cache(maxsize=MOST_KEPT)
def _translated(text: str) -> bytes:
    """`:name` as the driver writes it."""
    return _BIND.sub(r"%(\1)s", text.replace("%", "%%")).encode()


@lru_cache(maxsize=MOST_KEPT)
def _metadata(names: tuple[bytes | None, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData([(name or b"").decode() for name in names])


@contextmanager
def _translating(driver: AsyncConnection[Any] | None, text: str) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if driver is not None and not driver.closed and driver.pgconn.pipeline_status != PipelineStatus.OFF:
            # Cancelled at the end of a pipeline, psycopg leaves it open, with answers that the next one would get.
            driver.pgconn.finish()
        if not isinstance(error, DriverError):
            raise
        if (task := current_task()) and task.cancelling():
            raise CancelledError from error  # and says that the end has failed instead
        raise DBAPIError.instance(
            text, None, error, DriverError, hide_parameters=True, connection_invalidated=driver is None or driver.closed
        ) from error
