"""Reads what trees are trained on."""

from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.scoring.labels import Example, Told

_LATEST = text("""
    SELECT opened, due, first, last, told FROM (
        SELECT lead_id, opened, due, first, last, told FROM scoring_example
        WHERE organization_id = :organization_id AND told <> '' ORDER BY opened DESC, lead_id DESC LIMIT :most
    ) e ORDER BY opened, lead_id
""")


async def latest(work: Work, most: int) -> list[Example]:
    """The newest leads of which the models have been told something, oldest first."""
    rows = await work.session.execute(_LATEST, {"organization_id": work.organization_id, "most": most})
    return [Example(opened, due, first, last, Told(told)) for opened, due, first, last, told in rows]
