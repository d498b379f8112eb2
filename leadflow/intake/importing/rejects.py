"""The rows that stayed out, as a file that can be corrected and imported again."""

from collections.abc import AsyncIterator
from uuid import UUID

from leadflow.intake.importing import repository
from leadflow.intake.importing.errors import ImportNotFound
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.kernel.spreadsheet import MARK, csv_rows
from leadflow.kernel.work import OpensWork

PAGE = 1000


async def rejected_csv(app: OpensWork, scope: Scope, import_id: UUID) -> AsyncIterator[bytes]:
    """The original columns, then `row` (its line in the file) and `problem`; UTF-8 with a mark, for Excel.

    Raises:
        ImportNotFound: it is not there, or not ours, or was forgotten.

    """
    scope.require(Permission.LEADS_IMPORT)
    async with app.work(scope) as work:
        found = await repository.get(work, import_id)
        first = await repository.rejects(work, import_id, 0, PAGE)
    if found.rejected and not first:
        raise ImportNotFound("Rows that stayed out are kept for seven days.")

    async def pages() -> AsyncIterator[bytes]:
        width, delimiter, page = len(found.header), found.delimiter or ",", first
        yield MARK + csv_rows([[*found.header, "row", "problem"]], delimiter)
        while page:
            rows = ([*_padded(cells, width), row, problem] for row, problem, cells in page)
            yield csv_rows(rows, delimiter)
            async with app.work(scope) as work:
                page = await repository.rejects(work, import_id, page[-1][0], PAGE)

    return pages()


def _padded(cells: list[str], width: int) -> list[str]:
    """Short rows get empty cells, so that `row` and `problem` stand under their names; long ones are cut."""
    return [*cells[:width], *[""] * (width - len(cells))]
