"""What is selected, as it stands."""

from typing import Final

from sqlalchemy import text

from leadflow.intake.editing.rules import FIELDS, Picked
from leadflow.kernel.work import Work
from leadflow.views.selecting.commands import Selection
from leadflow.views.selecting.queries import selected

_PICKED: Final = """
    SELECT l.id, l.owner_id, l.team_id, s.kind = 'open' AS is_open, l.stage, l.source, l.country, l.title, l.company,
           l.value, l.currency
    FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE {clause} ORDER BY l.id LIMIT :most
"""


async def picked(work: Work, selection: Selection, most: int) -> list[Picked]:
    """The selected leads that are in sight, by id, `most` of them at most."""
    clause, values = await selected(work, selection)
    rows = await work.session.execute(text(_PICKED.format(clause=clause)), {**values, "most": most})
    return [
        Picked(row.id, row.owner_id, row.team_id, row.is_open, {name: getattr(row, name) for name in FIELDS})
        for row in rows
    ]
