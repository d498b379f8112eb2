"""A session whose textual statements go straight to the driver.

SQLAlchemy's own way costs three times what such a statement costs itself, and nearly everything here is one. Mapped
objects and `select` take the usual way; both share the connection and its transaction.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection
from psycopg import Error as DriverError
from sqlalchemy import TextClause
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
MOST_KEPT = 2000


class Found(IteratorResult[Any]):
    """Rows as SQLAlchemy hands them out, and how many the statement touched."""

    rowcount: int


class TextSession(AsyncSession):
    """One transaction. Errors of the driver come as SQLAlchemy's own, without the values."""

    _driver: AsyncConnection[Any] | None = None

    async def driver(self) -> AsyncConnection[Any]:
        """The connection that this transaction has to itself."""
        if self._driver is None:
            connection = (await self.connection()).sync_connection
            driver = connection.connection.driver_connection if connection else None
            if not isinstance(driver, AsyncConnection):
                raise TypeError("the database URL must say postgresql+psycopg")
            self._driver = driver
        return self._driver

    async def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:  # noqa: ANN401 - as above it
        if options or not isinstance(statement, TextClause) or not isinstance(params, Mapping | None):
            return await super().execute(statement, params, **options)
        driver = self._driver or await self.driver()
        cursor = driver.cursor()
        with _translating(driver, statement.text):
            await cursor.execute(_translated(statement.text), params or {})
            rows = await cursor.fetchall() if cursor.description else []
        found = Found(_metadata(tuple(column.name for column in cursor.description or ())), iter(rows))
        found.rowcount = cursor.rowcount
        return found

    async def commit_with(self, statements: Sequence[tuple[TextClause, Mapping[str, object]]]) -> Sequence[Any]:
        """Run these and commit, all in one round trip; returns what each found in its first row and column."""
        driver = self._driver or await self.driver()
        with _translating(driver, "COMMIT"):
            async with driver.pipeline():
                cursors = [await driver.execute(_translated(text.text), values) for text, values in statements]
                await driver.commit()
            rows = [await cursor.fetchone() if cursor.description else None for cursor in cursors]
        await self.commit()
        return [row[0] if row else None for row in rows]

    async def commit(self) -> None:
        self._driver = None
        await super().commit()

    async def rollback(self) -> None:
        self._driver = None
        await super().rollback()

    async def close(self) -> None:
        self._driver = None
        await super().close()


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
