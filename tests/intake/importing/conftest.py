"""Imports from end to end, on the real database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from leadflow.bootstrap import App
from leadflow.intake import importing
from leadflow.intake.importing import Description
from leadflow.kernel.scope import Scope
from leadflow.leads import bulk
from tests.fixtures.engines import TestDatabase

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]

PEOPLE = b"""Name,E-mail,Phone,Company,Title,Value,Team
Ada Lovelace,ada@example.com,+49 30 901820,Analytical,Countess,"1.234,50",blue
Bo,nobody,,,,,
Cy,cy@example.com,,,,lots,
Ada L.,ADA@example.com,,Engines,,,red
Dee,dee@example.com,+49 30 901820,,,,
"""


@pytest.fixture
def ask(database: TestDatabase) -> Ask:
    """Looks at the tables as a superuser, who sees everybody's rows."""

    def rows(sql: str, *arguments: object) -> Rows:
        with psycopg.connect(database.admin_dsn, row_factory=dict_row) as connection:
            return connection.execute(sql, arguments).fetchall()

    return rows


async def pieces(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def uploaded(app: App, scope: Scope, content: bytes, **options: Any) -> Description:
    return await importing.upload(app, scope, pieces(content), filename="leads.csv", **options)


async def committed(
    app: App, scope: Scope, found: Description, mapping: Mapping[str, str | None] | None = None
) -> None:
    async with app.work(scope) as work:
        await importing.commit(work, found.id, mapping or found.suggested)


async def run_to_end(app: App, scope: Scope, import_id: UUID) -> dict[str, Any]:
    """What the worker does with the job, slice by slice."""
    is_whole = False
    while not is_whole:
        is_whole = await importing.run_import(app, scope, import_id)
        async with app.work(scope) as work:
            await importing.conclude(work, import_id, is_whole=is_whole)
    is_more = True
    while is_more:
        async with app.work(scope) as work:
            is_more = await bulk.index_backlog(work)
    async with app.work(scope) as work:
        return await importing.progress_of(work, import_id)


@dataclass(frozen=True)
class Imported:
    """An import that has ended, and the rows it left out."""

    id: UUID
    progress: dict[str, Any]
    rejected: bytes

    @property
    def counts(self) -> tuple[int, int, int]:
        return tuple(self.progress[name] for name in ("created", "joined", "rejected"))  # type: ignore[return-value]


Imports = Callable[..., Awaitable[Imported]]


@pytest.fixture
def imports(app: App) -> Imports:
    """Uploads, commits and runs a file."""

    async def run(scope: Scope, content: bytes, mapping: Mapping[str, str | None] | None = None) -> Imported:
        found = await uploaded(app, scope, content)
        await committed(app, scope, found, mapping)
        progress = await run_to_end(app, scope, found.id)
        pages = await importing.rejected_csv(app, scope, found.id)
        return Imported(found.id, progress, b"".join([page async for page in pages]))

    return run
