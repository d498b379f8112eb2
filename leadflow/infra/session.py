"""A session whose textual statements go straight to the driver.

SQLAlchemy's own way costs three times what such a statement costs itself, and nearly everything here is one. Mapped
objects and `select` take the usual way; both share the connection and its transaction.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg import Error as DriverError
from sqlalchemy import Connection, TextClause
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.event import listens_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
MOST_KEPT = 2000
READING = {"isolation_level": "AUTOCOMMIT"}


class Found(IteratorResult[Any]):
    """Rows as SQLAlchemy hands them out, and how many the statement touched."""

    rowcount: int


Opening = tuple[str, Sequence[object]]
"""What a transaction begins with, as the driver writes it, and its values."""
OPENING = "opening"


class OpenedSession(Session):
    """Runs its opening, if it still has one, before anything that SQLAlchemy does."""


@listens_for(OpenedSession, "after_begin")
def _open(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if opening := session.info.pop(OPENING, None):
        text, values = opening
        connection.exec_driver_sql(text, tuple(values))


class TextSession(AsyncSession):
    """One transaction, whose first statement takes `opening` with it. Errors of the driver come as SQLAlchemy's own,
    without the values.

    When it `is_reading`, each statement is opened, answered and ended in one round trip, as a transaction of its own.
    """

    sync_session_class = OpenedSession
    _driver: AsyncConnection[Any] | None = None

    def __init__(self, engine: AsyncEngine, opening: Opening | None = None, *, is_reading: bool = False) -> None:
        super().__init__(engine, expire_on_commit=False, info={OPENING: None if is_reading else opening})
        self._is_reading = is_reading
        self._every_opening = opening if is_reading else None

    async def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:  # noqa: ANN401 - as above it
        if options or not isinstance(statement, TextClause) or not isinstance(params, Mapping | None):
            if self._is_reading:
                raise TypeError("Only textual statements can be read outside of a transaction.")
            return await super().execute(statement, params, **options)
        driver, opening = await self._take()
        cursor = driver.cursor()
        with _translating(driver, statement.text):
            if opening:
                async with driver.pipeline():
                    await driver.execute(*opening)
                    await cursor.execute(_translated(statement.text), params or {})
            else:
                await cursor.execute(_translated(statement.text), params or {})
            return await _found(cursor)

    async def commit_with(self, statements: Sequence[tuple[TextClause, Mapping[str, object]]]) -> Sequence[Found]:
        """Run these and commit, all in one round trip."""
        driver, opening = await self._take()
        with _translating(driver, "COMMIT"):
            async with driver.pipeline():
                if opening:
                    await driver.execute(*opening)
                cursors = [await driver.execute(_translated(text.text), values) for text, values in statements]
                await driver.commit()
            found = [await _found(cursor) for cursor in cursors]
        await self.commit()
        return found

    async def _take(self) -> tuple[AsyncConnection[Any], Opening | None]:
        """The connection that this transaction has to itself, and what has to go ahead of the next statement."""
        opening = self._every_opening or self.info.pop(OPENING, None)
        if self._driver is not None:
            return self._driver, opening
        options = READING if self._is_reading else None
        connection = (await self.connection(execution_options=options)).sync_connection
        driver = connection.connection.driver_connection if connection else None
        if not isinstance(driver, AsyncConnection):
            raise TypeError("the database URL must say postgresql+psycopg")
        self._driver = driver
        return driver, opening

    async def commit(self) -> None:
        self._driver = None
        await super().commit()

    async def rollback(self) -> None:
        self._driver = None
        await super().rollback()

    async def close(self) -> None:
        self._driver = None
        await super().close()


async def _found(cursor: AsyncCursor[Any]) -> Found:
    rows = await cursor.fetchall() if cursor.description else []
    found = Found(_metadata(tuple(column.name for column in cursor.description or ())), iter(rows))
    found.rowcount = cursor.rowcount
    return found


@lru_cache(maxsize=MOST_KEPT)
def _translated(text: str) -> bytes:
    """`:name` as the driver writes it."""
    return _BIND.sub(r"%(\1)s", text.replace("%", "%%")).encode()


@lru_cache(maxsize=MOST_KEPT)
def _metadata(names: tuple[str, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData(names)


@contextmanager
def _translating(driver: AsyncConnection[Any], text: str) -> Iterator[None]:
    try:
        yield
    except DriverError as error:
        raise DBAPIError.instance(
            text, None, error, DriverError, hide_parameters=True, connection_invalidated=driver.closed
        ) from error
