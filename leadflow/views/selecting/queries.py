"""Which leads are selected."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, text

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.views.queries import where
from leadflow.views.selecting.commands import MOST_MATCHING, Selection

_PICKED: Final = """
    SELECT l.id, l.owner_id, l.team_id, s.kind = 'open' AS is_open{more}
    FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE {clause} ORDER BY l.id LIMIT :most
"""


async def selected(work: Work, selection: Selection) -> tuple[str, Mapping[str, object]]:
    """The selection as SQL over `lead l`, within sight of whoever asks; every value is bound.

    Raises:
        Forbidden: it asks about a field that is hidden.

    """
    if selection.where is not None:
        return await where(work, selection.where)
    reach, values = work.scope.within(Permission.LEADS_READ)
    clause = f"l.organization_id = :organization_id AND l.id = ANY(:ids){reach}"
    return clause, {"organization_id": work.organization_id, "ids": list(selection.leads or ()), **values}


async def picked(work: Work, selection: Selection, more: Sequence[str] = ()) -> Sequence[Row[Any]]:
    """The selected leads that are in sight, by id: whose each is, whether it is open, and `more` of its columns.

    Raises:
        Forbidden: it asks about a field that is hidden.
        Invalid: more leads match than can be changed at once.

    """
    clause, values = await selected(work, selection)
    columns = "".join(f", l.{name}" for name in more)
    statement = text(_PICKED.format(more=columns, clause=clause))
    rows = (await work.session.execute(statement, {**values, "most": MOST_MATCHING + 1})).all()
    if len(rows) > MOST_MATCHING:
        raise Invalid(problems=[FieldProblem("filter", f"More than {MOST_MATCHING:,} leads match. Narrow the filter.")])
    return rows
